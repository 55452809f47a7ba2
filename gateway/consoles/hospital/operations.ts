import { RECONCILIATION_OPERATIONS } from './reconciliation-operations.ts';

/**
 * What the command sends, word for word: a gateway that runs only known operations takes these texts among them.
 */

const COURSE = `fragment Course on Posting {
  id
  kind
  hospital
  document { number version }
  state
  step
  storedAt
  changedAt
  settledAt
  outcome {
    __typename
    ... on PostedReferral { serial }
    ... on PostedMaternitySettlement {
      visitId
      settlementId
      total
      fundTotal
      maternityPayment
      maternityMerged
      accountPaid
      cashPaid
      hospitalPaid
      funds { type name amount }
    }
  }
  failure { code departmentCode text textZh }
}`;

export const POST_BATCH = `mutation HospitalPost($input: PostBatchInput!) {
  postBatch(input: $input) {
    received
    stored
    duplicates
    refused
    held
    entries {
      index
      status
      postingId
      posting { state receipt { token } }
      code
      path
      message
      messageZh
    }
  }
}`;

/** Postings that are asked for at once. */
export const FOLLOWED_AT_ONCE = 20;

const PLACES = Array.from({ length: FOLLOWED_AT_ONCE }, (_, place) => place);

/** Asks for postings by their ids: `$id0` and so on; a place that is not needed repeats another's. */
export const FOLLOW = `query HospitalFollow(${PLACES.map((place) => `$id${place}: ID!`).join(', ')}) {
${PLACES.map((place) => `  posting${place}: posting(id: $id${place}) { ...Course }`).join('\n')}
}
${COURSE}`;

export const LIST = `query HospitalList($filter: PostingFilter!, $first: Int!, $after: String) {
  postings(filter: $filter, first: $first, after: $after) {
    edges { node { ...Course } }
    pageInfo { hasNextPage endCursor }
  }
}
${COURSE}`;

export const RECEIPTS = `query HospitalReceipts($filter: PostingFilter!) {
  postings(filter: $filter, first: 100) {
    edges { node { id hospital document { number version } state receipt { id storedAt digest token } } }
  }
}`;

export const KEYS = `query HospitalKeys {
  postingKeys { id jwk }
}`;

export const HOSPITAL_OPERATIONS: readonly string[] = [
  POST_BATCH,
  FOLLOW,
  LIST,
  RECEIPTS,
  KEYS,
  ...RECONCILIATION_OPERATIONS,
];

export interface PostBatchAnswer {
  readonly postBatch: {
    readonly received: number;
    readonly stored: number;
    readonly duplicates: number;
    readonly refused: number;
    readonly held: number;
    readonly entries: readonly BatchAnswer[];
  };
}

export type PostStatus = 'STORED' | 'DUPLICATE' | 'REFUSED' | 'HELD';

/** What became of an entry of a batch. */
export interface BatchAnswer {
  readonly index: number;
  readonly status: PostStatus;
  readonly postingId: string | null;
  readonly posting: { readonly state: string; readonly receipt: { readonly token: string } | null } | null;
  readonly code: string | null;
  readonly path: string | null;
  readonly message: string | null;
  readonly messageZh: string | null;
}

/** A posting as it stands. */
export interface Course {
  readonly id: string;
  readonly kind: string;
  readonly hospital: string;
  readonly document: { readonly number: string; readonly version: number };
  readonly state: string;
  readonly step: string | null;
  readonly storedAt: string;
  readonly changedAt: string;
  readonly settledAt: string | null;
  readonly outcome: Readonly<Record<string, unknown>> | null;
  readonly failure: {
    readonly code: string;
    readonly departmentCode: string | null;
    readonly text: string | null;
    readonly textZh: string | null;
  } | null;
}

export interface ListAnswer {
  readonly postings: {
    readonly edges: readonly { readonly node: Course }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export interface ReceiptsAnswer {
  readonly postings: {
    readonly edges: readonly {
      readonly node: Pick<Course, 'id' | 'hospital' | 'document' | 'state'> & {
        readonly receipt: {
          readonly id: string;
          readonly storedAt: string;
          readonly digest: string;
          readonly token: string;
        };
      };
    }[];
  };
}

export interface KeysAnswer {
  readonly postingKeys: readonly { readonly id: string; readonly jwk: string }[];
}
