import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, SimulatorCore } from '../../simulator/core.ts';
import { Listening } from '../../simulator/listening.ts';
import { encodeGb18030 } from './charset.ts';

/** A department behind TCP, one frame a connection: what it does with a frame, and its own words for some faults. */
export interface TcpDepartment {
  /** The whole length of the frame, once the bytes received tell it. Throws when they cannot become a frame. */
  frameLength(received: Buffer): number | undefined;
  /** The transaction's name for faults and counts; `unknown` when it cannot be told. */
  identify(frame: Buffer): string;
  /** Validates, does the work, answers; `undefined` when the frame gets no answer. */
  handle(frame: Buffer): Buffer | undefined;
  /** The answer for `busy`. */
  busy(frame: Buffer): Buffer | undefined;
  /** The answer for `expired-secret`. */
  expiredSecret(frame: Buffer): Buffer | undefined;
  /** An answer in another character set. */
  wrongCharset(answer: Buffer): Buffer;
  /** An answer with a wrong digest. */
  badSignature(answer: Buffer): Buffer;
}

/** Serves a department over TCP on loopback, with the faults of its core applied at the right moment (as `HttpFront` over HTTP). */
export class TcpFront {
  readonly #core: SimulatorCore;
  readonly #department: TcpDepartment;
  readonly #readTimeoutMs: number;
  readonly #listening: Listening;

  constructor(core: SimulatorCore, department: TcpDepartment, readTimeoutMs: number) {
    this.#core = core;
    this.#department = department;
    this.#readTimeoutMs = readTimeoutMs;
    // A unit may close its sending side after the frame: it still gets its answer.
    this.#listening = new Listening(core, () =>
      createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket)),
    );
  }

  /** Gives the address, `tcp://127.0.0.1:4102`. */
  async listen(port: number): Promise<string> {
    return `tcp://127.0.0.1:${await this.#listening.listen(port)}`;
  }

  close(): Promise<void> {
    return this.#listening.close();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(this.#readTimeoutMs, () => socket.destroy());
    readOneFrame(
      socket,
      (received) => this.#department.frameLength(received),
      (frame) => {
        socket.setTimeout(0);
        this.#serve(frame, socket).catch((error: unknown) => {
          socket.end(`simulator fault: ${error instanceof Error ? error.stack : String(error)}`);
        });
      },
    );
  }

  async #serve(frame: Buffer, socket: Socket): Promise<void> {
    const transaction = this.#department.identify(frame);
    const end = this.#core.beginCall(transaction);
    try {
      const fault = await this.#core.takeFault(transaction, this.#listening.closing);
      await this.#answer(frame, socket, fault);
    } finally {
      end();
      // The unit closes; one that does not is not waited for.
      socket.setTimeout(this.#readTimeoutMs, () => socket.destroy());
    }
  }

  async #answer(frame: Buffer, socket: Socket, fault: Fault | undefined): Promise<void> {
    const department = this.#department;
    switch (fault?.kind) {
      case 'drop-before-work':
      case 'http-status':
        socket.destroy();
        return;
      case 'html-error':
        socket.end(htmlPage());
        return;
      case 'busy':
        return send(socket, department.busy(frame));
      case 'expired-secret':
        return send(socket, department.expiredSecret(frame));
      default:
    }
    const answer = department.handle(frame);
    if (!answer) return send(socket, undefined);
    switch (fault?.kind) {
      case 'drop-after-work':
        socket.destroy();
        return;
      case 'late-answer':
        await sleep(fault.delayMs ?? 1_000, undefined, { signal: this.#listening.closing });
        return send(socket, answer);
      case 'duplicate-answer':
        return send(socket, Buffer.concat([answer, answer]));
      case 'truncate':
        return send(socket, answer.subarray(0, Math.floor(answer.length / 2)));
      case 'wrong-charset':
        return send(socket, department.wrongCharset(answer));
      case 'bad-signature':
        return send(socket, department.badSignature(answer));
      case 'garbage':
        return send(socket, randomBytes(64));
      default:
        return send(socket, answer);
    }
  }
}

/** Collects the one frame of a connection, however it is cut into packets; what follows it is ignored (wire spec 1.1). */
function readOneFrame(
  socket: Socket,
  frameLength: (received: Buffer) => number | undefined,
  done: (frame: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let received = 0;
  let length: number | undefined;
  socket.on('data', onData);
  socket.on('end', onEnd);

  function onData(chunk: Buffer): void {
    chunks.push(chunk);
    received += chunk.length;
    try {
      length ??= frameLength(chunks.length === 1 ? chunk : Buffer.concat(chunks));
    } catch {
      socket.destroy(); // not a frame: there is no answer to it
      return;
    }
    if (length === undefined || received < length) return;
    socket.off('data', onData);
    socket.off('end', onEnd);
    socket.resume();
    done(Buffer.concat(chunks).subarray(0, length));
  }

  function onEnd(): void {
    socket.destroy();
  }
}

function send(socket: Socket, answer: Buffer | undefined): void {
  if (answer) socket.end(answer);
  else socket.destroy();
}

/** What an appliance in front of an old system says. */
function htmlPage(): Buffer {
  const html = '<html><head><meta charset="gbk"><title>502</title></head><body>系统维护中，请稍后再试</body></html>';
  const body = encodeGb18030(html);
  return Buffer.concat([
    Buffer.from(`HTTP/1.0 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
}
