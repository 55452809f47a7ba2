import type { SimulatorName } from '../../../gateway/sandbox/simulators.ts';

/** So many residents stand on the page that is measured. */
export const PAGE = 100;
/** So many residents have a record of every kind among them. */
export const WARM_UP = 40;

export const QUERY = `query Page($first: Int!) {
  residents(first: $first) {
    edges {
      node {
        id name sex birthDate residenceDivision
        cases(first: 100) {
          edges { node { id number status item { name visitsPromised } steps { name outcome } progress { statusName overdue } } }
        }
        insuredPerson {
          personNumber
          insurances { kind status region }
          outOfAreaFilings { serial category destination }
          referrals { diagnosisName hospitalName }
          chronicDiseaseFilings { diseaseName }
          hospitalStays { visitId }
        }
        maternitySettlements { id total maternityFund }
        payments(first: 100) { edges { node { code state amount eReceipt { number } } } }
        properties(first: 50) { edges { node { unitNumber location mortgaged seized } } }
        disabilityCertificate { number category grade }
        subsidyEnrolments { type monthlyAmount }
        subsidyApplications { number status }
        subsidyPayments(from: "2025-10", to: "2026-03") { month amount }
      }
    }
  }
}`;

export interface Resident {
  readonly cases: { edges: { node: { number: string } }[] };
  readonly insuredPerson: { insurances: unknown[] } | null;
  readonly maternitySettlements: { id: string }[];
  readonly payments: { edges: { node: { code: string } }[] };
  readonly subsidyApplications: { number: string }[];
}

/** The residents of an answer as JSON. Throws when it has errors: what is measured then would be another page. */
export function readPage(text: string): Resident[] {
  const { data, errors } = JSON.parse(text) as {
    data: { residents: { edges: { node: Resident }[] } };
    errors?: unknown[];
  };
  if (errors) throw new Error(`the page has ${errors.length} errors, the first: ${JSON.stringify(errors[0])}`);
  return data.residents.edges.map(({ node }) => node);
}

/** One call for each distinct thing asked, by what came back. */
export function leastCalls(residents: readonly Resident[]): Record<SimulatorName, number> {
  const insured = residents.filter(({ insuredPerson }) => insuredPerson !== null);
  const count = (list: (resident: Resident) => unknown[]) =>
    residents.reduce((sum, resident) => sum + list(resident).length, 0);
  const applications = count(({ subsidyApplications }) => subsidyApplications);
  return {
    'unified-acceptance': count(({ cases }) => cases.edges),
    // The person; four lists of each insured person; the settlements.
    'medical-insurance':
      residents.length + 4 * insured.length + count(({ maternitySettlements }) => maternitySettlements),
    'non-tax': count(({ payments }) => payments.edges),
    'real-estate': residents.length,
    // Certificate, enrolments and payments of each; the applications.
    'disability-subsidy': 3 * residents.length + applications,
  };
}
