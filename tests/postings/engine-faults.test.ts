import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../adapters/simulator/core.ts';
import { maternityEntry, referralEntry } from './fixture/entries.ts';
import { EFFECTS, openPostRoom, type PostRoom } from './fixture/post-room.ts';

/** Short, so that an answer that is late is late soon. */
const WAITS_MS = 300;

interface Fault {
  readonly name: string;
  readonly kind: FaultKind;
  readonly times?: number;
  readonly delayMs?: number;
  readonly status?: number;
  /** So long passes for real while time passes: what was delayed comes. */
  readonly patienceMs?: number;
  /** The platform is never told to stop it, but the test does after the first try. */
  readonly cleared?: boolean;
}

const FAULTS: readonly Fault[] = [
  { name: 'refuses the connection', kind: 'refuse-connection', cleared: true },
  { name: 'drops it before the work', kind: 'drop-before-work' },
  { name: 'drops it after the work', kind: 'drop-after-work' },
  { name: 'answers twice', kind: 'duplicate-answer' },
  { name: 'sends half of the answer', kind: 'truncate' },
  { name: 'answers with a page of HTML', kind: 'html-error' },
  { name: 'answers with status 500', kind: 'http-status', status: 500 },
  { name: 'answers with status 401', kind: 'http-status', status: 401, times: 2 },
  { name: 'is busy', kind: 'busy' },
  { name: 'answers with garbage', kind: 'garbage' },
  { name: 'answers in another character set', kind: 'wrong-charset' },
  { name: 'takes the sign-in for expired', kind: 'expired-secret' },
];

/** Each waits for real: only writes are tried with them. */
const SLOW_FAULTS: readonly Fault[] = [
  { name: 'answers late', kind: 'late-answer', delayMs: WAITS_MS * 1.5, patienceMs: WAITS_MS },
  { name: 'works only after the deadline', kind: 'delay', delayMs: WAITS_MS * 1.5, patienceMs: WAITS_MS },
];

interface StepUnderTest {
  readonly step: string;
  readonly transaction: string;
  readonly entry: typeof referralEntry | typeof maternityEntry;
  /** It belongs to what undoes a posting that was settled. */
  readonly undoes?: true;
}

const STEPS: readonly StepUnderTest[] = [
  { step: 'PERSON', transaction: '1101', entry: referralEntry },
  { step: 'SEARCH', transaction: '5304', entry: referralEntry },
  { step: 'FILE', transaction: '2501', entry: referralEntry },
  { step: 'CANCEL_FILING', transaction: '2502', entry: referralEntry, undoes: true },
  { step: 'BENEFIT', transaction: '2001', entry: maternityEntry },
  { step: 'SEARCH', transaction: '5303', entry: maternityEntry },
  { step: 'ADMISSION', transaction: '2401', entry: maternityEntry },
  { step: 'FEES', transaction: '2301', entry: maternityEntry },
  { step: 'TRIAL', transaction: '2303', entry: maternityEntry },
  { step: 'SETTLEMENT', transaction: '2304', entry: maternityEntry },
  { step: 'CANCEL_SETTLEMENT', transaction: '2305', entry: maternityEntry, undoes: true },
  { step: 'CANCEL_FEES', transaction: '2302', entry: maternityEntry, undoes: true },
  { step: 'CANCEL_ADMISSION', transaction: '2404', entry: maternityEntry, undoes: true },
];

const isWrite = ({ transaction }: StepUnderTest) => !['1101', '2001', '2303', '5303', '5304'].includes(transaction);

let room: PostRoom;
/** One that waits for no answer for long. */
let impatient: PostRoom;

beforeAll(async () => {
  const deadline = { readMs: 10_000, writeMs: WAITS_MS };
  const line = { retry: { attempts: 1, backoffMs: 1 }, breaker: { failures: 1_000 }, deadline };
  [room, impatient] = await Promise.all([openPostRoom(), openPostRoom({ settings: { line } })]);
  // Whoever is first signs in.
  for (const one of [room, impatient]) await one.ended(await one.postOne(referralEntry(one.patient())));
});

afterEach(() => {
  room.core.clearFaults();
  impatient.core.clearFaults();
});

/** A posting at whose step the platform has the fault comes to its end, and everything was done once. */
async function hasOneEffect(at: PostRoom, { transaction, entry, undoes }: StepUnderTest, fault: Fault): Promise<void> {
  const person = at.patient();
  const id = await at.postOne(entry(person));
  if (undoes) {
    await at.ended(id);
    await at.cancel(id);
  }
  const { kind, times = 1, name: _name, cleared, patienceMs = 0, ...more } = fault;
  const isRefusal = kind === 'refuse-connection';
  const add = () => at.fault(transaction, kind, { ...more, ...(!isRefusal && { times }) });
  const by = at.engineOver({ client: beforeCall(at, transaction, isRefusal ? add : () => {}) });
  if (!isRefusal) add();
  const posting = await at.ended(id, { by, patienceMs, afterEach: () => cleared && at.core.clearFaults() });
  expect(posting.state, JSON.stringify(await at.history(id))).toBe(undoes ? 'cancelled' : 'settled');
  const effects =
    entry === referralEntry
      ? [EFFECTS.referral, EFFECTS.referralCancelled]
      : [EFFECTS.maternity, EFFECTS.maternityCancelled];
  expect(at.kinds(person)).toEqual(effects[undoes ? 1 : 0]);
  expect(at.core.faults).toEqual([]);
}

describe.each(STEPS)('$step ($transaction)', (step) => {
  it.each(FAULTS)('whose department $name has exactly one effect', (fault) => hasOneEffect(room, step, fault));
});

describe.each(STEPS.filter(isWrite))('$step ($transaction)', (step) => {
  it.each(SLOW_FAULTS)('whose department $name has exactly one effect', (fault) =>
    hasOneEffect(impatient, step, fault),
  );
});

describe.each(STEPS)('$step ($transaction), which the platform never does and never answers,', (one) => {
  const { transaction, entry, undoes } = one;
  it('is sent once more at most, and is honestly told', async () => {
    const person = room.patient();
    const id = await room.postOne(entry(person));
    if (undoes) {
      await room.ended(id);
      await room.cancel(id);
    }
    const asked = () => room.core.calls.calls[transaction] ?? 0;
    const before = asked();
    room.fault(transaction, 'drop-before-work');
    if (!isWrite(one)) {
      // Of a query that meets no answer nothing was done: it waits for the platform, however long that takes.
      for (let times = 0; times < 12; times += 1) {
        await room.work();
        room.pass(120_000);
      }
      expect(['stored', 'sending']).toContain((await room.read(id)).state);
      room.core.clearFaults();
      expect((await room.ended(id)).state).toBe('settled');
      return;
    }
    const posting = await room.ended(id);
    // 2302 is told by taking back again, which finds out and does no more than once.
    expect(asked() - before).toBe(transaction === '2302' ? 7 : 2);
    expect(posting.state).toBe(undoes ? 'manual' : 'rejected');
    if (!undoes) expect(posting.failure).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
  });
});

/** The client, which has something happen before it sends a transaction, once. */
function beforeCall({ client }: PostRoom, transaction: string, happens: () => void): PostRoom['client'] {
  const method = METHODS[transaction];
  let done = false;
  return new Proxy(client, {
    get(target, name) {
      if (name === method && !done) {
        done = true;
        happens();
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const METHODS: Readonly<Record<string, keyof PostRoom['client']>> = {
  '1101': 'insuredPerson',
  '2001': 'benefitCheck',
  '2301': 'uploadFees',
  '2302': 'takeBackFees',
  '2303': 'trialSettlement',
  '2304': 'settle',
  '2305': 'cancelSettlement',
  '2401': 'admit',
  '2404': 'cancelAdmission',
  '2501': 'fileReferral',
  '2502': 'cancelReferral',
  '5303': 'visits',
  '5304': 'referrals',
};
