import type {
  ChronicDiseaseFiling,
  OutOfAreaFiling,
  Referral,
} from '../../adapters/medical-insurance/records/filing.ts';
import type { PersonReference } from '../../adapters/medical-insurance/records/person.ts';
import type { SettlementQuestion, SettlementRecord } from '../../adapters/medical-insurance/records/settlement.ts';
import { type Reference, referencesOf, referenceValue } from '../reference.ts';
import type { MedicalContext } from './loaders.ts';

const SYSTEM = 'medical-insurance';

/** The platform wants a beginning; filings older than this are of no use to anybody. */
export const EARLIEST = '2010-01-01';
export const LATEST = '2099-12-31';

/**
 * The platform's records that the references of a case name: of several of a kind the latest, since the others were cancelled. Null when
 * the case has none, or the platform no longer has it.
 */
export function outOfAreaFilingOf(
  references: readonly Reference[],
  context: MedicalContext,
): Promise<OutOfAreaFiling | null> {
  return latestOf(references, context, 'out-of-area-filing', async (reference, person) => {
    const filings = await context.outOfAreaFilings({ ...person, from: EARLIEST, to: LATEST });
    return filings.find(({ serial }) => serial === reference.reference);
  });
}

/** The platform does not tell a referral's serial (medical-insurance 0): it is known by the days it is valid. */
export function referralOf(references: readonly Reference[], context: MedicalContext): Promise<Referral | null> {
  return latestOf(references, context, 'referral', async (reference, person) => {
    const from = referenceValue(reference, 'from');
    const filed = await context.referrals({ ...person, from: EARLIEST, to: LATEST });
    return filed.find((referral) => referral.from === from && referral.to === referenceValue(reference, 'to'));
  });
}

export function chronicDiseaseFilingOf(
  references: readonly Reference[],
  context: MedicalContext,
): Promise<ChronicDiseaseFiling | null> {
  return latestOf(references, context, 'chronic-disease-filing', async (reference, person) => {
    const filings = await context.chronicDiseaseFilings(person);
    return filings.find(({ diseaseCode }) => diseaseCode === referenceValue(reference, 'diseaseCode'));
  });
}

export async function maternitySettlementOf(
  references: readonly Reference[],
  context: MedicalContext,
): Promise<SettlementRecord | null> {
  const key = settlementKeys(references, context.homeRegion).at(-1);
  return key === undefined ? null : context.settlement(key);
}

/** Every settlement that references name, by its keys. */
export function settlementKeys(references: readonly Reference[], homeRegion: string): SettlementQuestion[] {
  return referencesOf(references, SYSTEM, 'maternity-settlement').flatMap((reference) => {
    const person = referencePerson(reference, homeRegion);
    const visitId = referenceValue(reference, 'visitId');
    return person && visitId ? [{ ...person, settlementId: reference.reference, visitId }] : [];
  });
}

async function latestOf<Found>(
  references: readonly Reference[],
  { homeRegion }: MedicalContext,
  kind: string,
  find: (reference: Reference, person: PersonReference) => Promise<Found | undefined>,
): Promise<Found | null> {
  const reference = referencesOf(references, SYSTEM, kind).at(-1);
  const person = reference && referencePerson(reference, homeRegion);
  return (reference && person && (await find(reference, person))) ?? null;
}

function referencePerson(reference: Reference, homeRegion: string): PersonReference | undefined {
  const personNumber = referenceValue(reference, 'psnNo');
  if (personNumber === undefined) return undefined;
  return { personNumber, insuredRegion: referenceValue(reference, 'insuredRegion') ?? homeRegion };
}
