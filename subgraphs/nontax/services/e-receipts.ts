import { randomInt } from 'node:crypto';
import type { Payment } from '../../../adapters/database/payments.ts';
import type { Task } from '../../../adapters/database/tasks.ts';
import type { EReceiptDraft } from '../../../adapters/non-tax/records/e-receipt.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { chinaDate, chinaIso, instantFromChina } from '../../../adapters/values/china-time.ts';
import type { DepartmentWrites, SubmissionKind } from '../../services/submissions.ts';
import { type TaskEnd, TaskStuck } from '../../services/worker.ts';
import type { WriteServices } from './open-payment.ts';
import { noticeOf } from './own-notice.ts';
import { priceOfOne } from './payment-book.ts';
import { ask, kept } from './void-payment.ts';

/** An e-receipt's number, out of the unit's stock, and what else its text is made of: kept, so that every sending says the same. */
export interface ReceiptNumber {
  readonly number: string;
  /** 校验码. */
  readonly check: string;
  /** `yyyy-MM-ddTHH:mm:ss+08:00`. */
  readonly issuedAt: string;
}

interface NumberedPayment {
  readonly payCode: string;
  readonly unitCode: string;
}

/**
 * Takes a number for an e-receipt (获取电子票据号码). Asking again takes another (non-tax 3.7), and finance has no question for the number
 * that it gave: one whose answer was lost is lost out of the stock, and has no effect until it is issued, which it never is.
 */
export function receiptNumberKind({ client, clock }: WriteServices): SubmissionKind<NumberedPayment, ReceiptNumber> {
  return {
    name: 'e-receipt-number',
    async send({ unitCode }) {
      const number = await client.allotEReceiptNumber({ unitCode });
      return { number, check: checkText(), issuedAt: chinaIso(clock()) };
    },
    settle: async () => ({ state: 'not-done' }),
    recorded: async () => {},
  };
}

/** What finance has issued. */
export interface ReceiptIssued {
  readonly number: string;
}

/** Issues an e-receipt (换开电子票据). Its number is the key: the same one again is the same receipt (non-tax 3.7). */
export function issueReceiptKind(services: WriteServices): SubmissionKind<EReceiptDraft, ReceiptIssued> {
  return {
    name: 'e-receipt',
    async send(draft) {
      const { number } = await services.client.issueEReceipt(draft);
      return { number };
    },
    async settle(draft) {
      const outcome = await issued(services, draft);
      return outcome ? { state: 'done', outcome } : { state: 'not-done' };
    },
    found: (draft) => issued(services, draft),
    recorded: async () => {},
  };
}

/** What finance has issued for a payment. */
async function issued(services: WriteServices, { payCode }: EReceiptDraft): Promise<ReceiptIssued | undefined> {
  const record = await ask(services, await kept(services, payCode));
  const number = record?.receiptNumber ?? null;
  return number === null ? undefined : { number };
}

/** What is left to a later try: the unit has no right to the kind of bill or no stock of it yet; the payment stays valid (non-tax 4). */
const STOCK_CODES: ReadonlySet<string> = new Set(['16001', '16002']);
const STOCK_PAUSE_MS = 3_600_000;

/** The caller in whose name the receipts' writes are kept; no account of the directory can have it. */
const CALLER = 'nontax receipts';

/** Has a paid notice its e-receipt: number, issue, and the document fetched once before the case is told. */
export class EReceipts {
  readonly #services: WriteServices;
  readonly #writes: DepartmentWrites;
  readonly #number: SubmissionKind<NumberedPayment, ReceiptNumber>;
  readonly #issue: SubmissionKind<EReceiptDraft, ReceiptIssued>;

  constructor(
    services: WriteServices,
    writes: DepartmentWrites,
    kinds: {
      readonly number: SubmissionKind<NumberedPayment, ReceiptNumber>;
      readonly issue: SubmissionKind<EReceiptDraft, ReceiptIssued>;
    },
  ) {
    this.#services = services;
    this.#writes = writes;
    this.#number = kinds.number;
    this.#issue = kinds.issue;
  }

  async handle({ orderKey: payCode }: Task, signal: AbortSignal): Promise<TaskEnd> {
    const { client, book } = this.#services;
    const payment = await kept(this.#services, payCode);
    const { unitCode, receiptNumber } = payment;
    if (receiptNumber !== null) return async () => {};
    const numbered = await this.#once(this.#number, payment, { payCode, unitCode });
    const issued = await this.#once(this.#issue, payment, draftOf(payment, numbered));
    const issuedOn = chinaDate(instantFromChina(numbered.issuedAt));
    const file = await client.downloadEReceipt({ payCode, unitCode, number: issued.number, issuedOn }, { signal });
    if (file.content === null && file.url === null) {
      throw new CasegraphError('DEPARTMENT_PROTOCOL', 'An e-receipt without its document.', {
        department: 'non-tax',
        reference: payCode,
      });
    }
    const { code } = file;
    return (tx) => book.receiptIssued(tx, payCode, { code, number: issued.number });
  }

  /** One write of a payment, however often its task is tried. */
  async #once<Input, Outcome>(
    kind: SubmissionKind<Input, Outcome>,
    { payCode, caseId, operator }: Payment,
    input: Input,
  ): Promise<Outcome> {
    const mutation = { key: { caller: CALLER, operation: kind.name, key: payCode }, content: null };
    try {
      const { outcome } = await this.#writes.submit(kind, { mutation, caseId, operator, input });
      return outcome;
    } catch (error) {
      throw laterOrStuck(error);
    }
  }
}

function laterOrStuck(error: unknown): unknown {
  if (!(error instanceof CasegraphError) || error.code !== 'DEPARTMENT_REJECTED') return error;
  const { departmentCode = '' } = error.details;
  if (STOCK_CODES.has(departmentCode)) return error.with({ retryAfterMs: STOCK_PAUSE_MS });
  return new TaskStuck(`non-tax ${departmentCode}`);
}

function draftOf(payment: Payment, { number, check, issuedAt }: ReceiptNumber): EReceiptDraft {
  const { payCode, unitCode } = payment;
  const { payer, items } = noticeOf(payment);
  return {
    payCode,
    unitCode,
    number,
    check,
    issuedAt,
    payer: { type: '1', idNumber: payer.idNumber ?? '', name: payer.name },
    items: items.map((item) => ({ ...item, standardFen: priceOfOne(item) })),
  };
}

/** 6 of a–z and 0–9 (non-tax 6.3). */
function checkText(): string {
  return Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('');
}
