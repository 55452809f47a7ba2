/**
 * How far an identity reaches: everything, the residents and cases of a division and what lies below it, those of its own office, only
 * the person himself, or nobody's.
 */
export type Reach = 'all' | 'division' | 'organisation' | 'self' | 'none';

/** Who asks, as the subgraphs know it. */
export interface Viewer {
  /** Who it is, as its issuer names it: never a person's number. */
  readonly subject: string;
  /** The account of the directory of operators that it acts under; undefined for a system that acts for every account of its office. */
  readonly account?: string | undefined;
  /** Code of its office; undefined for a resident. */
  readonly organisation?: string | undefined;
  /** 行政区划 of its office, 12 digits. */
  readonly division?: string | undefined;
  readonly roles: readonly string[];
  readonly purpose: string;
  readonly reach: Reach;
  /** Citizen identity number of a resident who asks for himself. Personal: told to nobody. */
  readonly residentIdNumber?: string | undefined;
}
