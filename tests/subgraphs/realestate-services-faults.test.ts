import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import type { FaultKind } from '../../adapters/simulator/core.ts';
import {
  type Desk,
  LI,
  openCase,
  openDesk,
  openRegistry,
  type Registry,
  SETTLE,
  SUN,
} from './fixture/property-desk.ts';
import { SHARED_HOUSE } from './fixture/property-records.ts';
import { type Answer, openStoreInMemory } from './fixture/running-subgraph.ts';

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});

afterEach(() => {
  desk.core.reset();
});

afterAll(() => desk.close());

const errorOf = ({ errors }: Answer) => {
  expect(errors).toHaveLength(1);
  return errors?.[0]?.extensions ?? {};
};

/** The submission that an answer says its outcome is unknown of. */
function unknown(answer: Answer): string {
  const error = errorOf(answer);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', department: 'real-estate' });
  return String(error.submission);
}

const settled = (submission: string, state: string, at = desk) =>
  at.until(async () => expect(await at.submissionState(submission)).toBe(state), SETTLE);

const sha256 = (base64: string) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');

/** Faults after which nobody knows whether the registry printed. */
const UNKNOWN: readonly FaultKind[] = [
  'drop-before-work',
  'drop-after-work',
  'truncate',
  'bad-signature',
  'wrong-charset',
  'garbage',
  'html-error',
  'http-status',
];

describe('printing, struck by', () => {
  it.each(
    UNKNOWN.flatMap(
      (kind) =>
        [
          [kind, 'PrintQueryProof', 'QUERY_RESULT'],
          [kind, 'PrintHouseProof', 'HOUSING'],
        ] as const,
    ),
  )('%s at %s, has no known outcome until it is asked for again: one paper, one proof', async (fault, match, kind) => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID(), kind };
    desk.core.addFault({ match, kind: fault, times: 1 });
    const submission = unknown(await desk.request(caseId, form));
    expect(await desk.submissionState(submission)).toBe('unknown');
    expect(unknown(await desk.request(caseId, form))).toBe(submission);
    expect(errorOf(await desk.request(caseId, { kind }))).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'input.caseId',
    });
    await settled(submission, 'done');
    const proof = await desk.printed(caseId, form);
    expect(desk.papers()).toEqual([proof.number]);
    expect(sha256(proof.document)).toBe(proof.digest);
    expect(await desk.events(caseId)).toEqual(['proof-requested', 'proof-issued']);
  });

  it.each([
    ['busy', 'DEPARTMENT_BUSY', '9001', 'not-sent'],
    ['expired-secret', 'DEPARTMENT_REJECTED', '1101', 'rejected'],
  ] as const)('%s, was not done: it is told as %s, and the key is free', async (kind, code, departmentCode, state) => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    desk.core.addFault({ match: 'PrintQueryProof', kind, times: 1 });
    expect(errorOf(await desk.request(caseId, form))).toMatchObject({ code, departmentCode });
    expect([await desk.sent(caseId), desk.papers()]).toEqual([[state], []]);
    const { number } = await desk.printed(caseId, form);
    expect([await desk.sent(caseId), desk.papers()]).toEqual([[state, 'done'], [number]]);
    expect((await desk.events(caseId)).at(-1)).toBe('proof-issued');
  });

  it('duplicate-answer, is done once', async () => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: 'PrintQueryProof', kind: 'duplicate-answer', times: 1 });
    const { number } = await desk.printed(caseId);
    expect(desk.papers()).toEqual([number]);
  });

  it('an answer later than the deadline, is settled with that same paper', async () => {
    const hasty = await openDesk({
      registry: desk.registry,
      store: desk.store,
      line: { deadline: { readMs: 2_000, writeMs: 2_000 } },
    });
    const caseId = await hasty.newCase();
    desk.core.addFault({ match: 'PrintQueryProof', kind: 'late-answer', delayMs: 4_000, times: 1 });
    await settled(unknown(await hasty.request(caseId)), 'done', hasty);
    expect(desk.papers()).toHaveLength(1);
    expect(await desk.events(caseId)).toEqual(['proof-requested', 'proof-issued']);
    await hasty.close();
  });

  it('a paper that is still being made, is there when it is made', async () => {
    const caseId = await desk.newCase();
    desk.act('making-proof', { times: 2 });
    await settled(unknown(await desk.request(caseId)), 'done');
    expect([desk.papers().length, desk.core.calls.calls.QueryByOwner]).toEqual([1, 1]);
  });

  it('a lost answer for longer than a query is printable, is asked for anew, as the registry wants', async () => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: 'PrintQueryProof', kind: 'drop-before-work', times: 1 });
    const submission = unknown(await desk.request(caseId));
    desk.core.setClock(660_000);
    await settled(submission, 'done');
    expect([desk.papers().length, desk.core.calls.calls.QueryByOwner]).toEqual([1, 2]);
  });

  it('a lost answer, and the house is sold before it is asked for anew, was not done: the key is free', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID(), unitNumber: SHARED_HOUSE.unitNumber };
    desk.core.addFault({ match: 'PrintQueryProof', kind: 'drop-before-work', times: 1 });
    const submission = unknown(await desk.request(caseId, form));
    desk.act('transfer', { unitNumber: SHARED_HOUSE.unitNumber, toIdNumber: LI.idNumber });
    desk.core.setClock(660_000);
    await settled(submission, 'not-done');
    desk.core.setClock(0);
    expect(errorOf(await desk.request(caseId, form))).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'input.unitNumber',
    });
    expect([desk.papers(), await desk.events(caseId)]).toEqual([[], ['proof-requested']]);
  });

  it('a lost answer, and the case ends before it is asked for anew, was not done: nothing more is printed', async () => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: 'PrintQueryProof', kind: 'drop-before-work', times: 1 });
    const submission = unknown(await desk.request(caseId));
    await desk.store.write((tx) => desk.store.registry.updateCase(tx, caseId, 0, { status: '5' }));
    desk.core.setClock(660_000);
    await settled(submission, 'not-done');
    expect(desk.papers()).toEqual([]);
  });
});

describe('a digest that is not that of the paper', () => {
  it('once, keeps the paper out until it comes with its own', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    desk.act('misprint', { times: 1 });
    const answer = await desk.request(caseId, form);
    expect(answer.errors?.[0]?.message).toContain('Sha256');
    const submission = unknown(answer);
    expect((await desk.store.documents.ofCases([caseId])).size).toBe(0);
    await settled(submission, 'done');
    const proof = await desk.printed(caseId, form);
    expect([sha256(proof.document), desk.papers()]).toEqual([proof.digest, [proof.number]]);
  });

  it('every time, ends with a person who has to look: nothing is kept and not a second paper made', async () => {
    const caseId = await desk.newCase();
    desk.act('misprint', { times: 100 });
    await settled(unknown(await desk.request(caseId)), 'manual');
    expect((await desk.store.documents.ofCases([caseId])).size).toBe(0);
    expect([desk.papers().length, await desk.events(caseId)]).toEqual([1, ['proof-requested']]);
    desk.act('misprint', { times: 0 });
  });
});

describe('a query before the printing, struck by', () => {
  it.each([...UNKNOWN, 'busy', 'expired-secret', 'refuse-connection'] as const)(
    '%s, leaves nothing behind: neither a write nor an event, and the key is free',
    async (kind) => {
      const caseId = await desk.newCase();
      const form = { idempotencyKey: randomUUID() };
      desk.core.addFault(kind === 'refuse-connection' ? { kind } : { match: 'QueryByOwner', kind });
      const { code } = errorOf(await desk.request(caseId, form));
      expect(code).toMatch(/^DEPARTMENT_/);
      expect([await desk.sent(caseId), await desk.events(caseId), desk.papers()]).toEqual([[], [], []]);
      desk.core.clearFaults();
      await desk.until(async () => expect((await desk.request(caseId, form)).errors).toBeUndefined());
      expect(desk.papers()).toHaveLength(1);
    },
  );
});

describe('the same request', () => {
  it('twice at once prints once', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    const answers = await Promise.all([desk.request(caseId, form), desk.request(caseId, form)]);
    expect(answers.filter(({ errors }) => errors === undefined)).not.toEqual([]);
    for (const { errors = [] } of answers) {
      for (const { extensions } of errors) expect(extensions.code).toBe('IN_PROGRESS');
    }
    expect(desk.papers()).toHaveLength(1);
    expect(await desk.events(caseId)).toEqual(['proof-requested', 'proof-issued']);
  });

  it('after a restart has the same answer, the document included', async () => {
    const store = await openStoreInMemory();
    const registry = await openRegistry();
    const before = await openDesk({ store, registry });
    const caseId = await before.newCase();
    const form = { idempotencyKey: randomUUID() };
    const first = await before.request(caseId, form);
    await before.close();
    const after = await openDesk({ store, registry });
    expect(first.errors).toBeUndefined();
    expect(await after.request(caseId, form)).toEqual(first);
    expect(after.papers()).toHaveLength(1);
    await after.close();
    await registry.simulator.close();
    await store.close();
  });

  it('has the same answer when the house has been sold since', async () => {
    const caseId = await desk.newCase(LI);
    const [unitNumber] = (await unitsOf(desk, LI)) as [string];
    const form = { idempotencyKey: randomUUID(), unitNumber };
    const first = await desk.request(caseId, form);
    desk.act('transfer', { unitNumber, toIdNumber: SUN.idNumber });
    expect(first.errors).toBeUndefined();
    expect(await desk.request(caseId, form)).toEqual(first);
  });
});

describe('a process that died while the registry printed', () => {
  let registry: Registry;
  let store: Store;

  beforeAll(async () => {
    registry = await openRegistry();
    store = await openStoreInMemory();
  });

  afterAll(async () => {
    await registry.simulator.close();
    await store.close();
  });

  /** Leaves the store as such a process does, and starts the next one over it. */
  async function died({ queryNumber, kept }: { readonly queryNumber: string; readonly kept?: string }) {
    const caseId = await openCase(store, SUN);
    const applicant = { name: SUN.name, idNumber: SUN.idNumber };
    const wanted = { purpose: '1', applicationForm: 'SQ20260316000001' };
    const input = { kind: 'query-result', applicant, wanted, query: { queryNumber, houses: [] } };
    const submission = await store.write(async (tx) => {
      const at = Date.now();
      const write = { system: 'real-estate', kind: 'property-proof', caseId, operator: 'kiosk', input, at };
      const id = await store.submissions.add(tx, write);
      if (kept !== undefined) {
        const document = { caseId, submissionId: id, kind: 'query-result', number: kept, facts: {}, at };
        await store.documents.keep(tx, { ...document, bytes: Buffer.from('%PDF-1.4') });
      }
      return id;
    });
    registry.core.reset();
    const next = await openDesk({ registry, store });
    await next.until(async () => expect(await next.submissionState(submission)).toBe('done'));
    const issued = (await next.told(caseId)).find(({ kind }) => kind === 'proof-issued');
    const { calls } = registry.core.calls;
    await next.close();
    return { calls, number: issued?.certificate?.number };
  }

  it('is found out about by the next one, which asks for the paper of the same query', async () => {
    const before = await openDesk({ registry, store });
    const { data } = await before.realestate.entities(
      [{ __typename: 'Resident', idNumber: SUN.idNumber, name: SUN.name }],
      'properties { queryNumber }',
    );
    await before.close();
    const { calls, number } = await died(data._entities[0].properties);
    expect(calls).toEqual({ PrintQueryProof: 1 });
    expect(registry.core.ledger).toMatchObject([{ kind: 'proof-printed', reference: number }]);
  });

  it('so long ago that its query cannot be printed any more is gone on for with a new query', async () => {
    const { calls, number } = await died({ queryNumber: 'CX2026031600017' });
    expect(calls).toEqual({ PrintQueryProof: 2, QueryByOwner: 1 });
    expect(registry.core.ledger).toMatchObject([{ kind: 'proof-printed', reference: number }]);
  });

  it('and had kept the paper needs nothing of the registry any more', async () => {
    const { calls, number } = await died({ queryNumber: 'CX2026031600017', kept: 'XA20260316000017' });
    expect([calls, number]).toEqual([{}, 'XA20260316000017']);
  });
});

async function unitsOf({ realestate }: Desk, { idNumber, name }: { idNumber: string; name: string }) {
  const { data } = await realestate.entities(
    [{ __typename: 'Resident', idNumber, name }],
    'properties { edges { node { unitNumber } } }',
  );
  return data._entities[0].properties.edges.map(({ node }: { node: { unitNumber: string } }) => node.unitNumber);
}
