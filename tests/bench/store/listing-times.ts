import type { CasePageBounds, CaseQuery, CaseRegistry } from '../../../adapters/database/case-registry.ts';
import {
  BUSY_APPLICANT,
  COMMON_ITEM,
  COMMON_TOWN,
  COMMON_VILLAGE,
  momentAt,
  OLD_STATUS,
  OTHER_CHANNEL,
  OTHER_STATUS,
  STATUSES,
} from './million-cases.ts';

/** What `cases(first: 50)` reads: one more tells whether another page follows. */
const PAGE = 51;
/** A time above this is taken again, and the best counts: the machine's other work is not the store's. */
const DOUBTED_MS = 8;
const ROUNDS = 5;

export interface ListingTime {
  /** The conditions that are set: `status item`. */
  readonly conditions: string;
  readonly query: CaseQuery;
  readonly ms: number;
}

type Variants = readonly Partial<CaseQuery>[];

/** Every combination of conditions, each with values chosen against it; first pages and pages from the middle on. */
function* combinations(cases: number): Generator<{ conditions: string; query: CaseQuery; bounds: CasePageBounds }> {
  const dimensions: Readonly<Record<string, Variants>> = {
    status: [
      { status: [OTHER_STATUS] },
      { status: [OLD_STATUS] },
      { status: ['1', '2', '3', '4'] },
      { status: STATUSES },
    ],
    item: [{ itemId: COMMON_ITEM }, { itemId: 'S07' }],
    channel: [{ channel: OTHER_CHANNEL }, { channel: 'kiosk' }],
    division: ['42', '421202', '421221', '11', COMMON_TOWN, COMMON_VILLAGE, '421202108299'].map((divisionPrefix) => ({
      divisionPrefix,
    })),
    accepted: [
      { acceptedFrom: momentAt(0.79, cases) },
      { acceptedFrom: momentAt(0.8, cases) },
      { acceptedBefore: momentAt(0.01, cases) },
      { acceptedFrom: momentAt(0.4, cases), acceptedBefore: momentAt(0.4002, cases) },
    ],
    applicant: [{ applicantHandles: ['resident-77'] }, { applicantHandles: [BUSY_APPLICANT] }],
  };
  const names = Object.keys(dimensions);
  for (let mask = 0; mask < 2 ** names.length; mask += 1) {
    const chosen = names.filter((_, index) => mask & (1 << index));
    for (const query of products(chosen.map((name) => dimensions[name] as Variants))) {
      const conditions = chosen.join(' ') || '(none)';
      yield { conditions, query, bounds: { limit: PAGE } };
      yield { conditions, query, bounds: { limit: PAGE, after: { listedAt: momentAt(0.5, cases), id: 'z' } } };
    }
  }
}

function products(dimensions: readonly Variants[]): Partial<CaseQuery>[] {
  return dimensions.reduce<Partial<CaseQuery>[]>(
    (all, variants) => all.flatMap((query) => variants.map((variant) => ({ ...query, ...variant }))),
    [{}],
  );
}

/** The worst time of each combination of conditions. */
export async function listingTimes(registry: CaseRegistry, cases: number): Promise<ListingTime[]> {
  const worst = new Map<string, ListingTime>();
  for (const { conditions, query, bounds } of combinations(cases)) {
    let ms = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS && ms > DOUBTED_MS; round += 1) {
      const started = performance.now();
      await registry.casePage(query, bounds);
      ms = Math.min(ms, performance.now() - started);
    }
    if (ms > (worst.get(conditions)?.ms ?? 0)) worst.set(conditions, { conditions, query, ms });
  }
  return [...worst.values()];
}
