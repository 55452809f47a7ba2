import type { Kysely } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

/** A page of what a hospital has booked. */
export interface HospitalBookPage {
  readonly provider: string;
  /** Chosen by the hospital: the digest of its file. */
  readonly book: string;
  /** From 0. */
  readonly page: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** JSON; kept encrypted. */
  readonly rows: readonly unknown[];
}

/** How much of a book is there. */
export interface HospitalBookSize {
  readonly pages: number;
  readonly rows: number;
  /** False while a page before the last one is not there. */
  readonly complete: boolean;
}

const KEPT_MS = 30 * 86_400_000;
const COLUMN = 'hospital_book_page.rows';

/** What hospitals have booked themselves, given to be reconciled: in pages, since a month does not fit into one request. */
export class HospitalBooks {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Keeps a page; the same page again changes nothing. False, and nothing written, where that page is there with other rows. */
  async addPage(tx: WriteTransaction, { provider, book, page, at, rows }: HospitalBookPage): Promise<boolean> {
    const text = JSON.stringify(rows);
    const added = await tx
      .insertInto('hospital_book_page')
      .values({
        provider,
        book,
        page,
        added_at: at,
        row_count: rows.length,
        rows_sealed: this.#columns.seal(COLUMN, text),
      })
      .onConflict((conflict) => conflict.columns(['provider', 'book', 'page']).doNothing())
      .returning('page')
      .executeTakeFirst();
    return added !== undefined || (await this.#text(tx, provider, book, page)) === text;
  }

  async size(provider: string, book: string, db: Kysely<Tables> = this.#db): Promise<HospitalBookSize> {
    const found = await db
      .selectFrom('hospital_book_page')
      .select(({ fn }) => [fn.countAll().as('pages'), fn.sum('row_count').as('rows'), fn.max('page').as('last')])
      .where('provider', '=', provider)
      .where('book', '=', book)
      .executeTakeFirstOrThrow();
    const pages = Number(found.pages);
    return { pages, rows: Number(found.rows ?? 0), complete: pages === Number(found.last ?? -1) + 1 };
  }

  /** The rows of a book, page by page. */
  async *rows(provider: string, book: string): AsyncGenerator<readonly unknown[], void, undefined> {
    for (let page = 0; ; page += 1) {
      const text = await this.#text(this.#db, provider, book, page);
      if (text === undefined) return;
      yield JSON.parse(text) as readonly unknown[];
    }
  }

  /** Forgets books of 30 days ago: what came of them is kept with their reconciliations. */
  async prune(tx: WriteTransaction, now: number): Promise<void> {
    await tx
      .deleteFrom('hospital_book_page')
      .where('added_at', '<', now - KEPT_MS)
      .execute();
  }

  async #text(db: Kysely<Tables>, provider: string, book: string, page: number): Promise<string | undefined> {
    const row = await db
      .selectFrom('hospital_book_page')
      .select('rows_sealed')
      .where('provider', '=', provider)
      .where('book', '=', book)
      .where('page', '=', page)
      .executeTakeFirst();
    return row && this.#columns.open(COLUMN, row.rows_sealed);
  }
}
