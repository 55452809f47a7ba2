import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { getResponse, type RequestHandler } from 'msw';
import { onTestFinished } from 'vitest';

/** What a listener saw of a request. */
export interface Seen {
  readonly path: string;
  /** Names as they came over the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A listener that answers every request with the same bytes, whatever they are. */
export async function answerWith(bytes: Uint8Array): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [first = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
      const length = Number(
        Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0,
      );
      if (received.length < end + 4 + length) return;
      seen.push({ path: first.split(' ')[1] ?? '', headers, body: received.subarray(end + 4).toString('utf8') });
      received = Buffer.alloc(0);
      socket.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** A listener that answers by msw handlers: msw does not see undici's own requests, so they come to it over a socket. */
export async function answerBy(...handlers: RequestHandler[]): Promise<{ url: string; aborted: Promise<void> }> {
  const { promise: aborted, resolve: tellAborted } = Promise.withResolvers<void>();
  const server = createHttpServer(async (message, response) => {
    response.on('close', () => {
      if (!response.writableFinished) tellAborted();
    });
    const answer = await getResponse(handlers, new Request(`http://uap.example${message.url}`, await init(message)));
    if (!answer) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, aborted };
}

async function init(message: IncomingMessage): Promise<RequestInit> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? 'POST',
    headers: message.headers as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}
