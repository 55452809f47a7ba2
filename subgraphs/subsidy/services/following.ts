import type { FollowedRecord } from '../../../adapters/database/followed-records.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { Task } from '../../../adapters/database/tasks.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { DEPARTMENT } from '../../../adapters/disability-subsidy/errors.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { Clock } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { type TaskEnd, TaskStuck, Worker } from '../../services/worker.ts';
import { APPLICATION_STATUS } from '../codes.ts';
import { actorOf } from './actors.ts';
import { eventsOf } from './application-events.ts';

/** The queue of applications that are looked at; keys are application numbers. */
export const SUBSIDY_QUEUE = 'subsidy';

/** An application that is new to its case is told from its beginning. */
export const FIRST_TOLD = 0;

const LOOK = 'look';

/** States after which an application tells a case nothing more. A month's payment that stops or goes on is no step of the case. */
const LAST: ReadonlySet<string> = new Set([
  APPLICATION_STATUS.NOT_ACCEPTED,
  APPLICATION_STATUS.FEDERATION_REFUSED,
  APPLICATION_STATUS.CIVIL_AFFAIRS_REFUSED,
  APPLICATION_STATUS.WITHDRAWN,
  APPLICATION_STATUS.PAID_MONTHLY,
  APPLICATION_STATUS.STOPPED,
]);

export interface FollowingOptions {
  readonly client: DisabilitySubsidyClient;
  readonly store: Store;
  readonly clock: Clock;
  /** How long is waited between two looks: the least after a change, twice as long after each look without one. */
  readonly pauseMs: { readonly least: number; readonly most: number };
  readonly report: (error: unknown, place: string) => void;
}

/**
 * Follows open applications: the system calls nobody, therefore each is asked for its progress (LB04) and every new step is told to its
 * case, in order and once. What was told is counted in the transaction that tells it.
 */
export class Following {
  readonly #options: FollowingOptions;
  readonly #worker: Worker;

  constructor(options: FollowingOptions) {
    const { store, clock, report } = options;
    this.#options = options;
    this.#worker = new Worker({
      queue: SUBSIDY_QUEUE,
      tasks: store.tasks,
      writer: store,
      clock,
      handle: (task) => this.#look(task),
      report: (error, task) => report(error, `${task.queue} ${task.orderKey}`),
    });
  }

  start(): void {
    this.#worker.start();
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }

  /**
   * Follows an application that the system has just numbered for a case. Whatever was followed under the number before belongs to a
   * register that is no more: a sandbox that was started anew.
   */
  async followNew(tx: WriteTransaction, application: Pick<FollowedRecord, 'reference' | 'caseId'>): Promise<void> {
    await this.#options.store.followed.end(tx, { system: DEPARTMENT, reference: application.reference });
    await this.follow(tx, { ...application, told: FIRST_TOLD });
  }

  /**
   * Follows an application for a case, of which so many steps are history already, and looks at it at once. One that is followed already
   * is looked at sooner. Throws `INVALID_INPUT` when it belongs to another case.
   */
  async follow(
    tx: WriteTransaction,
    { reference, caseId, told }: Pick<FollowedRecord, 'reference' | 'caseId' | 'told'>,
  ): Promise<void> {
    const { store, clock, pauseMs } = this.#options;
    const kept = await store.followed.follow(tx, {
      system: DEPARTMENT,
      reference,
      caseId,
      told,
      pauseMs: pauseMs.least,
    });
    if (kept.caseId !== caseId) throw otherCase();
    // A look that is under way may have asked too early: it ends without effect, and this one sees everything.
    await store.tasks.cancel(tx, SUBSIDY_QUEUE, reference, LOOK);
    await this.#lookAt(tx, reference, clock());
  }

  async #look({ orderKey: reference }: Task): Promise<TaskEnd> {
    const { client, store, clock, pauseMs } = this.#options;
    const record = await store.followed.byReference(DEPARTMENT, reference);
    if (!record) return async () => {};
    const application = await client.application(reference).catch((error: unknown) => {
      if (error instanceof CasegraphError && error.code === 'FORBIDDEN') return null;
      throw error;
    });
    if (!application) throw new TaskStuck(`NOT_FOUND ${DEPARTMENT}`);

    const fresh = application.steps.slice(record.told);
    const told = Math.max(record.told, application.steps.length);
    const pause = fresh.length > 0 ? pauseMs.least : Math.min(record.pauseMs * 2, pauseMs.most);
    return async (tx) => {
      if (!(await store.followed.noteTold(tx, record, { told, pauseMs: pause })))
        throw new Error('an application was told on meanwhile');
      const submissions = (await store.submissions.ofCases([record.caseId], tx)).get(record.caseId) ?? [];
      for (const event of eventsOf(application.steps, record.told)) {
        const operator = actorOf(event, submissions);
        const { kind, at, explanation } = event;
        await tellCase(tx, store.tasks, {
          caseId: record.caseId,
          kind,
          at,
          operator,
          ...(explanation && { explanation }),
        });
      }
      await store.tasks.cancel(tx, SUBSIDY_QUEUE, reference, LOOK);
      if (LAST.has(application.status)) await store.followed.end(tx, record);
      else await this.#lookAt(tx, reference, clock() + pause);
    };
  }

  #lookAt(tx: WriteTransaction, reference: string, notBefore: number): Promise<void> {
    const { store, clock } = this.#options;
    return store.tasks.add(tx, [
      { queue: SUBSIDY_QUEUE, orderKey: reference, kind: LOOK, body: null, at: clock(), notBefore },
    ]);
  }
}

function otherCase(): Error {
  return invalidInput('input.caseId', {
    en: 'the application belongs to another case already.',
    zh: '该申请已关联其他办件。',
  });
}
