import type { AccountEntry, Side } from './account.ts';
import { SIDES } from './account.ts';
import { entryOf } from './booked.ts';
import type { StoreBooks } from './booked-between.ts';
import { compareBooks, type Difference } from './compare.ts';
import type { ComparedSums, PlatformBooks } from './platform-books.ts';

/** The sums of one side's books, amounts in fen. */
export interface SideTotals {
  readonly side: Side;
  readonly count: number;
  readonly totalFen: number;
  readonly fundTotalFen: number;
  readonly accountFen: number;
}

/** What came of a reconciliation, as it is kept. */
export interface ReconciliationResult {
  readonly totals: readonly SideTotals[];
  readonly statements: readonly ComparedSums[];
  /** The first 10,000. */
  readonly differences: readonly Difference[];
  /** How many there are. */
  readonly differenceCount: number;
  readonly agrees: boolean;
}

/** More differences than a person reads are not kept one by one: then a whole book is missing, and the sums tell so. */
const MOST_DIFFERENCES = 10_000;

/**
 * Compares what the three sides have booked. A hospital's book of a month serves a single day too, and what was booked here around midnight
 * may be the platform's of the next day: entries of other days than these count only where the platform has them on these.
 */
export async function reconcile(
  days: readonly string[],
  hospital: readonly AccountEntry[] | null,
  { booked, open }: StoreBooks,
  platform: PlatformBooks,
): Promise<ReconciliationResult> {
  const asked = new Set(days);
  const books = { hospital, store: booked.map(entryOf), platform: platform.entries };
  const documents = new Map(open.map(({ visitId, document }) => [visitId, document]));
  const differences = (await compareBooks(books, asked)).map((difference) => named(difference, documents));
  return {
    totals: SIDES.flatMap((side) => (books[side] ? [totalsOf(side, books[side], asked)] : [])),
    statements: platform.statements,
    differences: differences.slice(0, MOST_DIFFERENCES),
    differenceCount: differences.length,
    agrees: differences.length === 0 && platform.statements.every(({ agrees }) => agrees),
  };
}

/** What only the platform has may be of a posting that is still open: then its document tells what it is about. */
function named(difference: Difference, documents: ReadonlyMap<string, string>): Difference {
  const { document, visitId, entries } = difference;
  if (document !== null || visitId === null || entries.store) return difference;
  return { ...difference, document: documents.get(visitId) ?? null };
}

function totalsOf(side: Side, entries: readonly AccountEntry[], days: ReadonlySet<string>): SideTotals {
  const totals = { count: 0, totalFen: 0, fundTotalFen: 0, accountFen: 0 };
  for (const entry of entries) {
    if (entry.day !== null && !days.has(entry.day)) continue;
    totals.count += 1;
    totals.totalFen += entry.totalFen;
    totals.fundTotalFen += entry.fundTotalFen;
    totals.accountFen += entry.accountFen;
  }
  return { side, ...totals };
}
