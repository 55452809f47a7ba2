import type { Interceptor } from './call.ts';
import { CasegraphError, type ErrorCode } from './errors.ts';
import { requirePositive } from './options.ts';

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds until one probe is let through. */
  readonly coolDownMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Failures that speak of the department's health. A refusal is an answer, and a caller's leaving says nothing. */
const UNHEALTHY: ReadonlySet<ErrorCode> = new Set([
  'DEPARTMENT_UNREACHABLE',
  'DEPARTMENT_TIMEOUT',
  'DEPARTMENT_PROTOCOL',
  'OUTCOME_UNKNOWN',
]);

/**
 * A circuit breaker. After `failures` unhealthy outcomes in a row it is open: calls fail at once with `DEPARTMENT_UNREACHABLE` and
 * nothing is sent. After `coolDownMs` one call is let through as a probe; its outcome closes or opens it again.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  #failures = 0;
  #openedAt = 0;
  #probing = false;

  constructor(options: BreakerOptions, now: () => number = Date.now) {
    requirePositive('breaker', options.failures, options.coolDownMs);
    this.#options = options;
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#failures < this.#options.failures) return 'closed';
    return this.#now() - this.#openedAt < this.#options.coolDownMs ? 'open' : 'half-open';
  }

  /** The interceptor of this breaker. */
  readonly interceptor: Interceptor = (dispatch) => async (call) => {
    const state = this.state;
    if (state === 'open' || (state === 'half-open' && this.#probing)) {
      const retryAfterMs = Math.max(0, this.#openedAt + this.#options.coolDownMs - this.#now());
      throw new CasegraphError('DEPARTMENT_UNREACHABLE', 'It failed repeatedly and is given a pause.', {
        department: call.department,
        retryAfterMs,
      });
    }
    const probe = state === 'half-open';
    if (probe) this.#probing = true;
    try {
      const answer = await dispatch(call);
      this.#failures = 0;
      return answer;
    } catch (error) {
      // A caller who left before the department's own deadline proves nothing either way.
      const left = call.signal.aborted && !isTimeout(call.signal);
      if (error instanceof CasegraphError && UNHEALTHY.has(error.code) && !left) {
        this.#failures += 1;
        this.#openedAt = this.#now();
      } else if (!left) {
        this.#failures = 0;
      }
      throw error;
    } finally {
      if (probe) this.#probing = false;
    }
  };
}

function isTimeout(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
}
