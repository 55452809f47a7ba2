import type { CasegraphError } from '../../adapters/transport/errors.ts';

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<CasegraphError> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected') throw new Error('it should have failed');
  return outcome.reason;
}
