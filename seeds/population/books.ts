import type {
  CaseSeed,
  MedicalSeed,
  NonTaxSeed,
  Population,
  RealEstateSeed,
  ResidentSeed,
  SubsidySeed,
} from '../model.ts';
import { MEDICAL_PROVIDERS } from './hospitals.ts';
import { AS_OF } from './people.ts';

type Pages<Seed> = { readonly [Name in keyof Seed]: Seed[Name] extends readonly (infer One)[] ? One[] : Seed[Name] };

/** The registers of all departments while they are being written, one resident after the other. */
export interface Books {
  readonly residents: ResidentSeed[];
  readonly cases: CaseSeed[];
  readonly medical: Pages<MedicalSeed>;
  readonly nonTax: Pages<NonTaxSeed>;
  readonly realEstate: Pages<RealEstateSeed>;
  readonly subsidy: Pages<SubsidySeed>;
  /** The next number of a series, from 1. Residents come in order, so what is given to one never depends on a later one. */
  next(series: string): number;
}

/** Empty books; only the platform's directory of providers is in them. */
export function openBooks(): Books {
  const given = new Map<string, number>();
  return {
    residents: [],
    cases: [],
    medical: {
      providers: [...MEDICAL_PROVIDERS],
      persons: [],
      outOfAreaFilings: [],
      referrals: [],
      chronicFilings: [],
      fixedProviders: [],
      visits: [],
      settlements: [],
    },
    nonTax: { notices: [] },
    realEstate: { properties: [], registrations: [] },
    subsidy: { certificates: [], enrolments: [], applications: [], payments: [], circumstances: [] },
    next(series) {
      const number = (given.get(series) ?? 0) + 1;
      given.set(series, number);
      return number;
    },
  };
}

/** The population that the books tell of. */
export function closeBooks({ next: _, ...books }: Books, seed: number): Population {
  return { seed, asOf: AS_OF, ...books };
}
