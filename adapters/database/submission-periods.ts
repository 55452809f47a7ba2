import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

const PAGE = 500;

/** Writes to one department. */
export interface SubmissionKinds {
  readonly system: string;
  readonly kinds: readonly string[];
}

/** From a moment and before another, milliseconds since 1970. */
export interface SubmissionPeriod {
  readonly from: number;
  readonly before: number;
}

/** Writes of some kinds that came to be done in a period, in pages, in the order in which they did. */
export async function* readDone(db: Kysely<Tables>, which: SubmissionKinds, { from, before }: SubmissionPeriod) {
  let last: { readonly changed_at: number; readonly id: string } | undefined = { changed_at: from, id: '' };
  while (last) {
    const after: { readonly changed_at: number; readonly id: string } = last;
    const rows = await done(db, which)
      .where('changed_at', '<', before)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('changed_at', 'id'), '>', tuple(after.changed_at, after.id)))
      .orderBy('changed_at')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    if (rows.length > 0) yield rows;
    last = rows.length === PAGE ? rows.at(-1) : undefined;
  }
}

/** Writes of some kinds that are done for some cases. */
export function readDoneOfCases(db: Kysely<Tables>, which: SubmissionKinds, caseIds: readonly string[]) {
  return done(db, which).where('case_id', 'in', caseIds).orderBy('created_at').orderBy('id').execute();
}

function done(db: Kysely<Tables>, { system, kinds }: SubmissionKinds) {
  return db
    .selectFrom('submission')
    .selectAll()
    .where('state', '=', 'done')
    .where('system', '=', system)
    .where('kind', 'in', kinds);
}
