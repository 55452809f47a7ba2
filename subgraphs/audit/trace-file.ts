import type { Checkpoint, SealedRecord } from '../../adapters/audit-log/audit-log.ts';

/** A record of a trace with its inclusion proof under the trace's checkpoint. */
export interface TraceEntry {
  readonly number: number;
  readonly record: SealedRecord;
  /** Base64. */
  readonly proof: readonly string[];
}

/** The records of one case under one checkpoint. */
export interface Trace {
  readonly caseId: string;
  /** A signed note: how many records there are. */
  readonly head: string;
  readonly checkpoint: Checkpoint;
  readonly entries: readonly TraceEntry[];
}

/** The file that the verifier checks, in the format `casegraph-trace/v1`. It holds no personal value, only the commitments in the leaves. */
export function traceFile({ caseId, head, checkpoint, entries }: Trace): string {
  const file = {
    format: 'casegraph-trace/v1',
    case: caseId,
    caseHead: head,
    checkpoint: checkpoint.note,
    records: entries.map(({ record: { index, leaf }, proof }) => ({ index, leaf, proof })),
  };
  return `${JSON.stringify(file, undefined, 1)}\n`;
}
