import { chinaCompactDate, chinaCompactDateTime } from '../../values/china-time.ts';
import { decodeGb18030 } from './charset.ts';
import { downloadBill, giveBillNumber, issueBill } from './e-receipt.ts';
import { checkRequestHead, type Envelope, readEnvelope, readVouchers, writeEnvelope } from './envelope.ts';
import {
  announcedLength,
  encodeFrame,
  type Frame,
  FrameRefused,
  messageNumberOf,
  readFrame,
  spoilDigest,
} from './frame.ts';
import { openOrVoid } from './open-and-void.ts';
import { dynamicQr, queryNotice } from './query.ts';
import { reconcile } from './reconcile.ts';
import { badParameter, Refusal } from './refusal.ts';
import type { TcpDepartment } from './tcp-front.ts';
import { type Finance, generalAnswer, type Transaction, type VoucherAnswer } from './transaction.ts';

/** The requests of units, by message number (wire spec 2). */
const TRANSACTIONS: ReadonlyMap<string, Transaction> = new Map([
  ['8994', openOrVoid],
  ['8997', queryNotice],
  ['8995', dynamicQr],
  ['8992', reconcile],
  ['8999', giveBillNumber],
  ['8981', issueBill],
  ['8982', downloadBill],
]);

/** The only request that may carry several vouchers (wire spec 5). */
const BATCHABLE = '8994';

const ROLLED_OVER_TOKEN = 'the token of another period';

/** Finance behind its frames: the same whether they come over TCP or in the body of an HTTP POST (wire spec 1). */
export class NonTaxDepartment implements TcpDepartment {
  readonly #finance: Finance;

  constructor(finance: Finance) {
    this.#finance = finance;
  }

  frameLength(received: Buffer): number | undefined {
    return announcedLength(received);
  }

  identify(frame: Buffer): string {
    return messageNumberOf(frame);
  }

  handle(bytes: Buffer): Buffer | undefined {
    return this.#answer(bytes, (frame, envelope) => this.#work(frame, envelope));
  }

  busy(bytes: Buffer): Buffer | undefined {
    return this.#answer(bytes, (frame) => [generalAnswer(frame.messageNumber, '99999', '系统繁忙，请稍后再试')]);
  }

  expiredSecret(bytes: Buffer): Buffer | undefined {
    const answer = this.#answer(bytes, (frame) => [generalAnswer(frame.messageNumber, '99999', '校验串已失效')]);
    return answer && spoilDigest(answer, ROLLED_OVER_TOKEN);
  }

  /** The vouchers of an answer in UTF-8, rightly digested. */
  wrongCharset(answer: Buffer): Buffer {
    const { token } = this.#finance.settings;
    const frame = readFrame(answer, token);
    const envelope = readEnvelope(frame);
    const vouchers = [...envelope.source.matchAll(/<Voucher>([A-Za-z0-9+/=]*)<\/Voucher>/g)].map(([, text = '']) =>
      decodeGb18030(Buffer.from(text, 'base64')),
    );
    const xml = writeEnvelope(envelope.head, vouchers, (voucher) => Buffer.from(voucher, 'utf8'));
    return encodeFrame(frame.messageNumber, xml, token);
  }

  badSignature(answer: Buffer): Buffer {
    return spoilDigest(answer);
  }

  /** Reads a frame, has it worked on, and frames the answer; `undefined` for a frame that the reader throws away. */
  #answer(bytes: Buffer, work: (frame: Frame, envelope: Envelope) => readonly VoucherAnswer[]): Buffer | undefined {
    try {
      const frame = readFrame(bytes, this.#finance.settings.token);
      const envelope = readEnvelope(frame);
      return this.#frameAnswer(envelope, work(frame, envelope));
    } catch (error) {
      if (error instanceof FrameRefused) return undefined;
      throw error;
    }
  }

  #work(frame: Frame, envelope: Envelope): readonly VoucherAnswer[] {
    const { settings } = this.#finance;
    const { messageNumber } = frame;
    return refusable(messageNumber, () => {
      checkRequestHead(frame, envelope, settings.node, settings.division);
      const transaction = TRANSACTIONS.get(messageNumber);
      if (!transaction) throw badParameter('MsgNo');
      const vouchers = readVouchers(envelope);
      if (vouchers.length === 0 || (vouchers.length > 1 && messageNumber !== BATCHABLE))
        throw badParameter('VoucherCount');
      // Wire spec 5: answers in the same order, one per voucher.
      return vouchers.flatMap((voucher) =>
        refusable(messageNumber, () => [transaction(this.#finance, { messageNumber, head: envelope.head, voucher })]),
      );
    });
  }

  #frameAnswer({ head }: Envelope, answers: readonly VoucherAnswer[]): Buffer {
    const { core, settings, state } = this.#finance;
    const [{ messageNumber }] = answers as readonly [VoucherAnswer];
    const now = core.now();
    const serial = String(state.next('message') % 100_000).padStart(5, '0');
    const xml = writeEnvelope(
      {
        APP: 'CNNONTAX',
        VER: '1.0',
        SRC: settings.node,
        DES: printable(head.SRC),
        MsgNo: messageNumber,
        MsgID: `${chinaCompactDateTime(now)}7${serial}`,
        MsgRef: printable(head.MsgID),
        WorkDate: chinaCompactDate(now),
        Reserve: '',
      },
      answers.map(({ voucher }) => voucher),
    );
    return encodeFrame(messageNumber, xml, settings.token);
  }
}

/** A refusal on the way is the 5001 answer to the message. */
function refusable(messageNumber: string, work: () => readonly VoucherAnswer[]): readonly VoucherAnswer[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return [generalAnswer(messageNumber, error.code, error.message)];
    throw error;
  }
}

/** What is sent back as it came, wrong as it may be, in an XML that has to stay ASCII. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
