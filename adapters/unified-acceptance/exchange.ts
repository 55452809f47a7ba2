import type { Call, Dispatch } from '../transport/call.ts';
import type { HttpAnswer, HttpClient } from '../transport/http.ts';
import { attemptFailure, refusalError } from './errors.ts';
import { decodeAnswer, type Envelope } from './messages/envelope.ts';
import type { Message } from './messages/message.ts';
import type { DailySigner } from './signing.ts';

export interface ExchangeOptions {
  readonly http: HttpClient;
  /** `/uap/api`, with what the platform's address has before it. */
  readonly path: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly signer: DailySigner;
}

/** An answer that could be read, and what its HTTP head says. */
interface Received extends Envelope {
  /** The platform's own time, milliseconds since 1970; undefined without a `Date` header. */
  readonly serverTime: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/**
 * The innermost part of the line: one attempt to send a message. Rejects with a `CasegraphError` that has the requestNo as reference and
 * says whether the same message may be sent again. A read of something that does not exist gives null (`2302`).
 */
export function messageExchange(options: ExchangeOptions): Dispatch<Message, unknown> {
  return async (call) => {
    const { input: message } = call;
    const reference = message.requestNo;
    try {
      const received = await sendSigned(options, call);
      return { value: answerOf(message, received), reference };
    } catch (error) {
      throw attemptFailure(error, call, reference);
    }
  };
}

/**
 * Sends a message with the day's signature. `1002` usually means that the two clocks disagree about the day: once more with the
 * platform's own date, which later messages then follow (wire spec 1).
 */
async function sendSigned(options: ExchangeOptions, call: Call<Message>): Promise<Received> {
  const { signer } = options;
  const { apiCode } = call.input.transaction;
  const first = await send(options, call, signer.sign(apiCode));
  if (first.code !== '1002' || first.serverTime === undefined) return first;
  const second = await send(options, call, signer.signAt(first.serverTime, apiCode));
  if (second.code !== '1002') signer.follow(first.serverTime);
  return second;
}

async function send(options: ExchangeOptions, call: Call<Message>, sign: string): Promise<Received> {
  const { transaction, requestNo, body } = call.input;
  const answer = await options.http.exchange({
    method: 'POST',
    path: `${options.path}/${transaction.name}`,
    headers: {
      appId: options.appId,
      apiCode: transaction.apiCode,
      apiKey: options.apiKey,
      requestNo,
      sign,
      'Content-Type': 'application/json;charset=UTF-8',
    },
    body,
    signal: call.signal,
  });
  return { ...decodeAnswer(answer), ...headOf(answer) };
}

function headOf(answer: HttpAnswer): Pick<Received, 'serverTime' | 'retryAfterMs'> {
  const date = Date.parse(answer.headers.date ?? '');
  const seconds = answer.headers['retry-after'] ?? '';
  return {
    serverTime: Number.isNaN(date) ? undefined : date,
    retryAfterMs: /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : undefined,
  };
}

function answerOf(message: Message, received: Received): unknown {
  const { mode } = message.transaction;
  if (received.code === '200') return message.decode(received.body);
  if (received.code === '2302' && mode === 'read') return null;
  const { retryAfterMs } = received;
  throw refusalError({ code: received.code, words: received.message, mode, sent: message.body, retryAfterMs });
}
