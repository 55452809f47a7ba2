import type { MedicalInsuranceClient } from '../client.ts';
import { isPlatformRefusal } from '../errors.ts';
import type { FeeUpload } from '../records/settlement.ts';
import type { FeesTakenBack, FeesTakingBack } from '../records/taking-back.ts';
import { done, type FindingOptions, type FoundOut, NOT_DONE, UNKNOWN, unlessRefused } from './found-out.ts';

/** An upload of fees as it was sent, with what its finding out needs. */
export interface FeesSought {
  readonly upload: FeeUpload;
  /** The identity card by which a trial settlement is asked for. */
  readonly idNumber: string;
  readonly insuranceKind: string;
  /** What had been uploaded for the visit before, by whomever, fen: where that is nothing, all of its rows may be taken back. */
  readonly earlierFen: number;
  /** Rows of one call. */
  readonly slice: number;
}

export interface FeesFound {
  /** So many rows from the first on were taken. */
  readonly accepted: number;
}

/**
 * 2301: the platform settles on trial (2303) only for the very total that it has (wire spec 3.11), which tells how many slices it took.
 * Where no total fits, or there would be none, the rows are taken back (2302) if the settings let them be; else that is unknown.
 */
export async function findFees(
  client: MedicalInsuranceClient,
  fees: FeesSought,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<FeesFound>> {
  if (messageId === null) return NOT_DONE;
  for (const { accepted, totalFen } of possibleTotals(fees)) {
    if (totalFen === 0 || !(await hasTotal(client, fees, totalFen, options))) continue;
    return accepted === 0 ? NOT_DONE : done({ accepted });
  }
  return client.takesBack ? takenBack(client, fees, options) : UNKNOWN;
}

/** 2302 (README, *Taking back*): rows are taken back once more, which does no more. A refusal does not tell what stands. */
export async function findFeesTakenBack(
  client: MedicalInsuranceClient,
  taking: FeesTakingBack,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<FeesTakenBack>> {
  if (messageId === null) return NOT_DONE;
  const taken = await unlessRefused(() => client.takeBackFees(taking, options));
  return taken ? done(taken) : UNKNOWN;
}

/** A visit that had no fees has none afterwards; of any other the rows are named, and what it had must be all that it has. */
async function takenBack(
  client: MedicalInsuranceClient,
  fees: FeesSought,
  options: FindingOptions,
): Promise<FoundOut<never>> {
  const { upload, earlierFen } = fees;
  const { personNumber, insuredRegion, visitId } = upload;
  const rows = earlierFen === 0 ? 'all' : upload.rows.map(({ serial }) => serial);
  const taken = await unlessRefused(() => client.takeBackFees({ personNumber, insuredRegion, visitId, rows }, options));
  if (!taken) return UNKNOWN;
  return earlierFen === 0 || (await hasTotal(client, fees, earlierFen, options)) ? NOT_DONE : UNKNOWN;
}

async function hasTotal(
  client: MedicalInsuranceClient,
  { upload, idNumber, insuranceKind }: FeesSought,
  totalFen: number,
  options: FindingOptions,
): Promise<boolean> {
  const { personNumber, insuredRegion, visitId } = upload;
  const certificate = { type: '02', number: idNumber };
  const request = { personNumber, insuredRegion, visitId, certificate, insuranceKind, totalFen, useAccount: false };
  try {
    await client.trialSettlement(request, options);
    return true;
  } catch (error) {
    if (isPlatformRefusal(error)) return false;
    throw error;
  }
}

/** What the platform may have of the visit now, the whole upload first; rows cost more than nothing, so that no two totals are equal. */
function possibleTotals({ upload: { rows }, earlierFen, slice }: FeesSought) {
  const ends = Array.from({ length: Math.ceil(rows.length / slice) + 1 }, (_, index) =>
    Math.min(index * slice, rows.length),
  );
  return ends.toReversed().map((accepted) => ({
    accepted,
    totalFen: rows.slice(0, accepted).reduce((sum, { totalFen }) => sum + totalFen, earlierFen),
  }));
}
