import { maskIdNumber } from '../../adapters/identifiers/masking.ts';
import type {
  FundPayment,
  SettlementRecord,
  TrialSettlement,
} from '../../adapters/medical-insurance/records/settlement.ts';
import { maternityPaymentFen } from '../../adapters/medical-insurance/settlement-sums.ts';
import type { Resolvers } from '../schema.ts';
import { FUND_TYPES } from './code-names.ts';

/** Whom a record of the platform is about, beside the person's number. */
export const PERSON_OF_RECORD = {
  personName: ({ name }: { name: string | null }) => name,
  maskedIdNumber: ({ idNumber }: { idNumber: string | null }) => (idNumber === null ? null : maskIdNumber(idNumber)),
};

/** What a settlement and a trial of one have in common (medical-insurance 3.11). */
const SETTLING = {
  ...PERSON_OF_RECORD,
  civilServantInsured: ({ civilServantFlag }: TrialSettlement) => civilServantFlag,
  treatmentType: ({ medType }: TrialSettlement) => medType,
  total: ({ totalFen }: TrialSettlement) => totalFen,
  fullySelfPaid: ({ fullySelfPaidFen }: TrialSettlement) => fullySelfPaidFen,
  overLimit: ({ overLimitFen }: TrialSettlement) => overLimitFen,
  firstSelfPaid: ({ firstSelfPaidFen }: TrialSettlement) => firstSelfPaidFen,
  inScope: ({ inScopeFen }: TrialSettlement) => inScopeFen,
  deductible: ({ deductibleFen }: TrialSettlement) => deductibleFen,
  fundTotal: ({ fundTotalFen }: TrialSettlement) => fundTotalFen,
  pool: ({ poolFen }: TrialSettlement) => poolFen,
  civilServant: ({ civilServantFen }: TrialSettlement) => civilServantFen,
  enterprise: ({ enterpriseFen }: TrialSettlement) => enterpriseFen,
  seriousIllness: ({ seriousIllnessFen }: TrialSettlement) => seriousIllnessFen,
  largeSum: ({ largeSumFen }: TrialSettlement) => largeSumFen,
  medicalAid: ({ medicalAidFen }: TrialSettlement) => medicalAidFen,
  other: ({ otherFen }: TrialSettlement) => otherFen,
  maternityFund: (settlement: TrialSettlement) => maternityPaymentFen(settlement),
  personTotal: ({ personTotalFen }: TrialSettlement) => personTotalFen,
  accountPaid: ({ accountFen }: TrialSettlement) => accountFen,
  cashPaid: ({ cashFen }: TrialSettlement) => cashFen,
  sharedAccount: ({ sharedAccountFen }: TrialSettlement) => sharedAccountFen,
  hospitalPaid: ({ hospitalFen }: TrialSettlement) => hospitalFen,
  balance: ({ balanceFen }: TrialSettlement) => balanceFen,
};

export const settlementResolvers: Resolvers = {
  MaternitySettlement: {
    ...SETTLING,
    hospitalCode: ({ providerCode }: SettlementRecord) => providerCode,
    hospitalName: ({ providerName }: SettlementRecord) => providerName,
  },
  TrialSettlement: SETTLING,
  FundPayment: {
    name: ({ name, type }: FundPayment) => name ?? FUND_TYPES[type] ?? null,
    amount: ({ amountFen }: FundPayment) => amountFen,
    inScope: ({ inScopeFen }: FundPayment) => inScopeFen,
    limit: ({ limitFen }: FundPayment) => limitFen,
  },
};
