import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { NAMED } from '../../seeds/population.ts';
import { type GraphQLAnswer, readyLine, type Sandbox, startProgram, startSandbox } from './sandbox/sandbox.ts';

/** Each department by one field of the first resident, and how the graph names it. */
const QUERY = `query ($id: IdNumber!) {
  resident(idNumber: $id) {
    name
    cases(first: 1) { edges { node { number progress { statusName } } } }
    insuredPerson { name insurances { kind } }
    payments(first: 1) { edges { node { state } } }
    properties(first: 1) { edges { node { location } } }
    subsidyEnrolments { type }
  }
}`;

const PATHS: Readonly<Record<string, readonly (string | number)[]>> = {
  'unified-acceptance': ['resident', 'cases', 'edges', 0, 'node', 'progress'],
  'medical-insurance': ['resident', 'insuredPerson'],
  'non-tax': ['resident', 'payments', 'edges', 0, 'node'],
  'real-estate': ['resident', 'properties'],
  'disability-subsidy': ['resident', 'subsidyEnrolments'],
};

const DEPARTMENTS = Object.keys(PATHS);

let sandbox: Sandbox;
let id: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  id = Object.values(NAMED)[0]?.idNumber as string;
});

afterEach(async () => {
  for (const department of DEPARTMENTS) await sandbox.control(department, 'DELETE', 'faults').catch(() => {});
});

afterAll(async () => {
  expect(await sandbox.stop()).toBe(0);
  // Whatever went wrong above, the log told nothing about the person.
  const [named] = Object.values(NAMED);
  expect(sandbox.output()).toContain('"msg":"request"');
  for (const personal of [named?.idNumber, named?.name]) expect(sandbox.output()).not.toContain(personal);
});

function at(answer: GraphQLAnswer, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null)?.[key], answer.data);
}

/** The other departments' fields are whole and this one's is null with one error at its path. */
function expectOnlyMissing(answer: GraphQLAnswer, department: string, code: string | RegExp): void {
  for (const other of DEPARTMENTS) {
    const value = at(answer, PATHS[other] as string[]);
    if (other === department) expect(value, other).toBeNull();
    else expect(value, other).toBeTruthy();
  }
  expect(answer.errors).toHaveLength(1);
  const [error] = answer.errors ?? [];
  expect(error?.path).toEqual(PATHS[department]);
  expect(error?.extensions.code).toMatch(code);
  expect(error?.extensions.department).toBe(department);
  expect(error?.extensions.requestId).toBeTypeOf('string');
  expect(JSON.stringify(error)).not.toContain(id);
}

describe('the sandbox', () => {
  it('answers one resident from five departments', async () => {
    const answer = await sandbox.ask(QUERY, { id });
    expect(answer.errors).toBeUndefined();
    for (const department of DEPARTMENTS) expect(at(answer, PATHS[department] as string[]), department).toBeTruthy();
  });

  it('finds the resident and the cases of someone who shows a social security card', async () => {
    const known = await sandbox.ask(
      'query ($id: IdNumber!) { resident(idNumber: $id) { id name insuredPerson { personNumber } } }',
      { id },
    );
    const psnNo = at(known, ['resident', 'insuredPerson', 'personNumber']);
    const issue = { kind: 'issue-certificate', psnNo, type: '03' };
    const card = (await sandbox.control('medical-insurance', 'POST', 'acts', issue)) as Record<string, string>;
    const answer = await sandbox.ask(
      `query ($card: SocialSecurityCardInput!) {
        insuredPersonByCredential(credential: { socialSecurityCard: $card }) {
          personNumber resident { id name cases(first: 1) { edges { node { number } } } }
        }
      }`,
      { card: { number: card.mdtrt_cert_no, serial: card.card_sn } },
    );
    expect(answer).toEqual({
      data: {
        insuredPersonByCredential: {
          personNumber: psnNo,
          resident: {
            id: at(known, ['resident', 'id']),
            name: at(known, ['resident', 'name']),
            cases: { edges: [{ node: { number: expect.any(String) } }] },
          },
        },
      },
    });
  });
});

describe.each(DEPARTMENTS)('%s', (department) => {
  const fault = (body: object) => sandbox.control(department, 'POST', 'faults', body);

  it('that cannot be reached costs its own field and nothing else', async () => {
    await fault({ kind: 'refuse-connection' });
    expectOnlyMissing(await sandbox.ask(QUERY, { id }), department, 'DEPARTMENT_UNREACHABLE');
  });

  it('that is busy costs its own field and nothing else', async () => {
    await vi.waitFor(async () => expect((await sandbox.ask(QUERY, { id })).errors).toBeUndefined(), 10_000);
    await fault({ kind: 'busy' });
    expectOnlyMissing(await sandbox.ask(QUERY, { id }), department, /^DEPARTMENT_(BUSY|REJECTED|UNREACHABLE|TIMEOUT)$/);
  });

  it.each(['garbage', 'html-error', 'truncate'])(
    'that answers %s costs its own field and nothing else',
    async (kind) => {
      await vi.waitFor(async () => expect((await sandbox.ask(QUERY, { id })).errors).toBeUndefined(), 10_000);
      await fault({ kind });
      expectOnlyMissing(await sandbox.ask(QUERY, { id }), department, /^DEPARTMENT_/);
    },
  );
});

describe.each(DEPARTMENTS)('%s', (department) => {
  it('that is slow is given up at the request’s deadline, and the rest arrives then', async () => {
    const hurried = await startSandbox({ environment: { CASEGRAPH_SERVER__REQUEST_DEADLINE_MS: '2000' } });
    try {
      expect((await hurried.ask(QUERY, { id })).errors).toBeUndefined();
      await hurried.control(department, 'POST', 'faults', { kind: 'delay', delayMs: 60_000 });
      const started = performance.now();
      const answer = await hurried.ask(QUERY, { id });
      expect(performance.now() - started).toBeLessThan(3_000);
      expectOnlyMissing(answer, department, 'DEPARTMENT_TIMEOUT');
    } finally {
      await hurried.stop();
    }
  });
});

describe('a department', () => {
  it('whose process is killed and started again heals without a restart of the gateway', async () => {
    // A simulator of the sandbox answers to its control server only through its own process: find it by its port.
    const { url } = sandbox.simulators['real-estate'] as { url: string };
    await sandbox.control('real-estate', 'POST', 'faults', { kind: 'refuse-connection' });
    expectOnlyMissing(await sandbox.ask(QUERY, { id }), 'real-estate', 'DEPARTMENT_UNREACHABLE');
    const again = startProgram('adapters/simulate.ts', ['real-estate', '--port', new URL(url).port]);
    await readyLine(again);
    await vi.waitFor(async () => expect((await sandbox.ask(QUERY, { id })).errors).toBeUndefined(), 10_000);
    const ended = once(again, 'exit');
    again.kill('SIGKILL');
    await ended;
    expectOnlyMissing(await sandbox.ask(QUERY, { id }), 'real-estate', 'DEPARTMENT_UNREACHABLE');
  });
});
