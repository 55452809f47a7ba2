import type { Statement } from '../../../../adapters/documents/statement.ts';
import { chinaDateTime } from '../../../../adapters/values/china-time.ts';
import { fen, yuanFromFen } from '../../../../adapters/values/fen.ts';
import { SIDES } from './account.ts';
import { KIND_NAMES, type ReconciliationReport, SIDE_NAMES } from './report.ts';

/** More are in the CSV: nobody reads a hundred pages. */
const MOST_PRINTED = 500;

/** The statement for the finance office (对账单). */
export function statementOf(report: ReconciliationReport, hospital: string, madeAt: number): Statement {
  const { reconciliation, totals, statements, differences } = report;
  const { provider, from, to, differenceCount } = reconciliation;
  const disagreeing = statements.filter(({ agrees }) => !agrees);
  const yuan = (amount: number) => yuanFromFen(fen(amount));
  return {
    title: '生育医疗费结算三方对账单',
    lines: [
      `定点医药机构：${hospital}（${provider}）    对账期间：${from} 至 ${to}    生成时间：${chinaDateTime(madeAt)}`,
      differenceCount === 0 && disagreeing.length === 0
        ? '结论：三方账目一致。'
        : `结论：差异${differenceCount}笔，中心对总账不平${disagreeing.length}项。金额单位：元。`,
      ...(totals.some(({ side }) => side === 'hospital') ? [] : ['医院未提供账目文件，仅核对本平台与中心。']),
    ],
    tables: [
      {
        title: '一、合计',
        columns: [
          { name: '账目方', share: 2 },
          { name: '笔数', share: 1, right: true },
          { name: '医疗费总额', share: 2, right: true },
          { name: '基金支付总额', share: 2, right: true },
          { name: '个人账户支付', share: 2, right: true },
        ],
        rows: totals.map(({ side, count, totalFen, fundTotalFen, accountFen }) => [
          SIDE_NAMES[side],
          String(count),
          ...[totalFen, fundTotalFen, accountFen].map(yuan),
        ]),
      },
      ...(disagreeing.length === 0
        ? []
        : [
            {
              title: '二、中心对总账不平项',
              columns: ['日期', '险种类型', '清算类别', '结算经办机构', '退费标志', '对账结果'].map((name) => ({
                name,
                share: 1,
              })),
              rows: disagreeing.map(
                ({ day, insuranceKind, clearingType, clearingOffice, refunded, result, ...rest }) => [
                  day,
                  insuranceKind,
                  clearingType,
                  clearingOffice,
                  refunded ? '退费' : '结算',
                  `${result} ${rest.description ?? ''}`,
                ],
              ),
            },
          ]),
      ...(differences.length === 0
        ? []
        : [
            {
              title: `${disagreeing.length === 0 ? '二' : '三'}、差异明细${
                differences.length > MOST_PRINTED ? `（前${MOST_PRINTED}笔，其余见差异表）` : ''
              }`,
              columns: [
                { name: '差异', share: 1.6 },
                { name: '结算ID', share: 2.6 },
                { name: '单据号', share: 2.4 },
                ...SIDES.map((side) => ({ name: `${SIDE_NAMES[side]}：日期 总额\n基金/账户`, share: 2.9 })),
                { name: '可能原因', share: 3 },
                { name: '处理建议', share: 3 },
              ],
              rows: differences.slice(0, MOST_PRINTED).map(({ difference, explanation }) => [
                `${difference.sides.map((side) => SIDE_NAMES[side]).join('、')}${KIND_NAMES[difference.kind]}`,
                difference.settlementId ?? '',
                difference.document ?? '',
                ...SIDES.map((side) => {
                  const entry = difference.entries[side];
                  if (!entry) return '无';
                  const [total, fund, account] = [entry.totalFen, entry.fundTotalFen, entry.accountFen].map(yuan);
                  return `${entry.day ?? ''} ${total}\n${fund}/${account}${entry.refunded ? ' 退费' : ''}`;
                }),
                explanation.cause.zh,
                explanation.advice.zh,
              ]),
            },
          ]),
    ],
    signatures: ['医院财务（签章）', '医保经办机构（签章）', '复核人'],
    madeAt,
  };
}
