import { unsupported } from '../../adapters/non-tax/errors.ts';
import { FEE_SERVICES, type FeeService, feeOn } from '../../adapters/non-tax/fees.ts';
import { chinaDate } from '../../adapters/values/china-time.ts';
import { fen } from '../../adapters/values/fen.ts';
import type { Resolver, Resolvers } from '../schema.ts';
import type { NontaxContext } from './loaders.ts';
import type { AmountChange, PaymentDesk, PaymentDone, PaymentNamed } from './services/payment-desk.ts';
import type { PaymentForm } from './services/payment-form.ts';

/** The graph's names for what is paid for. */
const FEE_SERVICE = {
  RENT: 'public-rental-rent',
  REGISTRATION_RESIDENTIAL: 'registration-residential',
  REGISTRATION_NON_RESIDENTIAL: 'registration-non-residential',
  ID_CARD_RENEWAL: 'id-card-renewal',
  ID_CARD_LOST: 'id-card-lost',
  ID_CARD_DAMAGED: 'id-card-damaged',
  ID_CARD_FIRST_ISSUE: 'id-card-first-issue',
} as const satisfies Readonly<Record<string, FeeService>>;

/** What a form needs before a notice is opened. */
export const feeQueries: Readonly<Record<string, Resolver>> = {
  paymentFees: (_: unknown, { on }: { on?: string | null }, { clock, fees }: NontaxContext) => {
    const day = on ?? chinaDate(clock());
    return FEE_SERVICES.flatMap((service) => feeOn(fees, service, day) ?? []);
  },
};

interface Given<Input> {
  readonly input: Input;
}

/** Notices opened, voided and changed in their amount (S01 非税缴纳). */
export const paymentMutations: Resolvers = {
  Mutation: {
    openPayment: (_: unknown, { input }: Given<PaymentForm>, context: NontaxContext) =>
      deskOf(context).open(input, context.idempotencyKey),
    voidPayment: (_: unknown, { input }: Given<PaymentNamed>, context: NontaxContext) =>
      deskOf(context).void(input, context.idempotencyKey),
    changePaymentAmount: (_: unknown, { input }: Given<AmountChange>, context: NontaxContext) =>
      deskOf(context).changeAmount(input, context.idempotencyKey),
  },
  OpenPaymentPayload: payload({ payQr }),
  VoidPaymentPayload: payload({}),
  ChangePaymentAmountPayload: payload({ payQr }),
  PaymentFee: {
    amount: ({ amountFen }: { amountFen: number | null }) => (amountFen === null ? null : fen(amountFen)),
  },
  FeeService: FEE_SERVICE,
};

function payload(more: Readonly<Record<string, Resolver>>): Readonly<Record<string, Resolver>> {
  return {
    submission: ({ submissionId }: PaymentDone) => ({ id: submissionId }),
    case: ({ caseId }: PaymentDone) => ({ id: caseId }),
    ...more,
  };
}

function payQr({ payAddress }: PaymentDone) {
  return payAddress === null ? null : { url: payAddress, image: null, amountFen: null, expiresAt: null };
}

function deskOf({ desk }: NontaxContext): PaymentDesk {
  if (desk) return desk;
  throw unsupported('standard-web', 'voiding of notices and no word of their payment: open them where they are kept');
}
