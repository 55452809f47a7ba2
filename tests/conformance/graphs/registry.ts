import type { GraphDefinition, OpenedData } from './graph.ts';
import { type DataRecord, required } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const registry = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable", "@inaccessible"])
  enum System { HEALTH PAYMENT LAND @inaccessible }
  enum Status { OPEN CLOSED }
  type Query {
    resident(number: ID = "n1"): Resident
    residents: [Resident]
    cases(status: Status, first: Int): [Case!]!
    case(id: ID!): Case
  }
  type Resident @key(fields: "idNumber") { idNumber: ID! @inaccessible id: ID! name: String cases(first: Int = 2): [Case!]! }
  type Case @key(fields: "id") @key(fields: "serial office { code area { id } }") {
    id: ID!
    serial: Int!
    office: Office!
    status: Status
    applicant: Resident!
    references(system: System): [Reference]!
    steps: [[Step]!]
    parent: Case
  }
  type Reference { system: System kind: String value: String! extra: Extra }
  type Extra { code: ID year: Int }
  type Step { name: String! by: Office at: [Int!] }
  type Office @key(fields: "code area { id }") { code: String! area: Area! name: String! }
  type Area @key(fields: "id") { id: ID! name: String }
`;

const health = `
  extend schema @link(url: "${LINK}", import: ["@key", "@external", "@requires"])
  enum System { HEALTH PAYMENT LAND }
  type Query { filings: [Filing] }
  type Case @key(fields: "id") {
    id: ID!
    references(system: System): [Reference]! @external
    filings(kind: String): [Filing!] @requires(fields: "references { system value extra { code } }")
  }
  type Reference { system: System @external value: String! @external extra: Extra @external }
  type Extra { code: ID @external }
  type Filing { value: String kind: String payment: Payment patient: Resident }
  type Payment @key(fields: "code", resolvable: false) { code: ID! }
  type Resident @key(fields: "idNumber") { idNumber: ID! insured: Boolean legacyId: ID }
`;

const payments = `
  extend schema @link(url: "${LINK}", import: ["@key", "@external", "@requires", "@shareable"])
  scalar BigInt
  type Query { payment(code: ID!): Payment }
  type Payment @key(fields: "code") { code: ID! amount: BigInt payer: Resident case: Case }
  type Resident @key(fields: "idNumber", resolvable: false) { idNumber: ID! }
  type Case @key(fields: "serial office { code area { id } }") {
    serial: Int!
    office: Office!
    paid: BigInt
    fee: Int @requires(fields: "office { name }")
    payments: [Payment]
  }
  type Office @key(fields: "code area { id }") { code: String! area: Area! name: String! @external }
  type Area @key(fields: "id") { id: ID! }
`;

const geography = `
  extend schema @link(url: "${LINK}", import: ["@key"])
  type Query { areas(ids: [ID!]): [Area] }
  type Area @key(fields: "id") { id: ID! capital: String inside: Area offices: [Office!]! }
  type Office @key(fields: "code area { id }", resolvable: false) { code: String! area: Area! }
`;

const AREAS: readonly DataRecord[] = [
  { __typename: 'Area', id: 'a1', name: 'North', capital: 'Nord', inside: 'a2' },
  { __typename: 'Area', id: 'a2', name: null, capital: null, inside: null },
];
const OFFICES: readonly DataRecord[] = [office('o1', 0, 'Desk'), office('o1', 1, 'Window'), office('o2', 0, 'Hall')];
const RESIDENTS: readonly DataRecord[] = [
  { __typename: 'Resident', idNumber: 'n1', id: 'h1', name: 'Ann', insured: true, legacyId: 'n2' },
  { __typename: 'Resident', idNumber: 'n2', id: 'n1', name: null, insured: false, legacyId: null },
  { __typename: 'Resident', idNumber: 'n3', id: 'h3', name: 'Cyd', $unknownTo: ['health'] },
];
const CASES: readonly DataRecord[] = [
  record('c1', 7, 0, 'OPEN', 'n1', [
    { system: 'HEALTH', kind: 'A', value: 'v1', extra: { code: 'x1', year: 2026 } },
    null,
    { system: 'PAYMENT', kind: null, value: 'v2', extra: null },
  ]),
  record('c2', 7, 1, null, 'n2', []),
  record('c3', 8, 2, 'CLOSED', 'n1', [{ system: null, kind: 'B', value: 'v3', extra: { code: null, year: null } }]),
  { ...record('c4', 9, 0, 'OPEN', 'n3', []), $unknownTo: ['payments'] },
];
const PAYMENTS: readonly DataRecord[] = [
  { __typename: 'Payment', code: 'y1', amount: '340282366920938463463374607431768211456', payer: 'n1', case: 'c1' },
  { __typename: 'Payment', code: 'y2', amount: 4294967297, payer: null, case: 'c3' },
];

/** Compound and nested keys, keys that clients never see or that a subgraph does not resolve, `@requires` over lists. */
export const registryGraph: GraphDefinition = {
  name: 'registry',
  subgraphs: { registry, health, payments, geography },
  samples: {
    id: ['c1', 'c2', 'c3', 'c4', 'none'],
    number: ['n1', 'n2', 'n3'],
    code: ['y1', 'y2', 'none'],
    ids: [['a1', 'a9']],
  },
  open,
};

function open(): OpenedData {
  const records: Readonly<Record<string, readonly DataRecord[]>> = {
    Area: AREAS,
    Office: OFFICES,
    Resident: RESIDENTS,
    Case: CASES,
    Payment: PAYMENTS,
  };
  const recordsOf = (typename: string) => records[typename] ?? [];
  const resident = (number: unknown) => RESIDENTS.find(({ idNumber }) => idNumber === number) ?? null;
  const byId = (typename: string, id: unknown) => recordsOf(typename).find((one) => one.id === id) ?? null;
  const payment = (wanted: unknown) => PAYMENTS.find(({ code }) => code === wanted) ?? null;
  const first = <T>(list: readonly T[], count: number | null | undefined) => list.slice(0, count ?? undefined);
  const feeOf = (name: string) => name.length;
  return {
    recordsOf,
    resolvers: {
      Query: {
        resident: (_, { number }) => resident(number),
        residents: () => [RESIDENTS[1], null, RESIDENTS[0], RESIDENTS[2], RESIDENTS[1]],
        cases: (_, { status, first: count }) =>
          first(
            CASES.filter((one) => !status || one.status === status),
            count,
          ),
        case: (_, { id }) => byId('Case', id),
        filings: () => [{ value: 'loose', kind: null, payment: 'y1', patient: 'n2' }, null],
        payment: (_, { code }) => payment(code),
        areas: (_, { ids }) => (ids ?? ['a2', 'a1']).map((id: string) => byId('Area', id)),
      },
      Resident: {
        cases: ({ idNumber }, { first: count }) =>
          first(
            CASES.filter(({ applicant }) => applicant === idNumber),
            count,
          ),
      },
      Case: {
        applicant: ({ applicant }) => resident(applicant),
        references: ({ references }, { system }) =>
          references.filter((one: { system: string } | null) => !system || one?.system === system),
        steps: ({ office: at }) => [[{ name: 'read', by: at, at: [1, 2] }, null], [], [{ name: 'told', by: null }]],
        parent: ({ parent }) => byId('Case', parent),
        filings: ({ references }, { kind }) => filings(references, kind),
        fee: ({ office: { name }, $unknownTo }) => ($unknownTo ? null : feeOf(name)),
        payments: ({ id, $unknownTo }) => ($unknownTo ? null : [...PAYMENTS.filter((one) => one.case === id), null]),
      },
      Filing: {
        payment: ({ payment: code }) => payment(code),
        patient: ({ patient }) => resident(patient),
      },
      Payment: {
        payer: ({ payer }) => resident(payer),
        case: ({ case: id }) => byId('Case', id),
      },
      Area: {
        inside: ({ inside }) => byId('Area', inside),
        offices: ({ id }) => OFFICES.filter(({ area }) => (area as DataRecord).id === id),
      },
    },
    inSubgraph: {
      health: { Case: { filings: (one, { kind }) => filings(required(one, 'references'), kind) } },
      payments: {
        Case: { fee: (one) => feeOf(required(one, 'office').name) },
      },
    },
  };
}

type SentReference = {
  readonly system: string | null;
  readonly kind?: string | null;
  readonly value: string;
  readonly extra: { readonly code: string | null; readonly year?: number | null } | null;
} | null;

function filings(references: readonly SentReference[], kind: string | null) {
  return references.map((one, index) => ({
    value: one && `${one.system} ${one.value} ${one.extra?.code}`,
    kind,
    payment: index === 0 ? 'y1' : 'y2',
    patient: one ? 'n1' : null,
  }));
}

function office(code: string, area: number, name: string): DataRecord {
  return { __typename: 'Office', code, area: AREAS[area], name };
}

function record(
  id: string,
  serial: number,
  at: number,
  status: string | null,
  applicant: string,
  references: readonly SentReference[],
): DataRecord {
  const paid = id === 'c4' ? null : serial * 1e12;
  return {
    __typename: 'Case',
    id,
    serial,
    office: OFFICES[at],
    status,
    applicant,
    references,
    paid,
    parent: id === 'c2' ? 'c1' : null,
  };
}
