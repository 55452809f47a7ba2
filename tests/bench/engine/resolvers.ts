import { DEPARTMENTS } from './graph.ts';
import {
  accountOf,
  billOf,
  clinicOf,
  dayBookOf,
  departmentRecordOf,
  doctorOf,
  lastVisitsOf,
  ownShareOf,
  patientOf,
  registrationFeeOf,
  residentOf,
  visitOf,
} from './records.ts';

interface Key {
  readonly id: string;
}

interface FromTo {
  readonly from: number;
  readonly first: number;
}

type Resolvers = Readonly<Record<string, Readonly<Record<string, (parent: never, args: never) => unknown>>>>;

const CLINIC_RESOLVERS: Readonly<Record<string, Resolvers>> = {
  visits: {
    Query: {
      dayBook: (_: unknown, { day, first }: { readonly day: string; readonly first: number }) => dayBookOf(day, first),
    },
    Visit: { __resolveReference: ({ id }: Key) => visitOf(id) },
    Patient: {
      __resolveReference: ({ id }: Key) => ({ id }),
      lastVisits: ({ id }: Key, { first }: { readonly first: number }) => lastVisitsOf(id, first),
    },
  },
  clinics: {
    Clinic: { __resolveReference: ({ id }: Key) => clinicOf(id) },
    Doctor: { __resolveReference: ({ id }: Key) => doctorOf(id) },
  },
  patients: { Patient: { __resolveReference: ({ id }: Key) => patientOf(id) } },
  bills: {
    // The representation itself: it holds what @requires asks for.
    Visit: {
      __resolveReference: (visit: Key) => visit,
      bill: ({ id }: Key) => billOf(id),
      ownShare: ({ id, clinic, patient }: Key & { clinic: { level: number }; patient: { insuranceKind: string } }) =>
        ownShareOf(id, clinic.level, patient.insuranceKind),
    },
    Clinic: {
      __resolveReference: (clinic: Key) => clinic,
      registrationFee: ({ id, level }: Key & { level: number }) => registrationFeeOf(id, level),
    },
    Patient: { __resolveReference: ({ id }: Key) => ({ id, account: accountOf(id) }) },
  },
};

const GROWTH_RESOLVERS: Readonly<Record<string, Resolvers>> = {
  registry: {
    Query: {
      residents: (_: unknown, { from, first }: FromTo) =>
        Array.from({ length: first }, (_, index) => residentOf(`r${from + index}`)),
    },
    Resident: { __resolveReference: ({ id }: Key) => residentOf(id) },
  },
  ...Object.fromEntries(
    Array.from({ length: DEPARTMENTS }, (_, index) => [
      `department${index + 1}`,
      {
        Resident: {
          __resolveReference: ({ id }: Key) => ({ id, [`record${index + 1}`]: departmentRecordOf(index + 1, id) }),
        },
      },
    ]),
  ),
};

/** Resolvers by subgraph, for both graphs. */
export const RESOLVERS: Readonly<Record<string, Resolvers>> = { ...CLINIC_RESOLVERS, ...GROWTH_RESOLVERS };
