import { Refusal } from './refusal.ts';

/** What each place grants and pays (wire spec 3.0). Hubei's are the reported ones; the rest of the country is invented and marked. */
interface PlaceRules {
  /** The head of the hukou division; the longest that fits holds. */
  readonly division: string;
  readonly livingStatuses: readonly string[];
  readonly nursing: readonly { readonly categories: string; readonly grades: string }[];
  /** Fen a month by subsidy type, in order of `from`. */
  readonly rates: readonly { readonly from: string; readonly '1': number; readonly '2': number }[];
}

const PLACES: readonly PlaceRules[] = [
  {
    division: '42',
    livingStatuses: ['1'],
    nursing: [{ categories: '1234567', grades: '12' }],
    rates: [
      { from: '201601', '1': 5_000, '2': 10_000 },
      { from: '202101', '1': 7_000, '2': 10_000 },
      { from: '202601', '1': 11_000, '2': 12_500 },
    ],
  },
  {
    // Invented: anywhere else. The nursing rate is transcript 10's.
    division: '',
    livingStatuses: ['1', '2'],
    nursing: [
      { categories: '1234567', grades: '12' },
      { categories: '56', grades: '34' },
    ],
    rates: [{ from: '201601', '1': 18_000, '2': 27_500 }],
  },
];

/** What an application, or the registers, say of a person. */
export interface Facts {
  readonly category: string;
  readonly grade: string;
  readonly economicStatus: string;
  readonly specialHardship: boolean;
  readonly orphan: boolean;
  readonly workInjuryNursing: boolean;
}

/** Throws `Refusal` LB2003 to LB2005 for the first rule of the hukou place that stands against one of the types. */
export function checkEntitlement(hukouDivision: string, types: readonly string[], facts: Facts): void {
  const place = placeOf(hukouDivision);
  const severe = place.nursing.some(
    ({ categories, grades }) => categories.includes(facts.category) && grades.includes(facts.grade),
  );
  if (types.includes('2') && !severe) throw new Refusal('LB2003');
  if (types.includes('1') && !place.livingStatuses.includes(facts.economicStatus)) throw new Refusal('LB2004');
  const excluded = facts.specialHardship || facts.workInjuryNursing || (facts.orphan && types.includes('1'));
  if (excluded) throw new Refusal('LB2005');
}

/** Fen a month; 0 before a place's first row. */
export function monthlyFen(division: string, type: string, month: string): number {
  const rate = placeOf(division).rates.findLast(({ from }) => from <= month);
  return rate === undefined ? 0 : rate[type as '1' | '2'];
}

function placeOf(division: string): PlaceRules {
  const fitting = PLACES.filter((place) => division.startsWith(place.division));
  return fitting.reduce((best, place) => (place.division.length > best.division.length ? place : best));
}
