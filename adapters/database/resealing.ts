import { sql } from 'kysely';
import { endResealing, moveResealing, type ResealingPosition, resealingPosition } from './key-check.ts';
import type { PersonalColumns } from './personal-columns.ts';
import { SEALED_TABLES, type SealedTable } from './sealed-columns.ts';
import type { Writer, WriteTransaction } from './writing.ts';

/** Rows in one unit of work, where a table says nothing else: so long does it hold up other writers. */
const BATCH = 200;

export interface ResealingOutcome {
  /** Rows that this run wrote anew. */
  readonly resealed: number;
  /** False when it was stopped: the next run goes on from there. */
  readonly complete: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Seals every personal column anew that is not under the first column key and the configured cipher, a few rows at a time, while the
 * store is in use. When it is complete, the other keys may leave the configuration. Nothing to seal anew: complete at once.
 */
export async function reseal(
  writer: Writer,
  columns: PersonalColumns,
  signal?: AbortSignal,
): Promise<ResealingOutcome> {
  let resealed = 0;
  while (!signal?.aborted) {
    const batch = await writer.write((tx) => resealBatch(tx, columns));
    resealed += batch.resealed;
    if (batch.complete) return { resealed, complete: true };
  }
  return { resealed, complete: false };
}

/** Goes on where the last batch ended, and notes in the same transaction where this one did. */
async function resealBatch(tx: WriteTransaction, columns: PersonalColumns): Promise<ResealingOutcome> {
  const position = await resealingPosition(tx, columns);
  if (position === undefined) return { resealed: 0, complete: true };
  const index = position === null ? 0 : SEALED_TABLES.findIndex(({ table }) => table === position.table);
  const sealed = SEALED_TABLES[index] as SealedTable;
  const rows = await rowsAfter(tx, sealed, position);
  let resealed = 0;
  for (const row of rows) if (await resealRow(tx, sealed, row, columns)) resealed += 1;
  const last = rows.at(-1);
  const next = last ? sealed : SEALED_TABLES[index + 1];
  if (!next) {
    await endResealing(tx, columns);
    return { resealed, complete: true };
  }
  await moveResealing(tx, { table: next.table, after: last ? sealed.key.map((column) => last[column]) : null });
  return { resealed, complete: false };
}

async function rowsAfter(
  tx: WriteTransaction,
  { table, key, columns, batch = BATCH }: SealedTable,
  position: ResealingPosition | null,
): Promise<readonly Row[]> {
  const after = position?.after;
  const rows = sql<Row>`
    select ${sql.join([...key, ...Object.keys(columns)].map((column) => sql.ref(column)))}
    from ${sql.table(table)}
    ${after ? sql`where ${tuple(key)} > (${sql.join(after)})` : sql``}
    order by ${sql.join(key.map((column) => sql.ref(column)))}
    limit ${batch}`;
  return (await rows.execute(tx)).rows;
}

/** False when nothing of the row is sealed otherwise. What another writer has changed since it was read is sealed as it should be. */
async function resealRow(
  tx: WriteTransaction,
  { table, key, columns }: SealedTable,
  row: Row,
  personal: PersonalColumns,
): Promise<boolean> {
  let changed = false;
  for (const [column, name] of Object.entries(columns)) {
    const old = row[column] as Uint8Array | null;
    if (old === null || personal.isCurrent(old)) continue;
    changed = true;
    await sql`
      update ${sql.table(table)}
      set ${sql.ref(column)} = ${personal.seal(name, personal.open(name, old))}
      where ${tuple(key)} = (${sql.join(key.map((part) => row[part]))}) and ${sql.ref(column)} = ${old}`.execute(tx);
  }
  return changed;
}

function tuple(key: readonly string[]) {
  return sql`(${sql.join(key.map((column) => sql.ref(column)))})`;
}
