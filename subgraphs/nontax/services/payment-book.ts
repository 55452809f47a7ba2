import type { Payment } from '../../../adapters/database/payments.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { PaymentItem, PaymentRecord } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { type Clock, chinaIso, instantFromChina } from '../../../adapters/values/china-time.ts';
import { type Fen, fen } from '../../../adapters/values/fen.ts';
import { type CaseEvent, tellCase } from '../../services/case-events.ts';
import type { CaseReport } from '../../services/case-reports.ts';
import { tellRegistry } from '../../services/registration-fees.ts';
import type { NontaxSettings } from '../settings.ts';
import { noticeOf } from './own-notice.ts';

/** Open notices are asked for here, each by its code. */
export const WATCH_QUEUE = 'nontax.watch';
/** Paid notices get their e-receipts here, each by its code. */
export const RECEIPT_QUEUE = 'nontax.receipt';

export interface BookServices {
  readonly store: Store;
  readonly settings: NontaxSettings;
  readonly clock: Clock;
  /** Told of what a person has to look at. */
  readonly report: (error: unknown, place: string) => void;
}

/** What opening a notice gave. */
export interface OpenedNotice {
  readonly checkCode: string | null;
  /** The address that pays it, where finance told one. */
  readonly payAddress: string | null;
}

/** A payment as finance confirmed it. */
export interface ConfirmedPayment {
  readonly tradeNumber: string | null;
  readonly channel: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Our notices and what follows from each of their turns: what the case, the registry and the platform are told, and what is to be done
 * next. Every method writes in the transaction that it is given, once for each turn: what has happened already happens not again.
 */
export class PaymentBook {
  readonly #services: BookServices;

  constructor(services: BookServices) {
    this.#services = services;
  }

  /** Finance took a notice. One that was paid before that was known here is paid at once. */
  async opened(tx: WriteTransaction, payCode: string, opened: OpenedNotice, before?: Payment): Promise<void> {
    const { store, clock } = this.#services;
    const at = clock();
    const payment = await this.#held(tx, payCode);
    const { checkCode } = opened;
    if (!(await store.payments.change(tx, payCode, { state: 'unpaid', at, checkCode }))) return;
    await store.registry.addReference(tx, payment.caseId, {
      system: 'non-tax',
      kind: 'payment',
      reference: payCode,
      values: checkCode === null ? {} : { crcCode: checkCode },
    });
    const reports: CaseReport[] = before
      ? [feeReport(before, 'D'), feeReport(payment, 'I')]
      : [feeReport(payment, 'I')];
    await this.#tell(tx, payment, { kind: 'payment-opened', at, operator: payment.operator, reports });
    await this.#linkRegistrationFee(tx, payment, opened, at);
    await this.watch(tx, payCode, this.#services.settings.notices.watch.leastPauseMs);
    const notices = await store.payments.noticesOf(payCode, tx);
    const paid = notices.find(({ state }) => state === 'accepted');
    if (paid) await this.paid(tx, payCode, { ...paid, at: paid.paidAt });
  }

  /** Finance never took a notice. When it told of a payment all the same, it is asked. */
  async notOpened(tx: WriteTransaction, payCode: string): Promise<void> {
    const { store, clock } = this.#services;
    await this.#held(tx, payCode);
    await store.payments.change(tx, payCode, { state: 'not-opened', at: clock() });
    const notices = await store.payments.noticesOf(payCode, tx);
    if (notices.some(({ state }) => state === 'accepted')) await this.watch(tx, payCode, 0);
  }

  /** Somebody paid: an e-receipt is due. `held`: the notice, where it is held already. */
  async paid(tx: WriteTransaction, payCode: string, confirmed: ConfirmedPayment, held?: Payment): Promise<void> {
    const { store, settings, clock } = this.#services;
    const at = clock();
    const before = held ?? (await this.#held(tx, payCode));
    if (before.state === 'opening' || before.state === 'not-opened') {
      await this.opened(tx, payCode, { checkCode: null, payAddress: null });
    }
    const { tradeNumber, channel, at: paidAt } = confirmed;
    const payment = { tradeNumber, channel, paidAt };
    if (!(await store.payments.change(tx, payCode, { state: 'paid', at, payment }))) return;
    await store.tasks.cancel(tx, WATCH_QUEUE, payCode, WATCH_QUEUE);
    await this.#tell(tx, before, { kind: 'payment-paid', at: paidAt, operator: null });
    await this.#tellRegistrationFeePaid(tx, { ...before, ...payment });
    if (settings.cnnontax?.eReceipt) {
      await store.tasks.add(tx, [{ queue: RECEIPT_QUEUE, orderKey: payCode, kind: RECEIPT_QUEUE, body: null, at }]);
    }
    if (before.state === 'void' || before.state === 'expired') {
      this.#alarm(`a notice that was ${before.state} has been paid`, payCode);
    }
  }

  /** Finance has a notice as paid. */
  paidByRecord(tx: WriteTransaction, { payCode, tradeNumber, channel, paidAt }: PaymentRecord): Promise<void> {
    const at = paidAt === null ? this.#services.clock() : instantFromChina(paidAt);
    return this.paid(tx, payCode, { tradeNumber, channel, at });
  }

  /** A notice is void. `replaced`: another stands in its place, so that its case goes on. */
  async voided(
    tx: WriteTransaction,
    payCode: string,
    { operator, replaced = false }: { readonly operator: string | null; readonly replaced?: boolean },
  ): Promise<void> {
    const { store, clock } = this.#services;
    const at = clock();
    const payment = await this.#held(tx, payCode);
    if (!(await store.payments.change(tx, payCode, { state: 'void', at }))) return;
    await store.tasks.cancel(tx, WATCH_QUEUE, payCode, WATCH_QUEUE);
    if (!replaced) await this.#tell(tx, payment, { kind: 'payment-voided', at, operator });
  }

  /** Nobody paid a notice until its last day was over. */
  async expired(tx: WriteTransaction, payCode: string): Promise<void> {
    const { store, clock } = this.#services;
    const at = clock();
    const payment = await this.#held(tx, payCode);
    if (!(await store.payments.change(tx, payCode, { state: 'expired', at }))) return;
    await store.tasks.cancel(tx, WATCH_QUEUE, payCode, WATCH_QUEUE);
    await this.#tell(tx, payment, { kind: 'payment-expired', at, operator: null });
  }

  /** The e-receipt of a payment is there, and can be fetched. */
  async receiptIssued(
    tx: WriteTransaction,
    payCode: string,
    receipt: { readonly code: string; readonly number: string },
  ): Promise<void> {
    const { store, clock } = this.#services;
    const at = clock();
    const payment = await this.#held(tx, payCode);
    if (!(await store.payments.noteReceipt(tx, payCode, receipt.number, at))) return;
    const certificate = { name: '财政电子票据', number: receipt.number };
    await this.#tell(tx, payment, { kind: 'receipt-issued', at, operator: null, certificate });
    await this.#tellRegistrationFeePaid(tx, payment, receipt);
  }

  /** Has finance asked for a notice after a pause, milliseconds. */
  watch(tx: WriteTransaction, payCode: string, pauseMs: number): Promise<void> {
    const { store, clock } = this.#services;
    const at = clock();
    return store.tasks.add(tx, [
      { queue: WATCH_QUEUE, orderKey: payCode, kind: WATCH_QUEUE, body: { pauseMs }, at, notBefore: at + pauseMs },
    ]);
  }

  async #linkRegistrationFee(tx: WriteTransaction, payment: Payment, { payAddress }: OpenedNotice, at: number) {
    const { caseId, payCode, registrationNumber } = payment;
    if (registrationNumber === null) return;
    const items = noticeOf(payment).items.map((item) => ({ ...item, unitPriceFen: priceOfOne(item) }));
    const link = {
      acceptanceNumber: registrationNumber,
      payCode,
      codeMadeAt: chinaIso(at),
      ...(payAddress !== null && { qrCodeUrl: payAddress }),
      items: items.map(({ code, name, unitPriceFen, quantity, amountFen }) => ({
        code,
        name,
        unitPriceFen,
        quantity,
        amountFen,
      })),
    };
    await tellRegistry(tx, this.#services.store.tasks, caseId, { kind: 'fee-linked', link }, at);
  }

  async #tellRegistrationFeePaid(
    tx: WriteTransaction,
    { caseId, payCode, registrationNumber, paidAt, tradeNumber, amountFen }: Payment,
    eReceipt?: { readonly code: string; readonly number: string },
  ): Promise<void> {
    const { store, clock } = this.#services;
    if (registrationNumber === null || paidAt === null) return;
    if (tradeNumber === null) {
      this.#alarm('a registration fee was paid under no trade number, which the registry wants', payCode);
      return;
    }
    const payment = {
      acceptanceNumber: registrationNumber,
      payCode,
      paidAt: chinaIso(paidAt),
      tradeNumber,
      totalFen: fen(amountFen),
      ...(eReceipt && { eReceipt }),
    };
    await tellRegistry(tx, store.tasks, caseId, { kind: 'fee-paid', payment }, clock());
  }

  #tell(tx: WriteTransaction, { caseId }: Payment, event: Omit<CaseEvent, 'caseId'>): Promise<void> {
    return tellCase(tx, this.#services.store.tasks, { caseId, ...event });
  }

  async #held(tx: WriteTransaction, payCode: string): Promise<Payment> {
    const payment = await this.#services.store.payments.held(tx, payCode);
    if (!payment) throw new Error('a notice was sent that is not kept');
    return payment;
  }

  #alarm(text: string, payCode: string): void {
    const details = { department: 'non-tax', reference: payCode };
    this.#services.report(new CasegraphError('DEPARTMENT_PROTOCOL', text, details), 'payment notices');
  }
}

/** The price of one of an item's units. */
export function priceOfOne({ amountFen, quantity }: PaymentItem): Fen {
  return fen(amountFen / quantity);
}

/** The fee order that ties a notice to its case on the platform (unified-acceptance 3.3, `fee`). */
function feeReport(payment: Payment, operation: 'I' | 'D'): CaseReport {
  const { payer, items } = noticeOf(payment);
  return {
    kind: 'fee',
    order: {
      rowGuid: `fee-${payment.payCode}`,
      version: operation === 'I' ? 1 : 2,
      operation,
      payCode: payment.payCode,
      payerName: payer.name,
      items: items.map((item) => ({
        code: item.code,
        name: item.name,
        standardFen: priceOfOne(item),
        quantity: item.quantity,
        amountFen: item.amountFen,
      })),
      dueDate: payment.dueDate,
    },
  };
}
