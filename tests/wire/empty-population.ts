import type { Population } from '../../seeds/model.ts';

/** Nobody and nothing on the day of the golden files: a test puts its own people and books in. */
export const EMPTY_POPULATION: Population = {
  seed: 0,
  asOf: '2026-03-16',
  residents: [],
  cases: [],
  medical: {
    providers: [],
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
};
