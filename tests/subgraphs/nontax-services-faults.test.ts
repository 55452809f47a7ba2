import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../adapters/simulator/core.ts';
import { leaveToAPerson, saidOf } from './fixture/left-to-a-person.ts';
import { type Desk, openCase, openDesk, RECEIPT, SETTLE } from './fixture/payment-desk.ts';

const DEADLINE_MS = 400;

/** Deadlines short enough to be waited for. */
const line = {
  retry: { attempts: 1, backoffMs: 1 },
  breaker: { failures: 1_000 },
  deadline: { readMs: 5_000, writeMs: DEADLINE_MS },
};

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({ settings: { line } });
});

afterEach(() => desk.core.reset());

afterAll(() => desk.close());

const settled = (submission: unknown, state: string) =>
  desk.until(async () => expect(await desk.submissionState(submission)).toBe(state), SETTLE);

/** The submission that an answer says its outcome is unknown of. */
function unknown({ data, errors }: Awaited<ReturnType<Desk['open']>>): string {
  expect(Object.values(data)).toEqual([null]);
  expect(errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', department: 'non-tax' } }]);
  return String(errors?.[0]?.extensions.submission);
}

const codesOf = async (caseId: string) => (await desk.store.payments.ofCase(caseId)).map(({ payCode }) => payCode);

/** Faults after which nobody knows what finance did. */
const UNKNOWN: readonly (readonly [FaultKind, { delayMs?: number }])[] = [
  ['drop-before-work', {}],
  ['drop-after-work', {}],
  ['late-answer', { delayMs: 3 * DEADLINE_MS }],
  ['truncate', {}],
  ['busy', {}],
  ['bad-signature', {}],
  ['expired-secret', {}],
  ['garbage', {}],
];

describe('opening a notice, struck by', () => {
  it.each(UNKNOWN)('%s, is told as unknown and settled as opened, under the one code', async (kind, more) => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: '8994', kind, times: 1, ...more });
    const form = { idempotencyKey: randomUUID() };
    const submission = unknown(await desk.open(caseId, form));
    await settled(submission, 'done');
    const [payCode = '', ...others] = await codesOf(caseId);
    expect([others, desk.ledger(payCode), await desk.stateOf(payCode)]).toEqual([[], ['payment-opened'], 'unpaid']);
    expect(await desk.events(caseId)).toEqual(['payment-opened']);
    const again = await desk.open(caseId, form);
    expect(again.errors).toBeUndefined();
    expect(again.data.openPayment).toMatchObject({ submission: { id: submission }, payment: { code: payCode } });
    await desk.act('pay', { payCode, wait: true });
    await desk.until(async () => expect(await desk.events(caseId)).toContain('receipt-issued'), RECEIPT);
    expect(desk.ledger(payCode)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });

  it('duplicate-answer, is opened once', async () => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: '8994', kind: 'duplicate-answer', times: 1 });
    expect(desk.ledger(await desk.opened(caseId))).toEqual(['payment-opened']);
  });

  it('refuse-connection, was not sent: nothing is kept open, and the key is free', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    desk.core.addFault({ kind: 'refuse-connection' });
    const { errors } = await desk.open(caseId, form);
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_UNREACHABLE' } }]);
    expect((await desk.store.payments.ofCase(caseId)).map(({ state }) => state)).toEqual(['not-opened']);
    desk.core.clearFaults();
    await desk.until(async () => expect((await desk.open(caseId, form)).errors).toBeUndefined());
    expect(await desk.events(caseId)).toEqual(['payment-opened']);
  });

  it('a refusal of finance, tells it and opens nothing', async () => {
    const refusing = await openDesk({
      settings: { line, units: [{ code: '999999', name: '未授权单位', collects: ['public-rental-rent'] }] },
    });
    const caseId = await refusing.newCase();
    const { errors } = await refusing.open(caseId);
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', departmentCode: '18012' } }]);
    expect((await refusing.store.payments.ofCase(caseId)).map(({ state }) => state)).toEqual(['not-opened']);
    expect(await refusing.events(caseId)).toEqual([]);
    await refusing.close();
  });

  it('a payment before the opening is settled, loses neither', async () => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: '8994', kind: 'drop-after-work', times: 1 });
    const submission = unknown(await desk.open(caseId));
    const [payCode = ''] = await codesOf(caseId);
    const paid = await desk.act('pay', { payCode, wait: true });
    expect(paid).toMatchObject({ delivery: { acknowledged: true } });
    await settled(submission, 'done');
    await desk.until(async () => expect(await desk.events(caseId)).toContain('receipt-issued'), RECEIPT);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });
});

describe('the same request again', () => {
  it('has the same answer and opens nothing, also when the notice has been paid since', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    const first = await desk.open(caseId, form);
    const payCode = first.data.openPayment.payment.code;
    expect(await desk.open(caseId, form)).toEqual(first);
    await desk.act('pay', { payCode, wait: true });
    expect(await desk.open(caseId, form)).toEqual(first);
    expect(await codesOf(caseId)).toEqual([payCode]);
  });

  it('two at once open one notice', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    const answers = await Promise.all([desk.open(caseId, form), desk.open(caseId, form)]);
    expect(answers.filter(({ errors }) => errors === undefined)).not.toEqual([]);
    for (const { errors = [] } of answers) {
      for (const { extensions } of errors) expect(extensions.code).toBe('IN_PROGRESS');
    }
    const codes = await codesOf(caseId);
    expect([codes.length, desk.ledger(codes[0] ?? '')]).toEqual([1, ['payment-opened']]);
  });

  it('under the same key with other content is a conflict', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    await desk.opened(caseId, form);
    const { errors } = await desk.open(caseId, { ...form, amount: 1 });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
  });
});

describe('voiding a notice, struck by', () => {
  const VOIDED: ReadonlySet<FaultKind> = new Set([
    'drop-after-work',
    'late-answer',
    'truncate',
    'bad-signature',
    'garbage',
  ]);

  it.each(UNKNOWN)('%s, is told as unknown, and finance’s state is obeyed', async (kind, more) => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    desk.core.addFault({ match: '8994', kind, times: 1, ...more });
    const key = { idempotencyKey: randomUUID() };
    const submission = unknown(await desk.void(caseId, payCode, key));
    const done = VOIDED.has(kind);
    await settled(submission, done ? 'done' : 'not-done');
    expect(await desk.stateOf(payCode)).toBe(done ? 'void' : 'unpaid');
    const again = await desk.void(caseId, payCode, key);
    expect(again.errors).toBeUndefined();
    expect(desk.ledger(payCode)).toEqual(['payment-opened', 'payment-voided']);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-voided']);
  });

  it('a payment meanwhile, is not done: the payment stands', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    desk.core.addFault({ match: '8994', kind: 'drop-before-work', times: 1 });
    const submission = unknown(await desk.void(caseId, payCode));
    await desk.act('pay', { payCode, wait: true });
    await settled(submission, 'not-done');
    expect(await desk.stateOf(payCode)).toBe('paid');
    await desk.until(async () => expect(await desk.events(caseId)).toContain('receipt-issued'), RECEIPT);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });
});

describe('a change of amount, struck at either half by', () => {
  it.each(UNKNOWN.flatMap(([kind, more]) => [1, 2, 3].map((times) => [kind, times, more] as const)))(
    '%s, %i times, is gone on with to its end',
    async (kind, times, more) => {
      const caseId = await desk.newCase();
      const old = await desk.opened(caseId);
      desk.core.addFault({ match: '8994', kind, times, ...more });
      const submission = unknown(await desk.change(caseId, old, { amount: 10_000 }));
      await settled(submission, 'done');
      const [, payCode = ''] = await codesOf(caseId);
      expect([desk.ledger(old), desk.ledger(payCode)]).toEqual([
        ['payment-opened', 'payment-voided'],
        ['payment-opened'],
      ]);
      expect([await desk.stateOf(old), await desk.stateOf(payCode)]).toEqual(['void', 'unpaid']);
      expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-opened']);
    },
  );
});

describe('a write that was left to a person', () => {
  const left = async (answer: Awaited<ReturnType<Desk['open']>>) => {
    const submission = unknown(answer);
    await leaveToAPerson(desk.store, submission, desk.core.now());
    return submission;
  };
  const said = (submission: string, outcome: 'done' | 'not-done') =>
    saidOf(desk.store, submission, outcome, desk.core.now());
  const struckBy = (kind: FaultKind) => desk.core.addFault({ match: '8994', kind, times: 1 });

  it('is done when finance says so too: a notice opened, voided, changed', async () => {
    const caseId = await desk.newCase();
    struckBy('drop-after-work');
    expect(await said(await left(await desk.open(caseId)), 'done')).toBe('applied');
    const [first = ''] = await codesOf(caseId);
    expect(await desk.stateOf(first)).toBe('unpaid');
    struckBy('drop-after-work');
    const changing = await left(await desk.change(caseId, first, { amount: 10_000 }));
    // Voided by half only: there is no other notice yet.
    expect(await said(changing, 'done')).toBe('refused');
    expect(await said(changing, 'not-done')).toBe('applied');
    const other = await desk.newCase();
    const second = await desk.opened(other);
    struckBy('drop-after-work');
    expect(await said(await left(await desk.void(other, second)), 'done')).toBe('applied');
    expect(await desk.stateOf(second)).toBe('void');
    expect(await desk.events(other)).toEqual(['payment-opened', 'payment-voided']);
  });

  it('is not done when finance has nothing of it, and may then be made again', async () => {
    const caseId = await desk.newCase();
    struckBy('drop-before-work');
    const form = { idempotencyKey: randomUUID() };
    const submission = await left(await desk.open(caseId, form));
    expect(await said(submission, 'done')).toBe('refused');
    expect(await said(submission, 'not-done')).toBe('applied');
    expect((await desk.open(caseId, form)).errors).toBeUndefined();
    expect(await desk.events(caseId)).toEqual(['payment-opened']);
  });
});

describe('an e-receipt, struck by', () => {
  const steps = ['8999', '8981', '8982'];

  it.each(UNKNOWN.flatMap(([kind, more]) => steps.map((match) => [kind, match, more] as const)))(
    '%s at %s, is issued once and told once',
    async (kind, match, more) => {
      const caseId = await desk.newCase();
      const payCode = await desk.opened(caseId);
      desk.core.addFault({ match, kind, times: 1, ...more });
      await desk.act('pay', { payCode, wait: true });
      await desk.until(async () => expect(await desk.events(caseId)).toContain('receipt-issued'), RECEIPT, SETTLE);
      expect(desk.ledger(payCode)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
      expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
      const issued = desk.core.ledger.find((one) => one.kind === 'receipt-issued' && one.payCode === payCode);
      expect((await desk.event(caseId, 'receipt-issued'))?.certificate?.number).toBe(issued?.reference);
    },
  );
});

describe('a process that died', () => {
  const notice = (payCode: string) => ({
    payCode,
    billDate: '2026-03-16',
    unitCode: '042001',
    payer: { name: '孙䶮', phone: '13800000001', idNumber: '421202198803056219' },
    items: [{ code: '103100501', name: '公共租赁住房租金', amountFen: 41_250, unit: '月', quantity: 1 }],
  });

  /** A store as a process leaves it that dies once a notice is kept and before its answer is. */
  async function diedWhileOpening(payCode: string, dueDate: string, status = '1') {
    let caseId = '';
    let submission = '';
    const restarted = await openDesk({
      fill: async (store) => {
        caseId = await openCase(store, { status });
        await store.write(async (tx) => {
          const at = Date.now();
          await store.payments.add(tx, {
            payCode,
            caseId,
            operator: 'clerk',
            service: 'public-rental-rent',
            unitCode: '042001',
            amountFen: 41_250,
            payee: { accountType: '1', account: '42050100000000000017' },
            dueDate,
            registrationNumber: null,
            replaces: null,
            notice: notice(payCode),
            at,
          });
          submission = await store.submissions.add(tx, {
            system: 'non-tax',
            kind: 'open-payment',
            caseId,
            operator: 'clerk',
            input: { notice: notice(payCode) },
            at,
          });
        });
      },
    });
    return { restarted, caseId, submission };
  }

  it('while opening a notice is gone on for by the next: the same notice is sent', async () => {
    const payCode = '42120226309000000001';
    const { restarted, caseId, submission } = await diedWhileOpening(payCode, '2126-03-31');
    await restarted.until(async () => expect(await restarted.submissionState(submission)).toBe('done'));
    expect(restarted.ledger(payCode)).toEqual(['payment-opened']);
    expect(await restarted.events(caseId)).toEqual(['payment-opened']);
    await restarted.close();
  });

  it.each([
    ['so long ago that the last day to pay is over', '2026-03-31', '1'],
    ['for a case that has ended meanwhile', '2126-03-31', '5'],
  ])('%s, leaves nothing open', async (_, dueDate, status) => {
    const payCode = '42120226309000000002';
    const { restarted, caseId, submission } = await diedWhileOpening(payCode, dueDate, status);
    await restarted.until(async () => expect(await restarted.submissionState(submission)).toBe('not-done'));
    expect([restarted.ledger(payCode), await restarted.stateOf(payCode)]).toEqual([[], 'not-opened']);
    expect(await restarted.events(caseId)).toEqual([]);
    await restarted.close();
  });
});
