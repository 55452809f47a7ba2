import { z } from 'zod';
import { parseAcceptanceNumber } from '../../identifiers/acceptance-number.ts';
import { parseEBillCode, parseEBillNumber } from '../../identifiers/e-bill.ts';
import { checked, converted, invalidInput } from '../../values/checked.ts';
import { type Fen, fen, fenFromYuan, sumFen, yuanFromFen } from '../../values/fen.ts';
import { protocolFault } from '../errors.ts';
import type { FeeItem, FeeLink, FeePayment, FeeState } from '../records/fee.ts';
import { flag, recordOf } from './answer-fields.ts';
import { child } from './envelope.ts';
import { formInput, identifierInput, numberInput, textInput, timeInput } from './input-fields.ts';
import type { Transaction } from './transaction.ts';
import { element } from './xml.ts';

/** LinkFee 9800301: ties a pay code to an accepted application (wire spec 3.7). Throws `INVALID_INPUT`. */
export function linkFee(link: FeeLink): Transaction<FeeState> {
  // Lines of 0 are not sent (wire spec 3.7).
  const items = link.items.filter(({ amountFen }) => amountFen !== 0);
  if (items.length === 0) throw invalidInput('items', 'must hold one amount above zero at least');
  const totalFen = sumFen(items.map(({ amountFen }) => amountFen));
  const key = feeKey(link);
  return feeMessage(
    '9800301',
    key,
    totalFen,
    {
      ...key,
      JFSEWMURL: link.qrCodeUrl === undefined ? undefined : textInput('qrCodeUrl', link.qrCodeUrl, 2_000),
      JKMSJ: link.codeMadeAt === undefined ? undefined : timeInput('codeMadeAt', link.codeMadeAt),
      HJ: yuan('items', totalFen),
    },
    items.map(feeItem),
  );
}

/** LinkFee 9800302: tells that the fee was paid, and its e-receipt once there is one (wire spec 3.7). Throws `INVALID_INPUT`. */
export function feePaid(payment: FeePayment): Transaction<FeeState> {
  const key = feeKey(payment);
  const { eReceipt } = payment;
  return feeMessage('9800302', key, payment.totalFen, {
    ...key,
    SFZT: '1',
    JKRQ: timeInput('paidAt', payment.paidAt),
    JYLSH: textInput('tradeNumber', payment.tradeNumber, 64),
    FPDM: eReceipt && identifierInput('eReceipt.code', eReceipt.code, parseEBillCode),
    FPH: eReceipt && identifierInput('eReceipt.number', eReceipt.number, parseEBillNumber),
    HJ: yuan('totalFen', payment.totalFen),
  });
}

/** Both transactions are idempotent on these two (wire spec 3.7). */
interface FeeKey {
  readonly SLBH: string;
  readonly JFSBM: string;
}

function feeKey(fee: { readonly acceptanceNumber: string; readonly payCode: string }): FeeKey {
  return {
    SLBH: identifierInput('acceptanceNumber', fee.acceptanceNumber, parseAcceptanceNumber),
    JFSBM: formInput('payCode', fee.payCode, /^\d{20}$/, 'must be 20 digits'),
  };
}

function feeItem(item: FeeItem, index: number): string {
  return element('SFXM', {
    SXH: String(index + 1),
    SFXMDM: textInput(`items.${index}.code`, item.code, 32),
    SFXMMC: textInput(`items.${index}.name`, item.name, 100),
    DJ: yuan(`items.${index}.unitPriceFen`, item.unitPriceFen),
    SL: numberInput(`items.${index}.quantity`, item.quantity, 1, 1_000_000),
    JEDW: '元',
    SSJE: yuan(`items.${index}.amountFen`, item.amountFen),
  });
}

function yuan(field: string, amount: Fen): string {
  if (!Number.isSafeInteger(amount) || amount <= 0)
    throw invalidInput(field, 'must be a whole number of fen above zero');
  return yuanFromFen(fen(amount));
}

function feeMessage(
  recType: string,
  key: FeeKey,
  totalFen: Fen,
  attributes: Readonly<Record<string, string | undefined>>,
  items: readonly string[] = [],
): Transaction<FeeState> {
  return {
    operation: 'LinkFee',
    recType,
    flowId: key.SLBH,
    data: element('SFXX', attributes, items),
    personal: [],
    read(data) {
      const SFXX = checked(feeState, recordOf(child(data, 'SFXX', 'Data')), 'Data.SFXX', protocolFault);
      if (SFXX.SLBH !== key.SLBH) throw protocolFault('Data.SFXX.SLBH');
      if (SFXX.JFSBM !== key.JFSBM) throw protocolFault('Data.SFXX.JFSBM');
      if (SFXX.HJ !== totalFen) throw protocolFault('Data.SFXX.HJ');
      return { acceptanceNumber: SFXX.SLBH, payCode: SFXX.JFSBM, paid: SFXX.SFZT, totalFen: SFXX.HJ };
    },
  };
}

const feeState = z.object({ SLBH: z.string(), JFSBM: z.string(), SFZT: flag, HJ: converted(fenFromYuan) });
