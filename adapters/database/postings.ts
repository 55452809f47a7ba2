import type { Kysely } from 'kysely';
import { canonical } from './idempotency.ts';
import type { PersonalColumns } from './personal-columns.ts';
import { addPostings } from './posting-adding.ts';
import { forgetOldKeys } from './posting-keys.ts';
import {
  countByState,
  type PostingFilter,
  type PostingPage,
  readPostingPage,
  readProvidersWithWork,
  readWorkList,
  type WorkListPage,
} from './posting-pages.ts';
import { readSettled } from './posting-periods.ts';
import { PreparedPostings, preparePostings } from './posting-preparing.ts';
import {
  type PostingKeeping,
  type PostingListener,
  type PostingMove,
  PostingQueue,
  type PostingTake,
} from './posting-queue.ts';
import {
  firstTransition,
  type NewPosting,
  POSTING_COLUMNS,
  type Posting,
  type PostingAdded,
  type PostingRow,
  type PostingState,
  type PostingTransition,
  type PostingWithContent,
  type PostingWithProgress,
  postingOf,
  type TakenPosting,
  transitionOf,
} from './posting-rows.ts';
import type { PostingTable } from './posting-tables.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

export type { PostingFilter, PostingPage, WorkListPage, WorkListPosition } from './posting-pages.ts';
export type { PreparedPostings } from './posting-preparing.ts';
export type { PostingKeeping, PostingListener, PostingMove, PostingTake } from './posting-queue.ts';
export type * from './posting-rows.ts';

/**
 * What hospitals post, and what became of each. A posting is there once, whoever posts it how often: its document and version are unique
 * for ever, its key for as long as it is kept, and of a document one version stands at a time.
 */
export class Postings {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;
  readonly #queue: PostingQueue;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
    this.#queue = new PostingQueue(columns);
  }

  /** A keyed digest of some content: the same whatever order its members were written in. */
  fingerprint(content: unknown): string {
    return this.#columns.handle(`posting\0${canonical(content)}`);
  }

  /** The handle of a patient. */
  handle(idNumber: string): string {
    return this.#columns.handle(idNumber);
  }

  /** Makes what can be made of entries before their unit of work begins: there it would hold up every other writer. */
  prepare(entries: readonly NewPosting[]): PreparedPostings {
    return preparePostings(entries, this.#columns, (content) => this.fingerprint(content));
  }

  /**
   * Stores entries, due at once, and tells what became of each, in their order: as if they had come one after the other. What is refused
   * leaves the others as they are. Workers of this process that listen are woken once they are committed.
   */
  async add(tx: WriteTransaction, entries: readonly NewPosting[] | PreparedPostings): Promise<PostingAdded[]> {
    const prepared = entries instanceof PreparedPostings ? entries : this.prepare(entries);
    const { results, providers } = await addPostings(tx, prepared.entries);
    this.#queue.wakeAfter(tx, providers);
    return results;
  }

  /** Takes up to `limit` postings of a hospital that are due until `now + leaseMs`; given oldest first. Their content: `content`. */
  take(tx: WriteTransaction, provider: string, take: PostingTake): Promise<TakenPosting[]> {
    return this.#queue.take(tx, provider, take);
  }

  /** Holds a posting that this process took for longer, until `until`. False when it no longer holds it. */
  hold(tx: WriteTransaction, taken: TakenPosting, until: number): Promise<boolean> {
    return this.#queue.hold(tx, taken, until);
  }

  /** Makes what is held due at once and frees it: for a store that this process holds alone, after whoever held it died. */
  hurry(tx: WriteTransaction, now: number): Promise<void> {
    return this.#queue.hurry(tx, now);
  }

  /**
   * Moves a posting on and keeps the transition. False, and nothing written, when it is in another state by now, or is given as taken and
   * no longer this worker's. One that is moved by its id is nobody's afterwards, whoever held it.
   */
  move(tx: WriteTransaction, posting: TakenPosting | string, move: PostingMove): Promise<boolean> {
    return this.#queue.move(tx, posting, move);
  }

  /** Keeps how far a posting has come that stays in its state. False, and nothing written, when this worker no longer holds it. */
  keep(tx: WriteTransaction, taken: TakenPosting, keeping: PostingKeeping): Promise<boolean> {
    return this.#queue.keep(tx, taken, keeping);
  }

  /** Calls back whenever this process committed postings of a hospital (null: of any) that may be taken. Returns how to stop that. */
  listen(provider: string | null, wake: PostingListener): () => void {
    return this.#queue.listen(provider, wake);
  }

  async byId(id: string, db: Kysely<Tables> = this.#db): Promise<Posting | undefined> {
    const row = await db.selectFrom('posting').select(POSTING_COLUMNS).where('id', '=', id).executeTakeFirst();
    return row && postingOf(row);
  }

  /** The same, held until the transaction ends. */
  async held(tx: WriteTransaction, id: string): Promise<Posting | undefined> {
    const row = await tx
      .selectFrom('posting')
      .select(POSTING_COLUMNS)
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row && postingOf(row);
  }

  /** Keyed by id; those that are not there are missing. */
  async byIds(ids: readonly string[], db: Kysely<Tables> = this.#db): Promise<Map<string, Posting>> {
    if (ids.length === 0) return new Map();
    const rows = await db.selectFrom('posting').select(POSTING_COLUMNS).where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, postingOf(row)]));
  }

  async byDocument(
    provider: string,
    documentNumber: string,
    version: number | 'last',
    db: Kysely<Tables> = this.#db,
  ): Promise<Posting | undefined> {
    const row = await db
      .selectFrom('posting')
      .select(POSTING_COLUMNS)
      .where('provider', '=', provider)
      .where('document_number', '=', documentNumber)
      .$if(version !== 'last', (query) => query.where('version', '=', Number(version)))
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && postingOf(row);
  }

  /** A posting with what was sent and how far it has come. */
  async content(id: string, db: Kysely<Tables> = this.#db): Promise<PostingWithContent | undefined> {
    return (await this.contents([id], db)).get(id);
  }

  /** The same of many, keyed by id; those that are not there are missing. */
  async contents(ids: readonly string[], db: Kysely<Tables> = this.#db): Promise<Map<string, PostingWithContent>> {
    if (ids.length === 0) return new Map();
    const rows = await db
      .selectFrom('posting')
      .innerJoin('posting_entry', 'posting_entry.posting_id', 'posting.id')
      .select([...POSTING_COLUMNS, 'progress_sealed', 'entry_sealed'])
      .where('id', 'in', ids)
      .execute();
    const entryOf = (sealed: Uint8Array) => JSON.parse(this.#columns.open('posting_entry.entry', sealed));
    return new Map(rows.map((row) => [row.id, { ...this.#withProgress(row), entry: entryOf(row.entry_sealed) }]));
  }

  /** The transitions of each posting, first to last; keyed by id. The first is that it was stored. */
  async transitions(ids: readonly string[], db: Kysely<Tables> = this.#db): Promise<Map<string, PostingTransition[]>> {
    if (ids.length === 0) return new Map();
    const stored = await db
      .selectFrom('posting')
      .select(['id', 'stored_at', 'operator'])
      .where('id', 'in', ids)
      .execute();
    const rows = await db
      .selectFrom('posting_transition')
      .selectAll()
      .where('posting_id', 'in', ids)
      .orderBy('posting_id')
      .orderBy('number')
      .execute();
    const later = Map.groupBy(rows, ({ posting_id }) => posting_id);
    return new Map(
      stored.map((row) => [
        row.id,
        [firstTransition(row), ...(later.get(row.id) ?? []).map((one) => transitionOf(this.#columns, one))],
      ]),
    );
  }

  /** A page of those that match, newest first. */
  async list(filter: PostingFilter, page: PostingPage): Promise<Posting[]> {
    return (await readPostingPage(this.#db, filter, page)).map(postingOf);
  }

  /** A page of what waits for a person (`manual`), the longest first; of one hospital, or of all. */
  async workList(provider: string | null, page: WorkListPage): Promise<Posting[]> {
    return (await readWorkList(this.#db, provider, page)).map(postingOf);
  }

  /** How many of a hospital (null: of all) are in each state. */
  countByState(provider: string | null): Promise<Record<PostingState, number>> {
    return countByState(this.#db, provider);
  }

  /** Hospitals some of whose postings are still to be worked on, now or later. */
  providersWithWork(): Promise<string[]> {
    return readProvidersWithWork(this.#db);
  }

  /**
   * What was settled, or undone after it was settled, from a moment and before another; in pages of 1,000 at most, each posting once.
   * Each page is read when it is asked for: memory stays as it is.
   */
  async *settledBetween(
    provider: string,
    from: number,
    before: number,
  ): AsyncGenerator<readonly PostingWithProgress[], void, undefined> {
    for await (const page of readSettled(this.#db, provider, { from, before })) {
      yield page.map((row) => this.#withProgress(row));
    }
  }

  /** Forgets keys older than 400 days, some at a time. True when none is left that old. Documents stay for ever. */
  pruneKeys(tx: WriteTransaction, now: number): Promise<boolean> {
    return forgetOldKeys(tx, now);
  }

  #withProgress(row: PostingRow & Pick<PostingTable, 'progress_sealed'>): PostingWithProgress {
    const { progress_sealed: sealed } = row;
    const progress = sealed === null ? null : JSON.parse(this.#columns.open('posting.progress', sealed));
    return { ...postingOf(row), progress };
  }
}
