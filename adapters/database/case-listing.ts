import { createHash } from 'node:crypto';
import type { CaseFacetTable, CaseTable } from './tables.ts';

/**
 * How a million cases are listed newest first by any combination of conditions without reading those that do not match. Item, channel,
 * state, whether accepted, and county make up a case's facet; of facets there are few, and each is a run of an index in the order of
 * the list, for the whole registry, for each town and for each village. A page is merged from the facets that match.
 */

/** What a case is listed by. */
export type ListedCase = Pick<
  CaseTable,
  'id' | 'item_id' | 'channel' | 'status' | 'applied_at' | 'accepted_at' | 'organisation_division'
>;

/** Digits of a moment in a position: enough until the year 33658. */
const MOMENT_DIGITS = 15;

/** The columns by which a case is found on lists; to be written anew whenever one of those that they stand for changes. */
export function listingOf(row: ListedCase): Pick<CaseTable, 'position' | 'facet' | 'town' | 'village'> {
  const { facet } = facetOf(row);
  const division = row.organisation_division.padEnd(12, '0');
  return {
    position: positionOf(row.accepted_at ?? row.applied_at, row.id),
    facet,
    town: division.slice(0, 9),
    village: division,
  };
}

/** The combination of what lists are asked by, as a row of its table. Its key is told by the combination itself: 48 bits of a digest. */
export function facetOf({ item_id, channel, status, accepted_at, organisation_division }: ListedCase): CaseFacetTable {
  const accepted = accepted_at === null ? 0 : 1;
  const county = organisation_division.slice(0, 6);
  const combination = JSON.stringify([item_id, channel, status, accepted, county]);
  const facet = createHash('sha256').update(combination).digest().readUIntBE(0, 6);
  return { facet, item_id, channel, status, accepted, county };
}

/** A place in the list, compared as text: the moment, then the id. */
export function positionOf(moment: number, id: string): string {
  return `${momentText(moment)}${id}`;
}

/** The place before all cases of a moment. */
export function momentText(moment: number): string {
  return String(Math.min(Math.max(Math.trunc(moment), 0), 10 ** MOMENT_DIGITS - 1)).padStart(MOMENT_DIGITS, '0');
}
