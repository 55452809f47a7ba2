import { type Fen, sumFen } from '../../values/fen.ts';
import { currency, fenOf } from './field-rules.ts';
import { badParameter, Refusal } from './refusal.ts';
import type { CollectingUnit } from './units.ts';

/**
 * Holds PayInfo (收费项目) to wire spec 3.1: seven parts an item, no zero amount, each code once, only items of the unit, and the sum
 * of the notice. Empty is allowed. Throws `Refusal` 10002, 16003 or 16005.
 */
export function checkItems(payInfo: string, unit: CollectingUnit, originalFen: Fen): void {
  if (payInfo === '') return;
  if (!payInfo.endsWith('#')) throw badParameter('PayInfo');
  const items = payInfo.slice(0, -1).split('#').map(readItem);
  const codes = new Set(items.map(({ code }) => code));
  if (codes.size !== items.length) throw badParameter('PayInfo');
  if ([...codes].some((code) => !unit.items.has(code)))
    throw new Refusal('16003', `该单位无此收费项目权限：${unit.code}`);
  if (sumFen(items.map(({ amountFen }) => amountFen)) !== originalFen) {
    throw new Refusal('16005', '收费项目金额之和与缴款书金额不一致');
  }
}

function readItem(text: string): { code: string; amountFen: Fen } {
  const parts = text.split('|');
  const [code = '', name = '', amount = '', unit = '', quantity = '', standardType = '', range = ''] = parts;
  const right =
    parts.length === 7 &&
    /^\d{6,12}$/.test(code) &&
    [name, unit, standardType].every((part) => part !== '') &&
    currency.accepts(amount) &&
    /^\d+(\.\d+)?$/.test(quantity) &&
    /^\d+(\.\d+)?-\d+(\.\d+)?$/.test(range);
  if (!right || fenOf(amount) === 0 || Number(quantity) === 0) throw badParameter('PayInfo');
  return { code, amountFen: fenOf(amount) };
}
