import { type Fen, yuanFromFen } from '../../values/fen.ts';

/** A payment (缴款) as finance has confirmed it. */
export interface Payment {
  /** CfmDate, CfmTime: `yyyyMMdd`, `HHmmss` in China time. */
  readonly date: string;
  readonly time: string;
  /** PayMode (wire spec 3.3). */
  readonly mode: string;
  /** TraNoBus. */
  readonly tradeNumber: string;
  /** What was received. */
  readonly amountFen: Fen;
}

/** A payment notice (缴款书) in finance's book. */
export interface Notice {
  readonly payCode: string;
  /** `yyyyMMdd`. */
  readonly billDate: string;
  /** The last day to pay, `yyyy-MM-dd`; null = none. */
  readonly dueDate: string | null;
  readonly unitCode: string;
  readonly unitName: string;
  readonly payerName: string;
  readonly payerIdNumber: string;
  readonly originalFen: Fen;
  readonly lateFeeFen: Fen;
  /** As in wire spec 3.1, PayInfo. */
  readonly payInfo: string;
  readonly accountType: string;
  readonly accountName: string;
  readonly account: string;
  /** Empty when the notice has none. */
  readonly crcCode: string;
  /** Where 5996 goes when paid; null = the unit did not ask for it (Hold1). */
  readonly notifyNode: string | null;
  /** How finance came to know it: a unit opened it (8994), the JSON dialect, or it was there from the beginning. */
  readonly origin: '8994' | 'standard-web' | 'population';
  /** What the opening request said, to tell a repetition from another notice; null for the population's. */
  readonly content: string | null;
  readonly state: 'unpaid' | 'paid' | 'void';
  readonly payment: Payment | null;
}

/** The total, Amt. */
export function amountOf(notice: Notice): Fen {
  return (notice.originalFen + notice.lateFeeFen) as Fen;
}

/** One item of a notice; the amount is its total. */
export interface NoticeItem {
  readonly code: string;
  readonly name: string;
  readonly amountFen: Fen;
  readonly unit: string;
  readonly quantity: string;
}

/** PayInfo of some items (wire spec 3.1). */
export function payInfoOf(items: readonly NoticeItem[]): string {
  return items
    .map(
      ({ code, name, amountFen, unit, quantity }) =>
        `${code}|${name}|${yuanFromFen(amountFen)}|${unit}|${quantity}|不限制|0.0-0.0#`,
    )
    .join('');
}

/** Every notice by its PayCode, and the payments by their day. Notices are values: each change puts a new one in. */
export class NoticeBook {
  readonly #notices = new Map<string, Notice>();
  readonly #paidOn = new Map<string, Map<string, Payment>>();
  #highestSerial = 0;

  get(payCode: string): Notice | undefined {
    return this.#notices.get(payCode);
  }

  add(notice: Notice): void {
    this.#notices.set(notice.payCode, notice);
    if (notice.payment) this.#file(notice.payCode, notice.payment);
    if (/^\d{20}$/.test(notice.payCode))
      this.#highestSerial = Math.max(this.#highestSerial, Number(notice.payCode.slice(10)));
  }

  void(notice: Notice): void {
    this.#notices.set(notice.payCode, { ...notice, state: 'void' });
  }

  pay(notice: Notice, payment: Payment): Notice {
    const paid: Notice = { ...notice, state: 'paid', payment };
    this.#notices.set(notice.payCode, paid);
    this.#file(notice.payCode, payment);
    return paid;
  }

  setDueDate(notice: Notice, dueDate: string): void {
    this.#notices.set(notice.payCode, { ...notice, dueDate });
  }

  /** The payments confirmed on a day (`yyyyMMdd`), by PayCode, in the order in which they came. */
  paymentsOn(date: string): ReadonlyMap<string, Payment> {
    return this.#paidOn.get(date) ?? new Map();
  }

  /** A PayCode that no notice has, for the dialect in which finance numbers (wire spec 8). The year is four digits. */
  freePayCode(division: string, year: string): string {
    return `${division}${year.slice(2)}30${String(this.#highestSerial + 1).padStart(10, '0')}`;
  }

  #file(payCode: string, payment: Payment): void {
    const day = this.#paidOn.get(payment.date) ?? new Map<string, Payment>();
    day.set(payCode, payment);
    this.#paidOn.set(payment.date, day);
  }
}
