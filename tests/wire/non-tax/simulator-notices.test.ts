import { describe, expect, it } from 'vitest';
import { goldenVoucher } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { edited, frameOf, readAnswer, running } from './simulator-wire.ts';

const OPEN = goldenVoucher('01-open-rent.request.bin');
const VOID = edited(OPEN, { PayStats: '2', Memo: '作废', Hold1: '' });
const QUERY = goldenVoucher('05-query-unpaid.request.bin');
const QR = goldenVoucher('08-dynamic-qr.request.bin');
const { rent, rentPaid } = GOLDEN_NOTICES;

describe('opening a notice, 8994', () => {
  it('takes the same notice twice and opens it once', async () => {
    await using finance = await running(goldenPopulation());

    const answers = [
      await finance.ask('8994', OPEN),
      await finance.ask('8994', edited(OPEN, { Amt: '412.5', OriAmt: '412.5' })),
    ];

    expect(answers.map((answer) => answer.voucher)).toEqual([answers[0]?.voucher, answers[0]?.voucher]);
    expect(finance.ledger()).toEqual([
      {
        kind: 'payment-opened',
        reference: rent.payCode,
        subject: rent.payerIdNumber,
        amountFen: 41_250,
        unit: '042001',
      },
    ]);
  });

  it.each([
    ['another payer', { PayerName: '李明' }],
    ['another note', { Memo: '2026年4月租金' }],
    ['another amount', { Amt: '412.51', OriAmt: '412.51', CrcCode: '', PayInfo: '' }],
  ])('refuses a known PayCode with %s', async (_, changes) => {
    await using finance = await running(goldenPopulation());
    await finance.ask('8994', OPEN);

    const answer = await finance.ask('8994', edited(OPEN, changes));

    expect(answer.get('Result')).toBe('10002');
    expect(answer.get('Information')).toContain('PayCode');
    expect(finance.ledger()).toHaveLength(1);
  });

  it('keeps a notice paid when its opening is repeated', async () => {
    await using finance = await running(goldenPopulation());
    await finance.ask('8994', OPEN);
    await finance.act('pay', { payCode: rent.payCode });

    expect((await finance.ask('8994', OPEN)).get('Result')).toBe('00000');

    expect((await finance.ask('8997', QUERY)).get('PayStats')).toBe('1');
  });

  it('does not open a void notice again', async () => {
    await using finance = await running(goldenPopulation());
    await finance.ask('8994', OPEN);
    await finance.ask('8994', VOID);

    expect((await finance.ask('8994', OPEN)).get('Result')).toBe('11004');

    expect((await finance.ask('8997', QUERY)).get('PayStats')).toBe('2');
  });

  it('answers a batch voucher by voucher, in order', async () => {
    await using finance = await running(goldenPopulation());
    const second = edited(OPEN, { PayCode: '42120226300000001008', CrcCode: '' });
    const refused = edited(OPEN, { PayCode: '42120226300000001009' });

    const answer = readAnswer(await finance.send(frameOf('8994', [OPEN, refused, second])));

    expect(answer.number).toBe('5001');
    expect(answer.vouchers.map((voucher) => /<Result>(\d{5})</.exec(voucher)?.[1])).toEqual([
      '00000',
      '11002',
      '00000',
    ]);
    expect(finance.ledger().map(({ reference }) => reference)).toEqual([rent.payCode, '42120226300000001008']);
  });
});

describe('voiding a notice, 8994 with PayStats 2', () => {
  it('voids once, however often it is asked', async () => {
    await using finance = await running(goldenPopulation(rent));

    const results = [await finance.ask('8994', VOID), await finance.ask('8994', VOID)].map((answer) =>
      answer.get('Result'),
    );

    expect(results).toEqual(['00000', '00000']);
    expect(finance.ledger()).toEqual([
      {
        kind: 'payment-voided',
        reference: rent.payCode,
        subject: rent.payerIdNumber,
        amountFen: 41_250,
        unit: '042001',
      },
    ]);
  });

  it.each([
    ['that nobody opened', [], {}, '11001'],
    ['that is paid', [rentPaid], {}, '99999'],
    ['of another amount', [rent], { Amt: '80.00', OriAmt: '80.00', CrcCode: '', PayInfo: '' }, '10002'],
    ['of another payer', [rent], { PayerName: '李明' }, '10002'],
  ] as const)('refuses to void a notice %s', async (_, book, changes, code) => {
    await using finance = await running(goldenPopulation(...book));

    expect((await finance.ask('8994', edited(VOID, changes))).get('Result')).toBe(code);

    expect(finance.ledger()).toEqual([]);
  });
});

describe('asking about a notice', () => {
  it.each(['421202', '4212022600001001'])('does not know PayCode %s', async (payCode) => {
    await using finance = await running(goldenPopulation(rent));

    expect((await finance.ask('8997', edited(QUERY, { PayCode: payCode, Hold1: '' }))).get('Result')).toBe('11001');
  });

  it('refuses a wrong check code', async () => {
    await using finance = await running(goldenPopulation(rent));

    expect((await finance.ask('8997', edited(QUERY, { Hold1: '78F6' }))).get('Result')).toBe('11002');
  });

  it.each([
    ['8997', QUERY],
    ['8995', QR],
    ['8994', OPEN],
  ])('answers 11003 to %s once the last day to pay is over', async (number, voucher) => {
    await using finance = await running(goldenPopulation(rent));
    await finance.act('expire', { payCode: rent.payCode });

    const answer = await finance.ask(number, voucher);

    expect([answer.number, answer.get('Result')]).toEqual(['5001', '11003']);
  });

  it('shows a paid notice after its last day', async () => {
    await using finance = await running(goldenPopulation({ ...rentPaid, dueDate: '2026-03-01' }));

    expect((await finance.ask('8997', QUERY)).get('PayStats')).toBe('1');
  });

  it('counts the last day to pay from the day the population was told', async () => {
    await using finance = await running(goldenPopulation({ ...rent, dueDate: '2026-03-17' }), {
      at: '2031-01-05T12:00:00+08:00',
    });

    expect((await finance.ask('8997', QUERY)).get('PayStats')).toBe('0');
    finance.core.setClock(Date.parse('2031-01-07T00:00:00+08:00') - Date.now());
    expect((await finance.ask('8997', QUERY)).get('Result')).toBe('11003');
  });

  it.each([
    ['paid', rentPaid, '99999'],
    ['void', { ...rent, state: 'void' } as const, '11004'],
  ])('gives no QR code for a notice that is %s', async (_, notice, code) => {
    await using finance = await running(goldenPopulation(notice));

    expect((await finance.ask('8995', QR)).get('Result')).toBe(code);
  });

  it('goes back to its population on reset', async () => {
    await using finance = await running(goldenPopulation(rent));
    await finance.act('pay', { payCode: rent.payCode });

    finance.simulator.reset();

    expect((await finance.ask('8997', QUERY)).get('PayStats')).toBe('0');
  });
});

describe('the acts of finance', () => {
  it('pays exactly once and tells what was paid', async () => {
    await using finance = await running(goldenPopulation(rent));

    await expect(
      finance.act('pay', { payCode: rent.payCode, mode: '51', at: '2026-03-16 23:59:59', tradeNumber: 'T1' }),
    ).resolves.toMatchObject({
      date: '20260316',
      time: '235959',
      mode: '51',
      tradeNumber: 'T1',
      amountFen: 41_250,
      notice: 'not sent',
    });
    await expect(finance.act('pay', { payCode: rent.payCode })).rejects.toThrow('99999');

    expect(finance.ledger()).toEqual([
      {
        kind: 'payment-paid',
        reference: rent.payCode,
        subject: rent.payerIdNumber,
        amountFen: 41_250,
        mode: '51',
        tradeNumber: 'T1',
        unit: '042001',
      },
    ]);
  });

  it.each([
    ['pay', { payCode: '42120226309999999999' }, '11001'],
    ['pay', { payCode: 'x' }, 'payCode'],
    ['pay', { payCode: rent.payCode, mode: 5 }, 'mode'],
    ['pay', { payCode: rent.payCode, at: 'noon' }, 'at'],
    ['pay', { payCode: rent.payCode, amountFen: 0.5 }, 'amountFen'],
    ['resend-notice', { payCode: rent.payCode }, 'no paid notice'],
    ['expire', {}, 'payCode'],
    ['set-notify', { address: 'nowhere' }, 'address'],
  ])('refuses %s with %o', async (kind, parameters, message) => {
    await using finance = await running(goldenPopulation(rent));

    await expect(finance.act(kind, parameters)).rejects.toThrow(message);

    expect(finance.ledger()).toEqual([]);
  });

  it('does not let anybody pay a notice that is overdue', async () => {
    await using finance = await running(goldenPopulation(rent));
    await finance.act('expire', { payCode: rent.payCode });

    await expect(finance.act('pay', { payCode: rent.payCode })).rejects.toThrow('11003');
  });
});
