import type { PersonReference } from './person.ts';

/** A visit (就诊) and whose it is. */
export interface VisitReference extends PersonReference {
  readonly visitId: string;
}

/** What 2302 takes back (README, *Taking back*). */
export interface FeesTakingBack extends VisitReference {
  /** Serials of rows as they were uploaded; `all` when absent: every row of the visit that is not settled. */
  readonly rows?: 'all' | readonly string[];
}

export interface FeesTakenBack {
  /** `nothing-there`: the platform had none of the rows, which comes to the same. */
  readonly outcome: 'taken-back' | 'nothing-there';
  /** One for each slice sent. */
  readonly messageIds: readonly string[];
}
