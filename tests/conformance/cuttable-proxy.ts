import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How much of the answer still passes: nothing, a part of its HTTP head, or the head and a part of the body. */
export type CutPoint = 'before the answer' | 'inside the head' | 'inside the body';

/** What a cuttable line does to the connections over it. */
export type Cut =
  /** Nobody listens. */
  | { readonly kind: 'refuse' }
  /** A connection is reset as soon as it stands. */
  | { readonly kind: 'reset-on-connect' }
  /** The answer breaks off with a reset. */
  | { readonly kind: 'reset'; readonly at: CutPoint }
  /** The answer breaks off with an orderly close. */
  | { readonly kind: 'close'; readonly at: CutPoint }
  /** The answer stops; the connection stays. */
  | { readonly kind: 'stall'; readonly at: CutPoint }
  /** The answer comes a byte at a time. */
  | { readonly kind: 'drip'; readonly everyMs: number };

/** A TCP proxy before a server whose line can be cut and mended. */
export interface CuttableProxy {
  readonly port: number;
  /** Connections from the caller that are open now. */
  readonly open: number;
  /** Cuts the line: idle connections end, and every later one meets the fault. */
  cut(cut: Cut): Promise<void>;
  /** Mends the line for new connections; those that met the fault stay as they are. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function cuttableProxy(target: number): Promise<CuttableProxy> {
  const callers = new Set<Socket>();
  let current: Cut | undefined;
  // Paused, so that the end of a caller's socket is met only after what it sent.
  const server = createServer({ pauseOnConnect: true }, (caller) => {
    callers.add(caller);
    caller.once('close', () => callers.delete(caller));
    // A reset is what this proxy is for; the close that follows it is handled.
    caller.on('error', () => {});
    if (current?.kind === 'reset-on-connect') caller.resetAndDestroy();
    else join(caller, target, current);
  });

  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const endConnections = () => {
    for (const caller of callers) caller.destroy();
  };
  return {
    port,
    get open() {
      return callers.size;
    },
    async cut(cut) {
      current = cut;
      if (cut.kind === 'refuse' && server.listening) {
        const closed = once(server, 'close');
        server.close();
        endConnections();
        await closed;
      } else endConnections();
    },
    async mend() {
      current = undefined;
      if (!server.listening) await listen(port);
    },
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      endConnections();
      await closed;
    },
  };
}

function join(caller: Socket, target: number, cut: Cut | undefined): void {
  const server = connect(target, '127.0.0.1');
  server.on('error', () => {});
  const end = () => {
    caller.destroy();
    server.destroy();
  };
  caller.once('close', end);
  server.once('close', () => {
    if (cut === undefined) caller.end();
  });
  caller.pipe(server);
  if (cut === undefined) server.pipe(caller);
  else if (cut.kind === 'drip') drip(server, caller, cut.everyMs);
  else if (cut.kind === 'reset' || cut.kind === 'close' || cut.kind === 'stall') breakOff(server, caller, cut);
}

function breakOff(server: Socket, caller: Socket, { kind, at }: Cut & { at: CutPoint }): void {
  server.once('data', (chunk: Buffer) => {
    const end = cutAfter(chunk, at);
    // Broken off only when the bytes before are on their way.
    caller.write(chunk.subarray(0, end), () => {
      if (kind === 'reset') caller.resetAndDestroy();
      else if (kind === 'close') caller.end();
    });
    // What follows is read and lost.
    server.resume();
  });
}

/** Bytes of the answer's first chunk that pass. The servers here write the head and the body's beginning at once. */
function cutAfter(chunk: Buffer, at: CutPoint): number {
  if (at === 'before the answer') return 0;
  const head = chunk.indexOf('\r\n\r\n');
  return at === 'inside the head' ? Math.floor(head / 2) : head + 4 + 10;
}

function drip(server: Socket, caller: Socket, everyMs: number): void {
  const bytes: number[] = [];
  server.on('data', (chunk: Buffer) => bytes.push(...chunk));
  const timer = setInterval(() => {
    const byte = bytes.shift();
    if (byte !== undefined && caller.writable) caller.write(Buffer.of(byte));
  }, everyMs);
  caller.once('close', () => clearInterval(timer));
}
