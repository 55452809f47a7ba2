import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chinaDate } from '../../adapters/values/china-time.ts';
import type { CaseEvent } from '../../subgraphs/services/case-events.ts';
import { cnnontax, SERVICES } from './fixture/finance.ts';
import { type Desk, openDesk, UNITS, WATCH } from './fixture/payment-desk.ts';
import { SUN } from './fixture/people.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';

const DAY_MS = 86_400_000;

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});

afterEach(async () => {
  desk.core.reset();
  await desk.notify(true);
});

afterAll(() => desk.close());

coversPartOfItsSchema(() => desk.nontax, SERVICES);

/** Pays, and waits until finance has had its word taken. */
const pay = (payCode: string, over: object = {}) => desk.act('pay', { payCode, wait: true, ...over });

const closed = async (caseId: string) =>
  desk.until(async () => expect(await desk.events(caseId)).toContain('receipt-issued'));

describe('a payment notice', () => {
  it('is opened for a case, once at finance, and tied to the case; its applicant pays', async () => {
    const caseId = await desk.newCase();
    const { data, errors } = await desk.open(caseId, { quantity: 2, memo: '浮山街道㙍头路8号' });
    expect(errors).toBeUndefined();
    const { submission, case: of, payment, payQr } = data.openPayment;
    expect(payment).toEqual({
      code: expect.stringMatching(/^421202\d{2}30\d{10}$/),
      state: 'UNPAID',
      amount: 82_500,
      originalAmount: 82_500,
      payerName: SUN.name,
      unitCode: '042001',
      billDate: chinaDate(Date.now()),
      items: [{ code: '103100501', name: '公共租赁住房租金', amount: 82_500, unit: '月', quantity: 2 }],
    });
    expect(of).toEqual({ id: caseId });
    expect(await desk.submissionState(submission.id)).toBe('done');
    expect(desk.ledger(payment.code)).toEqual(['payment-opened']);
    expect(payQr.address).toBe(`https://pay.example.invalid/fs/qrcode?billId=${payment.code}`);
    expect(payQr.svg).toMatch(/^<svg .*<\/svg>$/);
    expect(Buffer.from(payQr.png, 'base64').subarray(1, 4).toString()).toBe('PNG');
    const references = await desk.store.registry.references([caseId]);
    expect(references.get(caseId)).toEqual([
      { system: 'non-tax', kind: 'payment', reference: payment.code, values: { crcCode: expect.any(String) } },
    ]);
  });

  it('is told to the case with the fee order for the platform', async () => {
    const caseId = await desk.newCase();
    const dueDate = chinaDate(Date.now() + 3 * DAY_MS);
    const payCode = await desk.opened(caseId, { quantity: 3, dueDate });
    expect(await desk.event(caseId, 'payment-opened')).toMatchObject({
      caseId,
      operator: 'clerk',
      reports: [
        {
          kind: 'fee',
          order: {
            version: 1,
            payCode,
            payerName: SUN.name,
            items: [{ code: '103100501', standardFen: 41_250, quantity: 3, amountFen: 123_750 }],
            dueDate,
          },
        },
      ],
    });
  });

  it.each([
    ['REGISTRATION_RESIDENTIAL', 8_000, '038002'],
    ['REGISTRATION_NON_RESIDENTIAL', 55_000, '038002'],
    ['ID_CARD_RENEWAL', 2_000, '015003'],
    ['ID_CARD_LOST', 4_000, '015003'],
    ['ID_CARD_DAMAGED', 4_000, '015003'],
  ])('for %s has the amount of the fee table: %i fen', async (service, amount, unitCode) => {
    const registration = service.startsWith('REGISTRATION') && { registrationNumber: '202603160007' };
    const { data, errors } = await desk.open(await desk.newCase(), { service, amount: null, ...registration });
    expect(errors).toBeUndefined();
    expect(data.openPayment.payment).toMatchObject({ amount, unitCode });
  });

  it('of a registration is told to the registry: the notice, then its payment, then its e-receipt', async () => {
    const caseId = await desk.newCase();
    const registrationNumber = '202603160007';
    const form = { service: 'REGISTRATION_RESIDENTIAL', amount: null, registrationNumber };
    const payCode = await desk.opened(caseId, form);
    await pay(payCode, { tradeNumber: 'R1' });
    await closed(caseId);
    const told = await desk.told('realestate', caseId);
    const fee = { acceptanceNumber: registrationNumber, payCode };
    expect(told.map(({ body }) => body)).toEqual([
      {
        kind: 'fee-linked',
        link: {
          ...fee,
          codeMadeAt: expect.stringMatching(/\+08:00$/),
          qrCodeUrl: expect.stringContaining(payCode),
          items: [{ code: '103043211', name: '不动产登记费', unitPriceFen: 8_000, quantity: 1, amountFen: 8_000 }],
        },
      },
      {
        kind: 'fee-paid',
        payment: { ...fee, paidAt: expect.any(String), tradeNumber: 'R1', totalFen: 8_000 },
      },
      {
        kind: 'fee-paid',
        payment: {
          ...fee,
          paidAt: expect.any(String),
          tradeNumber: 'R1',
          totalFen: 8_000,
          eReceipt: { code: expect.stringMatching(/^\d{8}$/), number: expect.stringMatching(/^\d{10}$/) },
        },
      },
    ]);
  });

  it('shows a dynamic QR code, drawn here too', async () => {
    const payCode = await desk.opened(await desk.newCase());
    const { data } = await desk.nontax.ask(
      `{ payment(code: "${payCode}") { dynamicQr(channel: ALIPAY) { address svg png amount } } }`,
    );
    const { address, svg, png, amount } = data.payment.dynamicQr;
    expect([address, svg, amount]).toEqual([
      expect.stringContaining(`billId=${payCode}&t=`),
      expect.stringMatching(/^<svg /),
      41_250,
    ]);
    expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('the fee table', () => {
  it('tells what is charged for on a day', async () => {
    const fees = (given = '') =>
      desk.nontax.ask(`{ paymentFees${given} { service itemCode itemName unit amount from basis } }`);
    const { data } = await fees();
    expect(data.paymentFees).toHaveLength(7);
    expect(data.paymentFees).toContainEqual({
      service: 'ID_CARD_LOST',
      itemCode: '103040105',
      itemName: '居民身份证工本费(丢失补领)',
      unit: '证',
      amount: 4_000,
      from: '2004-01-01',
      basis: '发改价格[2003]2322号',
    });
    const { data: before } = await fees('(on: "2004-06-01")');
    expect(before.paymentFees.map(({ service }: { service: string }) => service)).toEqual([
      'RENT',
      'ID_CARD_RENEWAL',
      'ID_CARD_LOST',
      'ID_CARD_DAMAGED',
    ]);
  });
});

describe('a payment', () => {
  it('that finance tells of brings the e-receipt, and the case to its end, each once', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    const paid = await pay(payCode, { mode: '51', tradeNumber: 'T1', at: '2026-03-16 10:33:22' });
    expect(paid).toMatchObject({ delivery: { acknowledged: true, result: '00000', attempts: 1 } });
    await closed(caseId);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
    expect(await desk.event(caseId, 'payment-paid')).toMatchObject({
      at: Date.parse('2026-03-16T10:33:22+08:00'),
      operator: null,
    });
    expect(desk.ledger(payCode)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
    const { number } = (await desk.event(caseId, 'receipt-issued'))?.certificate ?? {};
    expect(await desk.event(caseId, 'receipt-issued')).toMatchObject({ certificate: { name: '财政电子票据' } });
    const { data } = await desk.nontax.ask(
      `{ payment(code: "${payCode}") { state eReceipt { number } eReceiptDocument(issuedOn: "${chinaDate(Date.now())}") { number mediaType } } }`,
    );
    expect(data.payment).toEqual({
      state: 'PAID',
      eReceipt: { number },
      eReceiptDocument: { number, mediaType: 'application/pdf' },
    });
    expect(desk.nontax.faults).toEqual([]);
  });

  it('told twice at once is taken once', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await pay(payCode, { tradeNumber: 'T2' });
    const { deliveries } = await desk.act('resend-notice', { payCode, times: 5, wait: true });
    expect(deliveries).toEqual(Array(5).fill({ acknowledged: true, result: '00000', attempts: 1 }));
    await closed(caseId);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
    expect(await desk.store.payments.noticesOf(payCode)).toHaveLength(1);
  });

  describe('that does not fit', () => {
    const alarms = () => desk.nontax.faults.map(({ error }) => error.message);

    it('by its trade number is refused with 12001 and told to the operator; the first stays', async () => {
      const caseId = await desk.newCase();
      const payCode = await desk.opened(caseId);
      await pay(payCode, { tradeNumber: 'T3' });
      const before = alarms().length;
      const { deliveries } = await desk.act('resend-notice', { payCode, tradeNumber: 'T4', wait: true });
      expect(deliveries).toEqual([{ acknowledged: false, result: '12001', attempts: 1 }]);
      expect(alarms().slice(before)).toEqual([expect.stringContaining('already-paid-by-other-trade')]);
      expect(
        (await desk.store.payments.noticesOf(payCode)).map(({ tradeNumber, state }) => [tradeNumber, state]),
      ).toEqual([
        ['T3', 'accepted'],
        ['T4', 'other-trade'],
      ]);
      expect(await desk.store.payments.byCode(payCode)).toMatchObject({ state: 'paid', tradeNumber: 'T3' });
    });

    it('by its amount is refused with 12004, kept, and marks nothing as paid, nor does asking', async () => {
      const caseId = await desk.newCase();
      const payCode = await desk.opened(caseId);
      const paid = await pay(payCode, { amountFen: 41_251, tradeNumber: 'T5' });
      expect(paid).toMatchObject({ delivery: { acknowledged: false, result: '12004' } });
      await desk.until(async () => expect((await desk.store.tasks.count(WATCH)).stuck).toBe(1), WATCH);
      expect(await desk.stateOf(payCode)).toBe('unpaid');
      expect(await desk.store.payments.noticesOf(payCode)).toMatchObject([
        { state: 'amount-differs', amountFen: 41_251 },
      ]);
      expect(await desk.events(caseId)).toEqual(['payment-opened']);
    });

    it('because the notice is none of ours is answered 11001', async () => {
      const other = await openDesk();
      const payCode = await other.opened(await other.newCase());
      await other.close();
      const before = alarms().length;
      const caseId = await desk.newCase();
      const ours = await desk.opened(caseId);
      await desk.store.write((tx) =>
        tx.updateTable('payment').set({ pay_code: '42120226309999999999' }).where('pay_code', '=', ours).execute(),
      );
      expect(await pay(ours)).toMatchObject({ delivery: { result: '11001' } });
      expect(payCode).toHaveLength(20);
      expect(alarms().slice(before)).toEqual([expect.stringContaining('unknown-pay-code')]);
    });

    it.each([
      ['account', { payee_account: '42050100000000000018' }, '12003'],
      ['unit', { unit_code: '038002' }, '11001'],
    ])('by its %s is refused', async (_, kept, result) => {
      const payCode = await desk.opened(await desk.newCase());
      await desk.store.write((tx) => tx.updateTable('payment').set(kept).where('pay_code', '=', payCode).execute());
      expect(await pay(payCode)).toMatchObject({ delivery: { acknowledged: false, result } });
      expect(await desk.stateOf(payCode)).toBe('unpaid');
    });
  });

  it('told before our own opening was answered is kept and joined to it', async () => {
    const caseId = await desk.newCase();
    desk.core.addFault({ match: '8994', kind: 'late-answer', times: 1, delayMs: 800 });
    const opening = desk.open(caseId);
    await vi.waitFor(() => expect(desk.core.ledger.at(-1)?.kind).toBe('payment-opened'));
    const payCode = desk.core.ledger.at(-1)?.reference ?? '';
    expect(await pay(payCode, { tradeNumber: 'E1' })).toMatchObject({ delivery: { acknowledged: true } });
    expect(await desk.stateOf(payCode)).toBe('opening');
    expect(await desk.events(caseId)).toEqual([]);
    expect((await opening).data.openPayment.payment).toMatchObject({ code: payCode, state: 'UNPAID' });
    await closed(caseId);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });

  it('of which finance’s word was lost is found by asking', async () => {
    const silent = await openDesk({
      notified: false,
      settings: { notices: { watch: { leastPauseMs: 50, mostPauseMs: 200 } } },
    });
    const caseId = await silent.newCase();
    const payCode = await silent.opened(caseId);
    await silent.until(async () => expect(silent.core.calls.calls['8997']).toBeGreaterThan(1));
    await silent.act('pay', { payCode });
    await silent.until(async () => expect(await silent.events(caseId)).toContain('receipt-issued'));
    expect(await silent.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
    expect(silent.ledger(payCode)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
    expect(await silent.store.tasks.count(WATCH)).toEqual({ waiting: 0, stuck: 0 });
    await silent.close();
  });

  it('found by asking is not told again by finance’s word that comes late', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await desk.notify(false);
    await desk.act('pay', { payCode, tradeNumber: 'L1' });
    await desk.until(async () => expect(await desk.stateOf(payCode)).toBe('paid'), WATCH);
    await desk.notify(true);
    const { deliveries } = await desk.act('resend-notice', { payCode, wait: true });
    expect(deliveries).toMatchObject([{ result: '00000' }]);
    const { deliveries: others } = await desk.act('resend-notice', { payCode, tradeNumber: 'L2', wait: true });
    expect(others).toMatchObject([{ result: '12001' }]);
    await closed(caseId);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });
});

describe('a notice that nobody pays', () => {
  it('is voided after its last day, and its case told that it has expired', async () => {
    let ahead = 0;
    const slow = await openDesk({
      clock: () => Date.now() + ahead,
      settings: { notices: { watch: { leastPauseMs: 50, mostPauseMs: 100 } } },
    });
    const caseId = await slow.newCase();
    const payCode = await slow.opened(caseId, { dueDate: chinaDate(Date.now()) });
    ahead = DAY_MS;
    await slow.until(async () => expect(await slow.events(caseId)).toContain('payment-expired'));
    expect(await slow.events(caseId)).toEqual(['payment-opened', 'payment-expired']);
    expect(slow.ledger(payCode)).toEqual(['payment-opened', 'payment-voided']);
    expect(await slow.stateOf(payCode)).toBe('expired');
    await slow.close();
  });

  it('is voided when its case has ended without it', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await desk.store.write((tx) => desk.store.registry.updateCase(tx, caseId, 0, { status: '5' }));
    await desk.until(async () => expect(await desk.stateOf(payCode)).toBe('void'), WATCH);
    expect(desk.ledger(payCode)).toEqual(['payment-opened', 'payment-voided']);
    await expect(desk.act('pay', { payCode })).rejects.toThrow('11004');
  });

  it('has expired when finance says so', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await desk.act('expire', { payCode });
    await desk.until(async () => expect(await desk.stateOf(payCode)).toBe('expired'), WATCH);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-expired']);
    expect(desk.ledger(payCode)).toEqual(['payment-opened']);
  });
});

describe('voiding', () => {
  it('ends a notice and tells its case; the notice can be paid no more', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    const { data, errors } = await desk.void(caseId, payCode);
    expect(errors).toBeUndefined();
    expect(data.voidPayment).toMatchObject({ case: { id: caseId }, payment: { code: payCode, state: 'VOID' } });
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-voided']);
    expect(desk.ledger(payCode)).toEqual(['payment-opened', 'payment-voided']);
    await expect(desk.act('pay', { payCode })).rejects.toThrow('11004');
  });

  it('of what is paid is refused, naming the notice', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await pay(payCode);
    const { data, errors } = await desk.void(caseId, payCode);
    expect(data).toEqual({ voidPayment: null });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'DEPARTMENT_REJECTED',
          field: 'input.paymentCode',
          messageZh: expect.stringContaining('已缴款'),
        },
      },
    ]);
    expect(desk.ledger(payCode)).not.toContain('payment-voided');
  });

  it('of what is paid without our knowing finds the payment', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await desk.notify(false);
    await desk.act('pay', { payCode });
    const { errors } = await desk.void(caseId, payCode);
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', field: 'input.paymentCode' } }]);
    expect(await desk.stateOf(payCode)).toBe('paid');
    await closed(caseId);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });

  it.each([
    [
      'void',
      'INVALID_INPUT',
      async (caseId: string, payCode: string): Promise<void> => {
        await desk.void(caseId, payCode);
      },
    ],
    [
      'of another case',
      'NOT_FOUND',
      async (_: string, payCode: string) => {
        const other = await desk.newCase();
        await desk.store.write((tx) =>
          tx.updateTable('payment').set({ case_id: other }).where('pay_code', '=', payCode).execute(),
        );
      },
    ],
  ] as const)('of a notice that is %s is refused', async (_, code, prepare) => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await prepare(caseId, payCode);
    const { errors } = await desk.void(caseId, payCode);
    expect(errors).toMatchObject([{ extensions: { code, field: 'input.paymentCode' } }]);
  });

  it('done by finance itself is found by asking', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await desk.void(caseId, payCode);
    await desk.store.write(async (tx) => {
      await tx.updateTable('payment').set({ state: 'unpaid' }).where('pay_code', '=', payCode).execute();
      await desk.store.tasks.add(tx, [
        { queue: WATCH, orderKey: payCode, kind: WATCH, body: { pauseMs: 0 }, at: Date.now() },
      ]);
    });
    await desk.until(async () => expect(await desk.stateOf(payCode)).toBe('void'));
    expect((await desk.told('cases', caseId)).map(({ body }) => (body as CaseEvent).operator)).toEqual([
      'clerk',
      'clerk',
      null,
    ]);
  });
});

describe('another amount', () => {
  it('voids the notice and opens one in its place; the case goes on', async () => {
    const caseId = await desk.newCase();
    const old = await desk.opened(caseId, { quantity: 2 });
    const { data, errors } = await desk.change(caseId, old, { amount: 40_000 });
    expect(errors).toBeUndefined();
    const { payment, replaced, payQr, submission, case: of } = data.changePaymentAmount;
    expect(payment).toMatchObject({ state: 'UNPAID', amount: 80_000, items: [{ quantity: 2, amount: 80_000 }] });
    expect(replaced).toMatchObject({ code: old, state: 'VOID', amount: 82_500 });
    expect(payQr.address).toContain(payment.code);
    expect([payQr.svg, payQr.png, of.id, await desk.submissionState(submission.id)]).toEqual([
      expect.any(String),
      expect.any(String),
      caseId,
      'done',
    ]);
    expect([desk.ledger(old), desk.ledger(payment.code)]).toEqual([
      ['payment-opened', 'payment-voided'],
      ['payment-opened'],
    ]);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-opened']);
    const [, event] = await desk.told('cases', caseId);
    expect((event?.body as CaseEvent | undefined)?.reports).toMatchObject([
      { kind: 'fee', order: { payCode: old, version: 2, operation: 'D' } },
      { kind: 'fee', order: { payCode: payment.code, version: 1, operation: 'I' } },
    ]);
    await pay(payment.code);
    await closed(caseId);
    expect(desk.ledger(payment.code)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });

  it('of a paid notice is refused', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await pay(payCode);
    const { errors } = await desk.change(caseId, payCode, { amount: 1 });
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', field: 'input.paymentCode' } }]);
    expect((await desk.store.payments.ofCase(caseId)).map(({ state }) => state)).toEqual(['paid']);
  });

  it('of a notice that is paid without our knowing finds the payment and opens nothing', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    await desk.notify(false);
    await desk.act('pay', { payCode });
    const { errors } = await desk.change(caseId, payCode, { amount: 1 });
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', field: 'input.paymentCode' } }]);
    const [old, replacing] = await desk.store.payments.ofCase(caseId);
    expect([old?.state, replacing?.state]).toEqual(['paid', 'not-opened']);
    expect(desk.ledger(replacing?.payCode ?? '')).toEqual([]);
    await closed(caseId);
    expect(await desk.events(caseId)).toEqual(['payment-opened', 'payment-paid', 'receipt-issued']);
  });

  it.each([
    [{}, 'input.amount'],
    [{ amount: 41_250 }, 'input.amount'],
    [{ amount: 0 }, 'input.amount'],
    [{ quantity: 0 }, 'input.quantity'],
  ])('%j is refused: nothing would change, or nothing could be paid', async (over, field) => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    const { errors } = await desk.change(caseId, payCode, over);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(await desk.stateOf(payCode)).toBe('unpaid');
  });
});

describe('the JSON dialect', () => {
  it('opens no notices here, since it can neither void them nor tell of payments', async () => {
    const other = await openDesk({
      settings: {
        url: 'http://127.0.0.1:9',
        dialect: 'standard-web',
        units: UNITS,
        cnnontax,
        standardWeb: { appId: 'a', key: 'k' },
      },
    });
    const { errors } = await other.open(await other.newCase());
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', department: 'non-tax' } }]);
    await other.close();
  });
});
