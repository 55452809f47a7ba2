import { KEPT_MS } from './idempotency.ts';
import { postingIdPrefix } from './posting-ids.ts';
import { readSetting, writeSetting } from './settings.ts';
import type { WriteTransaction } from './writing.ts';

/** Rows looked at in one unit of work: so long does it hold up other writers. */
const BATCH = 2_000;
/** The last posting whose key is forgotten. */
const POSITION = 'postings.key-forgotten';

/** Forgets keys older than `KEPT_MS`, in the order in which they came, from where it was left. True when none is left that old. */
export async function forgetOldKeys(tx: WriteTransaction, now: number): Promise<boolean> {
  const after = (await readSetting(tx, POSITION)) ?? '';
  const old = await tx
    .selectFrom('posting')
    .select('id')
    .where('id', '>', after)
    .where('id', '<', postingIdPrefix(now - KEPT_MS))
    .orderBy('id')
    .limit(BATCH)
    .execute();
  const last = old.at(-1);
  if (!last) return true;
  await tx
    .updateTable('posting')
    .set({ request_key: null })
    .where('id', '>', after)
    .where('id', '<=', last.id)
    .where('request_key', 'is not', null)
    .execute();
  await writeSetting(tx, POSITION, last.id);
  return old.length < BATCH;
}
