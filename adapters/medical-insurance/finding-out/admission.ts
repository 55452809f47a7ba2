import type { MedicalInsuranceClient } from '../client.ts';
import type { Done } from '../records/filing.ts';
import type { Admission, Admitted, Visit } from '../records/settlement.ts';
import type { VisitReference } from '../records/taking-back.ts';
import type { Institution } from '../settings.ts';
import { done, type FindingOptions, type FoundOut, foundOrReversed, NOT_DONE } from './found-out.ts';

/** 2401: looked for among the stays (5303) by the hospital's own admission number, and else reversed. */
export async function findAdmission(
  client: MedicalInsuranceClient,
  admission: Admission,
  messageId: string | null,
  options: FindingOptions & { readonly institution: Institution },
): Promise<FoundOut<Admitted>> {
  if (messageId === null) return NOT_DONE;
  const { personNumber, insuredRegion, admissionNumber } = admission;
  const { code } = options.institution;
  const stay = async (): Promise<Admitted | undefined> => {
    const stays = await staysAt(client, admission, options);
    const found = stays.find((one) => one.admissionNumber === admissionNumber && one.providerCode === code);
    return found && { visitId: found.id, messageId };
  };
  const reversal = { personNumber, insuredRegion, of: 'admission', originalMessageId: messageId } as const;
  return foundOrReversed(client, stay, reversal, options);
}

/** 2404 (README, *Taking back*): the stay is gone, then it was done; still there, then not. `admittedAt` as the admission had it. */
export async function findAdmissionCancelled(
  client: MedicalInsuranceClient,
  visit: VisitReference & Pick<Admission, 'admittedAt'>,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<Done>> {
  if (messageId === null) return NOT_DONE;
  const stays = await staysAt(client, visit, options);
  return stays.some(({ id }) => id === visit.visitId) ? NOT_DONE : done({ messageId });
}

function staysAt(
  client: MedicalInsuranceClient,
  { personNumber, insuredRegion, admittedAt }: Pick<Admission, 'personNumber' | 'insuredRegion' | 'admittedAt'>,
  options: FindingOptions,
): Promise<readonly Visit[]> {
  return client.visits({ personNumber, insuredRegion, from: admittedAt, to: admittedAt }, options);
}
