import type { PaymentNotice } from '../../../adapters/non-tax/records/payment.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import {
  type NoticeOpened,
  open,
  openedBefore,
  openedOrOpen,
  recordOpened,
  type WriteServices,
} from './open-payment.ts';
import { ask, isClosed, kept, tellPaid, voidNotice } from './void-payment.ts';

/** A notice whose amount changes: it is voided, and another of another code opened in its place. */
export interface NoticeToReplace {
  readonly payCode: string;
  readonly notice: PaymentNotice;
}

/**
 * Changes a notice's amount. Both halves are keyed by their codes (non-tax 3.1), so that one write stands for both: begun, it is gone on
 * with until the new notice is open, or the old one turns out to be paid.
 */
export function changePaymentKind(services: WriteServices): SubmissionKind<NoticeToReplace, NoticeOpened> {
  const { book, client, store } = services;
  /** The old notice is void and no new one can be had: its case is told. */
  const onlyVoided = (payCode: string) => store.write((tx) => book.voided(tx, payCode, { operator: null }));
  return {
    name: 'change-payment',
    async send({ payCode, notice }) {
      await voidNotice(services, payCode);
      try {
        return await open(client, notice);
      } catch (error) {
        if (isRefusal(error)) await onlyVoided(payCode);
        else if (isUnsent(error)) throw halfDone(error);
        throw error;
      }
    },
    async settle({ payCode, notice }) {
      const old = await ask(services, await kept(services, payCode));
      if (old?.state === 'paid') {
        await tellPaid(services, old);
        return { state: 'not-done' };
      }
      if (!isClosed(old)) await voidNotice(services, payCode);
      const opened = await openedOrOpen(services, notice);
      if (opened) return { state: 'done', outcome: opened };
      await onlyVoided(payCode);
      return { state: 'not-done' };
    },
    async found({ payCode, notice }) {
      const isVoid = isClosed(await ask(services, await kept(services, payCode)));
      return isVoid ? ((await openedBefore(services, notice)) ?? undefined) : undefined;
    },
    async recorded(tx, submission, outcome) {
      const { payCode, notice } = submission.input as NoticeToReplace;
      const before = await store.payments.held(tx, payCode);
      await book.voided(tx, payCode, { operator: submission.operator, replaced: true });
      await recordOpened(tx, book, notice.payCode, outcome, before);
    },
    notDone: (tx, submission) => book.notOpened(tx, (submission.input as NoticeToReplace).notice.payCode),
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof CasegraphError && error.code === 'DEPARTMENT_REJECTED';
}

/** Failures that say of a single write that nothing was sent. */
function isUnsent(error: unknown): error is CasegraphError {
  return error instanceof CasegraphError && error.code !== 'OUTCOME_UNKNOWN';
}

/** Nothing of the second half was sent, but the first is done: it is gone on with. */
function halfDone(error: CasegraphError): CasegraphError {
  return new CasegraphError('OUTCOME_UNKNOWN', undefined, { ...error.details, cause: error });
}
