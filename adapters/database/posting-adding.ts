import { explainRefusals } from './posting-conflicts.ts';
import { NEW_POSTING_COLUMNS, type NewPostingRow, type PreparedPosting } from './posting-preparing.ts';
import type { PostingAdded } from './posting-rows.ts';
import { type Statement, statement } from './statement.ts';
import type { WriteTransaction } from './writing.ts';

/**
 * Rows in one statement at most, and the step between the sizes above ten: each size is a statement of its own that is compiled once, so
 * that there are to be few.
 */
const ROWS = { most: 100, step: 10 };

/** So often an entry is tried that is refused by nothing that can be found: what refused it may have gone in between. */
const TRIES = 5;

/** Keyed by how many rows it writes. */
type Inserts<Result> = Map<number, Statement<readonly unknown[], Result>>;

const postingInserts: Inserts<{ id: string; last: number | null }> = new Map();
const entryInserts: Inserts<unknown> = new Map();

/**
 * Writes entries and tells what became of each, in their order, as if they had come one after the other. Whether one goes in is decided by
 * the table's unique keys, hence also between processes; only what did not is looked up.
 *
 * Rows go in sorted by document: two batches with the same documents in different orders wait for one another instead of both.
 */
export async function addPostings(
  tx: WriteTransaction,
  entries: readonly PreparedPosting[],
): Promise<{ readonly results: PostingAdded[]; readonly providers: ReadonlySet<string> }> {
  const results = new Array<PostingAdded>(entries.length);
  const providers = new Set<string>();
  let waiting = entries;
  for (let inVain = 0; waiting.length > 0; ) {
    const before = waiting.length;
    const { first, later } = apart(waiting);
    const stored = await insertPostings(tx, first.toSorted(byDocument));
    const refused = first.filter(({ row }) => !stored.has(row.id));
    for (const { index, row } of first) {
      if (!stored.has(row.id)) continue;
      results[index] = { result: 'stored', id: row.id };
      providers.add(row.provider);
    }
    // Those of which nothing is found: what refused them was not stored itself, or has gone.
    waiting = refused.length + later.length === 0 ? [] : await explainRefusals(tx, [...refused, ...later], results);
    inVain = waiting.length < before ? 0 : inVain + 1;
    if (inVain === TRIES)
      throw new Error(`entries neither go in nor are there: is the id of one taken? ${waiting[0]?.row.id}`);
  }
  return { results, providers };
}

/** The first entry of each document and each key, and those that come after one: what becomes of them depends on what became of it. */
function apart(entries: readonly PreparedPosting[]) {
  const seen = new Set<string>();
  const first: PreparedPosting[] = [];
  const later: PreparedPosting[] = [];
  for (const entry of entries) {
    const { provider, document_number, request_key } = entry.row;
    const names = [JSON.stringify([provider, document_number])];
    if (request_key !== null) names.push(JSON.stringify([provider, 'key', request_key]));
    (names.some((name) => seen.has(name)) ? later : first).push(entry);
    for (const name of names) seen.add(name);
  }
  return { first, later };
}

/** The ids of those that went in. */
async function insertPostings(tx: WriteTransaction, entries: readonly PreparedPosting[]): Promise<ReadonlySet<string>> {
  const stored = new Set<string>();
  const byId = new Map(entries.map((entry) => [entry.row.id, entry]));
  const overtaken: string[] = [];
  for (const part of parts(entries)) {
    const values = part.flatMap(({ row }) => NEW_POSTING_COLUMNS.map((column) => row[column]));
    const { rows } = await insertOf(postingInserts, part.length, postingInsert)(tx, values);
    for (const { id, last } of rows) {
      if (last !== null && last > (byId.get(id)?.row.version ?? 0)) overtaken.push(id);
      else stored.add(id);
    }
  }
  if (overtaken.length > 0) await tx.deleteFrom('posting').where('id', 'in', overtaken).execute();
  for (const part of parts(entries.filter(({ row }) => stored.has(row.id)))) {
    const values = part.flatMap(({ row, entrySealed }) => [row.id, entrySealed]);
    await insertOf(entryInserts, part.length, entryInsert)(tx, values);
  }
  return stored;
}

/** The entries, cut into as many as a statement has rows. */
function parts(entries: readonly PreparedPosting[]): (readonly PreparedPosting[])[] {
  const cut: (readonly PreparedPosting[])[] = [];
  for (let start = 0; start < entries.length; ) {
    const left = Math.min(entries.length - start, ROWS.most);
    const size = left < ROWS.step ? left : left - (left % ROWS.step);
    cut.push(entries.slice(start, start + size));
    start += size;
  }
  return cut;
}

function insertOf<Result>(
  inserts: Inserts<Result>,
  rows: number,
  make: (rows: number) => Statement<readonly unknown[], Result>,
): Statement<readonly unknown[], Result> {
  let insert = inserts.get(rows);
  if (!insert) {
    insert = make(rows);
    inserts.set(rows, insert);
  }
  return insert;
}

/** Gives the id of each row that went in, and the last version of its document. */
function postingInsert(rows: number) {
  return statement<readonly unknown[]>()((db, slots) =>
    db
      .insertInto('posting')
      .values(
        Array.from(
          { length: rows },
          (_, row) =>
            Object.fromEntries(
              NEW_POSTING_COLUMNS.map((column, index) => [column, slots[row * NEW_POSTING_COLUMNS.length + index]]),
            ) as unknown as NewPostingRow,
        ),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning((posting) => [
        'posting.id',
        posting
          .selectFrom('posting as other')
          .select((other) => other.fn.max('other.version').as('version'))
          .whereRef('other.provider', '=', 'posting.provider')
          .whereRef('other.document_number', '=', 'posting.document_number')
          .as('last'),
      ]),
  );
}

function entryInsert(rows: number) {
  return statement<readonly unknown[]>()((db, slots) =>
    db.insertInto('posting_entry').values(
      Array.from({ length: rows }, (_, row) => ({
        posting_id: slots[2 * row] as string,
        entry_sealed: slots[2 * row + 1] as Uint8Array,
      })),
    ),
  );
}

function byDocument({ row: one }: PreparedPosting, { row: other }: PreparedPosting): number {
  return compare(one.provider, other.provider) || compare(one.document_number, other.document_number);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
