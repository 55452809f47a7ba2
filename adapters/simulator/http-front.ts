import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import iconv from 'iconv-lite';
import type { Fault, SimulatorCore } from './core.ts';
import { Listening } from './listening.ts';

export interface WireRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A department behind HTTP: what it does with a request, and its own words for the faults that only it can express. */
export interface HttpDepartment {
  /** The transaction's name on the wire, for faults and counts; anything (`'unknown'`) when it cannot be told. */
  identify(request: WireRequest): string;
  /** Validates, does the work, answers. */
  handle(request: WireRequest): WireAnswer | Promise<WireAnswer>;
  /** The answer for `busy`. */
  busy(request: WireRequest): WireAnswer | Promise<WireAnswer>;
  /** The answer for `expired-secret`. */
  expiredSecret(request: WireRequest): WireAnswer | Promise<WireAnswer>;
  /** For `bad-signature` where answers are signed: spoils the signature of one. */
  badSignature?(request: WireRequest, answer: WireAnswer): WireAnswer;
  /** For `bad-signature` where answers are not signed: refuses the request as wrongly signed, nothing done. */
  refuseSignature?(request: WireRequest): WireAnswer;
  /** An answer in another character set than the wire says; without it, or `undefined`, the body, UTF-8, is written as GB18030. */
  wrongCharset?(request: WireRequest, answer: WireAnswer): WireAnswer | undefined;
}

/** Serves a department over HTTP on loopback, with the faults of its core applied at the right moment. */
export class HttpFront {
  readonly #core: SimulatorCore;
  readonly #department: HttpDepartment;
  readonly #listening: Listening;

  constructor(core: SimulatorCore, department: HttpDepartment) {
    this.#core = core;
    this.#department = department;
    this.#listening = new Listening(core, () => createServer((message, response) => this.#receive(message, response)));
  }

  /** Gives the address, `http://127.0.0.1:4101`. */
  async listen(port: number): Promise<string> {
    return `http://127.0.0.1:${await this.#listening.listen(port)}`;
  }

  close(): Promise<void> {
    return this.#listening.close();
  }

  #receive(message: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('error', () => response.destroy());
    message.on('end', () => {
      const request = {
        method: message.method ?? '',
        url: message.url ?? '',
        headers: message.headers,
        body: Buffer.concat(chunks),
      };
      this.#serve(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else {
          response.writeHead(500, { 'content-type': 'text/plain' });
          response.end(`simulator fault: ${error instanceof Error ? error.stack : String(error)}`);
        }
      });
    });
  }

  async #serve(request: WireRequest, response: ServerResponse): Promise<void> {
    const transaction = this.#department.identify(request);
    const end = this.#core.beginCall(transaction);
    try {
      const fault = await this.#core.takeFault(transaction, this.#listening.closing);
      await this.#answer(request, response, fault);
    } finally {
      end();
    }
  }

  async #answer(request: WireRequest, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const department = this.#department;
    switch (fault?.kind) {
      case 'drop-before-work':
        response.destroy();
        return;
      case 'html-error':
        return send(response, htmlPage());
      case 'http-status':
        return send(response, {
          status: fault.status ?? 503,
          headers: { 'content-type': 'text/plain' },
          body: Buffer.from(''),
        });
      case 'busy':
        return send(response, await department.busy(request));
      case 'expired-secret':
        return send(response, await department.expiredSecret(request));
      case 'bad-signature':
        if (department.refuseSignature) return send(response, department.refuseSignature(request));
        break;
      default:
    }
    const answer = await department.handle(request);
    switch (fault?.kind) {
      case 'drop-after-work':
        response.destroy();
        return;
      case 'late-answer':
        await sleep(fault.delayMs ?? 1_000, undefined, { signal: this.#listening.closing });
        return send(response, answer);
      case 'duplicate-answer':
        // Before the answer of the server's own making ends, or a connection that closes would be closed.
        response.socket?.write(rawAnswer(answer));
        return send(response, answer);
      case 'truncate':
        response.socket?.write(half(answer), () => response.destroy());
        return;
      case 'wrong-charset':
        return send(response, department.wrongCharset?.(request, answer) ?? inGb18030(answer));
      case 'bad-signature':
        return send(response, department.badSignature?.(request, answer) ?? answer);
      case 'garbage':
        return send(response, { ...answer, body: randomBytes(64) });
      default:
        return send(response, answer);
    }
  }
}

function send(response: ServerResponse, answer: WireAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) });
  response.end(answer.body);
}

function inGb18030(answer: WireAnswer): WireAnswer {
  return { ...answer, body: iconv.encode(answer.body.toString('utf8'), 'gb18030') };
}

function rawAnswer(answer: WireAnswer): Buffer {
  const headers = { ...answer.headers, 'content-length': String(answer.body.length) };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${answer.status} OK\r\n${head.join('')}\r\n`), answer.body]);
}

/** Half of the body, or of the head where there is no body to cut. */
function half(answer: WireAnswer): Buffer {
  const whole = rawAnswer(answer);
  const head = whole.length - answer.body.length;
  return whole.subarray(0, answer.body.length > 0 ? head + Math.floor(answer.body.length / 2) : Math.floor(head / 2));
}

/** What a gateway appliance in front of an old system says, in its own character set. */
function htmlPage(): WireAnswer {
  const html = '<html><head><meta charset="gbk"><title>502</title></head><body>系统维护中，请稍后再试</body></html>';
  return { status: 502, headers: { 'content-type': 'text/html; charset=gbk' }, body: iconv.encode(html, 'gb18030') };
}
