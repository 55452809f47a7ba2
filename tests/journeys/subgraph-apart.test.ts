import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { parseConfiguration } from '../../gateway/configuration/load.ts';
import { startGateway } from '../../gateway/gateway.ts';
import { sandboxSettings } from '../../gateway/sandbox/sandbox.ts';
import { startSimulators } from '../../gateway/sandbox/simulators.ts';
import type { RunningGateway } from '../../gateway/serving.ts';
import { DEFAULT_SEED, NAMED } from '../../seeds/population.ts';
import { ask, readyLine, startProgram } from './sandbox/sandbox.ts';

const POPULATION = { seed: DEFAULT_SEED, residents: 40 };
const QUERY = `query ($id: IdNumber!) {
  resident(idNumber: $id) { name payments(first: 1) { edges { node { state } } } subsidyEnrolments { type } }
}`;

let simulators: Awaited<ReturnType<typeof startSimulators>>;
let apart: ChildProcess;
let address: string;
let gateway: RunningGateway;
let settings: ReturnType<typeof sandboxSettings>;
const variables = { id: Object.values(NAMED)[0]?.idNumber };

async function startApart(port: number): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'casegraph-apart-')), 'nontax.yaml');
  writeFileSync(file, stringify({ ...settings, store: { ...settings.store, path: ':memory:' } }));
  apart = startProgram('gateway/subgraph.ts', ['nontax', '--port', String(port), '--config', file]);
  address = (await readyLine(apart)).url as string;
  return address;
}

async function kill(): Promise<void> {
  const ended = once(apart, 'exit');
  apart.kill('SIGKILL');
  await ended;
}

beforeAll(async () => {
  simulators = await startSimulators(POPULATION);
  settings = sandboxSettings(simulators.addresses, { port: 0, data: '', population: POPULATION });
  const url = await startApart(0);
  const mixed = {
    ...settings,
    store: { ...settings.store, path: ':memory:' },
    subgraphs: { ...settings.subgraphs, nontax: { remote: { url } } },
  };
  gateway = await startGateway(parseConfiguration(mixed), pino({ level: 'silent' }));
});

afterAll(async () => {
  await gateway?.stop();
  await kill();
  await simulators?.stop();
});

describe('a subgraph run apart', () => {
  it('is joined with those inside the gateway', async () => {
    const { data, errors } = await ask(gateway.url, QUERY, variables);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      resident: { payments: { edges: [{ node: { state: 'PAID' } }] }, subsidyEnrolments: [{}] },
    });
  });

  it('that is killed costs its own field, and heals when it is started again', async () => {
    const { port } = new URL(address);
    await kill();
    const { data, errors } = await ask(gateway.url, QUERY, variables);
    expect(data).toMatchObject({ resident: { payments: null, subsidyEnrolments: [{}] } });
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.department])).toEqual([
      ['DEPARTMENT_UNREACHABLE', 'nontax'],
    ]);
    await startApart(Number(port));
    await vi.waitFor(async () => expect((await ask(gateway.url, QUERY, variables)).errors).toBeUndefined(), 5_000);
  });

  it('checks what it is asked like one inside', async () => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ payment(code: "42") { state } }' }),
    });
    const { errors } = (await response.json()) as Awaited<ReturnType<typeof ask>>;
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'code' });
  });
});
