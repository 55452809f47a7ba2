import { isIdNumber } from '../../adapters/identifiers/id-number.ts';
import { maskIdNumber, maskMobileNumber } from '../../adapters/identifiers/masking.ts';
import type { FixedProvider, Referral } from '../../adapters/medical-insurance/records/filing.ts';
import {
  activeInsurance,
  type Benefit,
  type BenefitQuestion,
  type CodedName,
  type Insurance,
  type InsuredPerson,
  type PersonReference,
} from '../../adapters/medical-insurance/records/person.ts';
import type { SettlementRequest, Visit } from '../../adapters/medical-insurance/records/settlement.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { chinaDate, chinaDateTime } from '../../adapters/values/china-time.ts';
import { knownCode } from '../codes.ts';
import { invalidInput, periodInput, textInput } from '../invalid-input.ts';
import type { Reference } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import {
  chronicDiseaseFilingOf,
  EARLIEST,
  LATEST,
  maternitySettlementOf,
  outOfAreaFilingOf,
  referralOf,
  settlementKeys,
} from './case-records.ts';
import { FUND_TYPES, INSURANCE_KINDS } from './code-names.ts';
import { certificateOf, type MedicalCredential } from './credential.ts';
import type { MedicalContext } from './loaders.ts';
import {
  postingReconciliationMutations,
  postingReconciliationQueries,
  postingReconciliationTypes,
} from './postings/reconciliation/resolvers.ts';
import { postingMutations, postingQueries, postingTypes } from './postings/resolvers.ts';
import { reconciliationQueries, reconciliationTypes } from './reconciliation.ts';
import { serviceMutations, serviceQueries, serviceTypes } from './services/resolvers.ts';
import { PERSON_OF_RECORD, settlementResolvers } from './settlements.ts';

const SYSTEM = 'medical-insurance';

/** psn_insu_stas (medical-insurance 3.2). */
const INSURANCE_STATUS = { ACTIVE: '1', SUSPENDED: '2', ENDED: '4' } as const;

interface WithReferences {
  readonly references: readonly Reference[];
}

interface Period {
  readonly from?: string | null;
  readonly to?: string | null;
}

/** A stay in hospital with the person who stays there. */
interface Stay extends Visit {
  readonly person: InsuredPerson;
}

interface TrialArguments {
  readonly total: number;
  readonly useAccount: boolean;
  readonly insuranceKind?: string | null;
  readonly way: string;
  readonly midway: boolean;
  readonly invoice?: string | null;
  readonly fullySelfPaid?: number | null;
  readonly overLimit?: number | null;
  readonly firstSelfPaid?: number | null;
  readonly inScope?: number | null;
}

interface BenefitArguments {
  readonly insuranceKind: string;
  readonly treatmentType: string;
  readonly on?: string | null;
  readonly until?: string | null;
  readonly disease?: CodedName | null;
  readonly operation?: CodedName | null;
  readonly maternityType?: string | null;
  readonly birthControlType?: string | null;
}

export const resolvers: Resolvers = {
  Query: {
    medicalSettlement: (
      _: unknown,
      { id, personNumber, visitId }: { id?: string | null; personNumber: string; visitId: string },
      { settlement, homeRegion }: MedicalContext,
    ) =>
      settlement({
        ...(id != null && { settlementId: textInput('id', id, 30) }),
        personNumber: textInput('personNumber', personNumber, 30),
        visitId: textInput('visitId', visitId, 30),
        insuredRegion: homeRegion,
      }),
    insuredPersonByCredential: (
      _: unknown,
      { credential, at }: { credential: MedicalCredential; at?: number | null },
      { person }: MedicalContext,
    ) => person({ certificate: certificateOf('credential', credential), ...asOf(at) }),
    ...reconciliationQueries,
    ...serviceQueries,
    ...postingQueries,
    ...postingReconciliationQueries,
  },
  Mutation: { ...serviceMutations, ...postingMutations, ...postingReconciliationMutations },
  Resident: {
    insuredPerson: (
      { idNumber, name }: { idNumber: string; name: string | null },
      { at }: { at?: number | null },
      { person }: MedicalContext,
    ) => person({ idNumber, ...(name !== null && { name }), ...asOf(at) }),
    maternitySettlements: async (
      { references }: WithReferences,
      _: unknown,
      { settlement, homeRegion }: MedicalContext,
    ) => {
      const found = await Promise.all(settlementKeys(references, homeRegion).map((key) => settlement(key)));
      return found.filter((one) => one !== null);
    },
  },
  Case: {
    outOfAreaFiling: ({ references }: WithReferences, _: unknown, context: MedicalContext) =>
      outOfAreaFilingOf(references, context),
    referral: ({ references }: WithReferences, _: unknown, context: MedicalContext) => referralOf(references, context),
    chronicDiseaseFiling: ({ references }: WithReferences, _: unknown, context: MedicalContext) =>
      chronicDiseaseFilingOf(references, context),
    maternitySettlement: ({ references }: WithReferences, _: unknown, context: MedicalContext) =>
      maternitySettlementOf(references, context),
  },
  InsuredPerson: {
    resident: residentOf,
    maskedIdNumber: ({ idNumber }: InsuredPerson) => maskIdNumber(idNumber),
    outOfAreaFilings: (person: InsuredPerson, period: Period, { outOfAreaFilings }: MedicalContext) =>
      outOfAreaFilings({ ...personReference(person), ...between(period) }),
    referrals: (person: InsuredPerson, period: Period, { referrals }: MedicalContext) =>
      referrals({ ...personReference(person), ...between(period) }),
    chronicDiseaseFilings: (person: InsuredPerson, _: unknown, { chronicDiseaseFilings }: MedicalContext) =>
      chronicDiseaseFilings(personReference(person)),
    fixedProviders: (
      person: InsuredPerson,
      { businessType }: { businessType: string },
      { fixedProviders }: MedicalContext,
    ) => fixedProviders({ ...personReference(person), businessType: textInput('businessType', businessType, 3) }),
    hospitalStays: async (person: InsuredPerson, period: Period, { visits }: MedicalContext): Promise<Stay[]> => {
      const found = await visits({ ...personReference(person), ...between(period) });
      return found.map((visit) => ({ ...visit, person }));
    },
    benefitCheck: (person: InsuredPerson, given: BenefitArguments, { benefits, clock }: MedicalContext) =>
      benefits(benefitQuestion(person, given, chinaDate(clock()))),
  },
  Insurance: {
    kindName: ({ kind }: Insurance) => INSURANCE_KINDS[kind] ?? null,
    status: ({ status }: Insurance) => knownCode(INSURANCE_STATUS, status),
    balance: ({ balanceFen }: Insurance) => balanceFen,
  },
  OutOfAreaFiling: PERSON_OF_RECORD,
  Referral: {
    ...PERSON_OF_RECORD,
    maskedPhone: ({ phone }: Referral) => (phone === null ? null : maskMobileNumber(phone)),
    hospitalCode: ({ toProviderCode }: Referral) => toProviderCode,
    hospitalName: ({ toProviderName }: Referral) => toProviderName,
    filedAt: ({ operatedAt }: Referral) => operatedAt,
  },
  FixedProvider: {
    code: ({ providerCode }: FixedProvider) => providerCode,
    name: ({ providerName }: FixedProvider) => providerName,
  },
  HospitalStay: {
    ...PERSON_OF_RECORD,
    visitId: ({ id }: Visit) => id,
    hospitalCode: ({ providerCode }: Visit) => providerCode,
    hospitalName: ({ providerName }: Visit) => providerName,
    treatmentType: ({ medType }: Visit) => medType,
    trialSettlement: (stay: Stay, given: TrialArguments, { trialSettlement }: MedicalContext) =>
      trialSettlement(trialQuestion(stay, given)),
  },
  BenefitCheck: {
    fundName: ({ fundType }: Benefit) => (fundType === null ? null : (FUND_TYPES[fundType] ?? null)),
    entitled: ({ enjoyed }: Benefit) => enjoyed,
    explanation: ({ result }: Benefit) => result,
  },
  ...settlementResolvers,
  ...reconciliationTypes,
  ...serviceTypes,
  ...postingTypes,
  ...postingReconciliationTypes,
  InsuranceStatus: INSURANCE_STATUS,
  OutOfAreaCategory: {
    SETTLED_RETIREE: 'settled-retiree',
    LONG_TERM_RESIDENT: 'long-term-resident',
    POSTED_WORKER: 'posted-worker',
  },
};

function asOf(at: number | null | undefined): { at?: string } {
  return at == null ? {} : { at: chinaDateTime(at) };
}

/** The key of the resident whom the platform knows by the identity card (psn_cert_type 01, by some written 1: medical-insurance 3.2). */
function residentOf({ idType, idNumber }: InsuredPerson): { idNumber: string } | null {
  const number = idNumber.toUpperCase();
  return (idType === null || idType === '01' || idType === '1') && isIdNumber(number) ? { idNumber: number } : null;
}

/** Whose region a question names: the insurance in force, of the kind asked about where there is one; else one that was. */
function personReference(person: InsuredPerson, kind?: string): PersonReference {
  const ofKind = person.insurances.find((insurance) => insurance.kind === kind);
  const insurance = activeInsurance(person, kind) ?? ofKind ?? person.insurances[0];
  if (!insurance) {
    throw new CasegraphError('NOT_FOUND', 'The person has no insurance on the platform.', { department: SYSTEM });
  }
  return { personNumber: person.personNumber, insuredRegion: insurance.region };
}

function between({ from, to }: Period): { from: string; to: string } {
  if (from != null && to != null) periodInput('to', { from, to });
  return { from: from ?? EARLIEST, to: to ?? LATEST };
}

function benefitQuestion(person: InsuredPerson, given: BenefitArguments, today: string): BenefitQuestion {
  const { until, disease, operation, maternityType, birthControlType } = given;
  const on = given.on ?? today;
  if (until != null) periodInput('until', { from: on, to: until });
  const insuranceKind = textInput('insuranceKind', given.insuranceKind, 6);
  return {
    ...personReference(person, insuranceKind),
    insuranceKind,
    medType: textInput('treatmentType', given.treatmentType, 6),
    from: `${on} 00:00:00`,
    ...(until != null && { to: `${until} 23:59:59` }),
    ...(disease != null && { disease: catalogueEntry('disease', disease) }),
    ...(operation != null && { operation: catalogueEntry('operation', operation) }),
    ...(maternityType != null && { maternityType: textInput('maternityType', maternityType, 6) }),
    ...(birthControlType != null && { birthControlType: textInput('birthControlType', birthControlType, 6) }),
  };
}

function catalogueEntry(field: string, { code, name }: CodedName): CodedName {
  return { code: textInput(`${field}.code`, code, 30), name: textInput(`${field}.name`, name, 500) };
}

/** A trial of the stay's own person, who shows an identity card (就诊凭证类型 02). */
function trialQuestion({ id, person, ...stay }: Stay, given: TrialArguments): SettlementRequest {
  const kind = given.insuranceKind ?? stay.insuranceKind;
  if (kind === null) {
    throw invalidInput('insuranceKind', { en: 'is needed: the stay names none.', zh: '住院记录未注明险种，须填写。' });
  }
  const insuranceKind = textInput('insuranceKind', kind, 6);
  const amount = (field: keyof TrialArguments, fen: number): number => {
    if (fen < 0) throw invalidInput(field, { en: 'must not be below zero.', zh: '不应小于零。' });
    return fen;
  };
  const { fullySelfPaid, overLimit, firstSelfPaid, inScope, invoice } = given;
  return {
    ...personReference(person, insuranceKind),
    visitId: id,
    certificate: { type: '02', number: person.idNumber },
    insuranceKind,
    totalFen: amount('total', given.total),
    way: textInput('way', given.way, 6),
    useAccount: given.useAccount,
    midway: given.midway,
    ...(invoice != null && { invoice: textInput('invoice', invoice, 20) }),
    ...(fullySelfPaid != null && { fullySelfPaidFen: amount('fullySelfPaid', fullySelfPaid) }),
    ...(overLimit != null && { overLimitFen: amount('overLimit', overLimit) }),
    ...(firstSelfPaid != null && { firstSelfPaidFen: amount('firstSelfPaid', firstSelfPaid) }),
    ...(inScope != null && { inScopeFen: amount('inScope', inScope) }),
  };
}
