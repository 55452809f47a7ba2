import type { Payment } from '../../../adapters/database/payments.ts';
import type { Task } from '../../../adapters/database/tasks.ts';
import type { PaymentRecord } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { hasEnded } from '../../services/case-for.ts';
import type { DepartmentWrites, SubmissionKind } from '../../services/submissions.ts';
import { type TaskEnd, TaskStuck } from '../../services/worker.ts';
import type { NontaxSettings } from '../settings.ts';
import type { WriteServices } from './open-payment.ts';
import { checkRecord } from './own-notice.ts';
import type { NoticeToVoid, NoticeVoided } from './void-payment.ts';

/** The caller in whose name notices are given up; no account of the directory can have it. */
const CALLER = 'nontax watch';

const NOTHING: TaskEnd = async () => {};

/**
 * Asks finance for open notices, since its own word of a payment may be lost (non-tax 3.2): twice as seldom each time, until the notice
 * is paid or void, its last day is over or its case has ended. Then it is voided, so that nobody pays for nothing.
 */
export class PaymentWatch {
  readonly #services: WriteServices & { readonly settings: NontaxSettings };
  readonly #writes: DepartmentWrites;
  readonly #voiding: SubmissionKind<NoticeToVoid, NoticeVoided>;

  constructor(
    services: WriteServices & { readonly settings: NontaxSettings },
    writes: DepartmentWrites,
    voiding: SubmissionKind<NoticeToVoid, NoticeVoided>,
  ) {
    this.#services = services;
    this.#writes = writes;
    this.#voiding = voiding;
  }

  async handle({ orderKey: payCode, body }: Task, signal: AbortSignal): Promise<TaskEnd> {
    const { client, store } = this.#services;
    const payment = await store.payments.byCode(payCode);
    if (!payment || payment.state === 'paid') return NOTHING;
    const record = await client.payment(payCode, { unitCode: payment.unitCode }, { signal });
    if (record) checkRecord(payment, record);
    if (record?.state === 'paid') return this.#paid(payment, record);
    // A notice that was given up: finance was only asked whether somebody paid it all the same.
    if (payment.state !== 'unpaid') return NOTHING;
    return this.#open(payment, record, (body as { readonly pauseMs: number }).pauseMs);
  }

  async #paid(payment: Payment, record: PaymentRecord): Promise<TaskEnd> {
    const { store, book } = this.#services;
    const notices = await store.payments.noticesOf(payment.payCode);
    // Finance told of another amount or account: it is not to be marked as paid (non-tax 4, 12003 and 12004).
    if (notices.length > 0 && !notices.some(({ state }) => state === 'accepted'))
      throw new TaskStuck(`${payment.payCode}: paid otherwise than its notice says`);
    return (tx) => book.paidByRecord(tx, record);
  }

  async #open(payment: Payment, record: PaymentRecord | null, pauseMs: number): Promise<TaskEnd> {
    const { store, book, settings } = this.#services;
    const { payCode, caseId, operator } = payment;
    const { leastPauseMs, mostPauseMs } = settings.notices.watch;
    const again: TaskEnd = (tx) => book.watch(tx, payCode, Math.min(Math.max(pauseMs * 2, leastPauseMs), mostPauseMs));
    if (!record) {
      throw new CasegraphError('DEPARTMENT_PROTOCOL', 'Finance no longer knows a notice that it took.', {
        department: 'non-tax',
        reference: payCode,
      });
    }
    if (record.state === 'void') {
      const ofCase = await store.payments.ofCase(caseId);
      // A change of amount has voided it and is about to open the new one.
      const replaced = ofCase.some(({ replaces, state }) => replaces === payCode && state === 'opening');
      return replaced ? again : (tx) => book.voided(tx, payCode, { operator: null });
    }
    if (record.state === 'expired') return (tx) => book.expired(tx, payCode);
    const reason = await this.#reasonToVoid(payment);
    if (reason === undefined) return again;
    await this.#writes.submit(this.#voiding, {
      mutation: { key: { caller: CALLER, operation: this.#voiding.name, key: payCode }, content: null },
      caseId,
      operator,
      input: { payCode, reason },
    });
    return NOTHING;
  }

  async #reasonToVoid({ caseId, dueDate }: Payment): Promise<NoticeToVoid['reason'] | undefined> {
    const { store, clock } = this.#services;
    if (chinaDate(clock()) > dueDate) return 'expired';
    const [of] = await store.registry.casesById([caseId]);
    return of && hasEnded(of) ? 'case-ended' : undefined;
  }
}
