import type { ResolutionRefusal } from '../../adapters/database/resolutions.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { Submission, SubmissionFailure } from '../../adapters/database/submissions.ts';
import type { Task } from '../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import { AbandonedWrites } from './abandoned-writes.ts';
import type { MutationRequest } from './mutation.ts';
import { RESOLVE, type ResolveTask, SETTLED_MEANWHILE, settleQueue, verdictOn } from './resolutions.ts';
import { failureOf, isPassing, stateAfter } from './submission-failures.ts';
import type { Settled, SubmissionKind } from './submission-kind.ts';
import { type TaskEnd, Worker } from './worker.ts';

export type { Sending, Settled, SubmissionKind } from './submission-kind.ts';

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
  /**
   * So long the department may be at work on a message after its sender died or gave it up, milliseconds: only then its not having what was
   * sent proves something. For departments whose messages' ids are remembered; left out where a write is settled by sending it again under its key.
   */
  readonly workMs?: number;
}

/** The body of a `SETTLE` task; null for a write whose department has had its time. */
type SettleTask = { readonly notDoneFrom: number } | null;

const SETTLE = 'settle';
/** So often a department may answer that it cannot tell, before a person has to look. */
const MOST_QUESTIONS = 8;
/** So often a question may fail in a way that waiting does not mend, about an hour and a half long, before a person has to look. */
const MOST_FAILURES = 32;
/** The first question comes so long after the time-out: the department may still be at work on it. */
const FIRST_QUESTION_MS = 2_000;

/**
 * Writes to one department: each is kept before it is sent and its outcome with everything that follows from it in one transaction.
 * Whatever dies in between, a worker finds out from the department what was done.
 *
 * `sending → done | rejected | not-sent | unknown`, `unknown → done | not-done | manual`, `manual → done | not-done` by a person's word.
 */
export class DepartmentWrites {
  readonly #options: SubmissionsOptions;
  readonly #queue: string;
  readonly #worker: Worker;
  readonly #abandoned: AbandonedWrites;

  constructor(options: SubmissionsOptions) {
    const { store, clock, system } = options;
    this.#options = options;
    this.#queue = settleQueue(system);
    this.#abandoned = new AbandonedWrites(options, (tx, id, at) =>
      this.#ask(tx, id, at, { body: { notDoneFrom: at + (options.workMs ?? 0) } }),
    );
    this.#worker = new Worker({
      queue: this.#queue,
      tasks: store.tasks,
      writer: store,
      clock,
      handle: (task) => (task.kind === RESOLVE ? this.#resolve(task) : this.#settle(task)),
      report: (error, task) => options.report(error, `${task.queue} ${task.orderKey}`),
    });
  }

  /** Starts settling what is not known, also from before: where nobody else uses the store, at once. */
  async start(): Promise<void> {
    const { store, clock } = this.#options;
    if (store.exclusive) await store.write((tx) => store.tasks.hurry(tx, this.#queue, clock()));
    await this.#abandoned.start();
    this.#worker.start();
  }

  async stop(): Promise<void> {
    await this.#abandoned.stop();
    await this.#worker.stop();
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
    const { store, report, system } = this.#options;
    const release = store.submissions.hold(id, (error) => report(error, `${system} writes`));
    try {
      return await this.#sendHeld(kind, id, input);
    } finally {
      release();
    }
  }

  async #sendHeld<Input, Outcome>(
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
      const { submissions, idempotency } = store;
      const changed = await submissions.change(tx, id, {
        state,
        at,
        failure: failureOf(error),
        messageReference: error instanceof CasegraphError ? error.details.reference : undefined,
      });
      if (!changed) return;
      if (state === 'unknown') {
        const body = { notDoneFrom: at + (this.#options.workMs ?? 0) };
        await this.#ask(tx, id, at, { notBefore: at + FIRST_QUESTION_MS, body });
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

  /** Has the department asked, not before a moment. */
  #ask(
    tx: WriteTransaction,
    id: string,
    at: number,
    { notBefore = at, body = null }: { readonly notBefore?: number; readonly body?: SettleTask },
  ): Promise<void> {
    return this.#options.store.tasks.add(tx, [{ queue: this.#queue, orderKey: id, kind: SETTLE, body, at, notBefore }]);
  }

  /** Asks the department what became of a write. */
  async #settle({ orderKey: id, attempts, body }: Task): Promise<TaskEnd> {
    const { store, clock } = this.#options;
    const { submissions } = store;
    const submission = await submissions.byId(id);
    if (submission?.state !== 'unknown') return async () => {};
    const kind = this.#kindOf(submission);
    let settled: Settled<unknown>;
    try {
      settled = await kind.settle(submission.input, submission);
    } catch (error) {
      if (attempts < MOST_FAILURES || isPassing(error)) throw error;
      return this.#leave(id, failureOf(error));
    }
    switch (settled.state) {
      case 'done': {
        const { outcome } = settled;
        return async (tx) => void (await this.#finish(tx, kind, id, outcome));
      }
      case 'not-done': {
        const early = ((body as SettleTask)?.notDoneFrom ?? 0) - clock();
        if (early > 0 && !settled.isVoid && submission.messageReference !== null) {
          const details = { department: submission.system, submission: id, retryAfterMs: early };
          throw new CasegraphError('OUTCOME_UNKNOWN', 'It may still be at work on it.', details);
        }
        return async (tx) => void (await this.#giveUp(tx, kind, id));
      }
      default:
        if (attempts >= MOST_QUESTIONS) return this.#leave(id);
        throw new CasegraphError('OUTCOME_UNKNOWN', undefined, { department: submission.system, submission: id });
    }
  }

  /** Leaves a write to a person. */
  #leave(id: string, failure?: SubmissionFailure): TaskEnd {
    const { store, clock } = this.#options;
    return async (tx) => {
      await store.submissions.change(tx, id, { state: 'manual', at: clock(), ...(failure && { failure }) });
    };
  }

  /** Acts on what a person says of a write. */
  async #resolve({ orderKey: id, body }: Task): Promise<TaskEnd> {
    const { store, clock } = this.#options;
    const { submissions, resolutions } = store;
    const [submission, resolution] = await Promise.all([
      submissions.byId(id),
      resolutions.byId((body as ResolveTask).resolutionId),
    ]);
    if (!submission || !resolution) throw new Error('a submission vanished');
    const kind = this.#kindOf(submission);
    const verdict = await verdictOn(kind, submission, resolution);
    const decide = (tx: WriteTransaction, refusal: ResolutionRefusal | null) =>
      resolutions.decide(tx, resolution.id, clock(), refusal);
    if (verdict.state === 'refused') return (tx) => decide(tx, verdict.refusal);
    return async (tx) => {
      const isMoved =
        verdict.state === 'done' ? await this.#finish(tx, kind, id, verdict.outcome) : await this.#giveUp(tx, kind, id);
      await decide(tx, isMoved ? null : SETTLED_MEANWHILE);
    };
  }

  #kindOf({ kind: name }: Submission): SubmissionsOptions['kinds'][number] {
    const kind = this.#options.kinds.find((one) => one.name === name);
    if (!kind) throw new Error(`no kind of write is called ${name}`);
    return kind;
  }

  /** Records that a write that may have been done was not. False when another outcome was recorded before. */
  async #giveUp<Input, Outcome>(
    tx: WriteTransaction,
    kind: SubmissionKind<Input, Outcome>,
    id: string,
  ): Promise<boolean> {
    const { store, clock } = this.#options;
    if (!(await store.submissions.change(tx, id, { state: 'not-done', at: clock() }))) return false;
    await store.idempotency.release(tx, id);
    await this.#notDone(tx, kind, id);
    return true;
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
