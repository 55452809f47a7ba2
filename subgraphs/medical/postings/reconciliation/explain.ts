import type { PostingState } from '../../../../adapters/database/postings.ts';
import type { Difference } from './compare.ts';
import {
  AMOUNT_AT_THE_HOSPITAL,
  AMOUNT_HERE,
  BOOKED_THOUGH_REFUSED,
  type Explanation,
  NEVER_POSTED,
  NOT_BOOKED,
  NOT_FOUND_OUT_YET,
  NOT_SETTLED_YET,
  ONLY_AT_THE_PLATFORM,
  OTHER_DAY,
  OUTSIDE_THE_PERIOD,
  REFUND_NOT_AT_THE_PLATFORM,
  REFUND_NOT_BOOKED,
  SECOND_SETTLEMENT,
  SETTLED_ELSEWHERE,
  TWICE_AND_NOT_AT_THE_PLATFORM,
  TWICE_AT_THE_PLATFORM,
  TWICE_IN_THE_BOOKS,
  VANISHED,
} from './explanations.ts';

/** What is known here of the document that a difference names; null where nothing was ever posted under it. */
export interface KnownPosting {
  readonly state: PostingState;
}

/**
 * The likely cause of a difference. It is told to people who then look; nothing is corrected by machine: a correction made on a likely cause
 * would itself be a difference.
 */
export function explain(difference: Difference, posting: KnownPosting | null): Explanation {
  const { kind, sides, entries } = difference;
  switch (kind) {
    case 'missing':
      return isRefund(difference) ? missingRefund(difference, posting) : missing(difference, posting);
    case 'doubled':
      if (sides.includes('platform')) return TWICE_AT_THE_PLATFORM;
      return entries.platform ? TWICE_IN_THE_BOOKS : TWICE_AND_NOT_AT_THE_PLATFORM;
    case 'amount':
      return sides.includes('store') ? AMOUNT_HERE : AMOUNT_AT_THE_HOSPITAL;
    case 'day':
      return OTHER_DAY;
    case 'refund':
      return entries.platform?.refunded ? REFUND_NOT_BOOKED : REFUND_NOT_AT_THE_PLATFORM;
    case 'second':
      return SECOND_SETTLEMENT;
  }
}

/** A refund is a settlement of its own with negative amounts (medical-insurance 3.11). */
function isRefund({ entries: { hospital, store, platform } }: Difference): boolean {
  return ((platform ?? store ?? hospital)?.totalFen ?? 0) < 0;
}

function missing({ sides, entries }: Difference, posting: KnownPosting | null): Explanation {
  if (!sides.includes('platform')) {
    if (!sides.includes('store')) return NOT_BOOKED;
    if (posting && isOpen(posting)) return NOT_FOUND_OUT_YET;
    return entries.hospital ? SETTLED_ELSEWHERE : ONLY_AT_THE_PLATFORM;
  }
  if (!sides.includes('store')) return VANISHED;
  return posting ? unfinished(posting) : NEVER_POSTED;
}

function missingRefund({ sides }: Difference, posting: KnownPosting | null): Explanation {
  if (!sides.includes('platform')) return REFUND_NOT_BOOKED;
  return sides.includes('store') && posting?.state === 'cancelled' ? OUTSIDE_THE_PERIOD : REFUND_NOT_AT_THE_PLATFORM;
}

function isOpen({ state }: KnownPosting): boolean {
  return state !== 'settled' && state !== 'rejected' && state !== 'cancelled';
}

function unfinished({ state }: KnownPosting): Explanation {
  switch (state) {
    case 'rejected':
    case 'cancelled':
      return BOOKED_THOUGH_REFUSED;
    case 'settled':
      return OUTSIDE_THE_PERIOD;
    default:
      return NOT_SETTLED_YET;
  }
}
