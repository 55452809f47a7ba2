import type { Store } from '../../adapters/database/store.ts';
import type { MedicalInsuranceClient } from '../../adapters/medical-insurance/client.ts';
import type {
  ChronicDiseaseFiling,
  FixedProvider,
  OutOfAreaFiling,
  PeriodQuestion,
  Referral,
} from '../../adapters/medical-insurance/records/filing.ts';
import type {
  Benefit,
  BenefitQuestion,
  InsuredPerson,
  PersonQuestion,
  PersonReference,
} from '../../adapters/medical-insurance/records/person.ts';
import type {
  DetailsCompared,
  ReconciliationDetails,
  ReconciliationTotals,
  TotalsCompared,
} from '../../adapters/medical-insurance/records/reconciliation.ts';
import type {
  SettlementQuestion,
  SettlementRecord,
  SettlementRequest,
  TrialSettlement,
  Visit,
} from '../../adapters/medical-insurance/records/settlement.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import { callLoader } from '../loader.ts';
import type { RequestScope } from '../subgraph.ts';
import { type PostingLoaders, postingLoaders } from './postings/loaders.ts';
import type { PostingServices } from './postings/posting-services.ts';
import type { ReconciliationDesk } from './postings/reconciliation/desk.ts';
import type { MedicalServices } from './services/medical-services.ts';

/** The loaders of one request: each distinct question is asked once. */
export interface MedicalContext {
  /** Where people are insured unless their record says otherwise, six digits. */
  readonly homeRegion: string;
  readonly clock: Clock;
  readonly services: MedicalServices;
  readonly store: Store;
  readonly postings: PostingServices;
  readonly postingLoaders: PostingLoaders;
  readonly reconciliations: ReconciliationDesk;
  readonly scope: RequestScope;
  person(question: PersonQuestion): Promise<InsuredPerson | null>;
  outOfAreaFilings(question: PeriodQuestion): Promise<readonly OutOfAreaFiling[]>;
  referrals(question: PeriodQuestion): Promise<readonly Referral[]>;
  chronicDiseaseFilings(person: PersonReference): Promise<readonly ChronicDiseaseFiling[]>;
  fixedProviders(question: PersonReference & { businessType: string }): Promise<readonly FixedProvider[]>;
  visits(question: PeriodQuestion): Promise<readonly Visit[]>;
  benefits(question: BenefitQuestion): Promise<readonly Benefit[]>;
  settlement(question: SettlementQuestion): Promise<SettlementRecord | null>;
  trialSettlement(request: SettlementRequest): Promise<TrialSettlement>;
  totalsCompared(totals: ReconciliationTotals): Promise<TotalsCompared>;
  detailsCompared(details: ReconciliationDetails): Promise<DetailsCompared>;
}

export function medicalContext(
  client: MedicalInsuranceClient,
  surroundings: Pick<MedicalContext, 'homeRegion' | 'clock' | 'services' | 'store' | 'postings' | 'reconciliations'>,
  scope: RequestScope,
): MedicalContext {
  const options = { signal: scope.signal };
  const persons = callLoader((question: PersonQuestion) => client.insuredPerson(question, options));
  const filings = callLoader((question: PeriodQuestion) => client.outOfAreaFilings(question, options));
  const referrals = callLoader((question: PeriodQuestion) => client.referrals(question, options));
  const chronic = callLoader((person: PersonReference) => client.chronicDiseaseFilings(person, options));
  const fixed = callLoader((question: PersonReference & { businessType: string }) =>
    client.fixedProviders(question, options),
  );
  const visits = callLoader((question: PeriodQuestion) => client.visits(question, options));
  const benefits = callLoader((question: BenefitQuestion) => client.benefitCheck(question, options));
  const settlements = callLoader((question: SettlementQuestion) => client.settlement(question, options));
  const trials = callLoader((request: SettlementRequest) => client.trialSettlement(request, options));
  const totals = callLoader((question: ReconciliationTotals) => client.reconcileTotals(question, options));
  const details = callLoader((question: ReconciliationDetails) => client.reconcileDetails(question, options));
  return {
    ...surroundings,
    postingLoaders: postingLoaders(surroundings.store),
    scope,
    person: (question) => persons.load(question),
    outOfAreaFilings: (question) => filings.load(question),
    referrals: (question) => referrals.load(question),
    chronicDiseaseFilings: (person) => chronic.load(person),
    fixedProviders: (question) => fixed.load(question),
    visits: (question) => visits.load(question),
    benefits: (question) => benefits.load(question),
    settlement: (question) => settlements.load(question),
    trialSettlement: (request) => trials.load(request),
    totalsCompared: (question) => totals.load(question),
    detailsCompared: (question) => details.load(question),
  };
}
