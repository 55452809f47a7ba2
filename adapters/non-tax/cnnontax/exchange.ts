import type { Dispatch } from '../../transport/call.ts';
import type { Counter } from '../../transport/counter.ts';
import { type Clock, chinaCompactDate } from '../../values/china-time.ts';
import { attemptFailure, protocolFault } from '../errors.ts';
import { decodeMessage, encodeMessage } from '../messages/envelope.ts';
import type { XmlElement } from '../messages/xml.ts';
import { nextMessageId } from '../numbering.ts';
import type { FrameExchange } from './frames.ts';

/** One transaction as the line carries it. */
export interface Transaction<Output = unknown> {
  /** SRC. */
  readonly node: string;
  readonly voucher: XmlElement;
  /** Makes the result of the one voucher of the answer. Throws `CasegraphError`. */
  readonly read: (answer: {
    readonly number: string;
    readonly voucher: XmlElement;
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
    const { node, voucher: request, read } = call.input;
    const reference = await nextMessageId(counter, now);
    const message = {
      number: call.transaction,
      source: node,
      destination: financeNode,
      messageId: reference,
      messageReference: reference,
      workDate: chinaCompactDate(now()),
      vouchers: [request],
    };
    try {
      const answer = decodeMessage(await frames.exchange(encodeMessage(message, token), call.signal), token);
      if (answer.messageReference !== reference) throw protocolFault('HEAD.MsgRef', 'answers another message');
      const [voucher, ...more] = answer.vouchers;
      if (voucher === undefined || more.length > 0) throw protocolFault('MOF.VoucherCount', 'one voucher is expected');
      return { value: read({ number: answer.number, voucher, reference }), reference };
    } catch (error) {
      throw attemptFailure(error, call, reference);
    }
  };
}
