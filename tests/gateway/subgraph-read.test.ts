import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../adapters/transport/circuit-breaker.ts';
import { ConcurrencyLimit } from '../../adapters/transport/concurrency.ts';
import { TransportFailure } from '../../adapters/transport/failure.ts';
import type { HttpClient, HttpReceiver } from '../../adapters/transport/http.ts';
import { RetryBudget } from '../../adapters/transport/retry.ts';
import { type ReadLine, readFrom } from '../../gateway/supergraph/subgraph-read.ts';

const DEADLINE_MS = 1_000;
const REQUEST = { method: 'POST', path: '/graphql', body: '{}' } as const;

/** Every exchange that began, to be answered by the test. */
let begun: HttpReceiver[];
/** The exchanges that were given up. */
let givenUp: string[];
let observed: string[];
let line: ReadLine;

beforeEach(() => {
  vi.useFakeTimers();
  begun = [];
  givenUp = [];
  observed = [];
  const client: HttpClient = {
    exchange: () => Promise.reject(new Error('a read begins its exchanges itself')),
    begin(_request, receiver) {
      begun.push(receiver);
      return {
        abort(kind) {
          givenUp.push(kind);
          receiver.failed(new TransportFailure(kind, true));
        },
      };
    },
    close: async () => {},
  };
  line = {
    department: 'library',
    client,
    observer: ({ outcome }) => observed.push(outcome),
    deadlineMs: DEADLINE_MS,
    breaker: new CircuitBreaker({ failures: 1, coolDownMs: 60_000 }),
    retries: new RetryBudget({ attempts: 2, backoffMs: 100, budgetRatio: 0.2 }),
    limit: new ConcurrencyLimit({ limit: 1 }),
  };
});

afterEach(() => {
  // Whatever became of the reads, nothing of them waits any more.
  expect(vi.getTimerCount()).toBe(0);
  expect(line.limit.tryEnter()).toBe(true);
  vi.useRealTimers();
});

function read(signal: AbortSignal = new AbortController().signal) {
  const answer = readFrom(line, REQUEST, false, signal).then(
    ({ answer: { data } }) => data,
    (error: { code?: string }) => error.code,
  );
  return answer;
}

function answerWith(index: number, body: string): void {
  const headers = { 'content-type': 'application/json' };
  begun[index]?.received({ status: 200, headers, body: Buffer.from(body) });
}

const LOST = new TransportFailure('closed', true);

describe('a read of a subgraph', () => {
  it('gives the answer', async () => {
    const answer = read();
    answerWith(0, '{"data":{"shelf":"a"}}');
    expect(await answer).toEqual({ shelf: 'a' });
    expect(observed).toEqual(['OK']);
  });

  it('is not repeated for an answer that is none', async () => {
    const answer = read();
    answerWith(0, '<html>');
    expect(await answer).toBe('DEPARTMENT_PROTOCOL');
    expect({ begun: begun.length, observed }).toEqual({ begun: 1, observed: ['DEPARTMENT_PROTOCOL'] });
  });

  it('is repeated where its connection was lost, and observed once', async () => {
    const answer = read();
    begun[0]?.failed(LOST);
    await vi.advanceTimersByTimeAsync(100);
    answerWith(1, '{"data":{"shelf":"b"}}');
    expect(await answer).toEqual({ shelf: 'b' });
    expect(observed).toEqual(['OK']);
    expect(line.breaker.state).toBe('closed');
  });

  it('fails when its attempts are used up, which counts once against the subgraph', async () => {
    const answer = read();
    begun[0]?.failed(LOST);
    await vi.advanceTimersByTimeAsync(100);
    begun[1]?.failed(LOST);
    expect(await answer).toBe('DEPARTMENT_UNREACHABLE');
    expect(line.breaker.state).toBe('open');
    expect(await read()).toBe('DEPARTMENT_UNREACHABLE');
    expect({ begun: begun.length, observed }).toEqual({
      begun: 2,
      observed: ['DEPARTMENT_UNREACHABLE', 'DEPARTMENT_UNREACHABLE'],
    });
  });

  it('waits for its turn', async () => {
    const answers = [read(), read()];
    expect(begun).toHaveLength(1);
    answerWith(0, '{"data":{"shelf":"a"}}');
    answerWith(1, '{"data":{"shelf":"b"}}');
    expect(await Promise.all(answers)).toEqual([{ shelf: 'a' }, { shelf: 'b' }]);
  });

  it('is never sent when its caller leaves before its turn', async () => {
    const leaving = new AbortController();
    const answers = [read(), read(leaving.signal)];
    leaving.abort(new Error('left'));
    expect(await answers[1]).toBe('DEPARTMENT_TIMEOUT');
    answerWith(0, '{"data":{"shelf":"a"}}');
    await answers[0];
    expect(begun).toHaveLength(1);
  });

  it('is never sent when its caller has left already', async () => {
    expect(await read(AbortSignal.abort(new Error('left')))).toBe('DEPARTMENT_TIMEOUT');
    expect(begun).toHaveLength(0);
  });

  it('is given up when its caller leaves, which says nothing of the subgraph', async () => {
    const leaving = new AbortController();
    const answer = read(leaving.signal);
    leaving.abort(new Error('left'));
    expect(await answer).toBe('DEPARTMENT_TIMEOUT');
    expect({ givenUp, state: line.breaker.state }).toEqual({ givenUp: ['aborted'], state: 'closed' });
  });

  it('tells the failure that was met when its caller leaves before the next attempt', async () => {
    const leaving = new AbortController();
    const answer = read(leaving.signal);
    begun[0]?.failed(LOST);
    leaving.abort(new Error('left'));
    expect(await answer).toBe('DEPARTMENT_UNREACHABLE');
    expect(begun).toHaveLength(1);
  });

  it('is given up at the deadline, which all its attempts share, and which speaks against the subgraph', async () => {
    const answer = read();
    await vi.advanceTimersByTimeAsync(DEADLINE_MS - 200);
    begun[0]?.failed(LOST);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(await answer).toBe('DEPARTMENT_TIMEOUT');
    expect({ givenUp, state: line.breaker.state }).toEqual({ givenUp: ['timeout'], state: 'open' });
  });

  it('does not wait for its turn beyond the deadline', async () => {
    const answers = [read(), read()];
    await vi.advanceTimersByTimeAsync(DEADLINE_MS);
    expect(await Promise.all(answers)).toEqual(['DEPARTMENT_TIMEOUT', 'DEPARTMENT_TIMEOUT']);
  });
});
