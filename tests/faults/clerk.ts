import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLAnswer } from '../journeys/sandbox/sandbox.ts';
import { RequestRefused } from '../journeys/services/front-end.ts';
import type { HospitalDocument } from './documents.ts';

/** What a hospital has in hand of a document: the posting, and the receipt for it. */
export interface Acknowledged {
  readonly id: string;
  readonly token: string;
}

const POSTED = 'posting { id receipt { token } }';
const SINGLE = {
  REFERRAL: `mutation ($input: PostReferralInput!) { post: postReferral(input: $input) { result ${POSTED} } }`,
  MATERNITY_SETTLEMENT: `mutation ($input: PostMaternitySettlementInput!) {
    post: postMaternitySettlement(input: $input) { result ${POSTED} } }`,
};
const BATCH = `mutation ($input: PostBatchInput!) { post: postBatch(input: $input) {
  received stored duplicates refused held entries { status code path ${POSTED} } } }`;

/** After these the same request again is the right thing to do: the store was away, or the process. */
const PASSING: ReadonlySet<unknown> = new Set(['IN_PROGRESS', 'INTERNAL', 'OVERLOADED', 'OUTCOME_UNKNOWN']);
/** No answer by then is none: a connection can break without a word. And so long it is tried, whatever dies meanwhile. */
const PATIENCE_MS = { answer: 10_000, whole: 120_000 };

interface PostAnswer {
  readonly posting: { readonly id: string; readonly receipt: { readonly token: string } };
}

interface BatchAnswer {
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly entries: readonly (PostAnswer & { readonly status: string; readonly code: string | null })[];
}

/** A hospital's system: it sends a request until it has its answer. */
export class Clerk {
  readonly #url: () => Promise<string>;

  /** @param url The gateway to ask; waits while none is up. */
  constructor(url: () => Promise<string>) {
    this.#url = url;
  }

  /** Posts a document until it is acknowledged. Throws `RequestRefused`. */
  async post({ kind, operator, content }: HospitalDocument, idempotencyKey?: string): Promise<Acknowledged> {
    const { post } = await this.ask<{ post: PostAnswer }>(SINGLE[kind], {
      input: { ...content, operator, ...(idempotencyKey !== undefined && { idempotencyKey }) },
    });
    return acknowledged(post);
  }

  /** Posts documents of one hospital in one request, until all are acknowledged; in their order. Throws when one is refused. */
  async postBatch(documents: readonly HospitalDocument[], idempotencyKey?: string): Promise<readonly Acknowledged[]> {
    const entries = documents.map(({ kind, content }) => ({ kind, ...content }));
    const { post } = await this.ask<{ post: BatchAnswer }>(BATCH, {
      input: { operator: documents[0]?.operator, entries, ...(idempotencyKey !== undefined && { idempotencyKey }) },
    });
    const refused = post.entries.find(({ status }) => status !== 'STORED' && status !== 'DUPLICATE');
    if (refused || post.received !== documents.length || post.stored + post.duplicates !== post.received)
      throw new Error(`a batch was not taken: ${JSON.stringify(refused ?? post)}`);
    return post.entries.map(acknowledged);
  }

  /** Sends a request once and does not care for its answer. */
  async drop({ kind, operator, content }: HospitalDocument, afterMs: number): Promise<void> {
    const given = send(await this.#url(), SINGLE[kind], { input: { ...content, operator } }, afterMs);
    await given.catch(() => undefined);
  }

  /** The data of an operation, which is sent until there is an answer. Throws `RequestRefused`. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const until = Date.now() + PATIENCE_MS.whole;
    for (;;) {
      const { data, errors } = await this.#answer(query, variables, until);
      const [fault] = errors ?? [];
      if (!fault) return data as Data;
      if (!PASSING.has(fault.extensions.code) || Date.now() > until)
        throw new RequestRefused(query.slice(0, 60), fault);
      await sleep(50);
    }
  }

  async #answer(query: string, variables: object, until: number): Promise<GraphQLAnswer> {
    for (;;) {
      try {
        return await send(await this.#url(), query, variables, PATIENCE_MS.answer);
      } catch (error) {
        // What came of it nobody knows: the same again.
        if (Date.now() > until) throw new Error('no gateway answers', { cause: error });
        await sleep(20);
      }
    }
  }
}

async function send(url: string, query: string, variables: object, patienceMs: number): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(patienceMs),
  });
  return (await response.json()) as GraphQLAnswer;
}

function acknowledged({ posting: { id, receipt } }: PostAnswer): Acknowledged {
  return { id, token: receipt.token };
}
