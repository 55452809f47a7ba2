import type { Dispatch } from '../../transport/call.ts';
import type { Counter } from '../../transport/counter.ts';
import { type Clock, chinaCompactDate } from '../../values/china-time.ts';
import { attemptFailure, protocolFault } from '../errors.ts';
import { decodeMessage, encodeMessage } from '../messages/envelope.ts';
import type { XmlElement } from '../messages/xml.ts';
import { nextMessageId } from '../numbering.ts';
import type { FrameExchange } from './frames.ts';

/** Makes a result of one voucher of an answer. Throws `CasegraphError`. */
export type VoucherReader<Output> = (answer: {
  /** The frame's message number. */
  readonly number: string;
  readonly voucher: XmlElement;
  readonly reference: string;
}) => Output;

/** One transaction as the line carries it. */
export interface Transaction<Output = unknown> {
  /** SRC. */
  readonly node: string;
  readonly vouchers: readonly XmlElement[];
  /** Makes the result of the answer, which has as many vouchers, in the same order (wire spec section 5). Throws `CasegraphError`. */
  readonly read: (answer: {
    readonly number: string;
    readonly vouchers: readonly XmlElement[];
    readonly reference: string;
  }) => Output;
}

export interface ExchangeOptions {
  readonly frames: FrameExchange;
  readonly counter: Counter;
  readonly now: Clock;
  /** Shared with finance. */
  readonly token: string;
  /** DES. */
  readonly financeNode: string;
}

/** One attempt: a new message, sent and read. Every failure is a `CasegraphError` with the message id. */
export function messageExchange(options: ExchangeOptions): Dispatch<Transaction, unknown> {
  const { frames, counter, now, token, financeNode } = options;
  return async (call) => {
    const { node, vouchers, read } = call.input;
    const reference = await nextMessageId(counter, now);
    const message = {
      number: call.transaction,
      source: node,
      destination: financeNode,
      messageId: reference,
      messageReference: reference,
      workDate: chinaCompactDate(now()),
      vouchers,
    };
    try {
      const answer = decodeMessage(await frames.exchange(encodeMessage(message, token), call.signal), token);
      if (answer.messageReference !== reference) throw protocolFault('HEAD.MsgRef', 'answers another message');
      if (answer.vouchers.length !== vouchers.length) {
        throw protocolFault('MOF.VoucherCount', 'is not the number of vouchers sent');
      }
      return { value: read({ number: answer.number, vouchers: answer.vouchers, reference }), reference };
    } catch (error) {
      throw attemptFailure(error, call, reference);
    }
  };
}
