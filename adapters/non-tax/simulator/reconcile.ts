import { createHash } from 'node:crypto';
import { type Fen, sumFen, yuanFromFen } from '../../values/fen.ts';
import { encodeGb18030 } from './charset.ts';
import {
  ascii,
  currency,
  date,
  digits,
  type FieldRule,
  fenOf,
  isCompactDate,
  matching,
  readFields,
} from './field-rules.ts';
import type { Payment } from './notices.ts';
import { badParameter, Refusal } from './refusal.ts';
import type { Statement } from './statements.ts';
import type { Finance, VoucherAnswer, VoucherRequest } from './transaction.ts';
import { writeVoucher } from './xml.ts';

const LARGEST_PAGE = 500;

/** Bounded by its lines, not by its bytes. */
const details: FieldRule = { mandatory: false, accepts: () => true };

const RULES = {
  AdmDivCode: ascii(1, 6),
  SettleDate: date,
  AccountFirmNo: ascii(1, 30),
  RecAcctType: digits(1, 2),
  RecAcct: ascii(1, 50),
  Count: digits(1, 6),
  SumAmt: currency,
  Digest: matching(/^[0-9A-Fa-f]{64}$/),
  Details: details,
  PageNo: digits(1, 6),
  PageCount: digits(1, 6),
} as const;

type Fields = Readonly<Record<keyof typeof RULES, string>>;

interface Line {
  readonly payCode: string;
  readonly tradeNumber: string;
  readonly amountFen: Fen;
}

interface Difference {
  readonly payCode: string;
  readonly code: '15001' | '15002' | '15003';
  readonly amountFen: Fen;
}

const TEXTS = {
  '15001': '日终对账单该笔金额不符',
  '15002': '日终对账单缺少该笔',
  '15003': '日间未发送该笔',
} as const;

/**
 * 对账请求, 8992 → 5992 (wire spec 3.6). Count, SumAmt and Digest are those of the page's own Details. The lines of a page are compared
 * as it comes; what is missing in the statement is told by the answer that completes its pages. A page sent again gets the answer
 * that it got.
 */
export function reconcile(finance: Finance, { voucher }: VoucherRequest): VoucherAnswer {
  const fields = readFields(voucher, RULES);
  const lines = readLines(fields);
  checkTotals(finance, fields, lines);
  const statement = statementOf(finance, fields);
  const page = Number(fields.PageNo);
  const digest = fields.Digest.toLowerCase();
  const answered = statement.pages.get(page);
  if (answered) {
    if (answered.digest !== digest) throw otherContent();
    return { messageNumber: '5992', voucher: answered.answer };
  }
  const answer = comparePage(finance, fields, statement, lines);
  statement.pages.set(page, { digest, answer });
  finish(finance, fields, statement);
  return { messageNumber: '5992', voucher: answer };
}

function readLines({ Details }: Fields): readonly Line[] {
  if (Details === '') return [];
  if (!Details.endsWith('#')) throw badParameter('Details');
  const lines = Details.slice(0, -1).split('#');
  if (lines.length > LARGEST_PAGE) throw badParameter('Details');
  return lines.map((line) => {
    const parts = line.split('|');
    const [payCode = '', tradeNumber = '', amount = '', mode = '', day = '', unitCode = ''] = parts;
    const right =
      parts.length === 6 &&
      /^\d{1,20}$/.test(payCode) &&
      /^[\x21-\x7e]{1,32}$/.test(tradeNumber) &&
      currency.accepts(amount) &&
      /^\d{2}$/.test(mode) &&
      isCompactDate(day) &&
      /^\d{4,30}$/.test(unitCode);
    if (!right) throw badParameter('Details');
    return { payCode, tradeNumber, amountFen: fenOf(amount) };
  });
}

function checkTotals({ settings }: Finance, fields: Fields, lines: readonly Line[]): void {
  if (fields.AdmDivCode !== settings.division) throw badParameter('AdmDivCode');
  if (fields.RecAcctType !== settings.account.type || fields.RecAcct !== settings.account.number) {
    throw new Refusal('12003', '收款账户不符');
  }
  if (Number(fields.Count) !== lines.length) throw badParameter('Count');
  if (fenOf(fields.SumAmt) !== sumFen(lines.map(({ amountFen }) => amountFen))) throw badParameter('SumAmt');
  const digest = createHash('sha256').update(encodeGb18030(fields.Details)).digest('hex');
  if (digest !== fields.Digest.toLowerCase()) throw badParameter('Digest');
  const page = Number(fields.PageNo);
  if (page < 1) throw badParameter('PageNo');
  if (Number(fields.PageCount) < page) throw badParameter('PageCount');
}

function statementOf({ state }: Finance, fields: Fields): Statement {
  const pageCount = Number(fields.PageCount);
  const known = state.statements.get(fields.AccountFirmNo);
  if (known) {
    if (known.settleDate !== fields.SettleDate || known.pageCount !== pageCount) throw otherContent();
    return known;
  }
  const statement: Statement = {
    settleDate: fields.SettleDate,
    pageCount,
    pages: new Map(),
    compared: new Set(),
    lineCount: 0,
    sumFen: 0,
    matchCount: 0,
    diffCount: 0,
  };
  state.statements.set(fields.AccountFirmNo, statement);
  return statement;
}

function otherContent(): Refusal {
  return new Refusal('13001', '对账流水号已存在且内容不一致');
}

function comparePage({ state }: Finance, fields: Fields, statement: Statement, lines: readonly Line[]): string {
  const payments = state.notices.paymentsOn(fields.SettleDate);
  const differences = lines.flatMap((line) => differenceOf(line, payments, statement.compared) ?? []);
  const matchCount = lines.length - differences.length;
  const completes = statement.pages.size + 1 === statement.pageCount;
  if (completes) differences.push(...missing(payments, statement.compared));
  statement.lineCount += lines.length;
  statement.sumFen += fenOf(fields.SumAmt);
  statement.matchCount += matchCount;
  statement.diffCount += differences.length;
  return writeVoucher({
    OriMsgNo: '8992',
    Result: differences[0]?.code ?? '00000',
    AccountFirmNo: fields.AccountFirmNo,
    SettleDate: fields.SettleDate,
    MatchCount: String(matchCount),
    DiffCount: String(differences.length),
    Diffs: differences
      .map(({ payCode, code, amountFen }) => `${payCode}|${code}|${yuanFromFen(amountFen)}|${TEXTS[code]}#`)
      .join(''),
    PageNo: fields.PageNo,
    PageCount: fields.PageCount,
  });
}

/** A line found twice is one too many the second time. */
function differenceOf(
  line: Line,
  payments: ReadonlyMap<string, Payment>,
  compared: Set<string>,
): Difference | undefined {
  const { payCode, tradeNumber, amountFen } = line;
  const payment = payments.get(payCode);
  const key = `${payCode}/${tradeNumber}`;
  if (payment?.tradeNumber !== tradeNumber || compared.has(key)) return { payCode, code: '15003', amountFen };
  compared.add(key);
  return payment.amountFen === amountFen ? undefined : { payCode, code: '15001', amountFen: payment.amountFen };
}

function missing(payments: ReadonlyMap<string, Payment>, compared: ReadonlySet<string>): Difference[] {
  return [...payments]
    .filter(([payCode, { tradeNumber }]) => !compared.has(`${payCode}/${tradeNumber}`))
    .map(([payCode, { amountFen }]) => ({ payCode, code: '15002', amountFen }));
}

function finish({ core }: Finance, fields: Fields, statement: Statement): void {
  if (statement.pages.size < statement.pageCount) return;
  core.record({
    kind: 'reconciled',
    reference: fields.AccountFirmNo,
    subject: statement.settleDate,
    amountFen: statement.sumFen,
    lineCount: statement.lineCount,
    matchCount: statement.matchCount,
    diffCount: statement.diffCount,
  });
}
