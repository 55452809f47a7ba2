import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type GraphQLSchema, graphql } from 'graphql';

/** What the gateway asked. */
export interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An answer as it goes over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

/** A subgraph over HTTP that tells what it was asked and what became of it. */
export interface SubgraphServer {
  readonly port: number;
  /** Requests that came, answers that left whole, requests whose connection was closed before that; sockets open now. */
  readonly seen: { asked: number; answered: number; abandoned: number; sockets: number };
  /** Milliseconds that the next answers take. */
  delayMs: (asked: Asked) => number;
  /** Turns a right answer into what is sent. */
  forge: ((right: HttpAnswer, asked: Asked) => HttpAnswer) | undefined;
  /** Keeps the answers to matching requests back until the function it returns is called. */
  hold(matches?: (asked: Asked) => boolean): () => void;
  close(): Promise<void>;
}

interface Held {
  readonly matches: (asked: Asked) => boolean;
  readonly released: Promise<void>;
}

export async function serveSubgraph(schema: GraphQLSchema): Promise<SubgraphServer> {
  const seen = { asked: 0, answered: 0, abandoned: 0, sockets: 0 };
  const held = new Set<Held>();
  const releases = new Set<() => void>();
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (response.writableFinished) seen.answered += 1;
      else seen.abandoned += 1;
    });
    void answer(request, response);
  });
  // Never the side that closes an idle socket: what the gateway does with its sockets must show.
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => {
    seen.sockets += 1;
    socket.once('close', () => {
      seen.sockets -= 1;
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request);
    if (!asked) return;
    seen.asked += 1;
    const result = await graphql({ schema, source: asked.query, variableValues: asked.variables });
    const right = { status: 200, type: 'application/json', body: JSON.stringify(result) };
    const delay = subgraph.delayMs(asked);
    if (delay > 0) await pause(delay);
    await Promise.all([...held].filter(({ matches }) => matches(asked)).map(({ released }) => released));
    const { status, type, body } = subgraph.forge?.(right, asked) ?? right;
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const subgraph: SubgraphServer = {
    port: (server.address() as AddressInfo).port,
    seen,
    delayMs: () => 0,
    forge: undefined,
    hold(matches = () => true) {
      const { promise: released, resolve } = Promise.withResolvers<void>();
      const entry = { matches, released };
      held.add(entry);
      const release = () => {
        held.delete(entry);
        releases.delete(release);
        resolve();
      };
      releases.add(release);
      return release;
    },
    close() {
      for (const release of releases) release();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return subgraph;
}

/** Undefined when the connection broke while the request was read. */
async function read(request: IncomingMessage): Promise<Asked | undefined> {
  let text = '';
  try {
    for await (const chunk of request) text += chunk;
  } catch {
    return undefined;
  }
  const { query, variables = {} } = JSON.parse(text);
  return { query, variables };
}
