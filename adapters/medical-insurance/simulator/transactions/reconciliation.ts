import { chinaDate, chinaDateTime } from '../../../values/china-time.ts';
import { dateAfter } from '../clock.ts';
import { date, flag, form, list, money, node, type Rule, region, required, text, whole } from '../fields.ts';
import { checkPeriod } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { fieldRefusal, refusal } from '../refusal.ts';
import type { Register } from '../register.ts';
import { clearingType } from '../settlement-answer.ts';
import type { Settlement } from '../settlement-index.ts';
import { compareRows, compareTotals, readRows, totalsOf } from '../statement.ts';
import { FileAnswer, type Transactions, transaction } from '../transaction.ts';
import { zipOf } from '../zip.ts';

const TOTALS = {
  data: node({
    insutype: required(text(6)),
    clr_type: required(text(6)),
    setl_optins: required(region),
    stmt_begndate: required(date),
    stmt_enddate: required(date),
    medfee_sumamt: required(money),
    fund_pay_sumamt: required(money),
    acct_pay: required(money),
    fixmedins_setl_cnt: required(whole(9)),
    refd_setl_flag: flag,
  }),
};

const DETAILS = {
  data: node({
    setl_optins: required(region),
    file_qury_no: required(text(30)),
    stmt_begndate: required(date),
    stmt_enddate: required(date),
    medfee_sumamt: required(money),
    fund_pay_sumamt: required(money),
    cash_payamt: required(money),
    fixmedins_setl_cnt: required(whole(9)),
    clr_type: required(text(6)),
    refd_setl_flag: flag,
  }),
};

/** A Java byte counts from -128 to 127, others from 0 to 255. */
const byte: Rule<number> = {
  read(value, path) {
    if (!Number.isInteger(value) || (value as number) < -128 || (value as number) > 255) {
      throw fieldRefusal(path, '应为字节');
    }
    return value as number;
  },
};

const MOST_BYTES = 4 * 1024 * 1024;

const byteArray = list(byte, 1, MOST_BYTES);
const base64 = form(2 * MOST_BYTES, /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);

/** A byte array; JSON libraries of Java write and read one as base64 text as well. */
const content: Rule<Buffer> = {
  read(value, path) {
    if (typeof value === 'string') return Buffer.from(required(base64).read(value, path), 'base64');
    return Buffer.from(byteArray.read(value, path).map((each) => each & 0xff));
  },
};

const UPLOAD = {
  fsUploadIn: node({
    in: content,
    filename: required(text(200)),
    fixmedins_code: required(text(30)),
  }),
};

const DOWNLOAD = {
  fsDownloadIn: node({
    file_qury_no: required(text(30)),
    filename: required(text(200)),
    fixmedins_code: required(text(30)),
  }),
};

/** How long a result file can be fetched, days. */
const FETCHABLE_DAYS = 30;

interface StoredFile {
  readonly provider: string;
  readonly name: string;
  readonly bytes: Buffer;
  /** `yyyy-MM-dd HH:mm:ss`; only result files can be fetched. */
  readonly fetchableUntil: string | null;
}

interface Period {
  readonly setl_optins: string;
  readonly clr_type: string;
  readonly stmt_begndate: string;
  readonly stmt_enddate: string;
  /** Empty for all; else 0 for what stands, 1 for refunds and what they refund. */
  readonly refd_setl_flag: string;
}

/**
 * 3201 totals (对总账), 3202 details (对明细账), 9101 and 9102 its files (wire spec 3.13). The provider is the envelope's. `infcode` is 0
 * also when the sides differ. The answer of 9101 has its members straight under `output`; that of 9102 is the zip itself.
 */
export function reconciliationTransactions({ core, register, serials }: Platform): Transactions {
  const files = new Map<string, StoredFile>();
  return {
    '3201': transaction(TOTALS, ({ data }, { fixmedins_code }) => {
      const settlements = settledIn(register, fixmedins_code, data).filter(
        ({ insuranceKind }) => insuranceKind === data.insutype,
      );
      const provider = {
        count: data.fixmedins_setl_cnt,
        totalFen: data.medfee_sumamt,
        fundFen: data.fund_pay_sumamt,
        accountFen: data.acct_pay,
      };
      const result = compareTotals(provider, totalsOf(settlements));
      return { stmtinfo: { setl_optins: data.setl_optins, stmt_rslt: result.code, stmt_rslt_dscr: result.text } };
    }),
    '3202': transaction(DETAILS, ({ data }, { fixmedins_code }) => {
      const upload = files.get(data.file_qury_no);
      if (upload?.provider !== fixmedins_code) throw refusal('fileNotFound');
      const compared = compareRows(readRows(upload.bytes), settledIn(register, fixmedins_code, data));
      const today = chinaDate(core.now());
      const result: StoredFile = {
        provider: fixmedins_code,
        name: `result_${today.replaceAll('-', '')}.zip`,
        bytes: zipOf('result.txt', Buffer.from(compared)),
        fetchableUntil: `${dateAfter(core.now(), FETCHABLE_DAYS)} 23:59:59`,
      };
      const number = serials.file('result', today);
      files.set(number, result);
      return { fileinfo: { file_qury_no: number, filename: result.name, dld_endtime: result.fetchableUntil } };
    }),
    '9101': transaction(UPLOAD, ({ fsUploadIn: file }, { fixmedins_code }) => {
      if (file.fixmedins_code !== fixmedins_code) throw refusal('providerUnknown');
      const number = serials.file('upload', chinaDate(core.now()));
      files.set(number, { provider: fixmedins_code, name: file.filename, bytes: file.in, fetchableUntil: null });
      return { file_qury_no: number, filename: file.filename, fixmedins_code };
    }),
    '9102': transaction(DOWNLOAD, ({ fsDownloadIn: asked }, { fixmedins_code }) => {
      const file = files.get(asked.file_qury_no);
      if (
        file?.provider !== fixmedins_code ||
        asked.fixmedins_code !== fixmedins_code ||
        file.name !== asked.filename
      ) {
        throw refusal('fileNotFound');
      }
      if (file.fetchableUntil === null) throw refusal('fileNotFound');
      if (file.fetchableUntil < chinaDateTime(core.now())) throw refusal('fileExpired');
      return new FileAnswer(file.bytes);
    }),
  };
}

/** What the centre has of a provider for one clearing agency, clearing kind and period. */
function settledIn(register: Register, provider: string, period: Period): readonly Settlement[] {
  checkPeriod(period.stmt_begndate, period.stmt_enddate);
  return [...register.settlements.between(period.stmt_begndate, period.stmt_enddate)].filter(
    (settlement) =>
      settlement.providerCode === provider &&
      settlement.region === period.setl_optins &&
      clearingType(settlement.medType) === period.clr_type &&
      (period.refd_setl_flag === '' || settlement.refunded === (period.refd_setl_flag === '1')),
  );
}
