import { createHash } from 'node:crypto';
import { chinaCompactDate, chinaParts } from '../../values/china-time.ts';
import { type Fen, fenFromYuan, sumFen } from '../../values/fen.ts';
import { decodeBase64 } from './charset.ts';
import { isOverdue } from './due.ts';
import { billAddress } from './e-receipt.ts';
import { isCompactDate } from './field-rules.ts';
import { type Notice, type NoticeItem, payInfoOf } from './notices.ts';
import { Refusal } from './refusal.ts';
import type { Finance } from './transaction.ts';
import type { CollectingUnit } from './units.ts';

/** The folder of the JSON dialect (wire spec 8). */
export const STANDARD_WEB = '/standard-web/api/standard/';

const SUCCESS = 'S0000';

/** The error codes of the dialect: E0001 is in golden rest-5, the others are designs of ours. */
const E = {
  unknownPayCode: 'E0001',
  sign: 'E0002',
  parameter: 'E0003',
  unit: 'E0004',
  otherContent: 'E0005',
  noBill: 'E0006',
  state: 'E0007',
  busy: 'E9999',
} as const;

interface Caller {
  readonly unit: CollectingUnit;
  readonly data: Readonly<Record<string, unknown>>;
}

type Call = (finance: Finance, caller: Caller) => Readonly<Record<string, string>>;

const CALLS: Readonly<Record<string, Call>> = {
  invoiceEPayBook: openNotice,
  getPayQrCode: (finance, { data }) => ({
    qrCode: `${finance.settings.payAddress}${payable(finance, noticeOf(finance, data)).payCode}`,
  }),
  getPayBookConfirmResult: (finance, { data }) => {
    const { payCode, payment } = noticeOf(finance, data);
    return { payCode, paymentChannel: payment?.mode ?? '', isPay: payment ? '1' : '0' };
  },
  getEBillByPayCode: (finance, { data }) => {
    const { payCode } = noticeOf(finance, data);
    const receipt = finance.state.receipts.ofPayCode(payCode);
    if (!receipt) throw new Refusal(E.noBill, '电子票据未开具');
    const { code, number, check } = receipt;
    return { payCode, billBatchCode: code, billNo: number, random: check, pictureUrl: billAddress(finance, receipt) };
  },
};

/** True for a call of the dialect. */
export function isStandardWebCall(name: string): boolean {
  return Object.hasOwn(CALLS, name);
}

/** Does one call and gives the body of the answer; refusals are answers too. `body` is the request as received. */
export function standardWeb(finance: Finance, name: string, body: Buffer): Buffer {
  try {
    const call = CALLS[name];
    if (!call) throw new Refusal(E.parameter, '接口不存在');
    return answer(SUCCESS, JSON.stringify(call(finance, readRequest(finance, body))));
  } catch (error) {
    if (error instanceof Refusal) return answer(error.code, error.message);
    throw error;
  }
}

export const standardWebBusy = (): Buffer => answer(E.busy, '系统繁忙，请稍后再试');
export const standardWebUnsigned = (): Buffer => answer(E.sign, '签名错误或已失效');

function answer(result: string, message: string): Buffer {
  const inner = JSON.stringify({ result, message: Buffer.from(message).toString('base64') });
  return Buffer.from(JSON.stringify({ data: Buffer.from(inner).toString('base64') }));
}

const MEMBERS = ['region', 'deptcode', 'appid', 'data', 'noise', 'version', 'sign'] as const;

function readRequest({ settings, state }: Finance, body: Buffer): Caller {
  const request = readJson(body);
  const { region, deptcode, appid, data, noise, version, sign } = request;
  const known = Object.keys(request).every((name) => (MEMBERS as readonly string[]).includes(name));
  if (!known || !MEMBERS.every((name) => typeof request[name] === 'string')) throw badMember('报文');
  if (appid !== settings.restAppId || sign !== signOf(request, settings.restKey)) throw new Refusal(E.sign, '签名错误');
  if (region !== settings.division) throw badMember('region');
  if (version !== '1.0') throw badMember('version');
  if (!/^\d{13}$/.test(String(noise))) throw badMember('noise');
  const unit = state.registers.units.get(String(deptcode));
  if (!unit) throw new Refusal(E.unit, `该单位无代收权限：${String(deptcode).slice(0, 30)}`);
  const inner = decodeBase64(String(data));
  if (!inner) throw badMember('data');
  return { unit, data: readJson(inner) };
}

/** The dialect dictates MD5: upper-case hex over the members in this order, no URL encoding (wire spec 8). */
function signOf(request: Readonly<Record<string, unknown>>, key: string): string {
  const { region, deptcode, appid, data, noise } = request;
  const signed = `region=${region}&deptcode=${deptcode}&appid=${appid}&data=${data}&noise=${noise}&key=${key}&version=1.0`;
  return createHash('md5').update(signed, 'utf8').digest('hex').toUpperCase();
}

/** busNo is the idempotency key: the same notice again gets the same answer, another one is refused (wire spec 8). */
function openNotice(finance: Finance, { unit, data }: Caller): Readonly<Record<string, string>> {
  const { state, core, settings } = finance;
  const wish = readWish(finance, data);
  const key = `${unit.code}/${wish.busNo}`;
  const content = JSON.stringify(wish);
  const known = state.businessNumbers.get(key);
  if (known) {
    if (known.content !== content) throw new Refusal(E.otherContent, '业务流水号已存在且内容不一致');
    return known.answer;
  }
  const now = core.now();
  const payCode = state.notices.freePayCode(settings.division, chinaParts(now).year);
  const answered = {
    busNo: wish.busNo,
    payCode,
    payNo: String(state.next('payNumber')).padStart(10, '0'),
    createTime: Object.values(chinaParts(now)).join(''),
  };
  state.notices.add(standardWebNotice(finance, unit, wish, payCode));
  state.businessNumbers.set(key, { content, answer: answered });
  const { idCardNo: subject, amountFen } = wish;
  core.record({ kind: 'payment-opened', reference: payCode, subject, amountFen, unit: unit.code, busNo: wish.busNo });
  return answered;
}

interface Wish {
  readonly busNo: string;
  readonly effectiveDate: string;
  readonly payer: string;
  readonly idCardNo: string;
  readonly amountFen: Fen;
  readonly items: readonly NoticeItem[];
}

function readWish(finance: Finance, data: Readonly<Record<string, unknown>>): Wish {
  const member = (name: string, form: RegExp): string => {
    const value = data[name];
    if (typeof value !== 'string' || !form.test(value)) throw badMember(name);
    return value;
  };
  const effectiveDate = member('effectiveDate', /^\d{8}$/);
  if (!isCompactDate(effectiveDate) || effectiveDate < chinaCompactDate(finance.core.now()))
    throw badMember('effectiveDate');
  member('payerType', /^1$/);
  // Which members may be empty is not public: only what a notice cannot do without is asked for.
  member('author', /^.{0,30}$/u);
  member('tel', /^[\x20-\x7e]{0,20}$/);
  const { chargeDetail } = data;
  if (!Array.isArray(chargeDetail) || chargeDetail.length === 0) throw badMember('chargeDetail');
  const items = chargeDetail.map((line: unknown) => readCharge(finance, line));
  const amountFen = amount(data.totalAmt, 'totalAmt');
  if (sumFen(items.map((item) => item.amountFen)) !== amountFen) throw badMember('totalAmt');
  return {
    busNo: member('busNo', /^[\x21-\x7e]{1,50}$/),
    effectiveDate,
    payer: member('payer', /^.{1,100}$/u),
    idCardNo: member('idCardNo', /^[0-9A-Z]{0,30}$/),
    amountFen,
    items,
  };
}

function readCharge({ state }: Finance, line: unknown): NoticeItem {
  if (typeof line !== 'object' || line === null) throw badMember('chargeDetail');
  const { chargeName, std, number, amt } = line as Readonly<Record<string, unknown>>;
  const item = typeof chargeName === 'string' ? state.registers.items.get(chargeName) : undefined;
  if (!item) throw badMember('chargeDetail.chargeName');
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) throw badMember('chargeDetail.number');
  const amountFen = amount(amt, 'chargeDetail.amt');
  if (amount(std, 'chargeDetail.std') * number !== amountFen) throw badMember('chargeDetail.amt');
  return { code: item.code, name: item.name, amountFen, unit: item.unit, quantity: String(number) };
}

function amount(value: unknown, name: string): Fen {
  try {
    if (typeof value === 'number' && value > 0) return fenFromYuan(value);
  } catch {
    // told below
  }
  throw badMember(name);
}

function standardWebNotice({ settings, core }: Finance, unit: CollectingUnit, wish: Wish, payCode: string): Notice {
  const { effectiveDate: due } = wish;
  const { account } = settings;
  return {
    payCode,
    billDate: chinaCompactDate(core.now()),
    dueDate: `${due.slice(0, 4)}-${due.slice(4, 6)}-${due.slice(6)}`,
    unitCode: unit.code,
    unitName: unit.name,
    payerName: wish.payer,
    payerIdNumber: wish.idCardNo,
    originalFen: wish.amountFen,
    lateFeeFen: 0 as Fen,
    payInfo: payInfoOf(wish.items),
    accountType: account.type,
    accountName: account.name,
    account: account.number,
    crcCode: '',
    notifyNode: null,
    origin: 'standard-web',
    content: null,
    state: 'unpaid',
    payment: null,
  };
}

function noticeOf({ state }: Finance, { payCode }: Readonly<Record<string, unknown>>): Notice {
  if (typeof payCode !== 'string' || !/^[\x21-\x7e]{1,20}$/.test(payCode)) throw badMember('payCode');
  const notice = state.notices.get(payCode);
  if (!notice) throw new Refusal(E.unknownPayCode, '缴款码不存在');
  return notice;
}

/** Rest-2 asks for the code of a notice that rest-3 shows as paid: only void and overdue ones have none. */
function payable({ core }: Finance, notice: Notice): Notice {
  if (notice.state === 'void') throw new Refusal(E.state, '缴款书已作废');
  if (isOverdue(notice, core.now())) throw new Refusal(E.state, '缴款书已过期');
  return notice;
}

function readJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw badMember('报文');
}

function badMember(name: string): Refusal {
  return new Refusal(E.parameter, `参数错误：${name}`);
}
