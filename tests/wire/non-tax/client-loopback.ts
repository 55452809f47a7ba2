import type { Socket } from 'node:net';
import { frameDigest } from '../../../adapters/non-tax/signing.ts';
import { type HttpLoopback, httpLoopback, type Loopback, tcpLoopback } from '../loopback.ts';
import { TOKEN } from './client-district.ts';
import { isWholeFrame } from './whole-frame.ts';

/** What stands in for finance on TCP. It checks nothing. */
export interface TcpFinance extends Loopback {
  /** Whole requests in order of arrival. */
  readonly requests: Buffer[];
}

/** Gets the request's frame and the socket to answer on. */
export type Answerer = (frame: Buffer, socket: Socket) => void;

export async function tcpFinance(answer: Answerer): Promise<TcpFinance> {
  const requests: Buffer[] = [];
  const loopback = await tcpLoopback(isWholeFrame, (frame, socket) => {
    requests.push(frame);
    answer(frame, socket);
  });
  return { ...loopback, url: `tcp://127.0.0.1:${loopback.port}`, requests };
}

/** What stands in for finance on HTTP: answers a body with bytes. */
export function httpFinance(answer: (body: Buffer) => Buffer | string, status = 200): Promise<HttpLoopback> {
  return httpLoopback(({ body }) => new Response(new Uint8Array(Buffer.from(answer(body))), { status }));
}

export interface AnswerParts {
  readonly number: string;
  readonly voucher: string;
  readonly request: Buffer;
  readonly messageReference?: string;
  readonly count?: string;
  readonly headNumber?: string;
}

/** An answer frame written by hand, so that one part of it can be wrong. */
export function answerFrame({ number, voucher, request, ...changes }: AnswerParts): Buffer {
  const messageId = /<MsgID>(\d+)</.exec(request.toString('latin1'))?.[1] ?? '';
  const xml =
    '<?xml version="1.0" encoding="GB18030"?><CFX><HEAD><APP>CNNONTAX</APP><VER>1.0</VER><SRC>F421202</SRC><DES>K4212020001</DES>' +
    `<MsgNo>${changes.headNumber ?? number}</MsgNo><MsgID>20260316100000700001</MsgID><MsgRef>${changes.messageReference ?? messageId}</MsgRef>` +
    '<WorkDate>20260316</WorkDate><Reserve/></HEAD><MSG><MOF>' +
    `<VoucherCount>${changes.count ?? '1'}</VoucherCount><VoucherBody><Voucher>${Buffer.from(voucher, 'ascii').toString('base64')}</Voucher></VoucherBody>` +
    '</MOF></MSG></CFX>';
  return frameOf(number, xml);
}

/** A frame around XML, upper-case digest as finance writes it. */
export function frameOf(number: string, xml: string, token = TOKEN): Buffer {
  const body = Buffer.from(xml, 'latin1');
  const digest = frameDigest(token, body).toUpperCase();
  return Buffer.concat([
    Buffer.from(`${String(87 + body.length).padEnd(8)}CNNONTAX1.0${number}`, 'latin1'),
    body,
    Buffer.from(digest, 'latin1'),
  ]);
}

export function general(request: Buffer, result: string, information = '', requestNumber = '8994'): Buffer {
  const voucher = `<Voucher><OriMsgNo>${requestNumber}</OriMsgNo><Result>${result}</Result><Information>${information}</Information></Voucher>`;
  return answerFrame({ number: '5001', voucher, request });
}
