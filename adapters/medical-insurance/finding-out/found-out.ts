import { CasegraphError } from '../../transport/errors.ts';
import type { MedicalCallOptions, MedicalInsuranceClient } from '../client.ts';
import type { Reversal } from '../records/settlement.ts';

/**
 * What became of a call of unknown outcome, found out as wire spec 4 prescribes (second table): by query or reversal, never guessed. Each
 * function takes the request as it was sent and the message id that `beforeSending` was told last; `null`: nothing was sent. They throw
 * `CasegraphError` when the platform cannot be asked now: ask again later.
 */
export type FoundOut<Outcome> =
  | { readonly state: 'done'; readonly outcome: Outcome }
  /**
   * It has not happened, or is void now: it may be sent anew, with a new message id. `isVoid`: the platform had it and reversed it. Else it
   * may be on its way still, as long as whoever sent it has not waited for it.
   */
  | { readonly state: 'not-done'; readonly isVoid?: true }
  /** The platform cannot tell (yet). */
  | { readonly state: 'unknown' };

/** In whose name is asked, as in the call itself. The message id that counts stays the call's own: of what is sent here none is told. */
export type FindingOptions = Pick<MedicalCallOptions, 'institution' | 'signal'> & {
  /** Awaited before anything is sent; what it throws ends the finding out. */
  readonly beforeSending?: () => Promise<void>;
};

export const NOT_DONE = { state: 'not-done' } as const;
const VOID = { state: 'not-done', isVoid: true } as const;
export const UNKNOWN = { state: 'unknown' } as const;

export function done<Outcome>(outcome: Outcome): FoundOut<Outcome> {
  return { state: 'done', outcome };
}

/**
 * Looks for what a call has made (2304, 2305, 2401); where there is none the call is reversed (2601) by its message id, and where the
 * platform refuses that, what stands there is looked for once more.
 */
export async function foundOrReversed<Outcome>(
  client: MedicalInsuranceClient,
  find: () => Promise<Outcome | undefined>,
  reversal: Reversal,
  options: FindingOptions,
): Promise<FoundOut<Outcome>> {
  const found = await find();
  if (found !== undefined) return done(found);
  const reversed = await unlessRefused(() => client.reverse(reversal, options));
  if (reversed) return reversed.outcome === 'reversed' ? VOID : NOT_DONE;
  const stands = await find();
  return stands === undefined ? UNKNOWN : done(stands);
}

/** What a call gives; undefined where the platform refuses. */
export async function unlessRefused<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CasegraphError && error.code === 'DEPARTMENT_REJECTED') return undefined;
    throw error;
  }
}
