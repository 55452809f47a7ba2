import { FIRST_PEOPLES } from '../../../seeds/population/hospitals.ts';
import { type BookRow, bookOf, type MonthSettlement, monthOf } from '../../subgraphs/fixture/settled-month.ts';

export const DAYS = { from: '2025-12-01', to: '2025-12-31' } as const;

/** A month of a hospital in three books, with four differences. */
export interface PlantedMonth {
  readonly store: readonly MonthSettlement[];
  readonly platform: readonly MonthSettlement[];
  readonly hospital: readonly BookRow[];
  /** Kind and settlement of each difference, in the order in which they are found. */
  readonly planted: readonly (readonly [string, string])[];
}

/** One that the platform lacks, one that the hospital has booked twice, one other by a fen, one on the day after. */
export function plantedMonth(count: number): PlantedMonth {
  const month = monthOf(FIRST_PEOPLES, { first: DAYS.from, days: 31, count });
  const [missing, doubled, altered, late] = [0.1, 0.3, 0.5, 0.7].map(
    (share) => month[Math.floor(count * share)] as MonthSettlement,
  ) as [MonthSettlement, MonthSettlement, MonthSettlement, MonthSettlement];
  const book = bookOf(month).map((row) => {
    if (row.settlementId === altered.id) return { ...row, total: row.total + 1 };
    if (row.settlementId === late.id) return { ...row, day: nextDay(row.day) };
    return row;
  });
  const again = book.find(({ settlementId }) => settlementId === doubled.id) as BookRow;
  return {
    store: month,
    platform: month.filter((one) => one !== missing),
    hospital: [...book, { ...again, place: `第${count + 2}行` }],
    planted: [
      ['missing', missing.id],
      ['doubled', doubled.id],
      ['amount', altered.id],
      ['day', late.id],
    ],
  };
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
