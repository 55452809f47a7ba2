import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActRefused, type DepartmentSimulator, FAULT_KINDS, type Fault, type SimulatorCore } from './core.ts';

/** A request to the control server that it does not take; the message names the place. */
class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A hundred years: further away, dates have no four-digit year. */
const FURTHEST_CLOCK_MS = 100 * 365.25 * 86_400_000;

/** Starts the control server of one simulator on loopback (contract, "Simulators"). Gives its address and a way to close it. */
export async function startControl(
  core: SimulatorCore,
  department: DepartmentSimulator,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(core, department, request)
      .then((body) => send(200, body))
      .catch((error: unknown) => {
        if (error instanceof Refused) send(error.status, { error: error.message });
        else if (error instanceof ActRefused) send(422, { error: error.message });
        else send(500, { error: error instanceof Error ? error.message : String(error) });
      });
    function send(status: number, body: unknown): void {
      const text = JSON.stringify(body, null, 1);
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(`${text}\n`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closeServer(server) };
}

async function answer(
  core: SimulatorCore,
  department: DepartmentSimulator,
  request: IncomingMessage,
): Promise<unknown> {
  const path = (request.url ?? '/').split('?')[0];
  const route = `${request.method} ${path}`;
  switch (route) {
    case 'GET /control/ledger':
      return core.ledger;
    case 'GET /control/calls':
      return core.calls;
    case 'GET /control/faults':
      return { faults: core.faults, kinds: FAULT_KINDS };
    case 'POST /control/faults': {
      const fault = readFault(await readJson(request));
      core.addFault(fault);
      return fault;
    }
    case 'DELETE /control/faults':
      core.clearFaults();
      return { faults: [] };
    case 'GET /control/acts':
      return Object.fromEntries(
        Object.entries(department.acts).map(([kind, { about, parameters }]) => [kind, { about, parameters }]),
      );
    case 'POST /control/acts': {
      const { kind, ...parameters } = await readJson(request);
      const act = typeof kind === 'string' && Object.hasOwn(department.acts, kind) ? department.acts[kind] : undefined;
      if (!act) throw new Refused(422, `kind: one of ${Object.keys(department.acts).join(', ')}`);
      return (await act.run(parameters)) ?? {};
    }
    case 'POST /control/clock': {
      const { offsetMs } = await readJson(request);
      if (typeof offsetMs !== 'number' || !Number.isInteger(offsetMs) || Math.abs(offsetMs) > FURTHEST_CLOCK_MS) {
        throw new Refused(422, 'offsetMs: a whole number of milliseconds, not beyond 100 years');
      }
      core.setClock(offsetMs);
      return { now: new Date(core.now()).toISOString() };
    }
    case 'POST /control/reset':
      // The core first: the department's own reset sees the real clock.
      core.reset();
      department.reset();
      return { reset: true };
    default:
      throw new Refused(404, `no such control: ${route}`);
  }
}

function readFault(body: Record<string, unknown>): Fault {
  const { match, kind, times, probability, delayMs, status, ...rest } = body;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Refused(422, `${unknown}: not a member of a fault`);
  if (typeof kind !== 'string' || !Object.hasOwn(FAULT_KINDS, kind)) {
    throw new Refused(422, `kind: one of ${Object.keys(FAULT_KINDS).join(', ')}`);
  }
  const fault = {
    match: readMatch(match),
    kind,
    times: readNumber('times', times, 1, Number.MAX_SAFE_INTEGER, 'whole'),
    probability: readNumber('probability', probability, 0, 1),
    delayMs: readNumber('delayMs', delayMs, 0, 3_600_000),
    status: readNumber('status', status, 200, 599, 'whole'),
  };
  return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined)) as unknown as Fault;
}

function readMatch(match: unknown): string | undefined {
  const named = typeof match === 'object' && match !== null;
  const [unknown] = named ? Object.keys(match).filter((key) => key !== 'transaction') : [];
  if (unknown !== undefined) throw new Refused(422, `match.${unknown}: not a member of match`);
  const transaction = named && 'transaction' in match ? match.transaction : match;
  if (transaction !== undefined && typeof transaction !== 'string') {
    throw new Refused(422, "match: a transaction's name, or an object with it as transaction");
  }
  return transaction;
}

function readNumber(name: string, value: unknown, low: number, high: number, whole?: 'whole'): number | undefined {
  if (value === undefined) return undefined;
  const fits = typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
  if (!fits) throw new Refused(422, `${name}: a ${whole ? 'whole ' : ''}number from ${low} to ${high}`);
  return value;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new Refused(400, 'body: a JSON object');
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
