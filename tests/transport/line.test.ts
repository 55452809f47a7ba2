import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Call, compose } from '../../adapters/transport/call.ts';
import { CircuitBreaker } from '../../adapters/transport/circuit-breaker.ts';
import { concurrency } from '../../adapters/transport/concurrency.ts';
import { deadline } from '../../adapters/transport/deadline.ts';
import { departmentFailure, TransportFailure } from '../../adapters/transport/failure.ts';
import { httpClient } from '../../adapters/transport/http.ts';
import { observe } from '../../adapters/transport/observe.ts';
import { rate } from '../../adapters/transport/rate.ts';
import { retry } from '../../adapters/transport/retry.ts';
import { Arrivals, closed, httpServer } from './loopback.ts';
import { failureOf, listeners, settled, toyCall } from './toy-line.ts';

type Exchange = { request: IncomingMessage; response: ServerResponse };

/** A line as an adapter composes it, to a server that answers as it is told. */
async function lineTo(
  answer: (exchange: Exchange, number: number) => void,
  { readMs = 20_000, limit = 4, failures = 5 } = {},
) {
  const requests = new Arrivals<Exchange>();
  const outcomes: string[] = [];
  const server = await httpServer((request, response) => {
    requests.add({ request, response });
    answer({ request, response }, requests.all.length);
  });
  const http = httpClient({
    origin: server.origin,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 20_000,
    connections: limit,
  });
  const breaker = new CircuitBreaker({ failures, coolDownMs: 60_000 });
  const exchange = async (call: Call) => {
    try {
      const { body } = await http.exchange({ method: 'POST', path: `/${call.transaction}`, signal: call.signal });
      return { value: body.toString() };
    } catch (error) {
      throw error instanceof TransportFailure ? departmentFailure(error, call) : error;
    }
  };
  const line = compose(exchange, [
    observe(({ outcome }) => outcomes.push(outcome)),
    deadline({ readMs, writeMs: 20_000 }),
    retry({ attempts: 3, backoffMs: 1, budgetRatio: 0.2 }),
    rate([{ calls: 1_000, perMs: 1_000 }]),
    breaker.interceptor,
    concurrency({ limit }),
  ]);
  return {
    line,
    server,
    requests,
    outcomes,
    breaker,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await http.close();
    },
  };
}

const OK = ({ response }: Exchange) => response.end('ok');
const DROP = ({ response }: Exchange) => response.destroy();
const HOLD = () => {};

describe('a whole line', () => {
  it('repeats a read whose connection was lost, and tells of it once', async () => {
    await using department = await lineTo((exchange, number) => (number < 3 ? DROP : OK)(exchange));
    expect(await department.line(toyCall())).toEqual({ value: 'ok' });
    expect(department.requests.all).toHaveLength(3);
    expect(department.outcomes).toEqual(['OK']);
  });

  it('never repeats a write whose connection was lost: its outcome is unknown', async () => {
    await using department = await lineTo(DROP);
    expect(await failureOf(department.line(toyCall({ mode: 'write' })))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(department.requests.all).toHaveLength(1);
    expect(department.outcomes).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('ends a read at the deadline down to the department’s socket', async () => {
    await using department = await lineTo(HOLD, { readMs: 100 });
    expect(await failureOf(department.line(toyCall()))).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
      details: { cause: { kind: 'timeout', sent: true } },
    });
    await closed(await department.server.socket(0));
  });

  it('ends a read that nobody waits for down to the department’s socket', async () => {
    await using department = await lineTo(HOLD);
    const caller = new AbortController();
    const read = failureOf(department.line(toyCall({ signal: caller.signal })));
    await department.requests.at(0);
    caller.abort();
    expect(await read).toMatchObject({ code: 'DEPARTMENT_TIMEOUT', details: { cause: { kind: 'aborted' } } });
    await closed(await department.server.socket(0));
  });

  it('brings a write to its end though nobody waits for it', async () => {
    await using department = await lineTo(HOLD);
    const caller = new AbortController();
    const write = department.line(toyCall({ mode: 'write', signal: caller.signal }));
    const { response } = await department.requests.at(0);
    caller.abort();
    response.end('paid');
    expect(await write).toEqual({ value: 'paid' });
  });

  it('sends nothing to a department that failed again and again', async () => {
    await using department = await lineTo(DROP, { failures: 3 });
    await failureOf(department.line(toyCall()));
    expect(department.breaker.state).toBe('open');
    expect(await failureOf(department.line(toyCall({ mode: 'write' })))).toMatchObject({
      code: 'DEPARTMENT_UNREACHABLE',
      details: { department: 'land' },
    });
    expect(department.requests.all).toHaveLength(3);
  });

  it('has all its places again after many left it in every stage', async () => {
    let held = true;
    await using department = await lineTo((exchange) => (held ? HOLD() : OK(exchange)), { limit: 3 });
    const callers = Array.from({ length: 50 }, () => new AbortController());
    const calls = callers.map(({ signal }) => failureOf(department.line(toyCall({ signal }))));
    await department.requests.at(2);
    for (const caller of callers) caller.abort();
    for (const failure of await Promise.all(calls)) expect(failure).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    expect(department.breaker.state).toBe('closed');

    held = false;
    const answers = await Promise.all(Array.from({ length: 30 }, () => department.line(toyCall())));
    expect(answers).toHaveLength(30);
    expect(department.requests.all).toHaveLength(3 + 30);
  });

  it('leaves nothing on a signal that outlives its calls', async () => {
    await using department = await lineTo((exchange, number) => (number % 5 === 0 ? DROP : OK)(exchange));
    const longLived = new AbortController();
    await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        department
          .line(toyCall({ mode: number % 2 === 0 ? 'read' : 'write', signal: longLived.signal }))
          .catch((error: unknown) => error),
      ),
    );
    await settled();
    expect(listeners(longLived.signal)).toBe(0);
  });
});
