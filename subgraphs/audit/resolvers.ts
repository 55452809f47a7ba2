import type {
  AuditFilter,
  AuditPage,
  AuditReader,
  Checkpoint,
  SealedRecord,
} from '../../adapters/audit-log/audit-log.ts';
import type { AuditActor, AuditedCall } from '../../adapters/audit-log/record.ts';
import type { CaseRegistry } from '../../adapters/database/case-registry.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { chinaIso } from '../../adapters/values/china-time.ts';
import { decodeCursor, encodeCursor, pageSize } from '../connection.ts';
import type { Resolvers } from '../schema.ts';
import { base64, traceOf } from './trace.ts';
import { type Trace, traceFile } from './trace-file.ts';

export interface AuditContext {
  readonly registry: Pick<CaseRegistry, 'handle' | 'casesById' | 'casesByNumber'>;
  /** Rejects with `NOT_FOUND` where no log is kept. */
  log(): Promise<AuditReader>;
}

interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

interface Period {
  /** Milliseconds since 1970. */
  readonly from?: number | null;
  readonly to?: number | null;
}

interface FilterInput extends Period {
  readonly actor?: string | null;
  readonly account?: string | null;
  readonly organisation?: string | null;
  readonly request?: string | null;
  readonly kind?: AuditFilter['kind'] | null;
  readonly decision?: AuditFilter['decision'] | null;
}

export const resolvers: Resolvers = {
  Query: {
    caseTrace,
    async accessesTo(_: unknown, { resident, idNumber, first, after, ...period }: AccessesTo, context: AuditContext) {
      const handle = residentHandle(resident, idNumber, context);
      const log = await context.log();
      return recordPage({ first, after }, (page) => log.recordsOfResident(handle, filterOf(period), page));
    },
    async accessesBy(
      _: unknown,
      { actor, first, after, ...period }: PageArguments & Period & { actor: string },
      context: AuditContext,
    ) {
      const log = await context.log();
      return recordPage({ first, after }, (page) => log.records(filterOf({ ...period, actor }), page));
    },
    async auditRecords(
      _: unknown,
      { filter, ...page }: PageArguments & { filter?: FilterInput | null },
      context: AuditContext,
    ) {
      const log = await context.log();
      return recordPage(page, (position) => log.records(filterOf(filter ?? {}), position));
    },
    auditRecord: async (_: unknown, { id }: { id: string }, context: AuditContext) =>
      (await (await context.log()).recordById(id)) ?? null,
    checkpoint: async (_: unknown, { size }: { size?: number | null }, context: AuditContext) =>
      (await (await context.log()).checkpoint(sizeArgument(size, 'size'))) ?? null,
    inclusionProof,
    consistencyProof,
  },
  CaseTrace: {
    case: ({ caseId }: Trace) => ({ id: caseId }),
    count: ({ entries }: Trace) => entries.length,
    export: traceFile,
  },
  AuditRecord: {
    id: ({ record }: SealedRecord) => record.id,
    at: ({ record }: SealedRecord) => record.at,
    kind: ({ record }: SealedRecord) => record.kind,
    request: ({ record }: SealedRecord) => record.request,
    actor: ({ record }: SealedRecord) => record.actor,
    operation: ({ record }: SealedRecord) => record.operation ?? null,
    fields: ({ record }: SealedRecord) =>
      Object.entries(record.fields).map(([sensitivity, names]) => ({ sensitivity, names })),
    denied: ({ record }: SealedRecord) => record.denied,
    decision: ({ record }: SealedRecord) => record.decision,
    residents: ({ record }: SealedRecord) => record.residents,
    cases: ({ record }: SealedRecord) => record.cases.map((id) => ({ id })),
    calls: ({ record }: SealedRecord) => record.calls,
    outcome: ({ record }: SealedRecord) => record.outcome ?? null,
    durationMs: ({ record }: SealedRecord) => record.durationMs ?? null,
    personal: async ({ index }: SealedRecord, _: unknown, context: AuditContext) =>
      Object.entries(await (await context.log()).personal(index)).map(([name, { value, salt }]) => ({
        name,
        value,
        salt,
      })),
  },
  AuditActor: {
    account: ({ account }: AuditActor) => account || null,
    organisation: ({ organisation }: AuditActor) => organisation || null,
    division: ({ division }: AuditActor) => division || null,
  },
  AuditedCall: {
    write: ({ mode }: AuditedCall) => mode === 'write',
    reference: ({ reference }: AuditedCall) => reference ?? null,
  },
  Checkpoint: {
    root: ({ root }: Checkpoint) => base64(root),
  },
  AuditedOperationType: { QUERY: 'query', MUTATION: 'mutation' },
  AuditedStatus: { OK: 'ok', ERRORS: 'errors', REFUSED: 'refused' },
  AuditRecordKind: { INTENT: 'intent', OUTCOME: 'outcome', CALL: 'call', EVENT: 'event' },
  AuditDecision: { ALLOWED: 'allowed', PARTLY: 'partly', REFUSED: 'refused' },
};

interface AccessesTo extends PageArguments, Period {
  readonly resident?: string | null;
  readonly idNumber?: string | null;
}

async function caseTrace(
  _: unknown,
  { case: id, number }: { case?: string | null; number?: string | null },
  context: AuditContext,
): Promise<Trace | null> {
  if ((id == null) === (number == null)) {
    throw new CasegraphError('INVALID_INPUT', 'Give exactly one of case and number.', { field: 'case' });
  }
  const { registry } = context;
  const known = id == null ? await registry.casesByNumber([String(number)]) : await registry.casesById([id]);
  const [found] = known;
  return (found && (await traceOf(found.id, await context.log()))) ?? null;
}

async function inclusionProof(
  _: unknown,
  { record: id, size: asked }: { record: string; size?: number | null },
  context: AuditContext,
) {
  const log = await context.log();
  const [record, newest] = await Promise.all([log.recordById(id), log.checkpoint()]);
  if (!(record && newest)) return null;
  const size = sizeArgument(asked, 'size') ?? newest.size;
  if (size <= record.index || size > newest.size) {
    throw outOfTree('size', record.index + 1, newest.size);
  }
  const { index, leaf } = record;
  const hashes = (await log.inclusionProof(index, size)).map(base64);
  return { index, size, leaf, hashes, checkpoint: await checkpointOf(log, size) };
}

async function consistencyProof(
  _: unknown,
  { from, to: asked }: { from: number; to?: number | null },
  context: AuditContext,
) {
  const log = await context.log();
  const newest = await log.checkpoint();
  if (!newest) return null;
  const to = sizeArgument(asked, 'to') ?? newest.size;
  if (to < 1 || to > newest.size) throw outOfTree('to', 1, newest.size);
  if (from < 1 || from > to) throw outOfTree('from', 1, to);
  return { from, to, hashes: (await log.consistencyProof(from, to)).map(base64) };
}

/** The checkpoint that was signed over exactly so many records; null when none was. */
async function checkpointOf(log: AuditReader, size: number): Promise<Checkpoint | null> {
  const checkpoint = await log.checkpoint(size);
  return checkpoint?.size === size ? checkpoint : null;
}

function sizeArgument(size: number | null | undefined, field: string): number | undefined {
  if (size == null) return undefined;
  if (size >= 1) return size;
  throw new CasegraphError('INVALID_INPUT', `${field} must be 1 or more.`, { field });
}

function outOfTree(field: string, low: number, high: number): CasegraphError {
  return new CasegraphError('INVALID_INPUT', `${field} must be from ${low} to ${high}.`, { field });
}

function residentHandle(
  handle: string | null | undefined,
  idNumber: string | null | undefined,
  { registry }: AuditContext,
): string {
  if (handle != null && idNumber == null) return handle;
  if (handle == null && idNumber != null) return registry.handle(idNumber);
  throw new CasegraphError('INVALID_INPUT', 'Give exactly one of resident and idNumber.', { field: 'resident' });
}

function filterOf({ from, to, actor, account, organisation, request, kind, decision }: FilterInput): AuditFilter {
  return {
    from: from == null ? undefined : chinaIso(from),
    to: to == null ? undefined : chinaIso(to),
    subject: actor ?? undefined,
    account: account ?? undefined,
    organisation: organisation ?? undefined,
    request: request ?? undefined,
    kind: kind ?? undefined,
    decision: decision ?? undefined,
  };
}

/** A page of records, newest first; a cursor is a place in the log. */
async function recordPage(
  { first, after }: PageArguments,
  read: (page: { first: number; before?: number | undefined }) => Promise<AuditPage>,
) {
  const size = pageSize(first);
  const before = after == null ? undefined : Number(decodeCursor(after, ['number'])[0]);
  const { records, hasNext } = await read({ first: size, before });
  const edges = records.map((node) => ({ cursor: encodeCursor([node.index]), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: hasNext,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
