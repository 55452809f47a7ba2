import { setTimeout as sleep } from 'node:timers/promises';
import type { District, Effect } from './district.ts';
import type { Journey, Travelling } from './journey.ts';

/** What a case came to, in our own registry and in the platform's books. */
export interface Arrival {
  readonly status: string;
  readonly steps: readonly (readonly [name: string, outcome: string])[];
  /** What the unified acceptance platform's ledger has of it, as `Journey.ends.told`. */
  readonly told: readonly string[];
  /** What the platform answers an applicant who asks. */
  readonly platform: { readonly status: string; readonly steps: number };
  readonly submissions: readonly string[];
}

interface CaseAnswer {
  readonly number: string | null;
  readonly status: string;
  readonly steps: readonly { readonly number: number; readonly name: string; readonly outcome: string }[];
  readonly submissions: readonly { readonly kind: string; readonly state: string }[];
  readonly reporting: {
    readonly upToDate: boolean;
    readonly waiting: number;
    readonly stuck: boolean;
    readonly lastFailure: string | null;
  };
  readonly progress: { readonly status: string; readonly steps: readonly { readonly number: number }[] } | null;
}

const REPORTING = 'query ($id: ID!) { case(id: $id) { status reporting { upToDate waiting stuck lastFailure } } }';
const WHOLE = `query ($id: ID!) { case(id: $id) {
  number status steps { number name outcome } submissions { kind state }
  reporting { upToDate waiting stuck lastFailure } progress { status steps { number } } } }`;
const LOOK_MS = 100;

/** What a journey must come to. */
export function expectedArrival({ ends: { status, steps, told } }: Journey): Omit<Arrival, 'submissions'> {
  return { status, steps, told, platform: { status, steps: steps.length } };
}

/**
 * Waits until the platform has been told everything of a case that has ended as `status` says. Throws when a report is stuck, or when it takes
 * longer than `patienceMs`.
 */
export async function allTold({ district, caseId }: Travelling, status: string, patienceMs = 120_000): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const { case: found } = await district.frontEnd.query<{ case: CaseAnswer }>(REPORTING, { id: caseId });
    const { reporting } = found;
    if (reporting.stuck) throw new Error(`a report of case ${caseId} is stuck: ${reporting.lastFailure}`);
    if (found.status === status && reporting.upToDate) return;
    if (Date.now() > until) throw new Error(`case ${caseId} stays behind: ${JSON.stringify(found)}`);
    await sleep(LOOK_MS);
  }
}

/** What a case came to. Throws where what is told of it is not even in order. */
export async function arrivalOf(
  { district, caseId }: Travelling,
  platformLedger: readonly Effect[],
): Promise<Arrival & { readonly number: string }> {
  const { case: found } = await district.frontEnd.query<{ case: CaseAnswer }>(WHOLE, { id: caseId });
  const { number, status, steps, submissions, progress } = found;
  if (number === null) throw new Error(`case ${caseId} has no number`);
  return {
    number,
    status,
    steps: steps.map(({ name, outcome }) => [name, outcome]),
    told: toldOf(
      platformLedger.filter(({ reference }) => reference === number),
      caseId,
    ),
    platform: { status: progress?.status ?? 'unknown', steps: progress?.steps.length ?? 0 },
    submissions: submissions.map(({ kind, state }) => `${kind} ${state}`),
  };
}

/** The platform's records of a case in the order in which they took effect. A version that does not follow its own last one stands out. */
function toldOf(effects: readonly Effect[], caseId: string): string[] {
  const versions = new Map<string, number>();
  return effects.map((effect) => {
    if (effect.kind === 'case-allotted') return 'allotted';
    if (effect.kind === 'fee-reported' && effect.operation === 'D') return 'fee-withdrawn';
    if (effect.kind === 'fee-reported' || effect.kind === 'fee-paid') return effect.kind;
    const rowGuid = String(effect.rowGuid);
    const version = Number(effect.dataVer);
    const record = rowGuid.startsWith(`${caseId}-`) ? rowGuid.slice(caseId.length + 1) : `${rowGuid} of another case`;
    const before = versions.get(record) ?? 0;
    versions.set(record, version);
    if (effect.operation !== (before === 0 ? 'I' : 'U') || version <= before)
      return `${record} ${String(effect.operation)} version ${version} after ${before}`;
    return record;
  });
}

/** How often cases were opened and numbers allotted, in all. */
export async function totals(district: District): Promise<{ readonly opened: number; readonly allotted: number }> {
  const { cases } = await district.frontEnd.query<{ cases: { totalCount: number } }>('{ cases { totalCount } }');
  const ledger = await district.ledger('unified-acceptance');
  return { opened: cases.totalCount, allotted: ledger.filter(({ kind }) => kind === 'case-allotted').length };
}
