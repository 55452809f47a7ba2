import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { getResponse, type RequestHandler } from 'msw';
import { frameDigest } from '../../../adapters/non-tax/signing.ts';
import { TOKEN } from './client-district.ts';

/** What stands in for finance: a real socket that answers what the test says. It checks nothing. */
export interface Loopback {
  readonly url: string;
  /** Whole requests in order of arrival. */
  readonly requests: Buffer[];
  /** Connections open now. */
  readonly open: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Gets the request's frame and the socket to answer on. */
export type Answerer = (frame: Buffer, socket: Socket) => void;

export async function tcpFinance(answer: Answerer): Promise<Loopback> {
  const requests: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {}); // the client may leave at any time
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const length = Number(received.toString('latin1', 0, 8));
      if (received.length < 8 || received.length < length) return;
      requests.push(received);
      answer(received, socket);
      received = Buffer.alloc(0);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    open,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

export interface HttpLoopback {
  readonly url: string;
  readonly requests: {
    readonly path: string;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: Buffer;
  }[];
  close(): Promise<void>;
}

export interface HttpAnswer {
  readonly status?: number;
  readonly body: string | Buffer;
}

/** Answers msw's handlers from a real socket, since msw does not see undici's own requests. `HttpResponse.error()` cuts the connection. */
export function mswFinance(...handlers: readonly RequestHandler[]): Promise<HttpLoopback> {
  return httpFinance(async (body, path) => {
    const request = new Request(`http://finance.invalid${path}`, { method: 'POST', body: new Uint8Array(body) });
    const response = await getResponse([...handlers], request);
    if (response === undefined || response.type === 'error') return undefined;
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  });
}

export async function httpFinance(
  answer: (body: Buffer, path: string) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>,
): Promise<HttpLoopback> {
  const requests: HttpLoopback['requests'] = [];
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const path = request.url ?? '';
      requests.push({ path, headers: request.headers, body });
      void Promise.resolve(answer(body, path)).then((given) => {
        if (given === undefined) response.destroy();
        else response.writeHead(given.status ?? 200).end(given.body);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Sends bytes, piece by piece when several are given, and gives back whatever comes until the other end closes. */
export async function talk(port: number, ...pieces: readonly Uint8Array[]): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => {}); // a reset is an end too
  await once(socket, 'connect');
  for (const piece of pieces) {
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  await closed;
  return Buffer.concat(received);
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
