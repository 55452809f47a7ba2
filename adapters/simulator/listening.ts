import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Fault, SimulatorCore } from './core.ts';

/**
 * The port that a simulator's front listens on, and what the fault `refuse-connection` does to it: a port that nobody listens on, at
 * once and for those who are connected too, until the fault is cleared or its time is over.
 */
export class Listening {
  readonly #core: SimulatorCore;
  readonly #makeServer: () => Server;
  readonly #sockets = new Set<Socket>();
  #closing = new AbortController();
  #server: Server | undefined;
  #port = 0;
  #relisten: NodeJS.Timeout | undefined;
  /** The refusal that was seen last, over or not. */
  #refusal: Fault | undefined;

  /** `makeServer` makes the server, for `net` or `http`, and leaves the listening to this. */
  constructor(core: SimulatorCore, makeServer: () => Server) {
    this.#core = core;
    this.#makeServer = makeServer;
    core.onFaultsChanged((faults) => this.#applyRefusal(faults));
  }

  /** Binds loopback; 0 takes any free port. Gives the port. */
  async listen(port: number): Promise<number> {
    this.#closing = new AbortController();
    const server = this.#startListening(port);
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#applyRefusal(this.#core.faults);
    return this.#port;
  }

  /** Aborted when the front closes: nobody waits for an answer any more. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Ends listening and every connection. No fault opens the port again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#stopListening();
  }

  #startListening(port: number): Server {
    const server = this.#makeServer();
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server.listen(port, '127.0.0.1');
  }

  /** Also of a server that does not listen yet: it never will. */
  async #stopListening(): Promise<void> {
    clearTimeout(this.#relisten);
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** The refusal given last is the one that holds. */
  #applyRefusal(faults: readonly Fault[]): void {
    const refusal = faults.findLast((fault) => fault.kind === 'refuse-connection');
    if (this.#closing.signal.aborted || this.#port === 0 || refusal === this.#refusal) return;
    this.#refusal = refusal;
    clearTimeout(this.#relisten);
    if (!refusal) this.#listenAgain();
    else {
      void this.#stopListening();
      if (refusal.delayMs !== undefined) this.#relisten = setTimeout(() => this.#listenAgain(), refusal.delayMs);
    }
  }

  #listenAgain(): void {
    if (!this.#server) this.#startListening(this.#port);
  }
}
