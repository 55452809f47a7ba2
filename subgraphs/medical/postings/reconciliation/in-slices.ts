import { setImmediate as othersTurn } from 'node:timers/promises';

/** So many take a millisecond or two. */
const SLICE = 2_000;

/** Does something with each of many, and lets others have their turn in between: a month of a hospital is worked on for half a second. */
export async function inSlices<Item>(items: readonly Item[], work: (item: Item) => void): Promise<void> {
  for (let start = 0; start < items.length; start += SLICE) {
    if (start > 0) await othersTurn();
    for (const item of items.slice(start, start + SLICE)) work(item);
  }
}
