import type { MedicalInsuranceClient } from '../../../../adapters/medical-insurance/client.ts';
import type { ComparedRow, TotalsCompared } from '../../../../adapters/medical-insurance/records/reconciliation.ts';
import type { Institution } from '../../../../adapters/medical-insurance/settings.ts';
import type { AccountEntry } from './account.ts';
import type { Booked } from './booked.ts';

/** What one pair of statements of a day is about (medical-insurance 3.13). */
interface Pair {
  readonly clearingType: string;
  readonly clearingOffice: string;
}

/** What is asked even where nothing of it was booked here, so that what only the platform has shows. */
export interface Expected {
  readonly pairs: readonly Pair[];
  readonly insuranceKinds: readonly string[];
}

/** Sums of one day, insurance and clearing kind, as the platform compared them (3201). */
export interface ComparedSums extends Pair {
  readonly day: string;
  readonly insuranceKind: string;
  readonly refunded: boolean;
  readonly result: string;
  readonly agrees: boolean;
  readonly description: string | null;
}

/** The platform's books of some days. */
export interface PlatformBooks {
  readonly statements: readonly ComparedSums[];
  readonly entries: readonly AccountEntry[];
}

export interface PlatformQuestion {
  readonly institution: Institution;
  readonly days: readonly string[];
  readonly booked: readonly Booked[];
  readonly expected: Expected;
  readonly signal: AbortSignal;
}

/** stmt_rslt (medical-insurance 3.13): both sides have it; the hospital has one that the centre has not. */
const EQUAL = '0';
const HOSPITAL_HAS_MORE = '2';
/** A provider may have four calls under way (medical-insurance 5); the counter needs some of them. */
const AT_ONCE = 2;

/**
 * Asks the platform for its books: for each day, clearing pair and refund flag the sums (3201) and, unless both sides have nothing, the single
 * settlements (3202 with 9101 and 9102). An answer with code 0 may still say that the sums differ (medical-insurance 3.13). What nothing
 * was booked of on any of the days is asked for all of them at once.
 */
export async function platformBooks(
  client: Pick<MedicalInsuranceClient, 'reconcileTotals' | 'reconcileDetails'>,
  { institution, days, booked, expected, signal }: PlatformQuestion,
): Promise<PlatformBooks> {
  const compared: ComparedSums[] = [];
  const entries: AccountEntry[] = [];
  const questions = statementsOf(days, booked, expected);
  const quiet = new Map<string, SumsAnswer>();

  await inTwos(days.length > 1 ? quietOnes(questions) : [], signal, async (sums, each) => {
    const period = { ...sums, from: days[0] ?? '', to: days.at(-1) ?? '' };
    const answer = await client.reconcileTotals({ ...period, ...sumsOf([]), count: 0 }, { institution, signal: each });
    if (answer.agrees) quiet.set(nameOf(sums), answer);
  });
  await inTwos(questions, signal, async ({ day, pair, refunded, rows, kinds }, each) => {
    const options = { institution, signal: each };
    const period = { ...pair, from: day, to: day, refunded };
    let agree = true;
    for (const insuranceKind of kinds) {
      const own = rows.filter((row) => (row.insuranceKind ?? kinds[0]) === insuranceKind);
      const totals = { ...period, ...sumsOf(own), insuranceKind, count: own.length };
      const answer = quiet.get(nameOf(totals)) ?? (await client.reconcileTotals(totals, options));
      const { result, agrees, description } = answer;
      compared.push({ day, ...pair, insuranceKind, refunded, result, agrees, description });
      agree &&= agrees;
    }
    if (rows.length === 0 && agree) return;
    const listed = rows.filter(hasId);
    const { cashFen } = sumsOf(listed);
    const details = await client.reconcileDetails({ ...period, cashFen, rows: listed }, options);
    const known = new Map(listed.map((row) => [row.settlementId, row]));
    for (const row of details.rows) {
      if (row.result !== HOSPITAL_HAS_MORE) entries.push(entryOf(row, day, known.get(row.settlementId)));
    }
  });
  return { statements: compared.sort(byDay), entries };
}

/** Works on all of them, some at once. When one fails, the others end, and nothing more is begun. */
async function inTwos<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const next = items.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const item of next) await work(item, either);
  });
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(workers);
    throw error;
  }
}

function hasId(row: Booked): row is Booked & { readonly settlementId: string } {
  return row.settlementId !== null;
}

/** The amounts are the centre's; a line that is equal may leave them out. */
function entryOf(row: ComparedRow, day: string, own: Booked | undefined): AccountEntry {
  const equal = row.result === EQUAL ? own : undefined;
  return {
    settlementId: row.settlementId,
    document: null,
    visitId: row.visitId,
    day,
    totalFen: row.totalFen ?? equal?.totalFen ?? 0,
    fundTotalFen: row.fundTotalFen ?? equal?.fundTotalFen ?? 0,
    accountFen: row.accountFen ?? equal?.accountFen ?? 0,
    refunded: row.refunded,
    place: null,
  };
}

function byDay(one: ComparedSums, other: ComparedSums): number {
  return orderOf(one) < orderOf(other) ? -1 : 1;
}

function orderOf({ day, clearingOffice, clearingType, insuranceKind, refunded }: ComparedSums): string {
  return [day, clearingOffice, clearingType, insuranceKind, refunded ? '1' : '0'].join(' ');
}

/** What one call of 3202 is about. */
interface Statement {
  readonly day: string;
  readonly pair: Pair;
  readonly refunded: boolean;
  readonly rows: readonly Booked[];
  readonly kinds: readonly string[];
}

/** What one call of 3201 is about, whatever its days. */
interface Sums extends Pair {
  readonly insuranceKind: string;
  readonly refunded: boolean;
}

type SumsAnswer = Pick<TotalsCompared, 'result' | 'agrees' | 'description'>;

function nameOf({ clearingType, clearingOffice, insuranceKind, refunded }: Sums): string {
  return `${clearingType} ${clearingOffice} ${insuranceKind} ${refunded}`;
}

/** Sums of which nothing was booked on any day. */
function quietOnes(questions: readonly Statement[]): readonly Sums[] {
  const all = new Map<string, Sums>();
  const booked = new Set<string>();
  for (const { pair, refunded, rows, kinds } of questions) {
    for (const insuranceKind of kinds) {
      const sums = { ...pair, insuranceKind, refunded };
      all.set(nameOf(sums), sums);
      if (rows.some((row) => (row.insuranceKind ?? kinds[0]) === insuranceKind)) booked.add(nameOf(sums));
    }
  }
  return [...all].filter(([name]) => !booked.has(name)).map(([, sums]) => sums);
}

function statementsOf(days: readonly string[], booked: readonly Booked[], expected: Expected): readonly Statement[] {
  const [first] = expected.pairs;
  const pairOf = ({ clearingType, clearingOffice }: Booked): Pair => ({
    clearingType: clearingType ?? first?.clearingType ?? '',
    clearingOffice: clearingOffice ?? first?.clearingOffice ?? '',
  });
  const key = ({ clearingType, clearingOffice }: Pair) => `${clearingType} ${clearingOffice}`;
  const pairs = new Map([...expected.pairs, ...booked.map(pairOf)].map((pair) => [key(pair), pair]));
  const rowsOf = Map.groupBy(booked, (row) => `${row.day} ${key(pairOf(row))} ${row.refunded}`);
  return days.flatMap((day) =>
    [...pairs].flatMap(([name, pair]) =>
      [false, true].map((refunded) => {
        const rows = rowsOf.get(`${day} ${name} ${refunded}`) ?? [];
        const told = new Set(expected.insuranceKinds);
        for (const { insuranceKind } of rows) if (insuranceKind !== null) told.add(insuranceKind);
        return { day, pair, refunded, rows, kinds: [...told] };
      }),
    ),
  );
}

function sumsOf(rows: readonly Booked[]) {
  const sums = { totalFen: 0, fundTotalFen: 0, accountFen: 0, cashFen: 0 };
  for (const { totalFen, fundTotalFen, accountFen, cashFen } of rows) {
    sums.totalFen += totalFen;
    sums.fundTotalFen += fundTotalFen;
    sums.accountFen += accountFen;
    sums.cashFen += cashFen;
  }
  return sums;
}
