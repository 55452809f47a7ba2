import { createHash } from 'node:crypto';
import type { Fen } from '../../values/fen.ts';

/** Kind and version of an e-bill, as every message of wire spec 3.7 names them. */
export interface BillKind {
  readonly typeCode: string;
  readonly typeName: string;
  /** BillVerCode: the e-bill code (票据代码), 8 digits. */
  readonly code: string;
  readonly versionName: string;
}

/** An e-bill (财政电子票据) that was issued. */
export interface Receipt extends BillKind {
  readonly payCode: string;
  readonly number: string;
  /** 校验码, 6 characters. */
  readonly check: string;
  readonly payerName: string;
  readonly amountFen: Fen;
  /** `yyyyMMdd`. */
  readonly issuedOn: string;
  readonly tradeId: string;
  /** The e-bill text that the unit sent; null when finance issued it itself. */
  readonly content: string | null;
}

const STANDARD_CODE = /^420101\d{2}$/;

/** The kind that every unit may issue, in the edition of a year (four digits). */
export function standardKind(year: string): BillKind {
  return {
    typeCode: '0101',
    typeName: '非税收入统一票据(电子)',
    code: `420101${year.slice(2)}`,
    versionName: `${year}版`,
  };
}

/** Numbers given out and bills issued (wire spec 3.7). */
export class ReceiptBook {
  readonly #kinds = new Map<string, BillKind>();
  readonly #lastNumber = new Map<string, number>();
  /** Code and number of every number given out, with the unit that has it. */
  readonly #holders = new Map<string, string>();
  readonly #byNumber = new Map<string, Receipt>();
  readonly #byPayCode = new Map<string, Receipt>();

  /** True when finance knows this kind of bill under exactly these names. */
  knows(kind: BillKind): boolean {
    const known =
      this.#kinds.get(kind.code) ??
      (STANDARD_CODE.test(kind.code) ? standardKind(`20${kind.code.slice(6)}`) : undefined);
    return (
      known !== undefined &&
      known.typeCode === kind.typeCode &&
      known.typeName === kind.typeName &&
      known.versionName === kind.versionName
    );
  }

  /** Gives a unit the next number of a bill code, 10 digits. */
  giveNumber(code: string, unitCode: string): string {
    const next = (this.#lastNumber.get(code) ?? 0) + 1;
    this.#lastNumber.set(code, next);
    const number = String(next).padStart(10, '0');
    this.#holders.set(`${code}/${number}`, unitCode);
    return number;
  }

  /** The unit that a number was given to. */
  holderOf(code: string, number: string): string | undefined {
    return this.#holders.get(`${code}/${number}`);
  }

  issue(receipt: Receipt, unitCode: string): void {
    const { code, number, typeCode, typeName, versionName } = receipt;
    if (!this.#kinds.has(code)) this.#kinds.set(code, { code, typeCode, typeName, versionName });
    this.#lastNumber.set(code, Math.max(this.#lastNumber.get(code) ?? 0, Number(number)));
    this.#holders.set(`${code}/${number}`, unitCode);
    this.#byNumber.set(`${code}/${number}`, receipt);
    this.#byPayCode.set(receipt.payCode, receipt);
  }

  get(code: string, number: string): Receipt | undefined {
    return this.#byNumber.get(`${code}/${number}`);
  }

  ofPayCode(payCode: string): Receipt | undefined {
    return this.#byPayCode.get(payCode);
  }
}

/** A check text for a bill that finance issues itself: 6 of a–z and 0–9, always the same for the same bill. */
export function checkTextOf(payCode: string, number: string): string {
  const digest = createHash('sha256').update(`${payCode}/${number}`).digest();
  return Array.from(digest.subarray(0, 6), (byte) => (byte % 36).toString(36)).join('');
}
