import type { RegisteredReference } from '../../../adapters/database/case-registry.ts';
import type { PersonReference } from '../../../adapters/medical-insurance/records/person.ts';
import { type ServiceSurroundings, SYSTEM } from './surroundings.ts';

export type ReferenceKind = 'out-of-area-filing' | 'referral' | 'chronic-disease-filing' | 'maternity-settlement';

/**
 * What ties a case to a record of the platform: its key and the values that reading it needs, the person's number first. The region is told
 * only of people who are insured elsewhere.
 */
export function caseReference(
  { homeRegion }: Pick<ServiceSurroundings, 'homeRegion'>,
  kind: ReferenceKind,
  reference: string,
  { personNumber, insuredRegion }: PersonReference,
  values: Readonly<Record<string, string>> = {},
): RegisteredReference {
  return {
    system: SYSTEM,
    kind,
    reference,
    values: { psnNo: personNumber, ...(insuredRegion !== homeRegion && { insuredRegion }), ...values },
  };
}

/** Whom a reference is about. */
export function personOf(
  { homeRegion }: Pick<ServiceSurroundings, 'homeRegion'>,
  { values }: RegisteredReference,
): PersonReference {
  const { psnNo, insuredRegion = homeRegion } = values;
  if (psnNo === undefined) throw new Error('a reference without the number of its person');
  return { personNumber: psnNo, insuredRegion };
}

/** The latest record of a kind on a case; undefined when there is none. */
export async function latestReference(
  { store }: Pick<ServiceSurroundings, 'store'>,
  caseId: string,
  kind: ReferenceKind,
): Promise<RegisteredReference | undefined> {
  const references = (await store.registry.references([caseId])).get(caseId) ?? [];
  return references.findLast((reference) => reference.system === SYSTEM && reference.kind === kind);
}
