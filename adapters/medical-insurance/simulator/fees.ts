/** One uploaded fee row with what the catalogue makes of it. Amounts in fen; all four parts add up to the amount. */
export interface Fee {
  /** feedetl_sn. */
  readonly serial: string;
  readonly amountFen: number;
  readonly parts: FeeParts;
  /** For a negative row, feedetl_sn of the row it takes back. */
  readonly original: string;
}

/** How an amount is divided before any fund pays (wire spec 3.10, 3.11). */
export interface FeeParts {
  /** fulamt_ownpay_amt 全自费. */
  readonly fullySelfPaidFen: number;
  /** overlmt_amt, overlmt_selfpay 超限价. */
  readonly overLimitFen: number;
  /** preselfpay_amt 先行自付. */
  readonly firstSelfPaidFen: number;
  /** inscp_scp_amt 符合政策范围. */
  readonly inScopeFen: number;
}

/** A class of the catalogue: chrgitm_lv and med_chrgitm_type. */
interface CatalogueClass {
  readonly prefix: string;
  readonly level: '01' | '02' | '03';
  readonly chargeType: string;
}

/**
 * The catalogue, by the beginning of `med_list_codg`. Invented so that the golden upload comes out (wire spec 3.10); what matches
 * nothing is class C.
 */
const CATALOGUE: readonly CatalogueClass[] = [
  { prefix: '0011', level: '01', chargeType: '01' },
  { prefix: '0033', level: '01', chargeType: '08' },
  { prefix: '00', level: '01', chargeType: '05' },
  { prefix: 'X', level: '02', chargeType: '09' },
  { prefix: 'Z', level: '02', chargeType: '11' },
  { prefix: 'T', level: '01', chargeType: '10' },
  { prefix: '', level: '03', chargeType: '14' },
];

/** Of one row of class B, the part above this is the person's own. */
const CLASS_B_CEILING_FEN = 390_000;
/** Of one row of class B, the person pays this share first, up to the most below. */
const CLASS_B_FIRST_PERCENT = 5;
const CLASS_B_FIRST_MOST_FEN = 20_000;

export const NO_FEES: FeeParts = { fullySelfPaidFen: 0, overLimitFen: 0, firstSelfPaidFen: 0, inScopeFen: 0 };

/** The class of a catalogue code. */
export function classOf(catalogueCode: string): CatalogueClass {
  const found = CATALOGUE.find(({ prefix }) => catalogueCode.startsWith(prefix));
  if (!found) throw new Error('the last class takes every code');
  return found;
}

/**
 * Divides the amount of one row, fen, negative for a row that takes one back. Class A is in scope whole; of class B the person pays
 * what lies above 3,900 yuan and 5 % first, at most 200 yuan; class C is the person's own. Prices have no limit here.
 */
export function divide(amountFen: number, level: CatalogueClass['level']): FeeParts {
  const size = Math.abs(amountFen);
  const sign = amountFen < 0 ? -1 : 1;
  const fullySelfPaid = level === '03' ? size : level === '02' ? Math.max(0, size - CLASS_B_CEILING_FEN) : 0;
  const first = level === '02' ? Math.min(CLASS_B_FIRST_MOST_FEN, Math.round((size * CLASS_B_FIRST_PERCENT) / 100)) : 0;
  return {
    fullySelfPaidFen: signed(sign, fullySelfPaid),
    overLimitFen: 0,
    firstSelfPaidFen: signed(sign, first),
    inScopeFen: signed(sign, size - fullySelfPaid - first),
  };
}

/** The parts of several rows together. */
export function sumParts(all: Iterable<FeeParts>): FeeParts {
  let sum = NO_FEES;
  for (const parts of all) {
    sum = {
      fullySelfPaidFen: sum.fullySelfPaidFen + parts.fullySelfPaidFen,
      overLimitFen: sum.overLimitFen + parts.overLimitFen,
      firstSelfPaidFen: sum.firstSelfPaidFen + parts.firstSelfPaidFen,
      inScopeFen: sum.inScopeFen + parts.inScopeFen,
    };
  }
  return sum;
}

/** Never minus zero, which JSON would hide and comparisons would not. */
function signed(sign: number, amount: number): number {
  return amount === 0 ? 0 : sign * amount;
}
