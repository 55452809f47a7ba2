import type { Tasks } from '../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { CaseReport } from './case-reports.ts';

/** The queue that the cases subgraph works on. */
export const CASES_QUEUE = 'cases';

/** What happened at a department that concerns a case; the flows of the items say what follows for the case. */
export type CaseEventKind =
  | 'payment-opened'
  | 'payment-paid'
  | 'receipt-issued'
  | 'payment-voided'
  | 'payment-expired'
  | 'proof-requested'
  | 'proof-issued'
  | 'filing-recorded'
  | 'filing-cancelled'
  | 'chronic-filed'
  | 'chronic-reviewed'
  | 'chronic-decided'
  | 'chronic-refused'
  | 'chronic-cancelled'
  | 'referral-filed'
  | 'referral-cancelled'
  | 'maternity-checked'
  | 'maternity-admitted'
  | 'maternity-fees-uploaded'
  | 'maternity-trial'
  | 'maternity-settled'
  | 'maternity-cancelled'
  | 'subsidy-submitted'
  | 'subsidy-supplement-asked'
  | 'subsidy-supplemented'
  | 'subsidy-reviewed'
  | 'subsidy-approved'
  | 'subsidy-refused'
  | 'subsidy-withdrawn'
  | 'subsidy-paid';

export interface CaseEvent {
  readonly caseId: string;
  readonly kind: CaseEventKind;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  /** The account that acted; null when nobody of ours did: the department told it. */
  readonly operator: string | null;
  /** In the department's or the operator's words. */
  readonly explanation?: string;
  /** The paper that ends the case: an e-receipt, a proof, a filing. */
  readonly certificate?: { readonly name: string; readonly number: string };
  /** What the platform is told of it, after what it brings the case to: it takes a fee only of a case that it knows to be accepted. */
  readonly reports?: readonly CaseReport[];
}

/** Tells the case what happened, in the transaction that records it. Events of one case are worked in the order they are told. */
export function tellCase(tx: WriteTransaction, tasks: Tasks, event: CaseEvent): Promise<void> {
  return tasks.add(tx, [{ queue: CASES_QUEUE, orderKey: event.caseId, kind: event.kind, body: event, at: event.at }]);
}
