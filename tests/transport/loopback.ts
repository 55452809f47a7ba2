import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server on a free loopback port, and every socket that ever came. */
export interface Loopback extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  readonly sockets: Socket[];
  /** The n-th socket that came, from 0; waits for it. */
  socket(number: number): Promise<Socket>;
}

export function httpServer(listener: RequestListener): Promise<Loopback> {
  return listening(createHttpServer(listener));
}

/** A server below HTTP, for answers that no HTTP server gives. */
export function tcpServer(accept: (socket: Socket, number: number) => void): Promise<Loopback> {
  let number = 0;
  return listening(
    createServer((socket) => {
      socket.on('error', () => {});
      accept(socket, number);
      number += 1;
    }),
  );
}

/** A port on which nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = await tcpServer(() => {});
  await server[Symbol.asyncDispose]();
  return server.port;
}

async function listening(server: Server): Promise<Loopback> {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    sockets,
    async socket(number) {
      while (sockets[number] === undefined) await once(server, 'connection');
      return sockets[number];
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** When the server's side of this socket has closed. */
export async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close').catch(() => {}); // a reset is a way of closing too
}

/** The n-th value to be told, waited for: requests that reached a server, say. */
export class Arrivals<T> {
  readonly all: T[] = [];
  #waiting: (() => void)[] = [];

  add(value: T): void {
    this.all.push(value);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async at(number: number): Promise<T> {
    while (this.all.length <= number) await new Promise<void>((wake) => this.#waiting.push(wake));
    return this.all[number] as T;
  }
}
