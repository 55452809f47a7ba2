import type { Store } from '../../adapters/database/store.ts';
import type { Submission } from '../../adapters/database/submissions.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import {
  DepartmentWrites,
  type Settled,
  type SubmissionKind,
  type SubmitRequest,
} from '../../subgraphs/services/submissions.ts';

export interface Payment {
  readonly amountFen: number;
}
export interface Receipt {
  readonly receipt: string;
}

/** What becomes of the next message to the department. */
export type Course =
  /** Done and answered. */
  | 'answered'
  /** Done, and the answer is lost. */
  | 'answer-lost'
  /** It never arrives, and nobody knows. */
  | 'request-lost'
  /** Done, and the answer is outside the protocol. */
  | 'garbage'
  /** Our own program fails after it was done. */
  | 'fault'
  | 'rejected'
  | 'unreachable'
  | 'busy'
  /** It comes back when the test lets it; done then. */
  | 'slow';

const FAILURES = {
  'answer-lost': 'OUTCOME_UNKNOWN',
  'request-lost': 'OUTCOME_UNKNOWN',
  garbage: 'DEPARTMENT_PROTOCOL',
  rejected: 'DEPARTMENT_REJECTED',
  unreachable: 'DEPARTMENT_UNREACHABLE',
  busy: 'DEPARTMENT_BUSY',
} as const;

const DOES_IT: ReadonlySet<Course> = new Set(['answered', 'answer-lost', 'garbage', 'fault', 'slow']);
const EFFECTS = 'effects';

/** A department in memory that pays, with the writes to it over a store. */
export class ToyWrites {
  now = 1_000_000;
  /** What was done, by message id: the truth. */
  readonly done: Map<string, Receipt>;
  readonly sent: string[];
  course: Course = 'answered';
  /** What is answered to a question after a write; the truth when undefined. */
  answer: 'unknown' | 'unreachable' | 'garbage' | undefined;
  questions = 0;
  /** Whether writing what follows fails. */
  recordFails = false;
  /** Lets a slow message come back. */
  release = Promise.withResolvers<void>();
  readonly failures: unknown[] = [];
  readonly store: Store;
  readonly writes: DepartmentWrites;
  readonly kind: SubmissionKind<Payment, Receipt>;

  /** @param before Another process that wrote to the same department. */
  constructor(store: Store, before?: Pick<ToyWrites, 'done' | 'sent'>, workMs = 0) {
    this.store = store;
    this.done = before?.done ?? new Map();
    this.sent = before?.sent ?? [];
    this.kind = {
      name: 'pay',
      send: (_, { submissionId, remember }) => this.#send(`message-of-${submissionId}`, remember),
      settle: (_, submission) => this.#settle(submission),
      found: async (_, { messageReference }, reference) => this.done.get(reference ?? messageReference ?? ''),
      recorded: async (tx, { id }) => {
        await store.tasks.add(tx, [{ queue: EFFECTS, orderKey: id, kind: 'paid', body: null, at: this.now }]);
        if (this.recordFails) throw new Error('what follows cannot be written');
      },
      notDone: (tx, { id }) =>
        store.tasks.add(tx, [{ queue: EFFECTS, orderKey: id, kind: 'not-paid', body: null, at: this.now }]),
    };
    this.writes = new DepartmentWrites({
      system: 'toy',
      store,
      clock: () => this.now,
      kinds: [this.kind],
      report: (error) => void this.failures.push(error),
      workMs,
    });
  }

  submit(over: Partial<SubmitRequest<Payment>> & { readonly key?: string } = {}) {
    const { key = 'key-00001', ...others } = over;
    const input = { amountFen: 100 };
    return this.writes.submit(this.kind, {
      mutation: { key: { caller: 'clerk', operation: 'pay', key }, content: input },
      caseId: null,
      operator: 'clerk',
      input,
      ...others,
    });
  }

  /** What followed of a write: its effects by name, in order. */
  async effects(submissionId: string): Promise<string[]> {
    const { tasks, write } = this.store;
    const names: string[] = [];
    for (;;) {
      const [task] = await write((tx) => tasks.take(tx, EFFECTS, { limit: 1, now: this.now, leaseMs: 1 }));
      if (!task) return names;
      if (task.orderKey !== submissionId) throw new Error('an effect of another write');
      names.push(task.kind);
      await write((tx) => tasks.end(tx, task));
    }
  }

  async #send(message: string, remember: (reference: string) => Promise<void>): Promise<Receipt> {
    await remember(message);
    this.sent.push(message);
    const { course } = this;
    const receipt = { receipt: `R${this.sent.length}` };
    if (course === 'slow') await this.release.promise;
    if (DOES_IT.has(course)) this.done.set(message, receipt);
    if (course === 'answered' || course === 'slow') return receipt;
    if (course === 'fault') throw new TypeError('a fault of ours');
    throw new CasegraphError(FAILURES[course], undefined, {
      department: 'toy',
      reference: message,
      ...(course === 'rejected' && { departmentCode: 'T01', detailZh: '余额不足。' }),
    });
  }

  async #settle({ messageReference }: Submission): Promise<Settled<Receipt>> {
    this.questions += 1;
    if (this.answer === 'unknown') return { state: 'unknown' };
    if (this.answer !== undefined) throw new CasegraphError(FAILURES[this.answer], undefined, { department: 'toy' });
    const outcome = this.done.get(messageReference ?? '');
    return outcome ? { state: 'done', outcome } : { state: 'not-done' };
  }
}
