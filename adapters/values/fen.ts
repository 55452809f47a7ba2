/**
 * Money is a whole number of fen (分, 1/100 yuan) everywhere inside the program; departments write yuan (元) as decimal text or
 * JSON numbers, or ten thousand yuan (万元). Conversions never go through binary fractions.
 */
export type Fen = number & { readonly __unit: 'fen' };

/** The largest amount taken, a little over 90 trillion yuan: beyond it not every fen is a number of its own. */
const LIMIT = Number.MAX_SAFE_INTEGER;

/** Takes a whole number of fen. Throws `RangeError` when it is not a safe integer. */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount)) throw new RangeError('an amount in fen must be a whole number');
  return amount as Fen;
}

/**
 * Reads a decimal amount in yuan, `'80'`, `'80.0'`, `'80.00'`, `'-412.50'` or a JSON number, as fen. More than two decimals are
 * refused unless they are zeros. Throws `RangeError`.
 *
 * @example fenFromYuan('412.5') // 41250
 */
export function fenFromYuan(amount: string | number): Fen {
  return shift(amount, 2);
}

/** Reads a decimal amount in ten thousand yuan (万元), up to six decimals: `'56.80'` is 56,800,000 fen. Throws `RangeError`. */
export function fenFromTenThousandYuan(amount: string | number): Fen {
  return shift(amount, 6);
}

/**
 * Writes fen as yuan with exactly two decimals.
 *
 * @example yuanFromFen(fen(41250)) // '412.50'
 */
export function yuanFromFen(amount: Fen): string {
  const digits = Math.abs(amount).toString().padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Adds amounts. Throws `RangeError` when a sum on the way leaves the safe integers. */
export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = fen(0);
  for (const amount of amounts) total = fen(total + amount);
  return total;
}

function shift(amount: string | number, decimals: number): Fen {
  const text = typeof amount === 'number' ? plainDecimal(amount) : amount.trim();
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(text);
  if (!match) throw new RangeError('not a decimal amount');
  const [, sign, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(decimals))) throw new RangeError('finer than a fen');
  const value = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (value > LIMIT) throw new RangeError('amount too large');
  return (sign === '-' && value !== 0 ? -value : value) as Fen;
}

/** A JSON number as plain decimal text; shortest round-trip form, so `0.1` stays `0.1`. Exponents are refused. */
function plainDecimal(amount: number): string {
  if (!Number.isFinite(amount)) throw new RangeError('not a number');
  const text = String(amount);
  if (text.includes('e')) throw new RangeError('amount out of range');
  return text;
}
