import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import type { Counter } from '../transport/counter.ts';
import { CasegraphError } from '../transport/errors.ts';
import { type Clock, chinaCompactDate, systemClock } from '../values/china-time.ts';
import { DEPARTMENT, protocolFault } from './errors.ts';
import { decodeMessage, encodeMessage, type Message } from './messages/envelope.ts';
import { frameLength } from './messages/frame.ts';
import {
  PAID_NOTICE,
  PAID_NOTICE_REPLY,
  readPaidNotice,
  replyVoucher,
  resultOf,
  UNREADABLE,
} from './messages/paid-notice.ts';
import type { XmlElement } from './messages/xml.ts';
import { nextMessageId } from './numbering.ts';
import type { PaidNotice, PaidNoticeVerdict } from './records/payment.ts';
import type { NoticeListenerSettings } from './settings.ts';

/**
 * Takes a paid notice in. It must have stored the notice before it resolves, and must be idempotent on (payCode, tradeNumber): the same
 * notice again is `accepted` (wire spec 3.5). A rejection is answered as "not now", so that finance sends the notice again.
 */
export type PaidNoticeHandler = (notice: PaidNotice) => Promise<PaidNoticeVerdict>;

/** Something came that could not be processed: the error, and the message id where there was one. */
export type ListenerReport = (failure: { readonly error: unknown; readonly reference?: string }) => void;

export interface NoticeListenerServices {
  readonly counter: Counter;
  readonly handle: PaidNoticeHandler;
  /** Told of refused frames, unreadable notices and failed handlers. Errors hold no personal data. */
  readonly report: ListenerReport;
  readonly clock?: Clock;
}

export interface NoticeListenerOptions extends NoticeListenerSettings {
  /** Token shared with finance. */
  readonly token: string;
}

/** The reply must stay below what an observed sender reads at once (wire spec section 1). */
const MAX_REPLY_BYTES = 4_095;

/** So many one-result vouchers fit into a reply. */
const MAX_NOTICES = 20;

/**
 * The unit's own server for payment notices (缴款成功通知, 5996 → 8001, wire spec 3.5): one frame a connection, answered and closed. A frame
 * that breaks wire spec 1.1 is closed without a reply and reported.
 *
 * @example
 * const listener = new PaymentNoticeListener({ ...settings.listener, token }, { counter, handle, report });
 * const { port } = await listener.start();
 */
export class PaymentNoticeListener {
  readonly #options: NoticeListenerOptions;
  readonly #services: NoticeListenerServices;
  readonly #now: Clock;
  readonly #open = new Set<Socket>();
  /** Those whose frame is not whole yet. */
  readonly #idle = new Set<Socket>();
  readonly #working = new Set<Promise<void>>();
  #server: Server | undefined;

  constructor(options: NoticeListenerOptions, services: NoticeListenerServices) {
    this.#options = options;
    this.#services = services;
    this.#now = services.clock ?? systemClock;
  }

  /** Binds and tells where. Rejects when the address is taken. */
  async start(): Promise<{ readonly host: string; readonly port: number }> {
    if (this.#server !== undefined) throw new Error('the listener is running');
    // Senders may close their half once the frame is written.
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    server.maxConnections = this.#options.maxConnections;
    this.#server = server;
    try {
      server.listen(this.#options.port, this.#options.host);
      await once(server, 'listening');
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
    server.on('error', (error) => this.#services.report({ error }));
    server.on('drop', () => {
      this.#services.report({
        error: new CasegraphError('OVERLOADED', 'Too many connections.', { department: DEPARTMENT }),
      });
    });
    const { address, port } = server.address() as AddressInfo;
    return { host: address, port };
  }

  /** Takes no more connections, lets notices being handled be answered, and closes. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#idle) socket.destroy();
    await Promise.all(this.#working);
    for (const socket of this.#open) socket.destroy(); // answered, only the other end has not closed yet
    await closed;
  }

  /** Collects one frame, however its bytes arrive, and hands it on. */
  #accept(socket: Socket): void {
    const chunks: Buffer[] = [];
    let size = 0;
    let length: number | undefined;
    this.#open.add(socket);
    this.#idle.add(socket);

    const refuse = (error: unknown) => {
      if (!this.#idle.delete(socket)) return;
      socket.destroy();
      // Whoever connects and says nothing, a monitoring probe for one, is no event.
      if (size > 0) this.#services.report({ error });
    };
    const timer = setTimeout(() => {
      refuse(protocolFault('frame.length', 'INCOMPLETE: no whole frame came in time'));
      socket.destroy();
    }, this.#options.timeoutMs);
    const whole = () => {
      this.#idle.delete(socket);
      socket.removeAllListeners('data');
      socket.resume(); // what follows the frame is of no interest
      const work = this.#answer(socket, Buffer.concat(chunks, size)).finally(() => this.#working.delete(work));
      this.#working.add(work);
    };

    socket.on('error', refuse);
    socket.on('end', () => refuse(protocolFault('frame.length', 'INCOMPLETE: the frame is shorter than it says')));
    socket.on('close', () => {
      clearTimeout(timer);
      this.#idle.delete(socket);
      this.#open.delete(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      try {
        length ??= frameLength(Buffer.concat(chunks, size), this.#options.maxFrameBytes);
        if (length !== undefined && size >= length) whole();
      } catch (error) {
        refuse(error);
      }
    });
  }

  async #answer(socket: Socket, frame: Buffer): Promise<void> {
    let message: Message;
    let reply: Buffer;
    try {
      message = decodeMessage(frame, this.#options.token);
      if (message.number !== PAID_NOTICE) throw protocolFault('frame.number', 'only 5996 is taken here');
      reply = await this.#reply(message, await this.#results(message));
    } catch (error) {
      socket.destroy();
      this.#services.report({ error });
      return;
    }
    try {
      socket.end(reply);
      await finished(socket, { readable: false });
    } catch (error) {
      this.#services.report({ error, reference: message.messageId });
    }
  }

  /** The results in the order of the notices (wire spec section 5). */
  async #results({ vouchers, messageId, destination }: Message): Promise<string[]> {
    if (vouchers.length > MAX_NOTICES) {
      this.#services.report({ error: protocolFault('MOF.VoucherCount', 'too many notices'), reference: messageId });
      return [UNREADABLE];
    }
    const results: string[] = [];
    for (const voucher of vouchers)
      results.push(await this.#result(voucher, { reference: messageId, node: destination }));
    return results;
  }

  async #result(voucher: XmlElement, sent: Pick<PaidNotice, 'reference' | 'node'>): Promise<string> {
    const { reference } = sent;
    let notice: PaidNotice;
    try {
      notice = readPaidNotice(voucher, sent);
    } catch (error) {
      if (!(error instanceof CasegraphError)) throw error;
      this.#services.report({ error: error.with({ reference }), reference });
      return UNREADABLE;
    }
    try {
      return resultOf(await this.#services.handle(notice));
    } catch (error) {
      this.#services.report({ error, reference });
      return resultOf('not-now');
    }
  }

  async #reply(notice: Message, results: readonly string[]): Promise<Buffer> {
    const reply: Message = {
      number: PAID_NOTICE_REPLY,
      source: notice.destination,
      destination: notice.source,
      messageId: await nextMessageId(this.#services.counter, this.#now),
      messageReference: notice.messageId,
      workDate: chinaCompactDate(this.#now()),
      vouchers: results.map(replyVoucher),
    };
    const frame = encodeMessage(reply, this.#options.token);
    if (frame.length > MAX_REPLY_BYTES) throw new RangeError('the reply is longer than finance reads');
    return frame;
  }
}
