import type { Kysely } from 'kysely';
import { POSTING_COLUMNS } from './posting-rows.ts';
import type { Tables } from './tables.ts';

const PAGE = 1_000;

/** From a moment and before another. */
interface Period {
  readonly from: number;
  readonly before: number;
}

/**
 * The postings of a hospital that were settled in a period, then those that were undone in it and settled in another; in pages, each
 * posting once, those of each kind in the order of the moment.
 */
export async function* readSettled(db: Kysely<Tables>, provider: string, period: Period) {
  yield* inOrder(db, provider, 'settled_at', period);
  for await (const page of inOrder(db, provider, 'undone_at', period)) {
    const others = page.filter(({ settled_at }) => settled_at === null || !isWithin(settled_at, period));
    if (others.length > 0) yield others;
  }
}

async function* inOrder(db: Kysely<Tables>, provider: string, column: 'settled_at' | 'undone_at', period: Period) {
  let last: { readonly moment: number; readonly id: string } | undefined = { moment: period.from, id: '' };
  while (last) {
    const after: { readonly moment: number; readonly id: string } = last;
    const rows = await db
      .selectFrom('posting')
      .select([...POSTING_COLUMNS, 'progress_sealed'])
      .where('provider', '=', provider)
      .where(column, '<', period.before)
      .where(({ eb, refTuple, tuple }) => eb(refTuple(column, 'id'), '>', tuple(after.moment, after.id)))
      .orderBy(column)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    last = end && rows.length === PAGE ? { moment: end[column] ?? 0, id: end.id } : undefined;
  }
}

function isWithin(moment: number, { from, before }: Period): boolean {
  return moment >= from && moment < before;
}
