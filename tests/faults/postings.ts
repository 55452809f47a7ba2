import { setTimeout as sleep } from 'node:timers/promises';
import type { Clerk } from './clerk.ts';

/** A posting as the gateway tells it. */
export interface PostingSeen {
  readonly id: string;
  readonly kind: 'REFERRAL' | 'MATERNITY_SETTLEMENT';
  readonly hospital: string;
  readonly document: { readonly number: string };
  readonly state: string;
  readonly step: string | null;
  readonly failure: { readonly code: string; readonly text: string | null } | null;
  readonly outcome: {
    readonly serial?: string | null;
    readonly visitId?: string;
    readonly settlementId?: string;
  } | null;
}

interface Page {
  readonly postings: {
    readonly edges: readonly { readonly node: PostingSeen }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const LISTED = `query ($filter: PostingFilter, $after: String) { postings(filter: $filter, first: 100, after: $after) {
  edges { node { id kind hospital document { number } state step failure { code text }
    outcome { ... on PostedReferral { serial } ... on PostedMaternitySettlement { visitId settlementId } } } }
  pageInfo { hasNextPage endCursor } } }`;
const GOING_ON = ['STORED', 'SENDING', 'UNKNOWN', 'UNDOING'];
const LOOK_MS = 200;

/** Every posting there is, newest first. */
export async function postingsOf(clerk: Clerk, filter: object = {}): Promise<readonly PostingSeen[]> {
  const all: PostingSeen[] = [];
  for (let after: string | null = null; ; ) {
    const { postings }: Page = await clerk.ask<Page>(LISTED, { filter, after });
    all.push(...postings.edges.map(({ node }) => node));
    if (!postings.pageInfo.hasNextPage) return all;
    after = postings.pageInfo.endCursor;
  }
}

export async function stateOf(clerk: Clerk, id: string): Promise<string | undefined> {
  const { posting } = await clerk.ask<{ posting: { state: string } | null }>(
    'query ($id: ID!) { posting(id: $id) { state } }',
    { id },
  );
  return posting?.state;
}

/** Waits until every posting has ended. Throws when that takes longer than `patienceMs`, and for one that waits for a person. */
export async function allEnded(
  clerk: Clerk,
  patienceMs: number,
  meanwhile: () => Promise<void> = async () => {},
): Promise<readonly PostingSeen[]> {
  const until = Date.now() + patienceMs;
  for (;;) {
    await meanwhile();
    const waiting = await postingsOf(clerk, { states: [...GOING_ON, 'MANUAL'] });
    if (waiting.length === 0) return postingsOf(clerk);
    if (Date.now() > until)
      throw new Error(`${waiting.length} postings have not ended: ${JSON.stringify(waiting.slice(0, 5))}`);
    await sleep(LOOK_MS);
  }
}
