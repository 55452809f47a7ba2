import type { CaseSeed, OrganisationSeed, ReferenceSeed } from '../model.ts';
import type { Moment } from './calendar.ts';

/** How a case ended; unified-acceptance 3.2 gives each a status and a close result. */
export type Ending = 'granted' | 'not-granted' | 'refused' | 'returned' | 'void';

/** Where an open case stands. */
export type Standing = 'received' | 'in-progress' | 'waiting' | 'suspended';

/** What is told of a case; its number, promise, status and steps follow. */
export interface CaseCourse {
  readonly itemId: string;
  readonly channel: CaseSeed['channel'];
  /** The office that accepts it. */
  readonly office: OrganisationSeed;
  readonly acceptedAt: Moment;
  /** Before acceptance; minutes before, unless told. */
  readonly appliedAt?: Moment;
  readonly end?: CaseEnd;
  /** For a case without end; in progress unless told. */
  readonly standing?: Standing;
  /** What is missing, for a case that waits for it or got it later. */
  readonly supplement?: string;
  /** Why it is suspended. */
  readonly suspendedFor?: string;
  /** As often as the item promises, unless told. */
  readonly visitsMade?: number;
  readonly references?: readonly ReferenceSeed[];
}

export interface CaseEnd {
  readonly as: Ending;
  readonly at: Moment;
  readonly explanation: string;
  readonly certificateName?: string;
  readonly certificateNumber?: string;
}
