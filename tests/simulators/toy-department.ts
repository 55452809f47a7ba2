import { connect } from 'node:net';
import { startControl } from '../../adapters/simulator/control.ts';
import { ActRefused, type DepartmentSimulator, SimulatorCore } from '../../adapters/simulator/core.ts';
import {
  type HttpDepartment,
  HttpFront,
  type WireAnswer,
  type WireRequest,
} from '../../adapters/simulator/http-front.ts';

/** A department that takes payments: `POST /Pay` with a reference, `GET /Balance`. Its answers are signed in a header. */
export class ToyDepartment implements HttpDepartment, DepartmentSimulator {
  readonly core: SimulatorCore;
  readonly #front: HttpFront;
  balance = 0;
  /** The department's time when it was reset last. */
  resetAt: number | undefined;

  constructor(core: SimulatorCore) {
    this.core = core;
    this.#front = new HttpFront(core, this);
  }

  listen(port: number): Promise<string> {
    return this.#front.listen(port);
  }

  close(): Promise<void> {
    return this.#front.close();
  }

  reset(): void {
    this.balance = 0;
    this.resetAt = this.core.now();
  }

  readonly acts = {
    'top-up': {
      about: 'Somebody pays at the counter.',
      parameters: { amountFen: 'whole number of fen' },
      run: ({ amountFen }: Readonly<Record<string, unknown>>) => {
        if (typeof amountFen !== 'number') throw new ActRefused('amountFen: a number');
        this.#pay('counter', amountFen);
        return { balance: this.balance };
      },
    },
    lunch: { about: 'Nothing happens.', parameters: {}, run: () => undefined },
    'break-down': {
      about: 'It cannot even be told.',
      parameters: {},
      run: () => ({ cannot: 10n }),
    },
    strike: {
      about: 'Fails.',
      parameters: {},
      run: () => Promise.reject(new Error('on strike')),
    },
  };

  identify(request: WireRequest): string {
    return /^\/(Pay|Balance|Empty)$/.exec(request.url)?.[1] ?? 'unknown';
  }

  handle(request: WireRequest): WireAnswer {
    if (request.url === '/Empty') return { status: 200, headers: {}, body: Buffer.alloc(0) };
    if (request.method === 'POST') this.#pay(request.body.toString(), 100);
    return signed(`余额 ${this.balance}`);
  }

  busy(): WireAnswer {
    return signed('busy', 200);
  }

  expiredSecret(): WireAnswer {
    return signed('your secret has expired', 403);
  }

  badSignature(_request: WireRequest, answer: WireAnswer): WireAnswer {
    return { ...answer, headers: { ...answer.headers, 'x-signature': 'wrong' } };
  }

  #pay(reference: string, amountFen: number): void {
    this.balance += amountFen;
    this.core.record({ kind: 'payment', reference, subject: 'toy', amountFen });
  }
}

function signed(text: string, status = 200): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=utf-8', 'x-signature': 'right' },
    body: Buffer.from(text),
  };
}

export interface RunningToy extends AsyncDisposable {
  readonly core: SimulatorCore;
  readonly department: ToyDepartment;
  readonly url: string;
  /** Asks the control server; gives the status and the JSON answered. */
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  pay(reference?: string): Promise<RawAnswer>;
  ledger(): (string | undefined)[];
}

/** The toy department with its control server, on ports of their own. */
export async function runningToy(department = new ToyDepartment(new SimulatorCore('toy'))): Promise<RunningToy> {
  const { core } = department;
  const url = await department.listen(0);
  const control = await startControl(core, department, 0);
  return {
    core,
    department,
    url,
    async control(method, path, body) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await fetch(`${control.url}/control/${path}`, {
        method,
        ...(text !== undefined && { body: text }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    pay: (reference = 'R1') => rawExchange(url, 'POST /Pay', reference),
    ledger: () => core.ledger.map(({ reference }) => reference),
    async [Symbol.asyncDispose]() {
      await Promise.all([department.close(), control.close()]);
    },
  };
}

/** Everything that came back over one connection until it was closed, and how that ended. */
export interface RawAnswer {
  readonly bytes: Buffer;
  /** `closed`, or the error's code: `ECONNREFUSED`. */
  readonly end: string;
  readonly status: number | undefined;
  readonly headers: string;
  readonly body: string;
}

/** One request over a connection of its own, which it asks to close; what comes is looked at byte by byte. */
export function rawExchange(url: string, line: string, body = ''): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let end = 'closed';
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end = error.code ?? error.message;
    });
    socket.on('close', () => {
      const bytes = Buffer.concat(chunks);
      const headEnd = bytes.indexOf('\r\n\r\n');
      const headers = bytes.toString('latin1', 0, Math.max(0, headEnd));
      const status = /^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1];
      resolve({
        bytes,
        end,
        status: status === undefined ? undefined : Number(status),
        headers,
        body: headEnd < 0 ? '' : bytes.toString('utf8', headEnd + 4),
      });
    });
    const length = Buffer.byteLength(body);
    socket.write(`${line} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n${body}`);
  });
}
