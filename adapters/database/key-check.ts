import type { PersonalColumns } from './personal-columns.ts';
import { deleteSetting, readSetting, writeSetting } from './settings.ts';
import { StoreUnavailable } from './store-unavailable.ts';
import type { WriteTransaction } from './writing.ts';

/** The names under which the store remembers its keys. `together` is that of stores made before column keys could be several. */
const SETTING = {
  handleKey: 'handle-key-fingerprint',
  sealedAs: 'sealed-as',
  resealing: 'resealing-position',
  together: 'key-fingerprint',
};

/** How far re-sealing has come: in which table, and behind which row of it. */
export interface ResealingPosition {
  readonly table: string;
  readonly after: readonly unknown[] | null;
}

/**
 * A store opened with other keys than it was made with would look empty and then mix two sets of people, or hold what nobody can read:
 * refuses, with `StoreUnavailable`. Remembers how values are sealed from now on.
 */
export async function checkKeys(tx: WriteTransaction, columns: PersonalColumns, place: string): Promise<void> {
  await checkHandleKey(tx, columns, place);
  const inUse = await waysInUse(tx);
  for (const way of inUse) {
    if (columns.canOpen(way)) continue;
    throw new StoreUnavailable(
      `${place} was made with other keys: it holds personal data under a column key that is not configured. Give it back under store.columnKeys; it may go when everything has been sealed anew.`,
    );
  }
  if (!inUse.includes(columns.sealingAs)) {
    await writeSetting(tx, SETTING.sealedAs, JSON.stringify([...inUse, columns.sealingAs]));
    await deleteSetting(tx, SETTING.resealing);
  }
}

/** Where re-sealing goes on; `null` at its beginning, undefined when there is nothing to seal anew. */
export async function resealingPosition(
  tx: WriteTransaction,
  columns: PersonalColumns,
): Promise<ResealingPosition | null | undefined> {
  const inUse = await waysInUse(tx);
  if (inUse.every((way) => way === columns.sealingAs)) return undefined;
  const kept = await readSetting(tx, SETTING.resealing);
  return kept === undefined ? null : (JSON.parse(kept) as ResealingPosition);
}

export async function moveResealing(tx: WriteTransaction, position: ResealingPosition): Promise<void> {
  await writeSetting(tx, SETTING.resealing, JSON.stringify(position));
}

/** Everything is sealed in one way now: forgets the others, and with them their keys. */
export async function endResealing(tx: WriteTransaction, columns: PersonalColumns): Promise<void> {
  await writeSetting(tx, SETTING.sealedAs, JSON.stringify([columns.sealingAs]));
  await deleteSetting(tx, SETTING.resealing);
}

async function waysInUse(tx: WriteTransaction): Promise<readonly string[]> {
  const kept = await readSetting(tx, SETTING.sealedAs);
  return kept === undefined ? [] : (JSON.parse(kept) as string[]);
}

async function checkHandleKey(tx: WriteTransaction, columns: PersonalColumns, place: string): Promise<void> {
  const kept = await readSetting(tx, SETTING.handleKey);
  if (kept === undefined) {
    await takeOverOldFingerprint(tx, columns, place);
    await writeSetting(tx, SETTING.handleKey, columns.handleKeyFingerprint());
  } else if (kept !== columns.handleKeyFingerprint()) throw otherKeys(place);
}

async function takeOverOldFingerprint(tx: WriteTransaction, columns: PersonalColumns, place: string): Promise<void> {
  const together = await readSetting(tx, SETTING.together);
  if (together === undefined) return;
  const way = columns.oldWay(together);
  if (way === undefined) throw otherKeys(place);
  await writeSetting(tx, SETTING.sealedAs, JSON.stringify([way]));
  await deleteSetting(tx, SETTING.together);
}

function otherKeys(place: string): StoreUnavailable {
  return new StoreUnavailable(`${place} was made with other keys: give it the keys it was made with.`);
}
