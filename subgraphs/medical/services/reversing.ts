import type { Reversal } from '../../../adapters/medical-insurance/records/settlement.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { ServiceSurroundings } from './surroundings.ts';

/**
 * Reverses a call of unknown outcome (2601) by the message id under which it was sent. True: it is void, or never was. False: the platform
 * refuses, and what stands there has to be asked (medical-insurance 4).
 */
export async function reversed(
  { client }: Pick<ServiceSurroundings, 'client'>,
  reversal: Reversal,
  institution: Institution,
): Promise<boolean> {
  try {
    await client.reverse(reversal, { institution });
    return true;
  } catch (error) {
    if (error instanceof CasegraphError && error.code === 'DEPARTMENT_REJECTED') return false;
    throw error;
  }
}
