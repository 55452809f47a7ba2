import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const FEDERATION = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])`;

/**
 * A district's village clinics, as four teams would split them: who came on a day, where and to whom, with what findings, and who pays.
 * Few clinics and doctors stand at many visits; `ownShare` needs what two other subgraphs know.
 */
const VISITS = `${FEDERATION}
  type Query { dayBook(day: ID!, first: Int!): DayBook }
  type DayBook { day: ID! note: String! visits: [Visit!]! dutyRota: [[Doctor!]!]! }
  type Visit @key(fields: "id") {
    id: ID! number: Int! arrivedAt: String! reason: String! urgent: Boolean!
    clinic: Clinic! doctor: Doctor! patient: Patient!
    findings: [Finding!]!
    outcome: Outcome!
  }
  interface Finding { code: String! text: String! }
  type Diagnosis implements Finding { code: String! text: String! chronic: Boolean! }
  type Measurement implements Finding { code: String! text: String! value: Float! unit: String! }
  type LaboratoryResult implements Finding { code: String! text: String! value: Float! laboratory: Clinic! }
  union Outcome = Discharge | Referral
  type Discharge { advice: String! }
  type Referral { reason: String! to: Clinic! }
  type Clinic @key(fields: "id", resolvable: false) { id: ID! }
  type Doctor @key(fields: "id", resolvable: false) { id: ID! }
  type Patient @key(fields: "id") { id: ID! lastVisits(first: Int!): [Visit!]! }
`;

const CLINICS = `${FEDERATION}
  type Clinic @key(fields: "id") {
    id: ID! name: String! address: String! telephone: String! level: Int! beds: Int! services: [String!]! director: Doctor!
  }
  type Doctor @key(fields: "id") {
    id: ID! name: String! title: String! speciality: String! telephone: String! languages: [String!]! clinic: Clinic!
  }
`;

const PATIENTS = `${FEDERATION}
  type Patient @key(fields: "id") {
    id: ID! name: String! sex: String! birthDate: String! village: String! insuranceKind: InsuranceKind!
    allergies: [String!]! familyDoctor: Doctor! household: Household!
  }
  type Household { number: String! address: String! members: [Patient!]! }
  enum InsuranceKind { EMPLOYEE RESIDENT NONE }
  type Doctor @key(fields: "id", resolvable: false) { id: ID! }
`;

const BILLS = `${FEDERATION}
  type Visit @key(fields: "id") {
    id: ID! clinic: Clinic! @external patient: Patient! @external
    bill: Bill!
    ownShare: Int! @requires(fields: "clinic { level } patient { insuranceKind }")
  }
  type Clinic @key(fields: "id") { id: ID! level: Int! @external registrationFee: Int! @requires(fields: "level") }
  type Patient @key(fields: "id") { id: ID! insuranceKind: InsuranceKind! @external account: Account! }
  type Account { year: Int! spent: Int! ceiling: Int! lastSettled: String }
  type Bill { number: String! total: Int! state: BillState! items: [BillItem!]! issuedBy: Clinic! payer: Payer! }
  type BillItem { name: String! quantity: Int! amount: Int! }
  enum BillState { OPEN PAID WAIVED }
  enum InsuranceKind { EMPLOYEE RESIDENT NONE }
  union Payer = Insurer | Patient
  type Insurer { name: String! contract: String! }
`;

/** The most departments that stand beside each other in the growth measurement. */
export const DEPARTMENTS = 8;

const REGISTRY = `${FEDERATION}
  type Query { residents(from: Int!, first: Int!): [Resident!]! }
  type Resident @key(fields: "id") { id: ID! name: String! }
`;

/** Every department adds one record of its own to a resident. */
const department = (number: number) => `${FEDERATION}
  type Resident @key(fields: "id") { id: ID! record${number}: Record${number}! }
  type Record${number} { number: String! state: String! amount: Int! note: String! }
`;

/** SDL by subgraph. */
export type Graph = Readonly<Record<string, string>>;

/** What the loads `main` and `full` are asked of. */
export const CLINIC_GRAPH: Graph = { visits: VISITS, clinics: CLINICS, patients: PATIENTS, bills: BILLS };

/** What growth is measured on: a registry and departments that know nothing of each other. */
export const GROWTH_GRAPH: Graph = {
  registry: REGISTRY,
  ...Object.fromEntries(
    Array.from({ length: DEPARTMENTS }, (_, index) => [`department${index + 1}`, department(index + 1)]),
  ),
};

/** Composes a graph with its subgraphs' addresses. Throws what composition says. */
export function compose(graph: Graph, addresses: Readonly<Record<string, string>>): string {
  const services = Object.entries(graph).map(([name, sdl]) => {
    const url = addresses[name];
    if (url === undefined) throw new Error(`subgraph ${name} has no address`);
    return { name, url, typeDefs: parse(sdl) };
  });
  const result = composeServices(services);
  if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}
