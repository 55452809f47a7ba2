import { maskMobileNumber } from '../../adapters/identifiers/masking.ts';
import type { FixedProvider, Referral } from '../../adapters/medical-insurance/records/filing.ts';
import {
  activeInsurance,
  type Benefit,
  type Insurance,
  type InsuredPerson,
  type PersonReference,
} from '../../adapters/medical-insurance/records/person.ts';
import type { FundPayment, SettlementRecord, Visit } from '../../adapters/medical-insurance/records/settlement.ts';
import { maternityPaymentFen } from '../../adapters/medical-insurance/settlement-sums.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { chinaDate } from '../../adapters/values/china-time.ts';
import { knownCode } from '../codes.ts';
import { type Reference, referencesOf, referenceValue } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import { FUND_TYPES, INSURANCE_KINDS } from './code-names.ts';
import type { MedicalContext, SettlementKey } from './loaders.ts';

const SYSTEM = 'medical-insurance';

/** psn_insu_stas (medical-insurance 3.2). */
const INSURANCE_STATUS = { ACTIVE: '1', SUSPENDED: '2', ENDED: '4' } as const;

/** The platform wants a beginning; filings older than this are of no use to anybody. */
const EARLIEST = '2010-01-01';
const LATEST = '2099-12-31';

interface WithReferences {
  readonly references: readonly Reference[];
}

interface Period {
  readonly from?: string | null;
  readonly to?: string | null;
}

export const resolvers: Resolvers = {
  Query: {
    medicalSettlement: (
      _: unknown,
      { id, personNumber, visitId }: { id: string; personNumber: string; visitId: string },
      { settlement, homeRegion }: MedicalContext,
    ) => settlement({ settlementId: id, personNumber, visitId, insuredRegion: homeRegion }),
  },
  Resident: {
    insuredPerson: (
      { idNumber, name }: { idNumber: string; name: string | null },
      _: unknown,
      { person }: MedicalContext,
    ) => person({ idNumber, ...(name !== null && { name }) }),
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
    outOfAreaFiling: ({ references }: WithReferences, _: unknown, { outOfAreaFilings, homeRegion }: MedicalContext) =>
      firstOf(references, homeRegion, 'out-of-area-filing', async (reference, person) => {
        const filings = await outOfAreaFilings({ ...person, from: EARLIEST, to: LATEST });
        return filings.find(({ serial }) => serial === reference.reference);
      }),
    // The platform does not tell a referral's serial (medical-insurance 0): it is known by the days it is valid.
    referral: ({ references }: WithReferences, _: unknown, { referrals, homeRegion }: MedicalContext) =>
      firstOf(references, homeRegion, 'referral', async (reference, person) => {
        const from = referenceValue(reference, 'from');
        const filed = await referrals({ ...person, from: EARLIEST, to: LATEST });
        return filed.find((referral) => referral.from === from && referral.to === referenceValue(reference, 'to'));
      }),
    chronicDiseaseFiling: (
      { references }: WithReferences,
      _: unknown,
      { chronicDiseaseFilings, homeRegion }: MedicalContext,
    ) =>
      firstOf(references, homeRegion, 'chronic-disease-filing', async (reference, person) => {
        const filings = await chronicDiseaseFilings(person);
        return filings.find(({ diseaseCode }) => diseaseCode === referenceValue(reference, 'diseaseCode'));
      }),
    maternitySettlement: ({ references }: WithReferences, _: unknown, { settlement, homeRegion }: MedicalContext) => {
      const [key] = settlementKeys(references, homeRegion);
      return key === undefined ? null : settlement(key);
    },
  },
  InsuredPerson: {
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
    ) => fixedProviders({ ...personReference(person), businessType }),
    hospitalStays: (person: InsuredPerson, period: Period, { visits }: MedicalContext) =>
      visits({ ...personReference(person), ...between(period) }),
    benefitCheck: (
      person: InsuredPerson,
      { insuranceKind, treatmentType, on }: { insuranceKind: string; treatmentType: string; on?: string | null },
      { benefits, clock }: MedicalContext,
    ) =>
      benefits({
        ...personReference(person, insuranceKind),
        insuranceKind,
        medType: treatmentType,
        from: `${on ?? chinaDate(clock())} 00:00:00`,
      }),
  },
  Insurance: {
    kindName: ({ kind }: Insurance) => INSURANCE_KINDS[kind] ?? null,
    status: ({ status }: Insurance) => knownCode(INSURANCE_STATUS, status),
    balance: ({ balanceFen }: Insurance) => balanceFen,
  },
  Referral: {
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
    visitId: ({ id }: Visit) => id,
    hospitalCode: ({ providerCode }: Visit) => providerCode,
    hospitalName: ({ providerName }: Visit) => providerName,
    treatmentType: ({ medType }: Visit) => medType,
  },
  BenefitCheck: {
    fundName: ({ fundType }: Benefit) => (fundType === null ? null : (FUND_TYPES[fundType] ?? null)),
    entitled: ({ enjoyed }: Benefit) => enjoyed,
    explanation: ({ result }: Benefit) => result,
  },
  MaternitySettlement: {
    hospitalName: ({ providerName }: SettlementRecord) => providerName,
    treatmentType: ({ medType }: SettlementRecord) => medType,
    total: ({ totalFen }: SettlementRecord) => totalFen,
    fullySelfPaid: ({ fullySelfPaidFen }: SettlementRecord) => fullySelfPaidFen,
    overLimit: ({ overLimitFen }: SettlementRecord) => overLimitFen,
    firstSelfPaid: ({ firstSelfPaidFen }: SettlementRecord) => firstSelfPaidFen,
    inScope: ({ inScopeFen }: SettlementRecord) => inScopeFen,
    deductible: ({ deductibleFen }: SettlementRecord) => deductibleFen,
    fundTotal: ({ fundTotalFen }: SettlementRecord) => fundTotalFen,
    pool: ({ poolFen }: SettlementRecord) => poolFen,
    civilServant: ({ civilServantFen }: SettlementRecord) => civilServantFen,
    enterprise: ({ enterpriseFen }: SettlementRecord) => enterpriseFen,
    seriousIllness: ({ seriousIllnessFen }: SettlementRecord) => seriousIllnessFen,
    largeSum: ({ largeSumFen }: SettlementRecord) => largeSumFen,
    medicalAid: ({ medicalAidFen }: SettlementRecord) => medicalAidFen,
    other: ({ otherFen }: SettlementRecord) => otherFen,
    maternityFund: (settlement: SettlementRecord) => maternityPaymentFen(settlement),
    personTotal: ({ personTotalFen }: SettlementRecord) => personTotalFen,
    accountPaid: ({ accountFen }: SettlementRecord) => accountFen,
    cashPaid: ({ cashFen }: SettlementRecord) => cashFen,
    sharedAccount: ({ sharedAccountFen }: SettlementRecord) => sharedAccountFen,
    hospitalPaid: ({ hospitalFen }: SettlementRecord) => hospitalFen,
    balance: ({ balanceFen }: SettlementRecord) => balanceFen,
  },
  FundPayment: {
    name: ({ name, type }: FundPayment) => name ?? FUND_TYPES[type] ?? null,
    amount: ({ amountFen }: FundPayment) => amountFen,
    inScope: ({ inScopeFen }: FundPayment) => inScopeFen,
    limit: ({ limitFen }: FundPayment) => limitFen,
  },
  InsuranceStatus: INSURANCE_STATUS,
  OutOfAreaCategory: {
    SETTLED_RETIREE: 'settled-retiree',
    LONG_TERM_RESIDENT: 'long-term-resident',
    POSTED_WORKER: 'posted-worker',
  },
};

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
  return { from: from ?? EARLIEST, to: to ?? LATEST };
}

function referencePerson(reference: Reference, homeRegion: string): PersonReference | undefined {
  const personNumber = referenceValue(reference, 'psnNo');
  if (personNumber === undefined) return undefined;
  return { personNumber, insuredRegion: referenceValue(reference, 'insuredRegion') ?? homeRegion };
}

/** The record of a case's first reference of a kind; null when the case has none, or the platform no longer has it. */
async function firstOf<Found>(
  references: readonly Reference[],
  homeRegion: string,
  kind: string,
  find: (reference: Reference, person: PersonReference) => Promise<Found | undefined>,
): Promise<Found | null> {
  const [reference] = referencesOf(references, SYSTEM, kind);
  const person = reference && referencePerson(reference, homeRegion);
  return (reference && person && (await find(reference, person))) ?? null;
}

function settlementKeys(references: readonly Reference[], homeRegion: string): SettlementKey[] {
  return referencesOf(references, SYSTEM, 'maternity-settlement').flatMap((reference) => {
    const person = referencePerson(reference, homeRegion);
    const visitId = referenceValue(reference, 'visitId');
    return person && visitId ? [{ ...person, settlementId: reference.reference, visitId }] : [];
  });
}
