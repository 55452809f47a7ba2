import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chinaCompactDate } from '../../values/china-time.ts';
import type { Fen } from '../../values/fen.ts';
import { readEnvelope, readReplyVouchers, writeEnvelope } from './envelope.ts';
import { matching, readFields, text } from './field-rules.ts';
import { announcedLength, encodeFrame, FrameRefused, readFrame } from './frame.ts';
import type { Notice, Payment } from './notices.ts';
import { Refusal } from './refusal.ts';
import type { Finance } from './transaction.ts';
import { writeVoucher } from './xml.ts';

/** How the delivery of one notice ended. */
export interface Delivery {
  /** True when the unit answered 00000. */
  readonly acknowledged: boolean;
  /** The unit's Result; empty when no usable answer came. */
  readonly result: string;
  readonly attempts: number;
}

interface Message {
  readonly id: string;
  readonly frame: Buffer;
}

const REPLY_RULES = { OriMsgNo: matching(/^5996$/), Result: matching(/^\d{5}$/), Information: text(0, 500) } as const;

/** The first of the 19-digit message numbers that finance counts in (example 09). */
const FIRST_MESSAGE_ID = 1_478_600_000_000_000_000n;

/** Sends 缴款成功通知, 5996, to the units' own listener and reads the 8001 back (wire spec 3.5). */
export class PaidNoticeSender {
  readonly #finance: Finance;
  #address: { readonly host: string; readonly port: number } | undefined;
  #stop = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();

  /** `address` is `HOST:PORT` of the listener; without one nothing is sent. */
  constructor(finance: Finance, address: string | undefined) {
    this.#finance = finance;
    this.setAddress(address);
  }

  setAddress(address: string | undefined): void {
    const at = address?.lastIndexOf(':') ?? -1;
    this.#address = address && at > 0 ? { host: address.slice(0, at), port: Number(address.slice(at + 1)) } : undefined;
  }

  get hasAddress(): boolean {
    return this.#address !== undefined;
  }

  /**
   * Delivers one notice: the same message again after each pause until a unit answers otherwise than 99999. One ledger entry for the
   * delivery, however often it was tried. Gives `undefined` when it was cancelled.
   */
  send(notice: Notice, node: string, payment: Payment): Promise<Delivery | undefined> {
    const delivery = this.#deliver(notice, node, payment, this.#stop.signal);
    this.#underWay.add(delivery);
    return delivery.finally(() => this.#underWay.delete(delivery));
  }

  /** Gives up every delivery under way without a word in the ledger. */
  cancel(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  async close(): Promise<void> {
    this.cancel();
    await Promise.all(this.#underWay);
  }

  async #deliver(notice: Notice, node: string, payment: Payment, signal: AbortSignal): Promise<Delivery | undefined> {
    const { settings, core } = this.#finance;
    const message = this.#messageOf(notice, node, payment);
    let delivery: Delivery = { acknowledged: false, result: '', attempts: 0 };
    for (const pauseMs of [...settings.notice.pausesMs, undefined]) {
      const result = await this.#exchange(message, signal);
      if (signal.aborted) return undefined;
      delivery = { acknowledged: result === '00000', result, attempts: delivery.attempts + 1 };
      if ((result !== '' && result !== '99999') || pauseMs === undefined) break;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
    }
    const { tradeNumber, amountFen } = payment;
    core.record({ kind: 'notice-sent', reference: notice.payCode, subject: node, amountFen, tradeNumber, ...delivery });
    return delivery;
  }

  #messageOf(notice: Notice, node: string, payment: Payment): Message {
    const { settings, core, state } = this.#finance;
    const id = String(FIRST_MESSAGE_ID + BigInt(state.next('notice')));
    const voucher = writeVoucher({
      PayCode: notice.payCode,
      CfmDate: payment.date,
      CfmTime: payment.time,
      Amt: shortYuan(payment.amountFen),
      BankOutlet: '00000',
      Operator: 'G000001',
      PayMode: payment.mode,
      TraNoBus: payment.tradeNumber,
      PayerName: notice.payerName,
      PayerAcct: '',
      PayerOpBk: '',
      PayerOpBkNo: '',
      RecAcctType: notice.accountType,
      RecAcct: notice.account,
      Hold1: '',
      Hold2: '',
    });
    const head = {
      APP: 'CNNONTAX',
      VER: '1.0',
      SRC: settings.node,
      DES: node,
      MsgNo: '5996',
      MsgID: id,
      MsgRef: id,
      WorkDate: chinaCompactDate(core.now()),
      Reserve: '',
    };
    return { id, frame: encodeFrame('5996', writeEnvelope(head, [voucher]), settings.token) };
  }

  /** The Result of the unit's reply; empty when there was none that could be used. */
  async #exchange(message: Message, signal: AbortSignal): Promise<string> {
    if (!this.#address) return '';
    const { settings } = this.#finance;
    const reply = await exchange(
      this.#address,
      message.frame,
      AbortSignal.any([signal, AbortSignal.timeout(settings.notice.timeoutMs)]),
    );
    return reply ? resultOf(reply, message.id, settings.token) : '';
  }
}

/**
 * Reads an 8001. The observed unit copies the request's head, so that HEAD/MsgNo stays 5996, and leaves its voucher plain; both
 * shapes are taken (wire spec 3.5).
 */
function resultOf(reply: Buffer, messageId: string, token: string): string {
  try {
    const frame = readFrame(reply, token);
    const envelope = readEnvelope(frame);
    const { MsgNo, MsgRef } = envelope.head;
    if (frame.messageNumber !== '8001' || !['8001', '5996'].includes(MsgNo) || MsgRef !== messageId) return '';
    const [voucher] = readReplyVouchers(envelope);
    return voucher ? readFields(voucher, REPLY_RULES).Result : '';
  } catch (error) {
    if (error instanceof FrameRefused || error instanceof Refusal) return '';
    throw error;
  }
}

/** One frame there, one frame back; `undefined` when no whole frame came. */
function exchange(
  address: { host: string; port: number },
  frame: Buffer,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let received: Buffer = Buffer.alloc(0);
    const settle = (reply?: Buffer): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(reply);
    };
    const abort = (): void => settle();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) settle();
    socket.on('connect', () => socket.write(frame));
    socket.on('error', () => settle());
    socket.on('close', () => settle());
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        const length = announcedLength(received);
        if (length !== undefined && received.length >= length) settle(received.subarray(0, length));
      } catch {
        settle(); // not a frame
      }
    });
  });
}

/** Yuan with the decimals it needs, one at least: `412.5`, `80.0`, as finance writes it in 5996 (wire spec 2). */
function shortYuan(amountFen: Fen): string {
  const [whole, fraction] = [Math.trunc(amountFen / 100), amountFen % 100];
  return `${whole}.${fraction % 10 === 0 ? fraction / 10 : String(fraction).padStart(2, '0')}`;
}
