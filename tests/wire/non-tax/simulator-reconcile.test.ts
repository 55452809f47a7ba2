import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { goldenVoucher } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { edited, running } from './simulator-wire.ts';

const GOLDEN = goldenVoucher('12-reconcile.request.bin');
const { rentPaid, registrationFeePaid, renewal, yesterday } = GOLDEN_NOTICES;
const book = () => goldenPopulation(rentPaid, registrationFeePaid, renewal, yesterday);

const RENT = '42120226300000001001|4200002026031600000000000017|412.50|50|20260316|042001#';
const FEE = '42120226300000001002|2026031622001400000000000001|80.00|51|20260316|038002#';
const RENEWAL = '42120226300000001005|20260316140000000000000005|20.00|14|20260316|015003#';

/** A page of a statement with the totals that its lines have. */
function page(details: string, changes: Readonly<Record<string, string>> = {}): string {
  const amounts = details
    .split('#')
    .slice(0, -1)
    .map((line) => Math.round(Number(line.split('|')[2]) * 100));
  return edited(GOLDEN, {
    Details: details,
    Count: String(amounts.length),
    SumAmt: (amounts.reduce((sum, amount) => sum + amount, 0) / 100).toFixed(2),
    Digest: createHash('sha256').update(details, 'ascii').digest('hex'),
    ...changes,
  });
}

describe('reconciliation, 8992', () => {
  it('finds nothing in a statement that has every payment of the day', async () => {
    await using finance = await running(book());

    const answer = await finance.ask('8992', page(RENT + FEE + RENEWAL));

    expect(['Result', 'MatchCount', 'DiffCount', 'Diffs'].map((name) => answer.get(name))).toEqual([
      '00000',
      '3',
      '0',
      '',
    ]);
    expect(finance.ledger()).toEqual([
      {
        kind: 'reconciled',
        reference: 'DZ20260316001',
        subject: '20260316',
        amountFen: 51_250,
        lineCount: 3,
        matchCount: 3,
        diffCount: 0,
      },
    ]);
  });

  it('takes an empty statement of a day without payments', async () => {
    await using finance = await running(book());

    expect((await finance.ask('8992', page('', { SettleDate: '20260314' }))).get('Result')).toBe('00000');
  });

  it.each([
    ['another amount', RENT.replace('412.50', '412.51'), '42120226300000001001|15001|412.50|日终对账单该笔金额不符#'],
    [
      'another trade number',
      RENT.replace('0017|', '0018|'),
      '42120226300000001001|15003|412.50|日间未发送该笔#42120226300000001001|15002|412.50|日终对账单缺少该笔#',
    ],
    ['nothing', '', '42120226300000001001|15002|412.50|日终对账单缺少该笔#'],
    ['the line twice', RENT + RENT, '42120226300000001001|15003|412.50|日间未发送该笔#'],
  ])('tells the difference when the statement has %s', async (_, line, diffs) => {
    await using finance = await running(book());

    const answer = await finance.ask('8992', page(line + FEE + RENEWAL));

    expect(answer.get('Diffs')).toBe(diffs);
    expect(answer.get('Result')).toBe(diffs.split('|')[1]);
    expect(answer.get('DiffCount')).toBe(String(diffs.split('#').length - 1));
  });

  it('tells what is missing with the last page that comes, and gives a page sent again its first answer', async () => {
    await using finance = await running(book());
    const first = page(RENT, { PageNo: '1', PageCount: '2' });
    const second = page(FEE, { PageNo: '2', PageCount: '2' });

    const answers = [];
    for (const voucher of [second, second, first, first]) answers.push(await finance.ask('8992', voucher));

    expect(answers.map((answer) => [answer.get('PageNo'), answer.get('Diffs')])).toEqual([
      ['2', ''],
      ['2', ''],
      ['1', '42120226300000001005|15002|20.00|日终对账单缺少该笔#'],
      ['1', '42120226300000001005|15002|20.00|日终对账单缺少该笔#'],
    ]);
    expect(finance.ledger()).toMatchObject([{ kind: 'reconciled', lineCount: 2, matchCount: 2, diffCount: 1 }]);
  });

  it.each([
    ['a page with other lines', page(FEE)],
    ['another day', page(RENT, { SettleDate: '20260315' })],
    ['another page count', page(RENT, { PageCount: '2' })],
  ])('refuses a statement number that comes again with %s', async (_, again) => {
    await using finance = await running(book());
    await finance.ask('8992', page(RENT));

    expect((await finance.ask('8992', again)).get('Result')).toBe('13001');
    expect(finance.ledger()).toHaveLength(1);
  });

  it.each([
    ['Count', '3', '10002'],
    ['SumAmt', '492.51', '10002'],
    ['Digest', 'a'.repeat(64), '10002'],
    ['Digest', 'a'.repeat(63), '10002'],
    ['PageNo', '0', '10002'],
    ['PageNo', '2', '10002'],
    ['SettleDate', '2026', '10002'],
    ['AccountFirmNo', '', '10002'],
    ['AccountFirmNo', 'D'.repeat(31), '10002'],
    ['RecAcct', '1', '12003'],
    ['RecAcctType', '2', '12003'],
  ])('refuses %s %o with %s', async (name, value, code) => {
    await using finance = await running(book());

    expect((await finance.ask('8992', edited(GOLDEN, { [name]: value }))).get('Result')).toBe(code);
    expect(finance.ledger()).toEqual([]);
  });

  it.each([
    ['a line of five parts', '42120226300000001001|T|412.50|50|20260316#'],
    ['a line without its end', RENT.slice(0, -1)],
    ['an amount that is none', RENT.replace('412.50', '412,50')],
    ['501 lines', RENT.repeat(501)],
  ])('refuses details with %s', async (_, details) => {
    await using finance = await running(book());

    expect((await finance.ask('8992', page(details, { Count: '1', SumAmt: '412.50' }))).get('Information')).toContain(
      'Details',
    );
  });

  it('takes 500 lines', async () => {
    await using finance = await running(book());

    expect((await finance.ask('8992', page(RENT.repeat(500)))).get('MatchCount')).toBe('1');
  });
});
