import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLAnswer } from '../sandbox/sandbox.ts';

type Fault = NonNullable<GraphQLAnswer['errors']>[number];

/** A request that was refused for good: asking again would not help. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly code: string;
  /** The place in the input that was wrong. */
  readonly field: unknown;

  constructor(operation: string, { message, extensions }: Fault) {
    super(`${operation}: ${message} ${JSON.stringify(extensions)}`);
    this.code = String(extensions.code);
    this.field = extensions.field;
  }
}

/** A mutation as a front end sends it; the idempotency key is put in. */
export interface Mutation {
  readonly name: string;
  /** The name of its input's type. */
  readonly inputType: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What of the payload is asked for. */
  readonly selection: string;
}

interface SubmissionAnswer {
  readonly system: string;
  readonly kind: string;
  readonly state: string;
  readonly failureCode: string | null;
}

/** How often a submission is asked for, milliseconds. */
const LOOK_MS = 150;
/** Failures after which the same request, under the same key, is the right thing to do. */
const PASSING: ReadonlySet<string> = new Set([
  'IN_PROGRESS',
  'DEPARTMENT_UNREACHABLE',
  'DEPARTMENT_TIMEOUT',
  'DEPARTMENT_BUSY',
  'OVERLOADED',
]);
/** What a clerk is told and tries again a few times, once somebody has looked at the department's system. */
const FOR_A_CLERK: ReadonlySet<string> = new Set(['DEPARTMENT_PROTOCOL', 'DEPARTMENT_REJECTED']);
const CLERKS_PATIENCE = 8;
const SETTLED: ReadonlySet<string> = new Set(['DONE', 'REJECTED', 'NOT_SENT', 'NOT_DONE']);

/**
 * A front end as it should be: each request has a key of its own and is sent again under it, after a lost connection too, until it is
 * known what became of it. A write whose outcome is unknown is followed by its submission's id.
 */
export class FrontEnd {
  readonly #url: () => Promise<string>;
  readonly #patienceMs: number;

  /** @param patienceMs After so long a request that has no answer counts as stuck. */
  constructor(url: () => Promise<string>, patienceMs: number) {
    this.#url = url;
    this.#patienceMs = patienceMs;
  }

  /** The payload of a mutation. Throws `RequestRefused`. */
  async mutate<Payload>({ name, inputType, input, selection }: Mutation): Promise<Payload> {
    const document = `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} } }`;
    const variables = { input: { idempotencyKey: randomUUID(), ...input } };
    const until = Date.now() + this.#patienceMs;
    let triedByHand = 0;
    for (;;) {
      const answer = await this.#answer(document, variables, until);
      const [fault] = answer.errors ?? [];
      const payload = answer.data?.[name];
      if (fault === undefined && payload != null) return payload as Payload;
      if (fault === undefined) throw new Error(`${name}: neither data nor errors`);
      const { code, submission, retryAfterMs } = fault.extensions;
      // Without a submission the gateway itself gave up waiting: the same request tells how it stands.
      if (code === 'OUTCOME_UNKNOWN') await this.#settled(submission, until);
      else if (FOR_A_CLERK.has(String(code)) && triedByHand < CLERKS_PATIENCE) triedByHand += 1;
      else if (!PASSING.has(String(code))) throw new RequestRefused(name, fault);
      if (Date.now() > until) throw new Error(`${name} is stuck: ${fault.message} ${JSON.stringify(fault.extensions)}`);
      await sleep(Math.min(Number(retryAfterMs ?? LOOK_MS), 500));
    }
  }

  /** The data of a query. Throws `RequestRefused` for the first error. */
  async query<Data>(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    const { data, errors } = await this.#answer(document, variables, Date.now() + this.#patienceMs);
    if (errors?.[0]) throw new RequestRefused('query', errors[0]);
    return data as Data;
  }

  async #settled(id: unknown, until: number): Promise<void> {
    while (typeof id === 'string') {
      const { submission } = await this.query<{ submission: SubmissionAnswer | null }>(
        'query ($id: ID!) { submission(id: $id) { system kind state failureCode } }',
        { id },
      );
      if (submission === null) throw new Error(`the submission ${id} is not known any more`);
      if (SETTLED.has(submission.state)) return;
      if (submission.state === 'MANUAL' || Date.now() > until)
        throw new Error(`the submission ${id} is stuck: ${JSON.stringify(submission)}`);
      await sleep(LOOK_MS);
    }
  }

  /** An answer that could be read. A connection that breaks tells nothing: the request is sent again. */
  async #answer(query: string, variables: object, until: number): Promise<GraphQLAnswer> {
    for (;;) {
      const url = await this.#url();
      try {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
        return (await response.json()) as GraphQLAnswer;
      } catch (error) {
        if (Date.now() > until) throw new Error('the gateway does not answer', { cause: error });
        await sleep(20);
      }
    }
  }
}
