import type {
  ApplicationProgress,
  ApplicationStep,
  CertificateRecord,
  Enrolment,
  PendingApplication,
  SubsidyPaymentRecord,
} from '../../adapters/disability-subsidy/records.ts';
import {
  maskDisabilityCertificate,
  maskIdNumber,
  maskMobileNumber,
  maskName,
} from '../../adapters/identifiers/masking.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { chinaDateTime } from '../../adapters/values/china-time.ts';
import { connectionOf, encodeCursor, pageSize, positionAfter } from '../connection.ts';
import { nameNeeded } from '../name-needed.ts';
import { type Reference, referencesOf } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import {
  APPLICATION_STATUS,
  CERTIFICATE_STATUS,
  DECISION,
  ECONOMIC_STATUS,
  ENROLMENT_STATE,
  HUKOU_TYPE,
  MATERIAL_FORM,
  MATERIAL_KIND,
  REASON,
  SUBSIDY_TYPE,
} from './codes.ts';
import type { SubsidyContext } from './loaders.ts';
import { mutations, payloads } from './mutations.ts';
import type { SubsidyAssessment } from './services/eligibility.ts';
import { type EligibilityInput, eligibility } from './services/eligibility-query.ts';

interface PendingArguments {
  readonly hukouDivision: string;
  readonly status: readonly string[];
  readonly updatedFrom: number;
  readonly updatedTo: number;
  readonly first: number;
  readonly after?: string | null;
}

interface WithReferences {
  readonly references: readonly Reference[];
}

export const resolvers: Resolvers = {
  Query: {
    subsidyApplication: (_: unknown, { number }: { number: string }, { application }: SubsidyContext) =>
      application(number),
    pendingSubsidyApplications: pendingApplications,
    subsidyEligibility: (_: unknown, { input }: { input: EligibilityInput }, context: SubsidyContext) =>
      eligibility(context.services.surroundings, input, context),
  },
  Mutation: mutations,
  ...payloads,
  Resident: {
    disabilityCertificate: (
      { idNumber, name }: { idNumber: string; name: string | null },
      { number }: { number?: string | null },
      { certificate }: SubsidyContext,
    ) => certificate({ idNumber, name: nameNeeded(name), ...(number != null && { certificateNumber: number }) }),
    subsidyEnrolments: ({ idNumber }: { idNumber: string }, _: unknown, { enrolments }: SubsidyContext) =>
      enrolments(idNumber),
    subsidyApplications: async ({ references }: WithReferences, _: unknown, context: SubsidyContext) => {
      const found = await Promise.all(applicationNumbers(references).map((number) => context.application(number)));
      return found.filter((application) => application !== null);
    },
    subsidyPayments: (
      { idNumber }: { idNumber: string },
      months: { from: string; to: string },
      { payments }: SubsidyContext,
    ) => payments({ idNumber, ...months }),
  },
  Case: {
    subsidyApplication: ({ references }: WithReferences, _: unknown, { application }: SubsidyContext) => {
      const [number] = applicationNumbers(references);
      return number === undefined ? null : application(number);
    },
  },
  DisabilityCertificate: {
    grade: ({ grade }: CertificateRecord) => Number(grade),
    parts: ({ subCategories }: CertificateRecord) => subCategories,
  },
  DisabilityPart: { grade: ({ grade }: { grade: string }) => Number(grade) },
  Guardian: { maskedPhone: ({ phone }: { phone: string }) => maskMobileNumber(phone) },
  SubsidyEnrolment: {
    type: ({ subsidyType }: Enrolment) => subsidyType,
    monthlyAmount: ({ monthlyFen }: Enrolment) => monthlyFen,
  },
  SubsidyApplication: { types: ({ subsidyTypes }: ApplicationProgress) => subsidyTypes },
  SubsidyApplicationStep: { number: ({ sequence }: ApplicationStep) => sequence },
  PendingSubsidyApplication: {
    maskedName: ({ name }: PendingApplication) => maskName(name),
    maskedIdNumber: ({ idNumber }: PendingApplication) => maskIdNumber(idNumber),
    maskedCertificateNumber: ({ certificateNumber }: PendingApplication) =>
      maskDisabilityCertificate(certificateNumber),
    types: ({ subsidyTypes }: PendingApplication) => subsidyTypes,
  },
  SubsidyPayment: {
    type: ({ subsidyType }: SubsidyPaymentRecord) => subsidyType,
    amount: ({ amountFen }: SubsidyPaymentRecord) => amountFen,
    arrears: ({ arrearsFen }: SubsidyPaymentRecord) => arrearsFen,
    transferred: ({ amountFen, arrearsFen }: SubsidyPaymentRecord) => amountFen + arrearsFen,
  },
  SubsidyAssessment: { monthlyAmount: ({ monthlyFen }: SubsidyAssessment) => monthlyFen },
  SubsidyType: SUBSIDY_TYPE,
  DisabilityCategory: {
    VISUAL: '1',
    HEARING: '2',
    SPEECH: '3',
    PHYSICAL: '4',
    INTELLECTUAL: '5',
    MENTAL: '6',
    MULTIPLE: '7',
  },
  DisabilityCertificateStatus: CERTIFICATE_STATUS,
  SubsidyEnrolmentState: ENROLMENT_STATE,
  SubsidyApplicationStatus: APPLICATION_STATUS,
  SubsidyReason: REASON,
  SubsidyDecision: DECISION,
  EconomicStatus: ECONOMIC_STATUS,
  HukouType: HUKOU_TYPE,
  SubsidyMaterialKind: MATERIAL_KIND,
  SubsidyMaterialForm: MATERIAL_FORM,
  SubsidyPaymentResult: { PENDING: '0', PAID: '1', FAILED: '2', RETURNED: '3' },
};

/** The system pages by number, so a cursor holds the page to come, and a page's size may not change on the way. */
async function pendingApplications(
  _: unknown,
  { hukouDivision, status, updatedFrom, updatedTo, first, after }: PendingArguments,
  { pending }: SubsidyContext,
) {
  if (status.length === 0) {
    throw new CasegraphError('INVALID_INPUT', 'status: name one state at least.', { field: 'status' });
  }
  const size = pageSize(first);
  const start = positionAfter(after);
  const page = await pending({
    hukouDivision: hukouDivision.padEnd(12, '0'),
    statuses: [...new Set(status)],
    updatedFrom: chinaDateTime(updatedFrom),
    updatedTo: chinaDateTime(updatedTo),
    page: Math.floor(start / size) + 1,
    pageSize: size,
  });
  const offset = (page.page - 1) * size;
  const rows = page.rows
    .map((row, index) => ({ ...row, position: offset + index }))
    .filter(({ position }) => position >= start);
  const { edges, pageInfo } = connectionOf(rows, size, after, ({ position }) => encodeCursor([position]));
  const last = rows.at(-1)?.position ?? start;
  return { edges, pageInfo: { ...pageInfo, hasNextPage: last + 1 < page.total }, totalCount: page.total };
}

function applicationNumbers(references: readonly Reference[]): string[] {
  return referencesOf(references, 'disability-subsidy', 'subsidy-application').map(({ reference }) => reference);
}
