import { getEventListeners } from 'node:events';
import { type Answer, type Call, type Dispatch, NO_SIGNAL } from '../../adapters/transport/call.ts';
import { CasegraphError, type ErrorCode, type ErrorDetails } from '../../adapters/transport/errors.ts';

/** A reading call of a department that does not exist; `about` replaces what matters to the test. */
export function toyCall(about: Partial<Call> = {}): Call {
  return { department: 'land', transaction: 'T1', mode: 'read', input: undefined, signal: NO_SIGNAL, ...about };
}

interface HeldCall {
  readonly call: Call;
  answer(value?: unknown): void;
  fail(error: unknown): void;
}

/** A department whose every answer the test gives by hand, in any order. */
export class HeldDepartment {
  readonly calls: HeldCall[] = [];
  readonly dispatch: Dispatch = (call) =>
    new Promise<Answer>((resolve, reject) => {
      this.calls.push({ call, answer: (value) => resolve({ value }), fail: reject });
    });

  /** The n-th call that reached it, from 0. */
  call(number: number): HeldCall {
    const held = this.calls[number];
    if (!held) throw new Error(`only ${this.calls.length} calls reached the department`);
    return held;
  }
}

/** A dispatch that fails each attempt with the error made for it, and answers where there is none. */
export function failing(errorOf: (attempt: number) => unknown): { dispatch: Dispatch; attempts: () => number } {
  let attempts = 0;
  return {
    attempts: () => attempts,
    dispatch: async () => {
      attempts += 1;
      const error = errorOf(attempts);
      if (error !== undefined) throw error;
      return { value: attempts };
    },
  };
}

export function failureWith(code: ErrorCode, details: ErrorDetails = {}): CasegraphError {
  return new CasegraphError(code, undefined, details);
}

/** What the promise rejects with; it must. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => ({ error: undefined, failed: false }),
    (error: unknown) => ({ error, failed: true }),
  );
  if (!outcome.failed) throw new Error('it did not fail');
  return outcome.error;
}

/** How many wait for this signal to abort. */
export function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

const immediate = setImmediate;

/** Lets everything run that is ready to; true time, even under fake timers. */
export function settled(): Promise<void> {
  return new Promise((resolve) => immediate(resolve));
}
