import type { RegisteredReference } from '../../../adapters/database/case-registry.ts';
import type { FeeResult } from '../../../adapters/medical-insurance/records/settlement.ts';
import type { Reference } from '../../reference.ts';
import type { Resolver, Resolvers } from '../../schema.ts';
import { chronicDiseaseFilingOf, outOfAreaFilingOf, referralOf } from '../case-records.ts';
import type { MedicalContext } from '../loaders.ts';
import type { AdmitInput, CheckBenefitInput } from './admission.ts';
import type { FileChronicDiseaseInput } from './chronic-disease.ts';
import type { Reviewed, ReviewInput } from './chronic-review.ts';
import type { UploadFeesInput } from './fees.ts';
import type { FilingOutcome } from './filing.ts';
import type { CancelInput } from './filing-cancellation.ts';
import { splitAgrees } from './fund-split.ts';
import type { Handled } from './handling.ts';
import type { AdmissionOutcome, CancellationOutcome, FeesOutcome, SettlementOutcome } from './maternity-course.ts';
import type { FileOutOfAreaInput } from './out-of-area.ts';
import type { FileReferralInput } from './referral.ts';
import type { SettleInput } from './settlement.ts';
import type { CancelSettlementInput } from './settlement-cancellation.ts';

interface Given<Input> {
  readonly input: Input;
}

/** What a form needs first: nothing is written. */
export const serviceQueries: Readonly<Record<string, Resolver>> = {
  checkMaternityBenefit: (_: unknown, { input }: Given<CheckBenefitInput>, { services, scope }: MedicalContext) =>
    services.checkMaternityBenefit(input, scope),
  trialMaternitySettlement: (_: unknown, { input }: Given<SettleInput>, { services, scope }: MedicalContext) =>
    services.trialMaternitySettlement(input, scope),
};

export const serviceMutations: Readonly<Record<string, Resolver>> = {
  fileOutOfArea: (_: unknown, { input }: Given<FileOutOfAreaInput>, { services, scope }: MedicalContext) =>
    services.fileOutOfArea(input, scope),
  cancelOutOfAreaFiling: (_: unknown, { input }: Given<CancelInput>, { services, scope }: MedicalContext) =>
    services.cancelOutOfAreaFiling(input, scope),
  fileChronicDisease: (_: unknown, { input }: Given<FileChronicDiseaseInput>, { services, scope }: MedicalContext) =>
    services.fileChronicDisease(input, scope),
  reviewChronicDiseaseFiling: (_: unknown, { input }: Given<ReviewInput>, { services, scope }: MedicalContext) =>
    services.reviewChronicDiseaseFiling(input, scope),
  decideChronicDiseaseFiling: (_: unknown, { input }: Given<ReviewInput>, { services, scope }: MedicalContext) =>
    services.decideChronicDiseaseFiling(input, scope),
  cancelChronicDiseaseFiling: (_: unknown, { input }: Given<CancelInput>, { services, scope }: MedicalContext) =>
    services.cancelChronicDiseaseFiling(input, scope),
  fileReferral: (_: unknown, { input }: Given<FileReferralInput>, { services, scope }: MedicalContext) =>
    services.fileReferral(input, scope),
  cancelReferral: (_: unknown, { input }: Given<CancelInput>, { services, scope }: MedicalContext) =>
    services.cancelReferral(input, scope),
  admitForMaternity: (_: unknown, { input }: Given<AdmitInput>, { services, scope }: MedicalContext) =>
    services.admitForMaternity(input, scope),
  uploadMaternityFees: (_: unknown, { input }: Given<UploadFeesInput>, { services, scope }: MedicalContext) =>
    services.uploadMaternityFees(input, scope),
  settleMaternity: (_: unknown, { input }: Given<SettleInput>, { services, scope }: MedicalContext) =>
    services.settleMaternity(input, scope),
  cancelMaternitySettlement: (
    _: unknown,
    { input }: Given<CancelSettlementInput>,
    { services, scope }: MedicalContext,
  ) => services.cancelMaternitySettlement(input, scope),
};

/** What every payload has. */
const PAYLOAD = {
  submission: ({ submissionId }: { submissionId: string }) => ({ id: submissionId }),
  case: ({ caseId }: { caseId: string }) => ({ id: caseId }),
};

const FILED = { ...PAYLOAD, serial: ({ outcome }: Handled<FilingOutcome>) => outcome.serial };
const CANCELLED = { ...PAYLOAD, serial: ({ outcome }: Handled<{ serial: string }>) => outcome.serial };
const REVIEWED = { ...PAYLOAD, approved: ({ approved }: Reviewed) => approved };

export const serviceTypes: Resolvers = {
  FileOutOfAreaPayload: {
    ...FILED,
    filing: ({ outcome }: Handled<FilingOutcome>, _: unknown, context: MedicalContext) =>
      outOfAreaFilingOf([travelling(outcome.reference)], context),
  },
  FileChronicDiseasePayload: {
    ...FILED,
    filing: ({ outcome }: Handled<FilingOutcome>, _: unknown, context: MedicalContext) =>
      chronicDiseaseFilingOf([travelling(outcome.reference)], context),
  },
  FileReferralPayload: {
    ...FILED,
    referral: ({ outcome }: Handled<FilingOutcome>, _: unknown, context: MedicalContext) =>
      referralOf([travelling(outcome.reference)], context),
  },
  CancelOutOfAreaFilingPayload: CANCELLED,
  CancelChronicDiseaseFilingPayload: CANCELLED,
  CancelReferralPayload: CANCELLED,
  ReviewChronicDiseaseFilingPayload: REVIEWED,
  DecideChronicDiseaseFilingPayload: REVIEWED,
  AdmitForMaternityPayload: { ...PAYLOAD, visitId: ({ outcome }: Handled<AdmissionOutcome>) => outcome.visitId },
  UploadMaternityFeesPayload: {
    ...PAYLOAD,
    accepted: ({ outcome }: Handled<FeesOutcome>) => outcome.accepted,
    complete: ({ outcome }: Handled<FeesOutcome>) => outcome.complete,
    refusal: ({ outcome }: Handled<FeesOutcome>) => outcome.refusal,
    rows: ({ outcome }: Handled<FeesOutcome>) => outcome.rows,
  },
  UploadedFee: {
    amount: ({ totalFen }: FeeResult) => totalFen,
    unitPrice: ({ unitPriceYuan }: FeeResult) => unitPriceYuan,
    priceCeiling: ({ priceCeilingYuan }: FeeResult) => priceCeilingYuan,
    fullySelfPaid: ({ fullySelfPaidFen }: FeeResult) => fullySelfPaidFen,
    overLimit: ({ overLimitFen }: FeeResult) => overLimitFen,
    firstSelfPaid: ({ firstSelfPaidFen }: FeeResult) => firstSelfPaidFen,
    inScope: ({ inScopeFen }: FeeResult) => inScopeFen,
  },
  SettleMaternityPayload: {
    ...PAYLOAD,
    settlement: ({ outcome: { settlement, provider } }: Handled<SettlementOutcome>) => ({
      refunded: false,
      providerCode: provider.code,
      providerName: provider.name,
      ...settlement,
    }),
    sumsAgree: ({ outcome }: Handled<SettlementOutcome>) => splitAgrees(outcome),
  },
  CancelMaternitySettlementPayload: {
    ...PAYLOAD,
    settlementId: ({ outcome }: Handled<CancellationOutcome>) => outcome.settlementId,
    refund: ({ outcome }: Handled<CancellationOutcome>) => outcome.refund,
  },
};

/** A reference as it travels in the graph. */
function travelling({ values, ...rest }: RegisteredReference): Reference {
  return { ...rest, values: Object.entries(values).map(([name, value]) => ({ name, value })) };
}
