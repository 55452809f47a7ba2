import { type CollectingUnit, isCollectingUnit } from '../../identifiers/collecting-unit.ts';
import { computeCrcCode } from '../../identifiers/crc-code.ts';
import { isPaymentCode, type PaymentCode } from '../../identifiers/payment-code.ts';
import { invalidInput } from '../../values/checked.ts';
import { type Fen, fen } from '../../values/fen.ts';
import type { PaymentItem, PaymentNotice } from '../records/payment.ts';
import type { CnnontaxSettings, CollectingUnitSettings } from '../settings.ts';
import { amountField, asciiField, dateField, digitsField, gbField } from './input-fields.ts';
import { combinedItems, itemsTotal, writePayInfo } from './pay-info.ts';
import { element, type XmlElement } from './xml.ts';

/** 8994 电子缴款单信息, for opening and, by its state, for voiding (wire spec 3.1 and 3.4). */
export const NOTICE = '8994';

/** PayStats of the request. */
export const OPEN = '0';
export const VOID = '2';

export interface NoticeContext {
  readonly division: string;
  readonly unit: CollectingUnitSettings;
  readonly settings: CnnontaxSettings;
}

/** A notice with what follows from it. */
export interface CheckedNotice {
  readonly items: readonly PaymentItem[];
  readonly originalFen: Fen;
  readonly lateFeeFen: Fen;
  readonly amountFen: Fen;
  readonly crcCode: string;
}

/**
 * Checks what the fields' own forms do not: a code that may be opened from here, items that make a sum. Throws `INVALID_INPUT`.
 */
export function checkedNotice(notice: PaymentNotice): CheckedNotice {
  const items = checkedItems(notice.items);
  const originalFen = itemsTotal(items);
  const lateFeeFen = notice.lateFeeFen ?? fen(0);
  const amountFen = fen(originalFen + lateFeeFen);
  const { payCode, unitCode } = notice;
  if (!isPaymentCode(payCode) || payCode.length !== 20) throw invalidInput('payCode', 'a 20-digit code is needed');
  if (!isCollectingUnit(unitCode)) throw invalidInput('unitCode', 'the code of a collecting unit is needed');
  return { items, originalFen, lateFeeFen, amountFen, crcCode: crcCodeOf(unitCode, payCode, amountFen) };
}

/** The voucher of 8994, every field of wire spec 3.1 in its order. */
export function noticeVoucher(
  notice: PaymentNotice,
  state: typeof OPEN | typeof VOID,
  context: NoticeContext,
): XmlElement {
  const { division, unit, settings } = context;
  const { payee } = settings;
  const { items, originalFen, lateFeeFen, amountFen, crcCode } = checkedNotice(notice);
  const operator = notice.operator ?? unit.operator;
  const { payer } = notice;
  return element('Voucher', [
    digitsField('AdmDivCode', division, [1, 6], 'division'),
    digitsField('PayCode', notice.payCode, [20, 20], 'payCode'),
    dateField('BillDate', notice.billDate, 'billDate'),
    digitsField('ChgAgenCode', unit.code, [1, 30], 'unitCode'),
    gbField('ChgAgenName', unit.name, [1, 100], 'unitCode'),
    gbField('PayerName', payer.name, [1, 100], 'payer.name'),
    asciiField('PayerAcct', payer.account ?? '', [0, 50], 'payer.account'),
    gbField('PayerOpBk', payer.bank ?? '', [0, 100], 'payer.bank'),
    amountField('Amt', amountFen, 'items'),
    amountField('OriAmt', originalFen, 'items'),
    amountField('DelayAmt', lateFeeFen, 'lateFeeFen'),
    element('PayStats', state),
    digitsField('RecAcctType', payee.accountType, [1, 2], 'payee.accountType'),
    gbField('RecName', payee.name, [1, 100], 'payee.name'),
    asciiField('RecAcct', payee.account, [1, 50], 'payee.account'),
    asciiField('RecAcctReal', payee.realAccount ?? payee.account, [1, 50], 'payee.realAccount'),
    gbField('RecOpBk', payee.bank, [1, 100], 'payee.bank'),
    asciiField('RecBankNo', payee.bankNumber, [1, 20], 'payee.bankNumber'),
    element('IsInterBank', payee.interBank ? '1' : '0'),
    gbField('PayInfo', writePayInfo(items), [0, 500], 'items'),
    gbField('Memo', notice.memo ?? '', [0, 200], 'memo'),
    asciiField('CrcCode', crcCode, [0, 4], 'payCode'),
    asciiField('MobilePhone', payer.phone, [1, 20], 'payer.phone'),
    asciiField('PayerCreditCode', payer.idNumber ?? '', [0, 30], 'payer.idNumber'),
    asciiField('RecCreditCode', payee.creditCode, [0, 30], 'payee.creditCode'),
    asciiField('OperatorCode', operator.code, [0, 30], 'operator.code'),
    gbField('OperatorName', operator.name, [0, 30], 'operator.name'),
    // Hold1 = Y asks for 5996; a void notice is never paid.
    element('Hold1', state === OPEN && settings.wantsNotices ? 'Y' : ''),
    element('Hold2'),
  ]);
}

/** What of a notice must not show in an error's text. */
export function personalValues({ payer }: PaymentNotice): readonly string[] {
  return [payer.name, payer.phone, payer.idNumber, payer.account].filter((value) => value !== undefined);
}

function checkedItems(items: readonly PaymentItem[]): readonly PaymentItem[] {
  for (const [index, { code, name, amountFen, unit, quantity }] of items.entries()) {
    const at = `items.${index}`;
    if (!/^[0-9]{6,12}$/.test(code)) throw invalidInput(`${at}.code`, '6 to 12 digits are needed');
    if (name === '') throw invalidInput(`${at}.name`, 'must not be empty');
    if (unit === '') throw invalidInput(`${at}.unit`, 'must not be empty');
    if (!Number.isSafeInteger(amountFen) || amountFen < 0) {
      throw invalidInput(`${at}.amountFen`, 'a whole number of fen from 0 is needed');
    }
    if (!(quantity > 0 && quantity < 1e9 && /^\d+(?:\.\d{1,6})?$/.test(String(quantity)))) {
      throw invalidInput(`${at}.quantity`, 'a number above 0 is needed');
    }
  }
  const combined = combinedItems(items);
  if (combined.length === 0) throw invalidInput('items', 'an item with an amount is needed');
  return combined;
}

function crcCodeOf(unit: CollectingUnit, paymentCode: PaymentCode, amount: Fen): string {
  return computeCrcCode({ unit, paymentCode, amount });
}
