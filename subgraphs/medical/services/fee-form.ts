import type { CodedName } from '../../../adapters/medical-insurance/records/person.ts';
import type { FeeRow } from '../../../adapters/medical-insurance/records/settlement.ts';
import { chinaDateTime } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { codeInput, entryInput, optionalText } from './form-fields.ts';

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
const MOST_QUANTITY_DIGITS = 8;

/** When a row may have come about, milliseconds since 1970. */
export interface FeeTime {
  readonly admittedAt: number;
  readonly now: number;
}

/**
 * Reads the rows of a fee upload (2301, medical-insurance 3.10). Throws `INVALID_INPUT` naming row and member: for amounts and quantities
 * that are not above zero or too large, an amount that is not quantity times price, a serial that is there twice or was uploaded before,
 * and a time before the admission or in the future.
 */
export function feeRows(rows: readonly FeeRowInput[], uploaded: ReadonlySet<string>, time: FeeTime): readonly FeeRow[] {
  if (rows.length === 0 || rows.length > MOST_ROWS) {
    throw invalidInput('input.fees', { en: `must be 1 to ${MOST_ROWS} rows.`, zh: `应为1至${MOST_ROWS}条。` });
  }
  const serials = new Set(uploaded);
  return rows.map((row, index) => {
    const at = `input.fees.${index}`;
    const read = feeRow(at, row, time);
    if (serials.has(read.serial)) {
      throw invalidInput(`${at}.serial`, {
        en: 'is there twice, or was uploaded before.',
        zh: '费用明细流水号重复。',
      });
    }
    serials.add(read.serial);
    return read;
  });
}

function feeRow(field: string, row: FeeRowInput, time: FeeTime): FeeRow {
  const orderNumber = optionalText(`${field}.orderNumber`, row.orderNumber, 30);
  const memo = optionalText(`${field}.memo`, row.memo, 500);
  if (row.at < time.admittedAt)
    throw invalidInput(`${field}.at`, { en: 'must not lie before the admission.', zh: '不应早于入院时间。' });
  if (row.at > time.now)
    throw invalidInput(`${field}.at`, { en: 'must not lie in the future.', zh: '不应晚于当前时间。' });
  return {
    serial: codeInput(`${field}.serial`, row.serial, 30),
    at: chinaDateTime(row.at),
    catalogueCode: codeInput(`${field}.catalogueCode`, row.catalogueCode, 50),
    hospitalCode: codeInput(`${field}.hospitalCode`, row.hospitalCode, 150),
    ...amounts(field, row),
    orderedBy: {
      department: entryInput(`${field}.department`, row.department, { code: 30, name: 100 }),
      doctor: entryInput(`${field}.doctor`, row.doctor, { code: 30, name: 50 }),
    },
    maternity: row.maternity,
    takeHome: row.takeHome,
    ...(orderNumber !== undefined && { orderNumber }),
    ...(memo !== undefined && { memo }),
  };
}

function amounts(field: string, row: FeeRowInput): Pick<FeeRow, 'totalFen' | 'quantity' | 'unitPriceYuan'> {
  const { amount, quantity, unitPrice } = row;
  if (amount <= 0) throw invalidInput(`${field}.amount`, { en: 'must be above zero.', zh: '应大于零。' });
  if (amount > MOST_FEN) {
    throw invalidInput(`${field}.amount`, { en: `must be ${MOST_FEN} fen at most.`, zh: `不应超过${MOST_FEN}分。` });
  }
  const count = decimalInput(`${field}.quantity`, quantity, 4);
  const price = decimalInput(`${field}.unitPrice`, unitPrice, 6);
  // Quantity (4 decimals) times yuan (6 decimals) in units of 10⁻¹⁰ yuan, of which a fen has 10⁸. Hospitals round either way.
  const difference = count * price - BigInt(amount) * 100_000_000n;
  if (difference <= -100_000_000n || difference >= 100_000_000n) {
    throw invalidInput(`${field}.amount`, {
      en: 'must be quantity times unitPrice, to the fen.',
      zh: '应等于数量乘以单价（精确到分）。',
    });
  }
  return { totalFen: amount, quantity, unitPriceYuan: unitPrice };
}

/** A decimal text above zero, as a whole number of its last place. */
function decimalInput(field: string, text: string, decimals: number): bigint {
  const match = new RegExp(`^(\\d{1,${MOST_QUANTITY_DIGITS}})(?:\\.(\\d{1,${decimals}}))?$`).exec(text);
  const value = match ? BigInt(`${match[1]}${(match[2] ?? '').padEnd(decimals, '0')}`) : 0n;
  if (value > 0n) return value;
  throw invalidInput(field, {
    en: `must be a decimal number above zero with at most ${decimals} decimals.`,
    zh: `应为大于零的数，最多${decimals}位小数。`,
  });
}
