import type { PaymentNoticeSeed, ReferenceSeed } from '../model.ts';
import { compactDate, type Day, dateText, dayOfMoment, type Moment, timeText, yearOf } from './calendar.ts';
import type { CaseEnd } from './case-course.ts';
import { noticeCheckCode } from './check-digits.ts';
import type { Life } from './life.ts';
import { XIANAN } from './places.ts';

/** What residents pay for: unit, revenue item and fee of non-tax 3.1. */
export interface Fee {
  readonly unitCode: string;
  readonly unitName: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly unit: string;
  /** Null: by contract. */
  readonly amountFen: number | null;
}

const REGISTRATION = {
  unitCode: '038002',
  unitName: '咸宁市咸安区不动产登记中心',
  itemCode: '103043211',
  itemName: '不动产登记费',
  unit: '件',
};
const ID_CARD = { unitCode: '015003', unitName: '咸宁市公安局咸安分局', unit: '证' };

/** The fees of the three services (non-tax 3.1). */
export const FEES = {
  rent: {
    unitCode: '042001',
    unitName: '咸安区住房保障服务中心',
    itemCode: '103100501',
    itemName: '公共租赁住房租金',
    unit: '月',
    amountFen: null,
  },
  registrationOfDwelling: { ...REGISTRATION, amountFen: 8_000 },
  registrationOfOther: { ...REGISTRATION, amountFen: 55_000 },
  idCardRenewal: { ...ID_CARD, itemCode: '103040104', itemName: '居民身份证工本费', amountFen: 2_000 },
  idCardLost: { ...ID_CARD, itemCode: '103040105', itemName: '居民身份证工本费(丢失补领)', amountFen: 4_000 },
} as const satisfies Readonly<Record<string, Fee>>;

/** PayMode of non-tax 3.3. */
export type PayMode = '11' | '12' | '13' | '14' | '50' | '51' | '52';

export interface NoticePlan {
  readonly fee: Fee;
  /** For a fee by contract. */
  readonly amountFen?: number;
  /** Months, cases or cards; 1 unless told. */
  readonly quantity?: number;
  readonly lateFeeFen?: number;
  readonly billedOn: Day;
  readonly dueOn?: Day;
  readonly memo: string;
  /** Whether the notice carries a check code. */
  readonly checkCode: boolean;
  readonly void?: boolean;
  readonly paid?: { readonly at: Moment; readonly mode: PayMode };
  /** The day on which the e-receipt was issued. */
  readonly receiptOn?: Day;
}

/** Opens a payment notice in the resident's name. */
export function openNotice(life: Life, plan: NoticePlan): PaymentNoticeSeed {
  const { books, resident } = life;
  const { fee, quantity = 1, lateFeeFen = 0, paid } = plan;
  const originalFen = (fee.amountFen ?? plan.amountFen ?? 0) * quantity;
  const payCode = numberNotice(life, plan.billedOn);
  const notice: PaymentNoticeSeed = {
    payCode,
    billDate: dateText(plan.billedOn),
    dueDate: plan.dueOn === undefined ? null : dateText(plan.dueOn),
    unitCode: fee.unitCode,
    unitName: fee.unitName,
    payerName: resident.name,
    payerIdNumber: resident.idNumber,
    payerPhone: resident.phone,
    originalFen,
    lateFeeFen,
    items: [{ code: fee.itemCode, name: fee.itemName, amountFen: originalFen, unit: fee.unit, quantity }],
    memo: plan.memo,
    crcCode: plan.checkCode ? noticeCheckCode(fee.unitCode, payCode, originalFen + lateFeeFen) : '',
    state: plan.void ? 'void' : paid ? 'paid' : 'unpaid',
    ...(paid && {
      payment: { at: timeText(paid.at), mode: paid.mode, tradeNumber: tradeNumber(life, paid.at, paid.mode) },
    }),
    ...(paid && plan.receiptOn !== undefined && { eReceipt: receipt(life, plan.receiptOn) }),
  };
  books.nonTax.notices.push(notice);
  return notice;
}

/** How a case names a notice: the check code, when there is one, is needed to read it (non-tax 3.2). */
export function paymentReference({ payCode, crcCode }: PaymentNoticeSeed): ReferenceSeed {
  return { system: 'non-tax', kind: 'payment', reference: payCode, values: crcCode === '' ? {} : { crcCode } };
}

/** How the case of a paid notice ends: the e-receipt is its paper, where there is one. */
export function paidEnd({ eReceipt }: PaymentNoticeSeed, at: Moment): CaseEnd {
  return {
    as: 'granted',
    at,
    explanation: eReceipt ? '已缴款，电子票据已开具' : '已缴款，电子票据待开具',
    ...(eReceipt && { certificateName: eReceipt.typeName, certificateNumber: eReceipt.number }),
  };
}

/** Far above what the district's units number themselves, so that a notice opened later never has the number of one from here. */
const FIRST_SERIAL = 9_000_000_000;

/** PayCode: division, year, source 30, serial (non-tax 6.1). */
function numberNotice({ books }: Life, billedOn: Day): string {
  const year = String(yearOf(billedOn)).slice(2);
  return [XIANAN, year, '30', FIRST_SERIAL + books.next(`notice ${year}`)].join('');
}

/** TraNoBus, in the forms seen: a WeChat number begins 42, an Alipay number with the day (non-tax 3.3, golden files). */
function tradeNumber({ books }: Life, moment: Moment, mode: PayMode): string {
  const day = compactDate(dayOfMoment(moment));
  const serial = String(books.next('trade'));
  if (mode === '50') return ['4200002', day, serial.padStart(13, '9000000000000')].join('');
  if (mode === '51') return [day, '22001400', serial.padStart(12, '900000000000')].join('');
  return [day, mode, serial.padStart(12, '900000000000')].join('');
}

function receipt({ books, random }: Life, issuedOn: Day): NonNullable<PaymentNoticeSeed['eReceipt']> {
  const year = String(yearOf(issuedOn));
  const code = `420101${year.slice(2)}`;
  let check = '';
  while (check.length < 6) check += random.whole(0, 35).toString(36);
  return {
    code,
    number: String(books.next('e-receipt')).padStart(10, '0'),
    check,
    typeCode: '0101',
    typeName: '非税收入统一票据(电子)',
    versionName: `${year}版`,
    issuedOn: dateText(issuedOn),
  };
}
