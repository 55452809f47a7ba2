export type LoadName = 'main' | 'full';

/** A query whose text never changes, and the variables it is asked with. */
export interface Load {
  readonly name: LoadName;
  readonly query: string;
  readonly variables: readonly Readonly<Record<string, unknown>>[];
}

/** So many days are asked in turn: more than connections, so that no two requests in flight are the same. */
const DAYS = 300;
const days = (first: number) => Array.from({ length: DAYS }, (_, day) => ({ day: String(day), first }));

/** About 6 fetches and 8 KB: one page of a day book with its bills. */
const MAIN: Load = {
  name: 'main',
  variables: days(12),
  query: `query main($day: ID!, $first: Int!) {
  dayBook(day: $day, first: $first) {
    day
    note
    visits {
      id
      number
      arrivedAt
      reason
      urgent
      clinic { id name level }
      doctor { id name title }
      patient { id name birthDate village }
      findings { __typename code text ... on Diagnosis { chronic } ... on Measurement { value unit } }
      bill { number total state items { name quantity amount } }
      ownShare
    }
  }
}`,
};

/** About 16 fetches and 35 KB: the same with everything that hangs on it. */
const FULL: Load = {
  name: 'full',
  variables: days(18),
  query: `query full($day: ID!, $first: Int!) {
  dayBook(day: $day, first: $first) {
    day
    note
    dutyRota { id name speciality telephone }
    visits {
      id
      number
      arrivedAt
      reason
      urgent
      clinic { id name address telephone level beds services registrationFee }
      doctor { id name title speciality languages }
      patient {
        id
        name
        sex
        birthDate
        village
        insuranceKind
        allergies
        account { year spent ceiling lastSettled }
        familyDoctor { id name title clinic { id } }
        lastVisits(first: 2) { id arrivedAt reason clinic { id name } bill { total } }
      }
      findings {
        __typename
        code
        text
        ... on Diagnosis { chronic }
        ... on Measurement { value unit }
        ... on LaboratoryResult { value laboratory { id name telephone } }
      }
      outcome {
        __typename
        ... on Discharge { advice }
        ... on Referral { reason to { id name address } }
      }
      bill {
        number
        total
        state
        items { name quantity amount }
        issuedBy { id name telephone level }
        payer { __typename ... on Insurer { name contract } ... on Patient { id name village } }
      }
      ownShare
    }
  }
}`,
};

export const LOADS: readonly Load[] = [MAIN, FULL];

/** One request's body. */
export function requestBody({ name, query }: Load, variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ operationName: name, query, variables });
}
