import { begin, type Interceptor } from './call.ts';
import { isDepartmentDeadline } from './deadline.ts';
import { CasegraphError, type ErrorCode } from './errors.ts';
import { requirePositive } from './options.ts';

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds until one probe is let through. */
  readonly coolDownMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a call passed the breaker. */
export type Entry = 'call' | 'probe';

/** Failures that speak of the department's ill health. */
const UNHEALTHY: ReadonlySet<ErrorCode> = new Set([
  'DEPARTMENT_UNREACHABLE',
  'DEPARTMENT_TIMEOUT',
  'DEPARTMENT_PROTOCOL',
  'OUTCOME_UNKNOWN',
]);

/** What only a department that answers can bring about, if it does not carry the department's own code anyway. */
const ANSWERED: ReadonlySet<ErrorCode> = new Set(['DEPARTMENT_REJECTED', 'DEPARTMENT_BUSY', 'NOT_FOUND']);

/**
 * A circuit breaker. After `failures` unhealthy outcomes in a row it is open: calls fail at once with `DEPARTMENT_UNREACHABLE` and
 * nothing is sent. After `coolDownMs` one call is let through as a probe; its outcome closes or opens it again. `now` is any clock in milliseconds.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  #failures = 0;
  #openedAt = 0;
  #probing = false;

  constructor(options: BreakerOptions, now: () => number = () => performance.now()) {
    requirePositive('breaker', options.failures, options.coolDownMs);
    this.#options = options;
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#failures < this.#options.failures) return 'closed';
    return this.#now() - this.#openedAt < this.#options.coolDownMs ? 'open' : 'half-open';
  }

  /** The interceptor of this breaker. */
  readonly interceptor: Interceptor = (dispatch) => (call) => {
    const entry = this.enter(call.department);
    if (entry instanceof CasegraphError) return Promise.reject(entry);
    return begin(dispatch, call).then(
      (answer) => {
        this.succeeded(entry);
        return answer;
      },
      (error: unknown) => {
        this.failed(entry, error, call.signal.aborted && !isDepartmentDeadline(call.signal));
        throw error;
      },
    );
  };

  /** Begins a call, whose end must be told; or refuses it. */
  enter(department: string): Entry | CasegraphError {
    const state = this.state;
    if (state === 'closed') return 'call';
    if (state === 'open' || this.#probing) {
      const retryAfterMs = Math.ceil(Math.max(0, this.#openedAt + this.#options.coolDownMs - this.#now()));
      return new CasegraphError('DEPARTMENT_UNREACHABLE', 'It failed repeatedly and is given a pause.', {
        department,
        retryAfterMs,
      });
    }
    this.#probing = true;
    return 'probe';
  }

  succeeded(entry: Entry): void {
    if (entry === 'probe') this.#probing = false;
    this.#failures = 0;
  }

  /** `left`: its caller left before the department's own deadline. */
  failed(entry: Entry, error: unknown, left: boolean): void {
    if (entry === 'probe') this.#probing = false;
    const health = left ? 'unknown' : healthShownBy(error);
    if (health === 'well') this.#failures = 0;
    if (health === 'ill') {
      this.#failures += 1;
      this.#openedAt = this.#now();
    }
  }
}

/**
 * A refusal is an answer. Input that was never sent or a fault of ours proves nothing either way, nor does a caller who left before the
 * department's own deadline.
 */
function healthShownBy(error: unknown): 'well' | 'ill' | 'unknown' {
  if (!(error instanceof CasegraphError)) return 'unknown';
  if (UNHEALTHY.has(error.code)) return 'ill';
  return ANSWERED.has(error.code) || error.details.departmentCode !== undefined ? 'well' : 'unknown';
}
