import type { CodedName } from '../../../adapters/medical-insurance/records/person.ts';
import type { FeeRow } from '../../../adapters/medical-insurance/records/settlement.ts';
import { invalidInput } from '../../invalid-input.ts';
import { amount, code, departmentTime, entry, flag, formed, type Moment, moment, momentAt, text } from './readers.ts';
import { type Faults, list, optional, placeIn, type Read, type Reader, readForm, shape, withDefault } from './shape.ts';

export interface FeeRowInput {
  readonly serial: string;
  readonly orderNumber?: string | null;
  readonly at: number;
  readonly catalogueCode: string;
  readonly hospitalCode: string;
  readonly amount: number;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly department: CodedName;
  readonly doctor: CodedName;
  readonly maternity: boolean;
  readonly takeHome: boolean;
  readonly memo?: string | null;
}

/** Rows of one request. A birth has some hundreds. */
export const MOST_ROWS = 1_000;
/** The most that one row may cost, fen: ten million yuan. Ours, against slips of the keyboard; the wire takes far more (16,2). */
const MOST_FEN = 1_000_000_000;

const FEE = shape({
  serial: code(30),
  orderNumber: optional(text(30)),
  at: moment,
  catalogueCode: code(50),
  hospitalCode: code(150),
  amount: amount(1, MOST_FEN),
  quantity: decimal(4),
  unitPrice: decimal(6),
  department: entry({ code: 30, name: 100 }),
  doctor: entry({ code: 30, name: 50 }),
  maternity: withDefault(flag, true),
  takeHome: withDefault(flag, false),
  memo: optional(text(500)),
});

/** The rows of a fee upload (2301, medical-insurance 3.10). */
export const FEES_FORM = list(FEE, 1, MOST_ROWS);

export type FeeForm = Read<typeof FEE>;

/** When a row may have come about. */
export interface FeeTime {
  readonly admittedAt: Moment | undefined;
  readonly now: Moment;
}

/**
 * What rows must be to each other and to their visit: an amount is quantity times price, a serial is there once and was not uploaded before,
 * a time lies neither before the admission nor in the future. Members that are faulty themselves are left out.
 */
export function checkFees(
  rows: readonly (Partial<FeeForm> | undefined)[],
  at: string,
  { admittedAt, now }: FeeTime,
  faults: Faults,
  uploaded: ReadonlySet<string> = new Set(),
): void {
  const serials = new Set(uploaded);
  rows.forEach((row = {}, index) => {
    const refuse = (member: keyof FeeForm, en: string, zh: string) =>
      faults.add(invalidInput(placeIn(at, `${index}.${member}`), { en, zh }));
    if (admittedAt !== undefined && row.at !== undefined && row.at < admittedAt)
      refuse('at', 'must not lie before the admission.', '不应早于入院时间。');
    if (row.at !== undefined && row.at > now) refuse('at', 'must not lie in the future.', '不应晚于当前时间。');
    if (!isProduct(row))
      refuse('amount', 'must be quantity times unitPrice, to the fen.', '应等于数量乘以单价（精确到分）。');
    if (row.serial === undefined) return;
    if (serials.has(row.serial)) refuse('serial', 'is there twice, or was uploaded before.', '费用明细流水号重复。');
    serials.add(row.serial);
  });
}

/** Reads the rows of the counter. Throws `INVALID_INPUT` naming row and member of the first fault. */
export function feeRows(rows: readonly FeeRowInput[], uploaded: ReadonlySet<string>, time: FeeTime): readonly FeeRow[] {
  const given = rows.map((row) => ({ ...row, at: momentAt(row.at) }));
  const checked: Reader<readonly FeeForm[]> = (value, at, faults) => {
    const read = FEES_FORM(value, at, faults);
    checkFees(read, at, time, faults, uploaded);
    return read;
  };
  return readForm(checked, given, 'input.fees').map(feeRowOf);
}

export function feeRowOf({ at, amount: totalFen, unitPrice, department, doctor, ...row }: FeeForm): FeeRow {
  return {
    ...row,
    at: departmentTime(at),
    totalFen,
    unitPriceYuan: unitPrice,
    orderedBy: { department, doctor },
  };
}

const FEN_UNITS = 100_000_000;

/**
 * Quantity (4 decimals) times yuan (6 decimals) in units of 10⁻¹⁰ yuan, of which a fen has 10⁸. Hospitals round either way. True also where
 * a member is missing.
 */
function isProduct({ amount: fen, quantity, unitPrice }: Partial<FeeForm>): boolean {
  if (fen === undefined || quantity === undefined || unitPrice === undefined) return true;
  const [count, price] = [scaled(quantity, 4), scaled(unitPrice, 6)];
  const product = count * price;
  const asked = fen * FEN_UNITS;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(asked)) return Math.abs(product - asked) < FEN_UNITS;
  const difference = BigInt(count) * BigInt(price) - BigInt(fen) * BigInt(FEN_UNITS);
  return difference > -BigInt(FEN_UNITS) && difference < BigInt(FEN_UNITS);
}

/** A decimal text as a whole number of its last place. */
function scaled(decimalText: string, decimals: number): number {
  const point = decimalText.indexOf('.');
  if (point < 0) return Number(decimalText) * 10 ** decimals;
  return Number(decimalText.slice(0, point) + decimalText.slice(point + 1).padEnd(decimals, '0'));
}

/** A decimal text above zero. */
function decimal(decimals: number): Reader<string> {
  return formed(new RegExp(`^(?=[\\d.]*[1-9])\\d{1,8}(?:\\.\\d{1,${decimals}})?$`), {
    en: `must be a decimal number above zero with at most ${decimals} decimals.`,
    zh: `应为大于零的数，最多${decimals}位小数。`,
  });
}
