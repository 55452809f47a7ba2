import type { MedicalInsuranceClient } from '../client.ts';
import type {
  ChronicDiseaseFilingRequest,
  Done,
  OutOfAreaFiling,
  OutOfAreaFilingRequest,
  Referral,
  ReferralFiling,
} from '../records/filing.ts';
import type { PersonReference } from '../records/person.ts';
import { done, type FindingOptions, type FoundOut, NOT_DONE } from './found-out.ts';

/** A filing that was found. */
export interface FiledBefore {
  /** `null` where no query tells it again (wire spec 0): filed, serial missing; it cannot be cancelled from here. */
  readonly serial: string | null;
  /** msgid of the call that filed it. */
  readonly messageId: string;
}

/** The query wants a period; this is any. */
const EVER = { from: '2010-01-01', to: '2099-12-31' };

/**
 * 2501: 5304 for the person and the period. One with the same target and days is the one that was sent, which holds only where the same
 * is not filed twice.
 */
export async function findReferral(
  client: MedicalInsuranceClient,
  filing: ReferralFiling,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<FiledBefore>> {
  if (messageId === null) return NOT_DONE;
  const listed = await referralsOf(client, filing, options);
  const found = listed.some((one) => one.toProviderCode === filing.toProviderCode && isOfDays(one, filing));
  return found ? done({ serial: null, messageId }) : NOT_DONE;
}

/** A referral by what 5304 tells of it. */
export interface ReferralSought extends PersonReference {
  /** `yyyy-MM-dd`. */
  readonly from: string;
  readonly to?: string;
  /** Any when absent. */
  readonly toProviderCode?: string;
}

/** 2502: gone, then it was done; still there, then not. */
export async function findReferralCancellation(
  client: MedicalInsuranceClient,
  referral: ReferralSought,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<Done>> {
  if (messageId === null) return NOT_DONE;
  const { toProviderCode } = referral;
  const listed = await referralsOf(client, referral, options);
  const stands = listed.some(
    (one) => isOfDays(one, referral) && (toProviderCode === undefined || one.toProviderCode === toProviderCode),
  );
  return stands ? NOT_DONE : done({ messageId });
}

/** 2503: 5301, by disease and days. */
export async function findChronicDisease(
  client: MedicalInsuranceClient,
  filing: ChronicDiseaseFilingRequest,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<FiledBefore>> {
  if (messageId === null) return NOT_DONE;
  const { personNumber, insuredRegion, diseaseCode, from, to = null } = filing;
  const listed = await client.chronicDiseaseFilings({ personNumber, insuredRegion }, options);
  const found = listed.some((one) => one.diseaseCode === diseaseCode && one.from === from && one.to === to);
  return found ? done({ serial: null, messageId }) : NOT_DONE;
}

/** 2504: a filing of the disease that has not ended by `today`, `yyyy-MM-dd`, still stands. */
export async function findChronicDiseaseCancellation(
  client: MedicalInsuranceClient,
  filing: PersonReference & { readonly diseaseCode: string | undefined },
  today: string,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<Done>> {
  if (messageId === null) return NOT_DONE;
  const { personNumber, insuredRegion, diseaseCode } = filing;
  const listed = await client.chronicDiseaseFilings({ personNumber, insuredRegion }, options);
  const stands = listed.some((one) => one.diseaseCode === diseaseCode && (one.to === null || one.to >= today));
  return stands ? NOT_DONE : done({ messageId });
}

/** ASSUMED application: the assumed query, which tells the serial too. */
export async function findOutOfArea(
  client: MedicalInsuranceClient,
  filing: OutOfAreaFilingRequest,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<FiledBefore>> {
  if (messageId === null) return NOT_DONE;
  const listed = await outOfAreaOf(client, filing, options);
  const found = listed.find(
    (one) => one.destination === filing.destination && one.category === filing.category && isOfDays(one, filing),
  );
  return found ? done({ serial: found.serial, messageId }) : NOT_DONE;
}

/** ASSUMED cancellation of the filing of that serial. */
export async function findOutOfAreaCancellation(
  client: MedicalInsuranceClient,
  filing: PersonReference & { readonly serial: string },
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<Done>> {
  if (messageId === null) return NOT_DONE;
  const listed = await outOfAreaOf(client, filing, options);
  return listed.some(({ serial }) => serial === filing.serial) ? NOT_DONE : done({ messageId });
}

interface Days {
  readonly from: string;
  readonly to?: string;
}

function referralsOf(
  client: MedicalInsuranceClient,
  { personNumber, insuredRegion, from, to }: PersonReference & Days,
  options: FindingOptions,
): Promise<readonly Referral[]> {
  return client.referrals({ personNumber, insuredRegion, from, ...(to && { to }) }, options);
}

async function outOfAreaOf(
  client: MedicalInsuranceClient,
  { personNumber, insuredRegion }: PersonReference,
  options: FindingOptions,
): Promise<readonly OutOfAreaFiling[]> {
  const listed = await client.outOfAreaFilings({ personNumber, insuredRegion, ...EVER }, options);
  return listed.filter(({ valid }) => valid !== false);
}

/** An open end is `null` there and absent or empty here. */
function isOfDays({ from, to }: { readonly from: string | null; readonly to: string | null }, sought: Days): boolean {
  return from === sought.from && to === (sought.to || null);
}
