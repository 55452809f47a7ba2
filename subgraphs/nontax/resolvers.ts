import { qrCodePng, qrCodeSvg } from '../../adapters/documents/qr-code.ts';
import { parseEBillCode } from '../../adapters/identifiers/e-bill.ts';
import { maskBankCard } from '../../adapters/identifiers/masking.ts';
import type { EReceiptFile, EReceiptKey } from '../../adapters/non-tax/records/e-receipt.ts';
import type { DynamicQr, PaymentItem, PaymentRecord } from '../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { knownCode } from '../codes.ts';
import { sliceConnection } from '../connection.ts';
import { identifierInput } from '../invalid-input.ts';
import { type Reference, referencesOf, referenceValue } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import type { NontaxContext, PaymentKey } from './loaders.ts';
import { feeQueries, paymentMutations } from './payment-mutations.ts';
import { reconciliationQueries, reconciliationTypes } from './reconciliation.ts';

/** The graph's names for the channels (non-tax 3.3, PayMode); codes that are not here are `OTHER`. */
const PAYMENT_CHANNEL = {
  COUNTER: '11',
  ONLINE_BANK: '12',
  POS: '13',
  KIOSK: '14',
  WECHAT: '50',
  ALIPAY: '51',
  UNIONPAY: '52',
  OTHER: 'other',
} as const;

/** What of a notice its e-receipt is found by. */
type PaidNotice = Pick<PaymentRecord, 'payCode' | 'receiptNumber' | 'unitCode' | 'paidAt'>;

interface ReceiptArguments {
  readonly code?: string | null;
  readonly issuedOn?: string | null;
}

interface WithReferences {
  readonly references: readonly Reference[];
}

export const resolvers: Resolvers = {
  Query: {
    payment: (
      _: unknown,
      { code, checkCode }: { code: string; checkCode?: string | null },
      { payment }: NontaxContext,
    ) => payment({ payCode: code, ...(checkCode != null && { crcCode: checkCode }) }),
    ...reconciliationQueries,
    ...feeQueries,
  },
  Resident: {
    payments: (
      { references }: WithReferences,
      page: { first: number; after?: string | null },
      { payment }: NontaxContext,
    ) => {
      const { edges, ...rest } = sliceConnection(paymentKeys(references), page);
      // A payment that cannot be read costs its own node, not the page.
      return { ...rest, edges: edges.map(({ cursor, node }) => ({ cursor, node: () => payment(node) })) };
    },
  },
  Case: {
    payments: ({ references }: WithReferences, _: unknown, { payment }: NontaxContext) =>
      paymentKeys(references).map((key) => payment(key)),
  },
  Payment: {
    __resolveReference: ({ code }: { code: string }, { payment }: NontaxContext) => payment({ payCode: code }),
    code: ({ payCode }: PaymentRecord) => payCode,
    amount: ({ amountFen }: PaymentRecord) => amountFen,
    originalAmount: ({ originalFen }: PaymentRecord) => originalFen,
    lateFee: ({ lateFeeFen }: PaymentRecord) => lateFeeFen,
    payeeName: ({ payee }: PaymentRecord) => payee?.name ?? null,
    payeeAccountType: ({ payee }: PaymentRecord) => payee?.accountType ?? null,
    maskedPayeeAccount: ({ payee }: PaymentRecord) => (payee === null ? null : maskBankCard(payee.account)),
    channel: ({ channel }: PaymentRecord) =>
      channel === null ? null : (knownCode(PAYMENT_CHANNEL, channel) ?? PAYMENT_CHANNEL.OTHER),
    channelCode: ({ channel }: PaymentRecord) => channel,
    eReceipt: (payment: PaymentRecord): PaidNotice | null => (payment.receiptNumber === null ? null : payment),
    eReceiptDocument: (
      payment: PaymentRecord,
      given: ReceiptArguments,
      { eReceipt, receiptsByNumber }: NontaxContext,
    ) => {
      const issued = payment.state === 'paid' && (payment.receiptNumber !== null || !receiptsByNumber);
      return issued ? eReceipt(receiptKey(payment, given)) : null;
    },
    dynamicQr: async (
      { payCode, state, amountFen }: PaymentRecord,
      { channel, minutes }: { channel: string; minutes: number },
      { dynamicQr }: NontaxContext,
    ) => {
      if (channel === PAYMENT_CHANNEL.OTHER) {
        throw new CasegraphError('INVALID_INPUT', 'channel: name the channel.', { field: 'channel' });
      }
      if (minutes < 1 || minutes > 30) {
        throw new CasegraphError('INVALID_INPUT', 'minutes must be from 1 to 30.', { field: 'minutes' });
      }
      if (state !== 'unpaid') return null;
      const qr = await dynamicQr({ payCode, channel, minutes });
      // Compared before it is shown (non-tax 3.3).
      if (qr.amountFen !== null && amountFen !== null && qr.amountFen !== amountFen) {
        throw new CasegraphError('DEPARTMENT_PROTOCOL', 'The code is for another amount than the notice.', {
          department: 'non-tax',
          reference: payCode,
        });
      }
      return qr;
    },
  },
  PaymentItem: { amount: ({ amountFen }: PaymentItem) => amountFen },
  PaymentQr: {
    address: ({ url }: DynamicQr) => url,
    image: ({ image }: DynamicQr) => (image === null ? null : Buffer.from(image).toString('base64')),
    svg: ({ url }: DynamicQr) => qrCodeSvg(url),
    png: async ({ url }: DynamicQr) => Buffer.from(await qrCodePng(url)).toString('base64'),
    amount: ({ amountFen }: DynamicQr) => amountFen,
  },
  EReceipt: {
    number: ({ receiptNumber }: PaidNotice) => receiptNumber,
    document: (payment: PaidNotice, _: unknown, { eReceipt }: NontaxContext) => eReceipt(receiptKey(payment)),
  },
  EReceiptDocument: {
    base64: ({ content }: EReceiptFile) => (content === null ? null : Buffer.from(content).toString('base64')),
    address: ({ url }: EReceiptFile) => url,
  },
  ...reconciliationTypes,
  ...paymentMutations,
  PaymentState: { UNPAID: 'unpaid', PAID: 'paid', VOID: 'void', EXPIRED: 'expired' },
  PaymentChannel: PAYMENT_CHANNEL,
};

/** What an e-receipt is asked for by: its notice, its number where that is known, and what tells its kind. */
function receiptKey(
  { payCode, receiptNumber, unitCode, paidAt }: PaidNotice,
  given: ReceiptArguments = {},
): EReceiptKey {
  // Finance does not tell the day of issue; a receipt is issued when its notice is paid.
  const issuedOn = given.issuedOn ?? paidAt?.slice(0, 10);
  return {
    payCode,
    ...(receiptNumber !== null && { number: receiptNumber }),
    ...(unitCode !== null && { unitCode }),
    ...(issuedOn !== undefined && { issuedOn }),
    ...(given.code != null && { code: identifierInput('code', given.code, parseEBillCode) }),
  };
}

function paymentKeys(references: readonly Reference[]): PaymentKey[] {
  return referencesOf(references, 'non-tax', 'payment').map((reference) => {
    const crcCode = referenceValue(reference, 'crcCode');
    return { payCode: reference.reference, ...(crcCode !== undefined && { crcCode }) };
  });
}
