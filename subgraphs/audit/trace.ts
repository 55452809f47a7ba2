import type { AuditReader } from '../../adapters/audit-log/audit-log.ts';
import type { Trace, TraceEntry } from './trace-file.ts';

/**
 * Everything that is sealed of a case, under the newest checkpoint; undefined while nothing is sealed at all. Records that are sealed
 * between the two readings are left to the next trace.
 */
export async function traceOf(caseId: string, log: AuditReader): Promise<Trace | undefined> {
  const checkpoint = await log.checkpoint();
  if (!checkpoint) return undefined;
  const records = (await log.recordsOfCase(caseId)).filter(({ index }) => index < checkpoint.size);
  const entries = await Promise.all(
    records.map(
      async (record, position): Promise<TraceEntry> => ({
        number: position + 1,
        record,
        proof: (await log.inclusionProof(record.index, checkpoint.size)).map(base64),
      }),
    ),
  );
  return { caseId, head: await log.caseHead(caseId, checkpoint.size), checkpoint, entries };
}

/** As proofs are told in the graph and in files. */
export function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
