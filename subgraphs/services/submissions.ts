import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../adapters/database/store.ts';
import type { LaterSubmissionState, Submission, SubmissionFailure } from '../../adapters/database/submissions.ts';
import type { Task } from '../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import type { MutationRequest } from './mutation.ts';
import { type TaskEnd, Worker } from './worker.ts';

/** What a write is sent with. */
export interface Sending {
  readonly submissionId: string;
  /** Keeps the message id before the first byte leaves, for the query or reversal that may have to name it. */
  remember(messageReference: string): Promise<void>;
}

/** What the department says, asked later, of a write whose outcome was unknown. */
export type Settled<Outcome> =
  | { readonly state: 'done'; readonly outcome: Outcome }
  /** It never happened, or has been reversed. */
  | { readonly state: 'not-done' }
  /** The department cannot tell (yet). */
  | { readonly state: 'unknown' };

/** A kind of write to a department. Inputs and outcomes are JSON; both are kept encrypted. */
export interface SubmissionKind<Input, Outcome> {
  readonly name: string;
  /** Sends it. Throws `CasegraphError`; `OUTCOME_UNKNOWN` when the bytes left and no answer came. */
  send(input: Input, sending: Sending): Promise<Outcome>;
  /** Finds out, by query or reversal and never by guessing, what became of one that may have been done. Throws to be asked again. */
  settle(input: Input, submission: Submission): Promise<Settled<Outcome>>;
  /** Writes what follows from its being done: the case's references, events, further tasks. */
  recorded(tx: WriteTransaction, submission: Submission, outcome: Outcome): Promise<void>;
  /** Writes what follows from its certainly not being done: refused, not sent, or never arrived. Nothing when left out. */
  notDone?(tx: WriteTransaction, submission: Submission): Promise<void>;
}

export interface SubmitRequest<Input> {
  readonly mutation: MutationRequest;
  readonly caseId: string | null;
  readonly input: Input;
  readonly operator: string;
  /** Looks at the store whether this may be done now; throws what the caller is told. Takes part in the transaction that keeps the submission. */
  check?(tx: WriteTransaction): Promise<void>;
}

/** A write that the department has done. */
export interface Submitted<Outcome> {
  readonly submissionId: string;
  readonly outcome: Outcome;
}

export interface SubmissionsOptions {
  /** The department's folder name: `non-tax`. */
  readonly system: string;
  readonly store: Store;
  readonly clock: Clock;
  // biome-ignore lint/suspicious/noExplicitAny: each kind's input and outcome are typed where it is written and submitted
  readonly kinds: readonly SubmissionKind<any, any>[];
  readonly report: (error: unknown, place: string) => void;
  /** After so long a write that is still `sending` belongs to a process that died: the department's own write deadline and some more. */
  readonly abandonedAfterMs: number;
}

const SETTLE = 'settle';
/** So often a department may answer that it cannot tell, before a person has to look. */
const MOST_QUESTIONS = 8;
/** How often is looked for writes of processes that died. */
const LOOK_MS = 500;
/** The first question comes so long after the time-out: the department may still be at work on it. */
const FIRST_QUESTION_MS = 2_000;

/**
 * Writes to one department: each is kept before it is sent and its outcome with everything that follows from it in one transaction.
 * Whatever dies in between, a worker finds out from the department what was done.
 *
 * `sending → done | rejected | not-sent | unknown`, `unknown → done | not-done | manual`.
 */
export class DepartmentWrites {
  readonly #options: SubmissionsOptions;
  readonly #queue: string;
  readonly #worker: Worker;
  readonly #stopped = new AbortController();
  #watching: Promise<void> | undefined;

  constructor(options: SubmissionsOptions) {
    const { store, clock, system } = options;
    this.#options = options;
    this.#queue = `${system}.${SETTLE}`;
    this.#worker = new Worker({
      queue: this.#queue,
      tasks: store.tasks,
      writer: store,
      clock,
      handle: (task) => this.#settle(task),
      report: (error, task) => options.report(error, `${task.queue} ${task.orderKey}`),
    });
  }

  /** Starts settling what is not known, also from before: where nobody else uses the store, at once. */
  async start(): Promise<void> {
    const { store, clock } = this.#options;
    if (store.exclusive) {
      await store.write((tx) => store.tasks.hurry(tx, this.#queue, clock()));
      // Whatever is being sent was by a process that is gone.
      await this.#findAbandoned(clock() + 1);
    }
    this.#worker.start();
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
    await this.#worker.stop();
  }

  async #watch(): Promise<void> {
    const { clock, abandonedAfterMs, report, system } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await this.#findAbandoned(clock() - abandonedAfterMs).catch((error: unknown) =>
        report(error, `${system} writes`),
      );
    }
  }

  /** Writes that have been `sending` for too long are unknown, and asked for. */
  async #findAbandoned(before: number): Promise<void> {
    const { store, system } = this.#options;
    for (const id of await store.submissions.abandoned(system, before)) await this.#abandon(id);
  }

  #abandon(id: string): Promise<void> {
    const { store, clock } = this.#options;
    return store.write(async (tx) => {
      const at = clock();
      const failure = { code: 'OUTCOME_UNKNOWN' };
      if (!(await store.submissions.change(tx, id, { state: 'unknown', at, failure }))) return;
      await store.tasks.add(tx, [{ queue: this.#queue, orderKey: id, kind: SETTLE, body: null, at }]);
    });
  }

  /**
   * What a request that came before is told, as `submit` would; undefined for a new one. Asked before what a write needs is looked up: the
   * same request again has its answer even where it could not be made any more.
   */
  async known<Outcome>({ key, content }: MutationRequest): Promise<Submitted<Outcome> | undefined> {
    const { store } = this.#options;
    const known = await store.write((tx) => store.idempotency.find(tx, key, content));
    return known?.submissionId == null ? undefined : this.#known<Outcome>(known.submissionId);
  }

  /**
   * Sends a write, once for its idempotency key. Rejects with `OUTCOME_UNKNOWN` carrying the submission's id when no answer came, with
   * `IN_PROGRESS` while the same request runs, and with the department's refusal, after which the key is free again.
   */
  async submit<Input, Outcome>(
    kind: SubmissionKind<Input, Outcome>,
    { mutation, caseId, input, operator, check }: SubmitRequest<Input>,
  ): Promise<Submitted<Outcome>> {
    const { store, clock, system } = this.#options;
    const begun = await store.write(async (tx) => {
      const at = clock();
      const known = await store.idempotency.claim(tx, mutation.key, mutation.content, at);
      if (known) return { id: known.submissionId, isNew: false };
      await check?.(tx);
      const id = await store.submissions.add(tx, { system, kind: kind.name, caseId, operator, input, at });
      await store.idempotency.sent(tx, mutation.key, id);
      return { id, isNew: true };
    });
    if (begun.id === null) throw new Error('the key belongs to a mutation that sends nothing');
    return begun.isNew ? this.#send(kind, begun.id, input) : this.#known<Outcome>(begun.id);
  }

  async #send<Input, Outcome>(
    kind: SubmissionKind<Input, Outcome>,
    id: string,
    input: Input,
  ): Promise<Submitted<Outcome>> {
    const { store } = this.#options;
    let outcome: Outcome;
    try {
      outcome = await kind.send(input, {
        submissionId: id,
        remember: async (messageReference) => {
          if (await store.write((tx) => store.submissions.remember(tx, id, messageReference))) return;
          const details = { department: this.#options.system, submission: id };
          throw new CasegraphError('IN_PROGRESS', 'It took too long to be sent and is settled meanwhile.', details);
        },
      });
    } catch (error) {
      throw await this.#failed(kind, id, error);
    }
    const finished = await store.write((tx) => this.#finish(tx, kind, id, outcome));
    // Settled meanwhile: what was recorded then is what the caller is told.
    return finished ? { submissionId: id, outcome } : this.#known<Outcome>(id);
  }

  /** Keeps why a write failed, and gives the error to throw. */
  async #failed<Input, Outcome>(kind: SubmissionKind<Input, Outcome>, id: string, error: unknown): Promise<unknown> {
    const { store, clock } = this.#options;
    const state = stateAfter(error);
    await store.write(async (tx) => {
      const at = clock();
      const { tasks, submissions, idempotency } = store;
      const changed = await submissions.change(tx, id, {
        state,
        at,
        failure: failureOf(error),
        messageReference: error instanceof CasegraphError ? error.details.reference : undefined,
      });
      if (!changed) return;
      if (state === 'unknown') {
        await tasks.add(tx, [
          { queue: this.#queue, orderKey: id, kind: SETTLE, body: null, at, notBefore: at + FIRST_QUESTION_MS },
        ]);
      } else {
        await idempotency.release(tx, id);
        await this.#notDone(tx, kind, id);
      }
    });
    if (state !== 'unknown') return error;
    const known =
      error instanceof CasegraphError ? error : new CasegraphError('OUTCOME_UNKNOWN', undefined, { cause: error });
    return new CasegraphError('OUTCOME_UNKNOWN', known.code === 'OUTCOME_UNKNOWN' ? known.detail : undefined, {
      department: this.#options.system,
      ...known.details,
      submission: id,
    });
  }

  /** What a request is told that came before. */
  async #known<Outcome>(id: string): Promise<Submitted<Outcome>> {
    const { store, system } = this.#options;
    const submission = await store.submissions.byId(id);
    if (!submission) throw new Error('a key without its submission');
    const details = { department: system, submission: id };
    switch (submission.state) {
      case 'done':
        return { submissionId: id, outcome: submission.outcome as Outcome };
      case 'sending':
        throw new CasegraphError('IN_PROGRESS', undefined, { ...details, retryAfterMs: 1_000 });
      default:
        throw new CasegraphError('OUTCOME_UNKNOWN', undefined, details);
    }
  }

  /** Records that a write was done. False when another outcome was recorded before. */
  async #finish<Input, Outcome>(
    tx: WriteTransaction,
    kind: SubmissionKind<Input, Outcome>,
    id: string,
    outcome: Outcome,
  ): Promise<boolean> {
    const { store, clock } = this.#options;
    if (!(await store.submissions.change(tx, id, { state: 'done', at: clock(), outcome }))) return false;
    const submission = await store.submissions.byId(id, tx);
    if (!submission) throw new Error('a submission vanished');
    await store.tasks.cancel(tx, this.#queue, id, SETTLE);
    await kind.recorded(tx, submission, outcome);
    return true;
  }

  /** Asks the department what became of a write. */
  async #settle({ orderKey: id, attempts }: Task): Promise<TaskEnd> {
    const { store, clock, kinds } = this.#options;
    const { submissions, idempotency } = store;
    const submission = await submissions.byId(id);
    if (submission?.state !== 'unknown') return async () => {};
    const kind = kinds.find(({ name }) => name === submission.kind);
    if (!kind) throw new Error(`no kind of write is called ${submission.kind}`);
    const settled = await kind.settle(submission.input, submission);
    if (settled.state === 'done') {
      return async (tx) => {
        await this.#finish(tx, kind, id, settled.outcome);
      };
    }
    if (settled.state === 'unknown' && attempts < MOST_QUESTIONS)
      throw new CasegraphError('OUTCOME_UNKNOWN', undefined, { department: submission.system, submission: id });
    const state = settled.state === 'unknown' ? 'manual' : 'not-done';
    return async (tx) => {
      if (!(await submissions.change(tx, id, { state, at: clock() }))) return;
      if (state === 'manual') return;
      await idempotency.release(tx, id);
      await this.#notDone(tx, kind, id);
    };
  }

  async #notDone<Input, Outcome>(
    tx: WriteTransaction,
    kind: SubmissionKind<Input, Outcome>,
    id: string,
  ): Promise<void> {
    if (!kind.notDone) return;
    const submission = await this.#options.store.submissions.byId(id, tx);
    if (!submission) throw new Error('a submission vanished');
    await kind.notDone(tx, submission);
  }
}

/** What a failure says of the write. An answer outside the department's protocol does not tell whether it was done. */
function stateAfter(error: unknown): LaterSubmissionState {
  if (!(error instanceof CasegraphError)) return 'unknown';
  switch (error.code) {
    case 'OUTCOME_UNKNOWN':
    case 'DEPARTMENT_TIMEOUT':
    case 'DEPARTMENT_PROTOCOL':
    case 'INTERNAL':
      return 'unknown';
    case 'DEPARTMENT_REJECTED':
      return 'rejected';
    default:
      return 'not-sent';
  }
}

function failureOf(error: unknown): SubmissionFailure {
  if (!(error instanceof CasegraphError)) return { code: 'INTERNAL' };
  const { departmentCode, detailZh, field } = error.details;
  return {
    code: error.code,
    ...(departmentCode !== undefined && { departmentCode }),
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(detailZh !== undefined && { detailZh }),
    ...(field !== undefined && { field }),
  };
}
