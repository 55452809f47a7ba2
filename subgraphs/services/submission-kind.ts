import type { Submission } from '../../adapters/database/submissions.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';

/** What a write is sent with. */
export interface Sending {
  readonly submissionId: string;
  /** Keeps the message id before the first byte leaves, for the query or reversal that may have to name it. */
  remember(messageReference: string): Promise<void>;
}

/** What the department says, asked later, of a write whose outcome was unknown. */
export type Settled<Outcome> =
  | { readonly state: 'done'; readonly outcome: Outcome }
  /**
   * It has not happened, or is void. `isVoid`: the department had it and reversed it. Else it may be on its way still, as long as the department
   * may be at work on it.
   */
  | { readonly state: 'not-done'; readonly isVoid?: true }
  /** The department cannot tell (yet). */
  | { readonly state: 'unknown' };

/** A kind of write to a department. Inputs and outcomes are JSON; both are kept encrypted. */
export interface SubmissionKind<Input, Outcome> {
  readonly name: string;
  /** Sends it. Throws `CasegraphError`; `OUTCOME_UNKNOWN` when the bytes left and no answer came. */
  send(input: Input, sending: Sending): Promise<Outcome>;
  /** Finds out, by query or reversal and never by guessing, what became of one that may have been done. Throws to be asked again. */
  settle(input: Input, submission: Submission): Promise<Settled<Outcome>>;
  /**
   * Looks, with the reference that a person gives, for what the department did, and sends nothing that would do it; undefined where the
   * department does not have it. Left out where nobody can tell later what it gave: then no person can say that it was done.
   */
  found?(input: Input, submission: Submission, reference: string | null): Promise<Outcome | undefined>;
  /** Writes what follows from its being done: the case's references, events, further tasks. */
  recorded(tx: WriteTransaction, submission: Submission, outcome: Outcome): Promise<void>;
  /** Writes what follows from its certainly not being done: refused, not sent, or never arrived. Nothing when left out. */
  notDone?(tx: WriteTransaction, submission: Submission): Promise<void>;
}
