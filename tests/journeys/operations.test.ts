import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';

const FOLDER = new URL('../../seeds/operations/', import.meta.url);
const OPERATIONS = readdirSync(FOLDER).filter((file) => file.endsWith('.graphql'));

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});

afterAll(async () => {
  await sandbox.stop();
});

function read(file: string): { query: string; variables: Record<string, unknown> } {
  const query = readFileSync(new URL(file, FOLDER), 'utf8');
  const companion = readdirSync(FOLDER).find((other) => other === file.replace(/\.graphql$/, '.json'));
  return { query, variables: companion ? JSON.parse(readFileSync(new URL(companion, FOLDER), 'utf8')) : {} };
}

/** True when a value holds anything besides nulls and empty lists. */
function tellsSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(tellsSomething);
  if (typeof value === 'object' && value !== null) return Object.values(value).some(tellsSomething);
  return value !== null && value !== undefined && value !== false && value !== 0;
}

/** The second mutation is about the case that the first one opens: its id is put in as a user does. */
async function filled(file: string): Promise<ReturnType<typeof read>> {
  const { query, variables } = read(file);
  const input = variables.input as Record<string, unknown> | undefined;
  if (input?.caseId === undefined) return { query, variables };
  const opening = read('33-open-case.graphql');
  const opened = (await sandbox.ask(opening.query, opening.variables)).data?.openCase as { case: { id: string } };
  return { query, variables: { ...variables, input: { ...input, caseId: opened.case.id } } };
}

describe('the example operations', () => {
  it('are at least twenty', () => {
    expect(OPERATIONS.length).toBeGreaterThanOrEqual(20);
  });

  it.each(OPERATIONS)('%s is answered without an error, and says something', async (file) => {
    const { query, variables } = await filled(file);
    const { data, errors } = await sandbox.ask(query, variables);
    expect(errors).toBeUndefined();
    for (const [name, value] of Object.entries(data ?? {})) expect(tellsSomething(value), name).toBe(true);
  });

  it.each(OPERATIONS)('%s is answered the same every time', async (file) => {
    const { query, variables } = await filled(file);
    expect(await sandbox.ask(query, variables)).toEqual(await sandbox.ask(query, variables));
  });

  it('are answered by their id and by their hash', async () => {
    const file = '02-open-cases-of-resident.graphql';
    const { query, variables } = read(file);
    const byText = await sandbox.ask(query, variables);
    expect(byText.data).toBeDefined();
    const hash = createHash('sha256').update(query).digest('hex');
    for (const documentId of [file.replace(/\.graphql$/, ''), `sha256:${hash}`]) {
      const response = await fetch(`${sandbox.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ documentId, variables }),
      });
      expect(await response.json(), documentId).toEqual(byText);
    }
  });
});
