import type { Call } from '../../transport/call.ts';
import { attemptFailure, DEPARTMENT, protocolFault } from '../errors.ts';
import type { XmlElement } from '../messages/xml.ts';
import type { Transaction, VoucherReader } from './exchange.ts';

/** A notice to be opened or voided. */
export interface NoticeVoucher {
  /** SRC: notices of one frame have it in common. */
  readonly node: string;
  readonly payCode: string;
  readonly voucher: XmlElement;
  /** Makes the result of the voucher that answers it. Throws `CasegraphError`. */
  readonly read: VoucherReader<string>;
}

export interface NoticeAnswer {
  readonly value: string;
  /** The message id of the frame. */
  readonly reference: string;
}

/** What became of each notice of a frame, in their order. */
export type FrameOutcome = readonly PromiseSettledResult<NoticeAnswer>[];

/** Has one frame sent. Rejects when nothing can be said of any of its notices. */
export type SendFrame = (frame: Transaction<FrameOutcome>) => Promise<FrameOutcome>;

interface Waiting {
  readonly notice: NoticeVoucher;
  readonly settle: PromiseWithResolvers<NoticeAnswer>;
}

/** Only 8994 may share a frame, and it is a write. */
const NOTICE_CALL: Pick<Call, 'department' | 'mode'> = { department: DEPARTMENT, mode: 'write' };

/**
 * Sends notices that are opened or voided at the same moment in one frame, up to a limit (wire spec section 5): finance answers in the
 * same order, one voucher for each. Nothing waits for company: a frame takes what the running turn of the event loop brings. A refusal
 * is one notice's own; a frame that fails, or is answered otherwise, fails for each of them as it would have failed for one alone.
 */
export class NoticeFrames {
  readonly #limit: number;
  readonly #send: SendFrame;
  readonly #gathering = new Map<string, Waiting[]>();

  constructor(limit: number, send: SendFrame) {
    this.#limit = limit;
    this.#send = send;
  }

  send(notice: NoticeVoucher): Promise<NoticeAnswer> {
    const waiting: Waiting = { notice, settle: Promise.withResolvers() };
    const gathered = this.#gathering.get(notice.node);
    if (gathered) {
      gathered.push(waiting);
    } else {
      this.#gathering.set(notice.node, [waiting]);
      setImmediate(() => this.#sendGathered(notice.node));
    }
    return waiting.settle.promise;
  }

  #sendGathered(node: string): void {
    const gathered = this.#gathering.get(node) ?? [];
    this.#gathering.delete(node);
    for (let start = 0; start < gathered.length; start += this.#limit) {
      void this.#sendTogether(node, gathered.slice(start, start + this.#limit));
    }
  }

  async #sendTogether(node: string, waiting: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#send(
        frameOf(
          node,
          waiting.map(({ notice }) => notice),
        ),
      );
      for (const [index, { settle }] of waiting.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') settle.resolve(outcome.value);
        else settle.reject(outcome?.reason);
      }
    } catch (error) {
      for (const { settle } of waiting) settle.reject(error);
    }
  }
}

function frameOf(node: string, notices: readonly NoticeVoucher[]): Transaction<FrameOutcome> {
  return {
    node,
    vouchers: notices.map(({ voucher }) => voucher),
    read: ({ number, vouchers, reference }) =>
      vouchers.map((voucher, index): PromiseSettledResult<NoticeAnswer> => {
        const notice = notices[index] as NoticeVoucher; // the exchange saw to it that there are as many
        try {
          checkOwn(voucher, notice, notices);
          return { status: 'fulfilled', value: { value: notice.read({ number, voucher, reference }), reference } };
        } catch (error) {
          return { status: 'rejected', reason: attemptFailure(error, NOTICE_CALL, reference) };
        }
      }),
  };
}

/**
 * An answer does not say which notice it is about, only its place does. Where it carries an address to pay at, that names the notice:
 * an address under another resident's code must not reach anyone.
 */
function checkOwn(voucher: XmlElement, own: NoticeVoucher, notices: readonly NoticeVoucher[]): void {
  const information = voucher.children.find(({ name }) => name === 'Information')?.text ?? '';
  if (notices.some(({ payCode }) => payCode !== own.payCode && information.includes(payCode))) {
    throw protocolFault('Voucher.Information', 'is about another notice of the frame');
  }
}
