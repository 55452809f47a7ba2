import { CasegraphError } from '../../adapters/transport/errors.ts';

/** The error of a call that must fail with one of the shared table. */
export async function failureOf(call: Promise<unknown>): Promise<CasegraphError> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected') throw new Error('the call did not fail');
  if (!(outcome.reason instanceof CasegraphError)) throw outcome.reason;
  return outcome.reason;
}
