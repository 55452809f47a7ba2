import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileOf, newFolder, run } from './command.ts';
import { FakeGateway } from './fake-gateway.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await new FakeGateway().start();
});
afterEach(() => gateway.stop());

const DAYS = ['--from', '2026-11-01', '--to', '2026-11-20'];
const ask = (...args: string[]) => run(['reconcile', '--operator', 'hospital', '--url', gateway.url, ...args]);

const BOOK = `结算ID,单据号,结算时间,医疗费总额(元),基金支付总额(元),退费标志
S-1,,2026-11-20 10:00:00,"4,200.51",3200,否
,M-2,2026/11/1,-10,-5.5,是
`;

describe('reconcile', () => {
  it('sends the book, waits, and prints what differs with its cause', async () => {
    gateway.reconciliation.differing = ['M-1', 'M-2'];
    const folder = newFolder();
    const [csv, pdf] = [join(folder, 'differences.csv'), join(folder, 'statement.pdf')];

    const { code, output, errors } = await ask(...DAYS, '--file', fileOf(BOOK), '--csv', csv, '--pdf', pdf);

    expect(code, errors).toBe(1);
    expect(output.split('\n')).toEqual([
      'H42120200101 2026-11-01 – 2026-11-20: does not agree, 2 differences',
      'STORE\t2\ttotal 8420.50\tfunds 6000.00\taccounts 0.05',
      ...['M-1', 'M-2'].map(
        (document) =>
          `AMOUNT\tHOSPITAL\t${document}\t-\tHOSPITAL 2026-11-20 4200.51 line 2 / STORE 2026-11-20 4200.50\tTyped over. Mend it.`,
      ),
      '',
    ]);
    const [page] = gateway.reconciliation.pages;
    expect(page).toMatchObject({
      operator: 'hospital',
      page: 0,
      rows: [
        {
          settlementId: 'S-1',
          day: '2026-11-20',
          total: 420_051,
          fundTotal: 320_000,
          refunded: false,
          place: 'line 2',
        },
        { document: 'M-2', day: '2026-11-01', total: -1_000, fundTotal: -550, refunded: true, place: 'line 3' },
      ],
    });
    expect(gateway.reconciliation.asked).toMatchObject([{ from: '2026-11-01', to: '2026-11-20', book: page?.book }]);
    expect(readFileSync(csv, 'utf8')).toBe('\ufeffkind,document\r\n');
    expect(readFileSync(pdf, 'utf8')).toBe('%PDF-1.7');
  });

  it('sends the same book under the same name, whatever its encoding, and another under another', async () => {
    for (const content of [BOOK, iconv.encode(BOOK, 'gb18030'), BOOK.replace('4,200.51', '4,200.52')])
      expect((await ask(...DAYS, '--file', fileOf(content))).code).toBe(0);
    const [first, second, third] = gateway.reconciliation.pages.map(({ book }) => book);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('sends a large book in pages', async () => {
    const rows = Array.from({ length: 4_500 }, (_, at) => `D-${at},2026-11-20,1.00,0.50`);
    const file = fileOf(['document,day,totalYuan,fundTotalYuan', ...rows].join('\n'));
    expect((await ask(...DAYS, '--file', file)).code).toBe(0);
    expect(gateway.reconciliation.pages.map(({ page, rows: { length } }) => [page, length])).toEqual([
      [0, 2_000],
      [1, 2_000],
      [2, 500],
    ]);
    expect(Math.max(...gateway.bodySizes)).toBeLessThan(1_048_576);
  });

  it('ends with 0 where all agrees, with 3 where it could not be made or still runs', async () => {
    const agreed = await ask(...DAYS, '--lang', 'zh');
    expect(agreed.code).toBe(0);
    expect(agreed.output).toBe(
      'H42120200101 2026-11-01至2026-11-20：对平\n本平台\t2笔\t总额8420.50\t基金6000.00\t账户0.05\n',
    );
    gateway.reconciliation.failed = true;
    const failed = await ask(...DAYS);
    expect(failed.code).toBe(3);
    expect(failed.errors).toContain('could not be made: DEPARTMENT_TIMEOUT No answer.');
    gateway.reconciliation.running = 9;
    const late = await ask(...DAYS, '--wait-at-most', '0');
    expect(late.code).toBe(3);
    expect(late.errors).toContain('Reconciliation r-1 is still being made.');
  });

  it('takes no days and no book that cannot be', async () => {
    for (const [args, text] of [
      [[], '--from is needed'],
      [['--from', '2026-11-02', '--to', '2026-11-01'], '--to: is before --from'],
      [[...DAYS, '--file', fileOf('document,day,totalYuan,fundTotalYuan\n')], 'holds no settlement'],
      [
        [...DAYS, '--file', fileOf('document,day,totalYuan,fundTotalYuan\n,2026-11-20,1,1\n')],
        ':2:1: the settlement id',
      ],
      [[...DAYS, '--file', fileOf('document,day,totalYuan\nA,2026-11-20,1\n')], '(基金支付总额(元)) is missing'],
    ] as const) {
      const { code, errors } = await ask(...args);
      expect(errors).toContain(text);
      expect(code).toBe(2);
    }
    expect(gateway.requests).toBe(0);
  });
});
