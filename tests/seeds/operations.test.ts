import { readdirSync, readFileSync } from 'node:fs';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RESIDENTS, DEFAULT_SEED, populate, STRANGER } from '../../seeds/population.ts';

const FOLDER = new URL('../../seeds/operations/', import.meta.url);
const FILES = readdirSync(FOLDER);
const OPERATIONS = FILES.filter((file) => file.endsWith('.graphql')).sort();

const api = apiSchema();
const population = JSON.stringify(populate({ seed: DEFAULT_SEED, residents: DEFAULT_RESIDENTS }));

/** What a client may ask: the supergraph without what is inaccessible. */
function apiSchema(): GraphQLSchema {
  const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  const options = { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, validateSupergraph: false };
  return Supergraph.build(sdl, options).apiSchema().toGraphQLJSSchema({ includeDefer: true });
}

function read(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

function operationOf(file: string): OperationDefinitionNode {
  const operations = parse(read(file)).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  expect(operations).toHaveLength(1);
  return operations[0] as OperationDefinitionNode;
}

function variablesOf(file: string): Record<string, unknown> {
  const companion = file.replace(/\.graphql$/, '.json');
  return FILES.includes(companion) ? JSON.parse(read(companion)) : {};
}

describe('the example operations', () => {
  test('are at least 22, numbered without gaps, each with a name of its own', () => {
    expect(OPERATIONS.length).toBeGreaterThanOrEqual(22);
    expect(OPERATIONS.map((file) => Number(file.slice(0, 2)))).toEqual(OPERATIONS.map((_, index) => index + 1));
    const operations = OPERATIONS.map(operationOf);
    expect(new Set(operations.map(({ name }) => name?.value)).size).toBe(OPERATIONS.length);
  });

  test.each(OPERATIONS)('%s is valid against what the supergraph shows to clients', (file) => {
    expect(validate(api, parse(read(file))).map(({ message }) => message)).toEqual([]);
  });

  test.each(OPERATIONS)('%s says in English and Chinese who sends it and why', (file) => {
    const [english, chinese] = read(file).split('\n');
    expect(english).toMatch(/^# .{20,}/);
    expect(chinese).toMatch(/^# .*\p{Script=Han}{4,}/u);
  });

  test.each(OPERATIONS)('%s has beside it the variables that it takes, and no others', (file) => {
    const taken = (operationOf(file).variableDefinitions ?? []).map(({ variable, type }) => ({
      name: variable.name.value,
      required: type.kind === 'NonNullType',
    }));
    const given = Object.keys(variablesOf(file));
    expect(given.filter((name) => !taken.some((one) => one.name === name))).toEqual([]);
    expect(taken.filter(({ name, required }) => required && !given.includes(name))).toEqual([]);
  });

  test.each(OPERATIONS)('%s asks about the default population', (file) => {
    const numbers = [
      ...JSON.stringify([variablesOf(file), read(file)]).matchAll(/[A-Z]{0,2}\d{6}[0-9A-Z]{8,37}(?![0-9A-Z-])/g),
    ].map(([text]) => text);
    for (const number of numbers)
      expect(population.includes(number) || number === STRANGER.idNumber, number).toBe(true);
  });

  test('begin with one that fits on a page and needs no variables', () => {
    const first = OPERATIONS[0] as string;
    expect(first).toBe('01-resident-case.graphql');
    expect(read(first).trimEnd().split('\n').length).toBeLessThanOrEqual(45);
    expect(operationOf(first).variableDefinitions).toEqual([]);
  });

  test('never ask for what moves with the clock', () => {
    for (const file of OPERATIONS) expect(read(file), file).not.toMatch(/overdue|expiresAt|dynamicQr/);
  });
});
