/**
 * What one request touches, written down while it runs: for the audit log. A resident is told by the citizen identity number; whoever keeps
 * the trail turns it into the keyed handle at once.
 */
export interface Trail {
  resident(idNumber: string): void;
  /** By the case's id. */
  case(id: string): void;
}
