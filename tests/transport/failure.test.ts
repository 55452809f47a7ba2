import { describe, expect, it } from 'vitest';
import type { Call } from '../../adapters/transport/call.ts';
import type { ErrorCode } from '../../adapters/transport/errors.ts';
import {
  abortKind,
  departmentFailure,
  TransportFailure,
  type TransportFailureKind,
} from '../../adapters/transport/failure.ts';

type Mode = Call['mode'];

/** What each failure is to the caller of a read, and of a write of which nothing left. */
const UNSENT: Record<TransportFailureKind, { code: ErrorCode; safeToRepeat: true | undefined }> = {
  connect: { code: 'DEPARTMENT_UNREACHABLE', safeToRepeat: true },
  closed: { code: 'DEPARTMENT_UNREACHABLE', safeToRepeat: true },
  timeout: { code: 'DEPARTMENT_TIMEOUT', safeToRepeat: undefined },
  aborted: { code: 'DEPARTMENT_TIMEOUT', safeToRepeat: undefined },
  'too-large': { code: 'DEPARTMENT_PROTOCOL', safeToRepeat: undefined },
  malformed: { code: 'DEPARTMENT_PROTOCOL', safeToRepeat: undefined },
};

const KINDS = Object.keys(UNSENT) as TransportFailureKind[];
const TABLE = KINDS.flatMap((kind) =>
  [false, true].flatMap((sent) =>
    (['read', 'write'] as const).map((mode): [string, boolean, Mode] => [kind, sent, mode]),
  ),
) as [TransportFailureKind, boolean, Mode][];

describe('a transport failure', () => {
  it.each(TABLE)('"%s", sent %s, of a %s, is told in the words of the error table', (kind, sent, mode) => {
    const failure = new TransportFailure(kind, sent);
    const error = departmentFailure(failure, { department: 'land', mode }, { reference: 'M-1' });
    const expected = sent && mode === 'write' ? { code: 'OUTCOME_UNKNOWN', safeToRepeat: undefined } : UNSENT[kind];

    expect(error.code).toBe(expected.code);
    expect(error.details.safeToRepeat).toBe(expected.safeToRepeat);
    expect(error.details).toMatchObject({ department: 'land', reference: 'M-1', cause: failure });
    expect(error.cause).toBe(failure);
  });

  it('of a write of which a byte may have left is never called safe to repeat, unless its adapter knows better', () => {
    for (const kind of KINDS) {
      const failure = new TransportFailure(kind, true);
      const call = { department: 'land', mode: 'write' } as const;
      expect(departmentFailure(failure, call).details.safeToRepeat).toBeUndefined();
      expect(departmentFailure(failure, call, { safeToRepeat: true }).details.safeToRepeat).toBe(true);
    }
  });

  it('says whether anything was sent, and keeps its cause', () => {
    const cause = new Error('ECONNRESET');
    expect(new TransportFailure('closed', true, cause)).toMatchObject({ message: 'closed after sending', cause });
    expect(new TransportFailure('connect', false)).toMatchObject({ message: 'connect before sending' });
    expect(new TransportFailure('connect', false)).not.toHaveProperty('cause');
  });

  it('tells the caller whether the connection broke or never was', () => {
    const call = { department: 'land', mode: 'read' } as const;
    expect(departmentFailure(new TransportFailure('closed', true), call).detail).toBe(
      'The connection was lost before the answer was whole.',
    );
    expect(departmentFailure(new TransportFailure('connect', false), call).detail).toBeUndefined();
  });
});

describe('an aborted signal', () => {
  it.each([
    ['a deadline', new DOMException('deadline', 'TimeoutError'), 'timeout'],
    ['AbortSignal.timeout', AbortSignal.timeout(0), 'timeout'],
    ['a caller who left without a word', undefined, 'aborted'],
    ['a caller who left with an error', new Error('the client has left'), 'aborted'],
    ['an error that only looks like a deadline', Object.assign(new Error(), { name: 'TimeoutError' }), 'aborted'],
  ])('by %s is told as such', async (_, reason, kind) => {
    const signal = reason instanceof AbortSignal ? reason : AbortSignal.abort(reason);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(abortKind(signal)).toBe(kind);
  });
});
