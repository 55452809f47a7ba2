import { CasegraphError } from '../adapters/transport/errors.ts';

/**
 * The name that a department wants beside the number. Throws `INVALID_INPUT` where neither the registry nor the query's argument
 * gave one.
 */
export function nameNeeded(name: string | null | undefined): string {
  if (name) return name;
  throw new CasegraphError(
    'INVALID_INPUT',
    'The registry does not know this person: give the name as an argument of resident.',
    {
      field: 'resident.name',
    },
  );
}
