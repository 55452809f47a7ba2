import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCEPT, askInParts } from '../conformance/incremental/client.ts';
import { MergedAnswer } from '../conformance/incremental/merged.ts';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';

const FOLDER = new URL('../../seeds/operations/', import.meta.url);
const query = readFileSync(new URL('32-resident-deferred.graphql', FOLDER), 'utf8');
const variables = JSON.parse(readFileSync(new URL('32-resident-deferred.json', FOLDER), 'utf8'));
const LABELS = ['medical', 'payments', 'properties', 'subsidies'];

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});

afterAll(async () => {
  await sandbox.stop();
});

it.each(['multipart', 'of2022', 'events'] as const)(
  'a resident’s page shows the registry first, each department as it answers, and the slow one last: %s',
  async (kind) => {
    const { data: whole } = await sandbox.ask(query, variables);
    await sandbox.control('non-tax', 'POST', 'faults', { kind: 'delay', delayMs: 1_500 });
    const answer = await askInParts(sandbox.url, { query, variables }, { accept: ACCEPT[kind] });
    const first = await answer.next();
    expect(first).toMatchObject({
      data: { resident: { name: '曾桂芝', cases: { edges: { length: 3 } } } },
      hasNext: true,
    });
    expect(Object.keys((first.data as { resident: object }).resident)).toEqual(['name', 'maskedIdNumber', 'cases']);
    const merged = MergedAnswer.of([first, ...(await answer.rest())]);
    await sandbox.control('non-tax', 'DELETE', 'faults');
    expect(merged.errors).toEqual([]);
    expect(merged.data).toEqual(whole);
    expect(merged.labels.toSorted()).toEqual(LABELS);
    expect(merged.labels.at(-1)).toBe('payments');
  },
);

it('a resident’s page without a department that is down has the others’ parts whole, and one error that names it', async () => {
  await sandbox.control('real-estate', 'POST', 'faults', { kind: 'refuse-connection' });
  const answer = await askInParts(sandbox.url, { query, variables });
  const merged = MergedAnswer.of(await answer.rest());
  await sandbox.control('real-estate', 'DELETE', 'faults');
  expect(merged.errors).toMatchObject([
    { path: ['resident', 'properties'], extensions: { department: 'real-estate' } },
  ]);
  expect(merged.data).toMatchObject({ resident: { properties: null, payments: { edges: { length: 1 } } } });
});
