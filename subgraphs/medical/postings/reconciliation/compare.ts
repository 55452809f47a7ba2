import { type AccountEntry, AMOUNTS, type AmountName, type Books, SIDES, type Side } from './account.ts';
import { inSlices } from './in-slices.ts';
import { type Found, foundIn } from './same-settlement.ts';

/**
 * What can be wrong with one settlement. `missing`: not in a side's books. `doubled`: more than once in a side's books. `amount`: the sides
 * have other amounts. `day`: the sides have it on other days. `refund`: one side has it as cancelled and another does not. `second`: two
 * settlements of one visit stand at the same time, and this one is the later or the one that nobody knows of.
 */
export type DifferenceKind = 'missing' | 'doubled' | 'amount' | 'day' | 'refund' | 'second';

/** One difference, named by its settlement. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** The sides whose books are not as the others': those where it is missing or doubled, those that differ from the platform. */
  readonly sides: readonly Side[];
  readonly settlementId: string | null;
  readonly document: string | null;
  readonly visitId: string | null;
  /** What each side's books say; null where they say nothing. */
  readonly entries: Readonly<Record<Side, AccountEntry | null>>;
  /** The amounts that differ, for `amount`. */
  readonly amounts: readonly AmountName[];
}

/**
 * Compares the books of all sides, settlement by settlement. One settlement has one difference, the weightiest: what is missing is not told
 * to differ in its amount too. In the order of the settlements' ids, those without one last.
 *
 * @param days what was asked of the platform, `yyyy-MM-dd`; every day where it is left out. An entry of another side on another day counts
 * only where the platform has that settlement on one of these days.
 */
export async function compareBooks(books: Books, days?: ReadonlySet<string>): Promise<readonly Difference[]> {
  const sides = books.hospital === null ? SIDES.filter((side) => side !== 'hospital') : SIDES;
  const settlements = await foundIn(books, days);
  const seconds = secondSettlements(settlements);
  const differences: Difference[] = [];
  await inSlices(settlements, (found) => {
    const difference = seconds.has(found) ? told(found, 'second', ['platform']) : differenceOf(found, sides);
    if (difference) differences.push(difference);
  });
  return differences.sort(bySettlement);
}

function bySettlement({ settlementId: one }: Difference, { settlementId: other }: Difference): number {
  if (one === other) return 0;
  return other === null || (one !== null && one < other) ? -1 : 1;
}

function differenceOf(found: Found, sides: readonly Side[]): Difference | undefined {
  const doubled = sides.filter((side) => found[side].length > 1);
  if (doubled.length > 0) return told(found, 'doubled', doubled);
  const missing = sides.filter((side) => found[side].length === 0);
  if (missing.length > 0) return told(found, 'missing', missing);

  const truth = found.platform[0] as AccountEntry;
  const differing = (differs: (entry: AccountEntry) => boolean) =>
    sides.filter((side) => side !== 'platform' && differs(found[side][0] as AccountEntry));
  const otherAmounts = differing((entry) => AMOUNTS.some((name) => entry[name] !== truth[name]));
  if (otherAmounts.length > 0) {
    const amounts = AMOUNTS.filter((name) => differing((entry) => entry[name] !== truth[name]).length > 0);
    return told(found, 'amount', otherAmounts, amounts);
  }
  const otherRefunds = differing(({ refunded }) => isOther(refunded, truth.refunded));
  if (otherRefunds.length > 0) return told(found, 'refund', otherRefunds);
  const otherDays = differing(({ day }) => isOther(day, truth.day));
  return otherDays.length > 0 ? told(found, 'day', otherDays) : undefined;
}

function isOther<Value>(one: Value | null, other: Value | null): boolean {
  return one !== null && other !== null && one !== other;
}

function told(
  found: Found,
  kind: DifferenceKind,
  sides: readonly Side[],
  amounts: readonly AmountName[] = [],
): Difference {
  const entries = {
    hospital: found.hospital[0] ?? null,
    store: found.store[0] ?? null,
    platform: found.platform[0] ?? null,
  };
  const { hospital, store, platform } = entries;
  const first = (member: 'settlementId' | 'document' | 'visitId') =>
    platform?.[member] ?? store?.[member] ?? hospital?.[member] ?? null;
  return {
    kind,
    sides,
    settlementId: first('settlementId'),
    document: first('document'),
    visitId: first('visitId'),
    entries,
    amounts,
  };
}

/** Of the settlements of one visit that stand at the centre all but one: the first that was settled here, else the first at all. */
function secondSettlements(settlements: Iterable<Found>): ReadonlySet<Found> {
  const firsts = new Map<string, Found>();
  const seconds = new Set<Found>();
  for (const found of settlements) {
    const [entry] = found.platform;
    if (!entry || entry.visitId === null || entry.refunded === true || entry.totalFen <= 0) continue;
    const first = firsts.get(entry.visitId);
    if (!first) {
      firsts.set(entry.visitId, found);
      continue;
    }
    const comesBefore = isBefore(found, first);
    seconds.add(comesBefore ? first : found);
    if (comesBefore) firsts.set(entry.visitId, found);
  }
  return seconds;
}

function isBefore(one: Found, other: Found): boolean {
  if (one.store.length > 0 !== other.store.length > 0) return one.store.length > 0;
  return (one.platform[0]?.day ?? '') < (other.platform[0]?.day ?? '');
}
