import { describe, expect, test } from 'vitest';
import { type NonTaxClient, nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { type PaidNoticeHandler, PaymentNoticeListener } from '../../../adapters/non-tax/listener.ts';
import type { EReceiptDraft } from '../../../adapters/non-tax/records/e-receipt.ts';
import type { PaidNotice, PaymentNotice } from '../../../adapters/non-tax/records/payment.ts';
import { type NonTaxSimulator, simulateNonTax } from '../../../adapters/non-tax/simulator.ts';
import { type Fault, type FaultKind, SimulatorCore } from '../../../adapters/simulator/core.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { CasegraphError } from '../../../adapters/transport/errors.ts';
import { type Fen, fen } from '../../../adapters/values/fen.ts';
import { closeLater } from '../closing.ts';
import { EMPTY_POPULATION } from '../empty-population.ts';
import { failureOf } from '../failure.ts';
import {
  CARD_NOTICE,
  district,
  LINE,
  REGISTRATION_NOTICE,
  RENT,
  RENT_NOTICE,
  REST_KEY,
  standardWebDistrict,
  TOKEN,
} from './client-district.ts';

/** Client and simulator over real sockets: two codecs that were written apart. */

const QUICK = { ...LINE, retry: { ...LINE.retry, attempts: 1 } };

interface Joined {
  readonly core: SimulatorCore;
  readonly simulator: NonTaxSimulator;
  readonly client: NonTaxClient;
  /** A client in another binding or dialect of the same finance. */
  connect(binding: 'tcp' | 'http' | 'standard-web', changes?: Record<string, unknown>): NonTaxClient;
  /** The kinds and references of what finance did. */
  done(): readonly string[];
  act(kind: string, parameters: Record<string, unknown>): Promise<unknown>;
}

async function join(changes: Record<string, unknown> = {}, notify?: string): Promise<Joined> {
  const core = new SimulatorCore('non-tax');
  // A moment before noon, so that no test meets the end of a day.
  const clock = () => core.now();
  core.setClock(Date.parse('2026-03-16T11:00:00+08:00') - Date.now());
  const settings = {
    token: TOKEN,
    restAppId: 'XABDC0000001',
    restKey: REST_KEY,
    notice: { timeoutMs: 2_000, pausesMs: [5, 5] },
  };
  const simulator = simulateNonTax(core, EMPTY_POPULATION, { notify, settings });
  const url = await simulator.listen(0);
  const counter = memoryCounter();
  closeLater(simulator);

  const connect: Joined['connect'] = (binding, more = {}) => {
    const made =
      binding === 'standard-web'
        ? standardWebDistrict(simulator.httpUrl, more)
        : district(binding === 'tcp' ? url : simulator.httpUrl, more);
    return closeLater(nonTaxClient(made, { counter, clock }));
  };
  return {
    core,
    simulator,
    client: connect('tcp', changes),
    connect,
    done: () => core.ledger.map(({ kind, reference }) => `${kind} ${reference}`),
    act: async (kind, parameters) => simulator.acts[kind]?.run(parameters),
  };
}

const payment = (payCode: string, tradeNumber: string, amountFen: Fen = fen(41_250)) => ({
  payCode,
  tradeNumber,
  amountFen,
  channel: '50',
  paidOn: '2026-03-16',
  unitCode: '042001',
});

async function opened(client: NonTaxClient, notice: PaymentNotice): Promise<PaymentNotice> {
  const numbered = { ...notice, payCode: await client.allotPayCode() };
  await client.openPayment(numbered);
  return numbered;
}

describe.each(['tcp', 'http'] as const)('over %s', (binding) => {
  test.each([RENT_NOTICE, REGISTRATION_NOTICE, CARD_NOTICE])(
    'a notice of unit $unitCode goes from opening to payment',
    async (draft) => {
      const { connect, act } = await join();
      const client = connect(binding);
      const payCode = await client.allotPayCode();
      const { payUrl, crcCode } = await client.openPayment({ ...draft, payCode });
      expect(payUrl).toContain(payCode);

      const lookup = { crcCode: crcCode ?? '', unitCode: draft.unitCode };
      const unpaid = await client.payment(payCode, lookup);
      expect(unpaid).toMatchObject({ state: 'unpaid', payerName: draft.payer.name, items: draft.items, paidAt: null });

      const qr = await client.dynamicQr(payCode, '50', 15);
      expect(qr).toMatchObject({ payCode, amountFen: unpaid?.amountFen });
      expect(qr.expiresAt).toMatch(/^2026-03-16T11:1\d:\d\d\+08:00$/);

      await act('pay', { payCode, mode: '51', tradeNumber: 'T20260316', at: '2026-03-16 10:33:22' });
      expect(await client.payment(payCode, lookup)).toMatchObject({
        state: 'paid',
        paidAt: '2026-03-16T10:33:22+08:00',
        channel: '51',
        tradeNumber: 'T20260316',
        receiptNumber: null,
      });
    },
  );
});

describe('notices', () => {
  test('the same notice twice is one notice, other content under its code is refused', async () => {
    const { client, done } = await join();
    const notice = await opened(client, RENT_NOTICE);
    await client.openPayment(notice);
    expect(done()).toEqual([`payment-opened ${notice.payCode}`]);
    expect(await failureOf(client.openPayment({ ...notice, memo: 'other' }))).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '10002' },
    });
  });

  test('an unpaid notice can be voided, once and again', async () => {
    const { client, done } = await join();
    const notice = await opened(client, RENT_NOTICE);
    await client.voidPayment({ ...notice, memo: '作废：重复开具' });
    await client.voidPayment({ ...notice, memo: '作废：重复开具' });
    expect(await client.payment(notice.payCode)).toMatchObject({ state: 'void' });
    expect(done()).toEqual([`payment-opened ${notice.payCode}`, `payment-voided ${notice.payCode}`]);
  });

  test('a paid notice stays paid when it is voided: the outcome is unknown until it is asked', async () => {
    const { client, act } = await join();
    const { payCode, ...rest } = await opened(client, RENT_NOTICE);
    await act('pay', { payCode });
    expect(await failureOf(client.voidPayment({ ...rest, payCode }))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      detail: '该缴款书已缴款，不能作废',
    });
    expect(await client.payment(payCode)).toMatchObject({ state: 'paid' });
  });

  test('a notice that was never opened is null to a query and not found to a voiding', async () => {
    const { client } = await join();
    expect(await client.payment('42120226309999999999')).toBeNull();
    expect(await failureOf(client.voidPayment({ ...RENT_NOTICE, payCode: '42120226309999999999' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('late fees and several items arrive as they were sent', async () => {
    const { client } = await join();
    const items = [RENT, { ...RENT, amountFen: fen(1) }];
    const { payCode } = await opened(client, { ...RENT_NOTICE, items, lateFeeFen: fen(105) });
    expect(await client.payment(payCode)).toMatchObject({
      originalFen: 41_251,
      lateFeeFen: 105,
      amountFen: 41_356,
      items: [{ ...RENT, amountFen: 41_251, quantity: 2 }],
    });
  });

  test('a unit, an item and a check code that finance does not accept are told by their codes', async () => {
    const { client, connect } = await join();
    const units = [...district('tcp://127.0.0.1:1').units, { code: '999999', name: '某单位' }];
    const stranger = connect('tcp', { units });
    const notice = { ...RENT_NOTICE, payCode: await client.allotPayCode() };
    expect(await failureOf(stranger.openPayment({ ...notice, unitCode: '999999' }))).toMatchObject({
      detail: '该单位无代收权限：999999',
      details: { departmentCode: '18012' },
    });
    expect(await failureOf(client.openPayment({ ...notice, unitCode: '038002' }))).toMatchObject({
      details: { departmentCode: '16003' },
    });
    await client.openPayment(notice);
    expect(await failureOf(client.payment(notice.payCode, { crcCode: '0000' }))).toMatchObject({
      details: { departmentCode: '11002' },
    });
  });
});

describe('reconciliation', () => {
  test('tells each kind of difference', async () => {
    const { client, act } = await join();
    const codes: string[] = [];
    for (const trade of ['T1', 'T2', 'T3']) {
      const { payCode } = await opened(client, RENT_NOTICE);
      await act('pay', { payCode, tradeNumber: trade });
      codes.push(payCode);
    }
    const [first = '', second = '', third = ''] = codes;
    const unknown = '42120226300000009999';
    const result = await client.reconcile({
      settleDate: '2026-03-16',
      statementNumber: 'DZ20260316001',
      entries: [payment(first, 'T1'), payment(second, 'T2', fen(41_251)), payment(unknown, 'T9')],
    });
    expect(result).toMatchObject({ matched: 1, pages: 1 });
    expect(result.differences.map(({ payCode, code, amountFen }) => [payCode, code, amountFen])).toEqual([
      [second, '15001', 41_250],
      [unknown, '15003', 41_250],
      [third, '15002', 41_250],
    ]);
  });

  test('sends more than 500 payments in pages, and again with the same answer', async () => {
    const { client, core } = await join();
    const entries = Array.from({ length: 501 }, (_, index) => payment('42120226300000009999', `T${index}`));
    const statement = { settleDate: '2026-03-16', statementNumber: 'DZ20260316002', entries };
    const result = await client.reconcile(statement);
    expect(result).toMatchObject({ matched: 0, pages: 2 });
    expect(result.differences).toHaveLength(501);
    expect(await client.reconcile(statement)).toEqual(result);
    expect(core.ledger).toEqual([expect.objectContaining({ kind: 'reconciled', lineCount: 501, diffCount: 501 })]);
  });
});

describe('e-receipts', () => {
  const draftOf = (notice: PaymentNotice, number: string): EReceiptDraft => ({
    payCode: notice.payCode,
    unitCode: notice.unitCode,
    number,
    check: '8f3k2a',
    issuedAt: '2026-03-16T11:00:00+08:00',
    payer: { type: '1', idNumber: notice.payer.idNumber ?? '', name: notice.payer.name },
    items: notice.items.map((item) => ({ ...item, standardFen: item.amountFen })),
  });

  test('are numbered, issued, shown in the notice and downloaded', async () => {
    const { client, act } = await join();
    const notice = await opened(client, REGISTRATION_NOTICE);
    const { payCode, unitCode } = notice;
    await act('pay', { payCode });
    const number = await client.allotEReceiptNumber({ unitCode });
    const issued = await client.issueEReceipt(draftOf(notice, number));
    expect(issued).toMatchObject({ code: '42010126', number, check: '8f3k2a', issuedOn: '2026-03-16' });
    expect(issued.url).toContain(`/42010126/${number}/8f3k2a`);
    expect(await client.payment(payCode)).toMatchObject({ receiptNumber: number });
    const file = await client.downloadEReceipt({ payCode, number });
    expect(file).toMatchObject({ mediaType: 'application/pdf', fileName: `42010126_${number}.pdf` });
    expect(Buffer.from(file.content ?? []).toString('latin1', 0, 5)).toBe('%PDF-');
  });

  test('issued twice are one', async () => {
    const { client, act, core } = await join();
    const notice = await opened(client, CARD_NOTICE);
    await act('pay', { payCode: notice.payCode });
    const draft = draftOf(notice, await client.allotEReceiptNumber({ unitCode: notice.unitCode }));
    const first = await client.issueEReceipt(draft);
    expect(await client.issueEReceipt(draft)).toEqual({ ...first, reference: expect.any(String) });
    expect(core.ledger.filter(({ kind }) => kind === 'receipt-issued')).toHaveLength(1);
  });

  test('are refused before the payment', async () => {
    const { client } = await join();
    const notice = await opened(client, REGISTRATION_NOTICE);
    const number = await client.allotEReceiptNumber({ unitCode: notice.unitCode });
    expect(await failureOf(client.issueEReceipt(draftOf(notice, number)))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { departmentCode: '99999' },
    });
  });
});

describe('payment notices', () => {
  async function joinWithListener(handle: PaidNoticeHandler) {
    const notices: PaidNotice[] = [];
    const reports: unknown[] = [];
    const listener = new PaymentNoticeListener(
      { ...district('tcp://127.0.0.1:1').listener, token: TOKEN },
      {
        counter: memoryCounter(),
        handle: (notice) => {
          notices.push(notice);
          return handle(notice);
        },
        report: ({ error }) => reports.push(error),
      },
    );
    closeLater({ close: () => listener.stop() });
    const { host, port } = await listener.start();
    return { ...(await join({}, `${host}:${port}`)), notices, reports };
  }

  test('reach the listener when somebody pays, and are acknowledged', async () => {
    const { client, act, notices, reports } = await joinWithListener(() => Promise.resolve('accepted'));
    const { payCode } = await opened(client, RENT_NOTICE);
    const outcome = await act('pay', { payCode, mode: '50', tradeNumber: 'T1', wait: true });
    expect(outcome).toMatchObject({ delivery: { acknowledged: true, result: '00000', attempts: 1 } });
    expect(notices).toEqual([
      expect.objectContaining({ payCode, amountFen: 41_250, channel: '50', tradeNumber: 'T1' }),
    ]);
    expect(notices[0]?.payer.name).toBe('孙䶮');
    expect(reports).toEqual([]);
  });

  test('are sent again until they are stored', async () => {
    let tries = 0;
    const { client, act, notices } = await joinWithListener(() => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error('not now')) : Promise.resolve('accepted');
    });
    const { payCode } = await opened(client, RENT_NOTICE);
    expect(await act('pay', { payCode, wait: true })).toMatchObject({ delivery: { acknowledged: true, attempts: 3 } });
    expect(new Set(notices.map(({ reference }) => reference)).size).toBe(1);
  });

  test('of another trade are refused with 12001', async () => {
    const { client, act } = await joinWithListener(({ tradeNumber }) =>
      Promise.resolve(tradeNumber === 'T1' ? 'accepted' : 'already-paid-by-other-trade'),
    );
    const { payCode } = await opened(client, RENT_NOTICE);
    await act('pay', { payCode, tradeNumber: 'T1', wait: true });
    expect(await act('resend-notice', { payCode, tradeNumber: 'T2', wait: true })).toMatchObject({
      deliveries: [{ acknowledged: false, result: '12001' }],
    });
  });
});

describe('faults', () => {
  /** What each fault is to a query and to an opening, and whether the notice was opened. */
  const FAULTS: readonly [FaultKind, read: string, write: string, opened: boolean][] = [
    ['delay', 'OK', 'OK', true],
    ['refuse-connection', 'DEPARTMENT_UNREACHABLE', 'DEPARTMENT_UNREACHABLE', false],
    ['drop-before-work', 'DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', false],
    ['drop-after-work', 'DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', true],
    ['duplicate-answer', 'OK', 'OK', true],
    ['truncate', 'DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', true],
    ['html-error', 'DEPARTMENT_PROTOCOL', 'OUTCOME_UNKNOWN', false],
    ['http-status', 'DEPARTMENT_UNREACHABLE', 'OUTCOME_UNKNOWN', false],
    ['busy', 'DEPARTMENT_BUSY', 'OUTCOME_UNKNOWN', false],
    ['bad-signature', 'DEPARTMENT_PROTOCOL', 'OUTCOME_UNKNOWN', true],
    ['expired-secret', 'DEPARTMENT_PROTOCOL', 'OUTCOME_UNKNOWN', false],
    ['garbage', 'DEPARTMENT_PROTOCOL', 'OUTCOME_UNKNOWN', true],
    // 5001 after an opening is ASCII, the same in every character set
    ['wrong-charset', 'DEPARTMENT_PROTOCOL', 'OK', true],
  ];

  const outcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'OK',
      (error: CasegraphError) => error.code,
    );

  test.each(FAULTS)('%s: a query is %s', async (kind, read) => {
    const { client, core } = await join({ line: QUICK });
    const { payCode } = await opened(client, REGISTRATION_NOTICE);
    core.addFault({ kind, delayMs: kind === 'delay' ? 20 : 60_000 });
    expect(await outcome(client.payment(payCode))).toBe(read);
    core.clearFaults();
  });

  test.each(FAULTS)('%s: the same notice sent again after it is opened once', async (kind, _read, write, wasOpened) => {
    const { client, core, done } = await join({ line: QUICK });
    const notice = { ...RENT_NOTICE, payCode: await client.allotPayCode() };
    core.addFault({ kind, delayMs: kind === 'delay' ? 20 : 60_000 });
    expect(await outcome(client.openPayment(notice))).toBe(write);
    expect(done()).toEqual(wasOpened ? [`payment-opened ${notice.payCode}`] : []);
    core.clearFaults();
    await expect.poll(() => outcome(client.openPayment(notice))).toBe('OK');
    expect(done()).toEqual([`payment-opened ${notice.payCode}`]);
  });

  test('late-answer beyond the deadline: a query times out, of an opening the outcome is unknown', async () => {
    const { client, core } = await join({ line: { ...QUICK, deadline: { readMs: 80, writeMs: 80 } } });
    const late: Fault = { kind: 'late-answer', delayMs: 60_000 };
    core.addFault(late);
    expect(await outcome(client.payment('42120226300000000001'))).toBe('DEPARTMENT_TIMEOUT');
    expect(await outcome(client.openPayment({ ...RENT_NOTICE, payCode: await client.allotPayCode() }))).toBe(
      'OUTCOME_UNKNOWN',
    );
  });

  test('one lost connection is not noticed by who asks', async () => {
    const { client, core } = await join();
    const { payCode } = await opened(client, RENT_NOTICE);
    core.addFault({ kind: 'drop-after-work', times: 1 });
    expect(await client.payment(payCode)).toMatchObject({ state: 'unpaid' });
  });

  test('twenty calls at once are never more than eight at finance', async () => {
    const { client, core } = await join();
    const { payCode } = await opened(client, RENT_NOTICE);
    core.addFault({ kind: 'delay', delayMs: 15 });
    await Promise.all(Array.from({ length: 20 }, () => client.payment(payCode)));
    expect(core.calls).toMatchObject({ calls: { 8997: 20 }, highestInFlight: 8 });
  });
});

describe('standard-web', () => {
  test('opens one notice for one business number, shows its code, and knows when it is paid', async () => {
    const { connect, act, done } = await join();
    const client = connect('standard-web');
    const { payCode } = await client.openPayment(REGISTRATION_NOTICE);
    expect(await client.openPayment(REGISTRATION_NOTICE)).toMatchObject({ payCode });
    expect(done()).toEqual([`payment-opened ${payCode}`]);
    expect((await client.dynamicQr(payCode, '50', 5)).url).toContain(payCode);
    expect(await client.payment(payCode)).toMatchObject({ state: 'unpaid' });
    await act('pay', { payCode, mode: '51' });
    expect(await client.payment(payCode)).toMatchObject({ state: 'paid', channel: '51' });
  });

  test('a code that finance does not know is null', async () => {
    const { connect } = await join();
    expect(await connect('standard-web').payment('42120226309999999999')).toBeNull();
  });

  test('a notice opened in frames is known to it too', async () => {
    const { client, connect } = await join();
    const { payCode } = await opened(client, RENT_NOTICE);
    expect(await connect('standard-web').payment(payCode)).toMatchObject({ payCode, state: 'unpaid' });
  });
});
