import type { Tasks } from '../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { AcceptanceRecord } from '../../adapters/unified-acceptance/messages/acceptance.ts';
import type { AllotmentRequest } from '../../adapters/unified-acceptance/messages/allocation.ts';
import type { FeeOrder } from '../../adapters/unified-acceptance/messages/fee.ts';
import type { MaterialRecord } from '../../adapters/unified-acceptance/messages/material.ts';
import type { ProcessRecord } from '../../adapters/unified-acceptance/messages/process.ts';
import type { ResultRecord } from '../../adapters/unified-acceptance/messages/result.ts';
import type { SpecialProcedureRecord } from '../../adapters/unified-acceptance/messages/special-procedure.ts';

/** The queue that the acceptance subgraph works on: what the unified acceptance platform is told of cases. */
export const REPORTS_QUEUE = 'acceptance';

type OfCase<Report> = Omit<Report, 'caseNumber'>;

/**
 * What the platform is told of a case, in the order of unified-acceptance 3.3: number, acceptance, materials and steps, special
 * procedures, fees, result. Each record keeps its `rowGuid` and `version` with it, so that telling it again does nothing twice. The case's
 * number and query password are put in when it is sent.
 */
export type CaseReport =
  | { readonly kind: 'allot'; readonly request: AllotmentRequest }
  | { readonly kind: 'acceptance'; readonly record: Omit<OfCase<AcceptanceRecord>, 'password'> }
  | { readonly kind: 'steps'; readonly records: readonly OfCase<ProcessRecord>[] }
  | { readonly kind: 'special-procedure'; readonly record: OfCase<SpecialProcedureRecord> }
  | { readonly kind: 'materials'; readonly records: readonly OfCase<MaterialRecord>[] }
  | { readonly kind: 'fee'; readonly order: OfCase<FeeOrder> }
  | { readonly kind: 'result'; readonly record: OfCase<ResultRecord> };

/** Has the platform told, in this order and after all that was to be told of the case before, whenever it can be reached. */
export function reportCase(
  tx: WriteTransaction,
  tasks: Tasks,
  caseId: string,
  reports: readonly CaseReport[],
  at: number,
): Promise<void> {
  return tasks.add(
    tx,
    reports.map((report) => ({ queue: REPORTS_QUEUE, orderKey: caseId, kind: report.kind, body: report, at })),
  );
}
