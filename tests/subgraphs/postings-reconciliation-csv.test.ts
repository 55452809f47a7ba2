import { expect, it } from 'vitest';
import type { AccountEntry } from '../../subgraphs/medical/postings/reconciliation/account.ts';
import { compareBooks } from '../../subgraphs/medical/postings/reconciliation/compare.ts';
import { csvOf } from '../../subgraphs/medical/postings/reconciliation/csv.ts';
import { explain } from '../../subgraphs/medical/postings/reconciliation/explain.ts';

const ENTRY: AccountEntry = {
  settlementId: '421202000001000000',
  document: 'DJ-1',
  visitId: null,
  day: '2025-12-01',
  totalFen: -685_001,
  fundTotalFen: -580_000,
  accountFen: 0,
  refunded: true,
  place: '第2行',
};

async function rowOf(over: Partial<AccountEntry>): Promise<string> {
  const differences = await compareBooks({ hospital: [{ ...ENTRY, ...over }], store: [], platform: [] });
  const csv = csvOf({
    reconciliation: { provider: 'H42120200101', from: '2025-12-01', to: '2025-12-31', differenceCount: 1 },
    totals: [{ side: 'hospital', count: 1, totalFen: -685_001, fundTotalFen: -580_000, accountFen: 0 }],
    statements: [],
    differences: differences.map((difference) => ({ difference, explanation: explain(difference, null) })),
  });
  return csv.slice(csv.indexOf('处理建议\r\n') + '处理建议\r\n'.length);
}

it('has amounts in yuan and long numbers as text', async () => {
  expect(await rowOf({})).toBe(
    '缺失,本平台、中心,421202000001000000\t,DJ-1,,2025-12-01,-6850.01,-5800.00,0.00,,,,,,,,,第2行,该方已作退费，中心仍为有效结算。,请在本平台撤销该报送（同时撤销中心结算），或冲销退费账目。\r\n',
  );
});

it.each([
  ['=HYPERLINK("http://example.test")', `"'=HYPERLINK(""http://example.test"")"`],
  ['+1+1', "'+1+1"],
  ['-2+3', "'-2+3"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1', "' =1"],
  ['＝1+1', "'＝1+1"],
  ['|cmd', "'|cmd"],
  ['\tx', "'\tx"],
  ['a,b"c', '"a,b""c"'],
  ['a\r\nb', '"a\r\nb"'],
])('does not let a spreadsheet take %j for a formula or for another cell', async (document, cell) => {
  expect(await rowOf({ document })).toContain(`\t,${cell},,2025-12-01`);
});
