import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type HttpMessage, isWhole, parseHttp } from './http-message.ts';

/** What stands in for a department: real sockets that answer what the test says. None of it knows any wire. */
export interface Loopback {
  readonly port: number;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** Connections open now. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** A request as an HTTP server has it. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpLoopback extends Loopback {
  /** In order of arrival. */
  readonly arrivals: Arrival[];
  /** When the other end first left before its answer was written. */
  readonly aborted: Promise<void>;
}

/** What to answer: `Response.error()` cuts the connection; nothing leaves it to the answerer, or the caller without an answer. */
export type HttpAnswerer = (arrival: Arrival, response: ServerResponse) => Answered | Promise<Answered>;

type Answered = Response | undefined;

/** An HTTP server. */
export async function httpLoopback(answer: HttpAnswerer): Promise<HttpLoopback> {
  const arrivals: Arrival[] = [];
  const { promise: aborted, resolve: tellAborted } = Promise.withResolvers<void>();
  const server = createHttpServer(async (message, response) => {
    response.on('close', () => {
      if (!response.writableFinished) tellAborted();
    });
    const chunks: Buffer[] | undefined = await message.toArray().catch(() => undefined);
    if (chunks === undefined) return; // the other end left while it was writing
    const { method = '', url: path = '', headers } = message;
    const arrival = { method, path, headers, body: Buffer.concat(chunks) };
    arrivals.push(arrival);
    const given = await answer(arrival, response);
    if (given === undefined) return;
    if (given.type === 'error') response.destroy();
    else {
      response.writeHead(given.status, Object.fromEntries(given.headers));
      response.end(Buffer.from(await given.arrayBuffer()));
    }
  });
  return { ...(await listening(server)), arrivals, aborted };
}

export interface RawLoopback extends Loopback {
  /** Whole requests in order of arrival, byte for byte. */
  readonly requests: HttpMessage[];
}

/** A server below HTTP: gets whole requests as bytes and writes the bytes given, or does with the socket what it likes. */
export async function rawLoopback(
  answer: (request: HttpMessage, socket: Socket) => Uint8Array | string | undefined,
): Promise<RawLoopback> {
  const requests: HttpMessage[] = [];
  const parts = await tcpLoopback(isWhole, (bytes, socket) => {
    const request = parseHttp(bytes);
    requests.push(request);
    const given = answer(request, socket);
    if (given !== undefined) socket.write(given);
  });
  return { ...parts, requests };
}

/** A TCP server that hands on what came once it is a whole message. */
export function tcpLoopback(
  isWholeMessage: (received: Buffer) => boolean,
  answer: (message: Buffer, socket: Socket) => void,
): Promise<Loopback> {
  return listening(
    createServer((socket) => {
      let received: Buffer = Buffer.alloc(0);
      socket.on('error', () => {}); // the other end may leave at any time
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (!isWholeMessage(received)) return;
        const message = received;
        received = Buffer.alloc(0);
        answer(message, socket);
      });
    }),
  );
}

/** Sends bytes, piece by piece when several are given, and gives back whatever comes until the other end closes or resets. */
export async function talk(port: number, ...pieces: readonly Uint8Array[]): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('error', () => {}); // a reset is an end too
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await once(socket, 'connect');
  for (const piece of pieces) {
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  await closed;
  return Buffer.concat(received);
}

/** Sends bytes on a connection of its own and reads one HTTP message. */
export function sendRaw(url: string, bytes: Uint8Array): Promise<HttpMessage> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the answer was whole')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (!isWhole(received)) return;
      resolve(parseHttp(received));
      socket.destroy();
    });
  });
}

async function listening(server: Server): Promise<Loopback> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
