import type { Payment } from '../../../adapters/database/payments.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { NonTaxClient } from '../../../adapters/non-tax/client.ts';
import { PaymentNoticeListener } from '../../../adapters/non-tax/listener.ts';
import type { PaymentNotice, PaymentRecord } from '../../../adapters/non-tax/records/payment.ts';
import type { CnnontaxSettings } from '../../../adapters/non-tax/settings.ts';
import { type Clock, chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { type CaseAtWork, caseFor, readCase } from '../../services/case-for.ts';
import type { Directory } from '../../services/directory.ts';
import { type MutationInput, mutationRequest } from '../../services/mutation.ts';
import { DepartmentWrites, type SubmissionKind } from '../../services/submissions.ts';
import { type TaskHandler, Worker } from '../../services/worker.ts';
import type { NontaxSettings } from '../settings.ts';
import { changePaymentKind, type NoticeToReplace } from './change-payment.ts';
import { EReceipts, issueReceiptKind, receiptNumberKind } from './e-receipts.ts';
import { type NoticeOpened, type NoticeToOpen, openPaymentKind } from './open-payment.ts';
import { noticeOf, recordOf } from './own-notice.ts';
import { takePaidNotices } from './paid-notices.ts';
import { PaymentBook, RECEIPT_QUEUE, WATCH_QUEUE } from './payment-book.ts';
import { checkedForm, checkPayerName, dueDateOf, type PaymentForm } from './payment-form.ts';
import { changedItem, checkNoneOpen, checkUnpaid, noSuchNotice } from './payment-rules.ts';
import { PaymentWatch } from './payment-watch.ts';
import { type NoticeToVoid, type NoticeVoided, voidPaymentKind } from './void-payment.ts';

/** The item that payments are made for: 非税缴纳. */
const ITEMS = ['S01'] as const;

export interface DeskServices {
  readonly client: NonTaxClient;
  readonly settings: NontaxSettings;
  /** The section of the dialect: in the other one notices cannot be voided, and nobody tells of payments (non-tax 8). */
  readonly cnnontax: CnnontaxSettings;
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly report: (error: unknown, place: string) => void;
}

/** A notice that a mutation names. */
export interface PaymentNamed extends MutationInput {
  readonly caseId: string;
  readonly paymentCode: string;
}

/** The new amount of a notice: another contract's amount, another number of months or cards, or both. */
export interface AmountChange extends PaymentNamed {
  readonly amount?: number | null;
  readonly quantity?: number | null;
}

/** A mutation's answer. */
export interface PaymentDone {
  readonly submissionId: string;
  readonly caseId: string;
  readonly payment: PaymentRecord;
  /** The address that pays it, where finance told one. */
  readonly payAddress: string | null;
  readonly replaced: PaymentRecord | null;
}

/** Where notices are opened, voided and changed, watched until they are paid, and receipted (S01 非税缴纳). */
export class PaymentDesk {
  readonly #services: DeskServices;
  readonly #writes: DepartmentWrites;
  readonly #opening: SubmissionKind<NoticeToOpen, NoticeOpened>;
  readonly #voiding: SubmissionKind<NoticeToVoid, NoticeVoided>;
  readonly #changing: SubmissionKind<NoticeToReplace, NoticeOpened>;
  readonly #listener: PaymentNoticeListener;
  readonly #workers: readonly Worker[];

  constructor(services: DeskServices) {
    const { client, settings, cnnontax, store, clock, report } = services;
    this.#services = services;
    const book = new PaymentBook({ store, settings, clock, report });
    const writing = { client, store, book, clock };
    this.#opening = openPaymentKind(writing);
    this.#voiding = voidPaymentKind(writing);
    this.#changing = changePaymentKind(writing);
    const receipts = { number: receiptNumberKind(writing), issue: issueReceiptKind(writing) };
    this.#writes = new DepartmentWrites({
      system: 'non-tax',
      store,
      clock,
      kinds: [this.#opening, this.#voiding, this.#changing, receipts.number, receipts.issue],
      report,
    });
    const watch = new PaymentWatch({ ...writing, settings }, this.#writes, this.#voiding);
    const eReceipts = new EReceipts(writing, this.#writes, receipts);
    const worker = (queue: string, concurrency: number, handle: TaskHandler) =>
      new Worker({
        queue,
        tasks: store.tasks,
        writer: store,
        clock,
        handle,
        concurrency,
        // Finance gives its word of a payment a few times only: what it said while nobody listened is asked for at once.
        alone: store.exclusive,
        report: (error, task) => report(error, `${task.queue} ${task.orderKey}`),
      });
    this.#workers = [
      // Asking is never urgent: most of the line is left to whoever waits for an answer.
      worker(WATCH_QUEUE, 2, (task, signal) => watch.handle(task, signal)),
      worker(RECEIPT_QUEUE, 4, (task, signal) => eReceipts.handle(task, signal)),
    ];
    this.#listener = new PaymentNoticeListener(
      { ...settings.listener, token: cnnontax.token },
      {
        counter: store.counter,
        clock,
        handle: takePaidNotices({ store, settings, clock, report }, book),
        report: ({ error, reference }) => report(error, `paid notice ${reference ?? ''}`.trimEnd()),
      },
    );
  }

  /** Takes in what finance tells, and goes on with what was left undone. Rejects when the listener's address is taken. */
  async start(): Promise<void> {
    await this.#listener.start();
    await this.#writes.start();
    for (const worker of this.#workers) worker.start();
  }

  async stop(): Promise<void> {
    await this.#listener.stop();
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.#writes.stop();
  }

  /** Opens a notice for a case. */
  async open(form: PaymentForm, headerKey: string | undefined): Promise<PaymentDone> {
    const { client, settings, store, clock } = this.#services;
    const mutation = mutationRequest('openPayment', form, headerKey);
    const { operator, caseId, service } = form;
    this.#services.directory.operator(operator);
    const known = await this.#writes.known<NoticeOpened>(mutation);
    if (known) return this.#done(known.submissionId, caseId, 'unpaid', known.outcome.payAddress);
    const day = chinaDate(clock());
    const { item, unit, phone, registrationNumber, memo } = checkedForm(form, settings, day);
    const { applicant } = await readCase(store, caseId, { items: ITEMS });
    checkPayerName(applicant.name);
    const notice: PaymentNotice = {
      payCode: await client.allotPayCode(),
      billDate: day,
      unitCode: unit.code,
      payer: { name: applicant.name, phone, idNumber: applicant.idNumber },
      items: [item],
      ...(memo !== null && { memo }),
    };
    const { submissionId, outcome } = await this.#writes.submit(this.#opening, {
      mutation,
      caseId,
      operator,
      input: { notice },
      check: async (tx) => {
        const dueDate = dueDateOf(form.dueDate, settings, clock());
        await this.#case(tx, caseId);
        checkNoneOpen(await store.payments.ofCase(caseId, tx));
        await this.#keep(tx, notice, { caseId, operator, service, dueDate, registrationNumber, replaces: null });
      },
    });
    return this.#done(submissionId, caseId, 'unpaid', outcome.payAddress);
  }

  /** Voids a notice that nobody has paid. */
  async void(named: PaymentNamed, headerKey: string | undefined): Promise<PaymentDone> {
    const mutation = mutationRequest('voidPayment', named, headerKey);
    const { operator, caseId, paymentCode: payCode } = named;
    this.#services.directory.operator(operator);
    const { submissionId } = await this.#writes.submit(this.#voiding, {
      mutation,
      caseId,
      operator,
      input: { payCode, reason: 'asked' },
      check: async (tx) => {
        // Also of a case that has been withdrawn: its notice should not stay open.
        await this.#case(tx, caseId, true);
        await this.#unpaid(tx, named);
      },
    });
    return this.#done(submissionId, caseId, 'void', null);
  }

  /** Voids a notice and opens one of another amount in its place. */
  async changeAmount(change: AmountChange, headerKey: string | undefined): Promise<PaymentDone> {
    const { client, settings, store, clock } = this.#services;
    const mutation = mutationRequest('changePaymentAmount', change, headerKey);
    const { operator, caseId, paymentCode: payCode } = change;
    this.#services.directory.operator(operator);
    const known = await this.#writes.known<NoticeOpened>(mutation);
    if (known) return this.#done(known.submissionId, caseId, 'unpaid', known.outcome.payAddress);
    const old = await store.payments.byCode(payCode);
    if (old?.caseId !== caseId) throw noSuchNotice();
    const before = noticeOf(old);
    const day = chinaDate(clock());
    const notice: PaymentNotice = {
      ...before,
      payCode: await client.allotPayCode(),
      billDate: day,
      items: [changedItem(old, change, settings, day)],
    };
    const { submissionId, outcome } = await this.#writes.submit(this.#changing, {
      mutation,
      caseId,
      operator,
      input: { payCode, notice },
      check: async (tx) => {
        await this.#case(tx, caseId);
        const { service, dueDate, registrationNumber } = await this.#unpaid(tx, change);
        await this.#keep(tx, notice, { caseId, operator, service, dueDate, registrationNumber, replaces: payCode });
      },
    });
    return this.#done(submissionId, caseId, 'unpaid', outcome.payAddress);
  }

  async #keep(
    tx: WriteTransaction,
    notice: PaymentNotice,
    kept: Pick<Payment, 'caseId' | 'operator' | 'service' | 'dueDate' | 'registrationNumber' | 'replaces'>,
  ): Promise<void> {
    const { store, cnnontax, clock } = this.#services;
    const { accountType, account } = cnnontax.payee;
    await store.payments.add(tx, {
      ...kept,
      payCode: notice.payCode,
      unitCode: notice.unitCode,
      amountFen: notice.items.reduce((sum, { amountFen }) => sum + amountFen, 0),
      payee: { accountType, account },
      notice,
      at: clock(),
    });
  }

  #case(tx: WriteTransaction, caseId: string, ended = false): Promise<CaseAtWork> {
    return caseFor(tx, this.#services.store, caseId, { items: ITEMS, ended });
  }

  /** The notice that a mutation names, held and not paid. */
  async #unpaid(tx: WriteTransaction, { caseId, paymentCode }: PaymentNamed): Promise<Payment> {
    const { payments } = this.#services.store;
    const payment = await payments.held(tx, paymentCode);
    if (payment?.caseId !== caseId) throw noSuchNotice();
    checkUnpaid(payment);
    const ofCase = await payments.ofCase(caseId, tx);
    if (ofCase.some(({ replaces, state }) => replaces === paymentCode && state === 'opening')) {
      throw invalidInput('input.paymentCode', {
        en: 'is being replaced by a notice of another amount.',
        zh: '正在变更金额。',
      });
    }
    return payment;
  }

  /** What the write with this id answers, whenever it is asked: from what was kept with it. */
  async #done(
    submissionId: string,
    caseId: string,
    state: 'unpaid' | 'void',
    payAddress: string | null,
  ): Promise<PaymentDone> {
    const { store, settings } = this.#services;
    const submission = await store.submissions.byId(submissionId);
    const input = submission?.input as Partial<NoticeToReplace & NoticeToVoid>;
    const payCode = input.notice?.payCode ?? input.payCode ?? '';
    const [payment, old] = await Promise.all([
      store.payments.byCode(payCode),
      input.notice && input.payCode ? store.payments.byCode(input.payCode) : undefined,
    ]);
    if (!payment) throw new Error('a notice was sent that is not kept');
    return {
      submissionId,
      caseId,
      payment: asAnswered(recordOf(payment, settings), state),
      payAddress,
      replaced: old ? asAnswered(recordOf(old, settings), 'void') : null,
    };
  }
}

/** A notice as its write left it: asked again, a mutation gives the same answer, whatever has happened since. */
function asAnswered(record: PaymentRecord, state: 'unpaid' | 'void'): PaymentRecord {
  return { ...record, state, paidAt: null, channel: null, tradeNumber: null, receiptNumber: null };
}
