import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

export type PostingCallbackState = 'pending' | 'delivered' | 'given-up';

/** What a hospital is told of a posting's end, and whether it took it. Moments are milliseconds since 1970. */
export interface PostingCallback {
  readonly postingId: string;
  readonly number: number;
  readonly state: PostingCallbackState;
  readonly attempts: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** What hospitals are told of the ends of their postings. The messages themselves are tasks. */
export class PostingCallbacks {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Keeps that there is something to tell. Its number among what is told of this posting. */
  async add(tx: WriteTransaction, postingId: string, at: number): Promise<number> {
    const { last } = await tx
      .selectFrom('posting_callback')
      .select(({ fn }) => fn.max('number').as('last'))
      .where('posting_id', '=', postingId)
      .executeTakeFirstOrThrow();
    const number = Number(last ?? 0) + 1;
    await tx
      .insertInto('posting_callback')
      .values({ posting_id: postingId, number, state: 'pending', attempts: 0, created_at: at, ended_at: null })
      .execute();
    return number;
  }

  /** Notes an attempt, and how it ended the telling where it did. */
  async note(
    tx: WriteTransaction,
    { postingId, number }: Pick<PostingCallback, 'postingId' | 'number'>,
    { state, at }: { readonly state: PostingCallbackState; readonly at: number },
  ): Promise<void> {
    await tx
      .updateTable('posting_callback')
      .set(({ eb }) => ({
        state,
        attempts: eb('attempts', '+', 1),
        ...(state !== 'pending' && { ended_at: at }),
      }))
      .where('posting_id', '=', postingId)
      .where('number', '=', number)
      .execute();
  }

  /** The last of each posting; keyed by posting. */
  async ofPostings(ids: readonly string[]): Promise<Map<string, PostingCallback>> {
    const rows = await this.#db
      .selectFrom('posting_callback')
      .selectAll()
      .where('posting_id', 'in', ids)
      .orderBy('number')
      .execute();
    return new Map(
      rows.map((row) => [
        row.posting_id,
        {
          postingId: row.posting_id,
          number: row.number,
          state: row.state as PostingCallbackState,
          attempts: row.attempts,
          createdAt: Number(row.created_at),
          endedAt: row.ended_at === null ? null : Number(row.ended_at),
        },
      ]),
    );
  }
}
