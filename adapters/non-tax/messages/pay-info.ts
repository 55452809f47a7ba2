import { type Fen, fen, fenFromYuan, sumFen, yuanFromFen } from '../../values/fen.ts';
import type { PaymentItem, RecordedItem } from '../records/payment.ts';

/**
 * PayInfo (摘要): `itemCode|itemName|amount|unit|quantity|standardType|low-high#` for every item (wire spec 3.1).
 */
const STANDARD = '不限制|0.0-0.0';

/**
 * The items as finance wants them: lines of amount 0 left out, lines of one code summed, amount and quantity (wire spec 3.1).
 */
export function combinedItems(items: readonly PaymentItem[]): readonly PaymentItem[] {
  const byCode = new Map<string, PaymentItem>();
  for (const item of items) {
    if (item.amountFen === 0) continue;
    const known = byCode.get(item.code);
    byCode.set(
      item.code,
      known === undefined
        ? item
        : {
            ...known,
            amountFen: fen(known.amountFen + item.amountFen),
            quantity: known.quantity + item.quantity,
          },
    );
  }
  return [...byCode.values()];
}

/** The sum that the notice's own amount must equal, else finance answers 16005. */
export function itemsTotal(items: readonly PaymentItem[]): Fen {
  return sumFen(items.map((item) => item.amountFen));
}

/** Writes items. The separators inside names and units become their full-width forms (wire spec 3.1). */
export function writePayInfo(items: readonly PaymentItem[]): string {
  return items
    .map(
      ({ code, name, amountFen, unit, quantity }) =>
        `${code}|${plain(name)}|${yuanFromFen(amountFen)}|${plain(unit)}|${quantity}|${STANDARD}#`,
    )
    .join('');
}

/** Reads items; amounts may have none to two decimals. Throws `RangeError` for a line that is none. */
export function readPayInfo(text: string): RecordedItem[] {
  return text
    .split('#')
    .filter((line) => line.trim() !== '')
    .map(readItem);
}

function readItem(line: string): RecordedItem {
  const [code, name, amount, unit, quantity, standardType, standard, ...rest] = line.split('|');
  if (!code || name === undefined || amount === undefined || unit === undefined || rest.length > 0) {
    throw new RangeError('not an item of a notice');
  }
  if (quantity === undefined || !/^\d{1,9}(?:\.\d{1,6})?$/.test(quantity)) throw new RangeError('not a quantity');
  return {
    code,
    name,
    amountFen: fenFromYuan(amount),
    unit,
    quantity: Number(quantity),
    standardType: standardType || null,
    standard: standard || null,
  };
}

function plain(text: string): string {
  return text.replaceAll('|', '｜').replaceAll('#', '＃');
}
