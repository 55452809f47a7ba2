import type { ResidentSeed } from '../../../seeds/model.ts';
import type { District } from './district.ts';
import type { Fit } from './people.ts';

/** A case on its way, as whoever handles it knows it. */
export interface Travelling {
  readonly district: District;
  readonly applicant: ResidentSeed;
  /** The case's id; empty before it is opened. */
  caseId: string;
  /** What later steps need of earlier ones: a payment code, say. */
  readonly notes: Map<string, string>;
}

/** One step, done by whom it is due to. */
export interface JourneyStep {
  readonly name: string;
  take(at: Travelling): Promise<void>;
}

/** A service from the first mutation to the closed case. */
export interface Journey {
  readonly name: string;
  readonly itemId: string;
  readonly steps: readonly JourneyStep[];
  /** Who applies. */
  readonly applicant: Fit;
  readonly ends: {
    readonly status: string;
    /** The steps of the case: name and outcome. */
    readonly steps: readonly (readonly [name: string, outcome: string])[];
    /**
     * What the unified acceptance platform's ledger has of the case, in order: `allotted`, `a` the acceptance record, `m1` a material, `s2` a
     * step, `p1` a special procedure, `fee-reported`, `fee-withdrawn`, `r` the result. A record that is told anew stands there again.
     */
    readonly told: readonly string[];
  };
  /** Looks at the ledgers of the departments that the service stands on. Throws where an effect is missing or doubled. */
  readonly effects?: (at: Travelling) => Promise<void>;
}

/** Begins a journey with somebody whom no other has taken: nothing is opened yet. */
export function setOut({ applicant }: Journey, district: District): Travelling {
  return { district, applicant: district.people.take(applicant), caseId: '', notes: new Map() };
}
