import type { CircuitBreaker, Entry } from '../../adapters/transport/circuit-breaker.ts';
import type { ConcurrencyLimit, Waiter } from '../../adapters/transport/concurrency.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { abortKind, departmentFailure, TransportFailure } from '../../adapters/transport/failure.ts';
import type {
  HttpAnswer,
  HttpClient,
  HttpReceiver,
  RunningExchange,
  SentRequest,
} from '../../adapters/transport/http.ts';
import type { CallObserver } from '../../adapters/transport/observe.ts';
import type { RetryBudget } from '../../adapters/transport/retry.ts';
import { ReceivedAnswer } from './answer.ts';

/** What keeps a subgraph's line in order; see `adapters/transport`. */
export interface ReadLine {
  readonly department: string;
  readonly client: HttpClient;
  readonly observer: CallObserver;
  /** Milliseconds for all attempts and waiting. */
  readonly deadlineMs: number;
  readonly breaker: CircuitBreaker;
  readonly retries: RetryBudget;
  readonly limit: ConcurrencyLimit;
}

/** Asks a subgraph for what it only reads. Rejects with a `CasegraphError`. */
export function readFrom(
  line: ReadLine,
  request: SentRequest,
  longNumbers: boolean,
  signal: AbortSignal,
): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) =>
    new SubgraphRead(line, request, longNumbers, signal, resolve, reject).begin(),
  );
}

/**
 * One read, in the order in which the interceptors of other lines are composed: observe, deadline, circuit breaker, retry, concurrency. One
 * object for all of them, since a gateway does nothing more often: composed, they cost a request of many fetches a tenth of its time.
 */
class SubgraphRead implements HttpReceiver, Waiter {
  readonly #line: ReadLine;
  readonly #request: SentRequest;
  readonly #longNumbers: boolean;
  readonly #signal: AbortSignal;
  readonly #resolve: (answer: ReceivedAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #began = performance.now();
  #entry: Entry = 'call';
  #attempt = 0;
  #deadline: NodeJS.Timeout | undefined;
  #exchange: RunningExchange | undefined;
  /** Between two attempts: the failure that was met, and the time until the next. */
  #pause: { readonly error: unknown; readonly timer: NodeJS.Timeout } | undefined;
  /** Why no further attempt is made. */
  #over: 'left' | 'late' | undefined;

  constructor(
    line: ReadLine,
    request: SentRequest,
    longNumbers: boolean,
    signal: AbortSignal,
    resolve: (answer: ReceivedAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#line = line;
    this.#request = request;
    this.#longNumbers = longNumbers;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { breaker, department, retries, deadlineMs } = this.#line;
    const entry = breaker.enter(department);
    if (entry instanceof CasegraphError) {
      this.#tell(entry.code);
      this.#reject(entry);
      return;
    }
    this.#entry = entry;
    retries.earn();
    if (this.#signal.aborted) {
      this.#over = 'left';
      this.#end(this.#translated(new TransportFailure(abortKind(this.#signal), false)));
      return;
    }
    this.#signal.addEventListener('abort', this, { once: true });
    this.#deadline = setTimeout(pass, deadlineMs, this);
    this.#try();
  }

  /** Its turn among the calls in flight. */
  start(): void {
    this.#exchange = this.#line.client.begin(this.#request, this);
  }

  received(answer: HttpAnswer): void {
    const { limit, department, breaker } = this.#line;
    limit.leave();
    let value: ReceivedAnswer;
    try {
      value = new ReceivedAnswer(answer, department, this.#longNumbers);
    } catch (error) {
      this.#failedWith(error);
      return;
    }
    this.#clear();
    breaker.succeeded(this.#entry);
    this.#tell('OK');
    this.#resolve(value);
  }

  failed(error: Error): void {
    this.#line.limit.leave();
    this.#failedWith(error instanceof TransportFailure ? this.#translated(error) : error);
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#giveUp('left', abortKind(this.#signal));
  }

  /** The department's time is up. */
  passed(): void {
    this.#giveUp('late', 'timeout');
  }

  again(): void {
    this.#pause = undefined;
    this.#try();
  }

  #try(): void {
    this.#attempt += 1;
    this.#exchange = undefined;
    const { limit } = this.#line;
    if (limit.tryEnter()) this.start();
    else limit.wait(this);
  }

  #giveUp(why: 'left' | 'late', kind: 'timeout' | 'aborted'): void {
    this.#over ??= why;
    if (this.#pause) {
      clearTimeout(this.#pause.timer);
      // The failure that was met is the better answer.
      this.#end(this.#pause.error);
    } else if (this.#exchange) this.#exchange.abort(kind);
    else {
      this.#line.limit.forget(this);
      this.#end(this.#translated(new TransportFailure(kind, false)));
    }
  }

  #failedWith(error: unknown): void {
    const waitMs = this.#over ? undefined : this.#line.retries.spend(error, this.#attempt);
    if (waitMs === undefined) this.#end(error);
    else this.#pause = { error, timer: setTimeout(repeat, waitMs, this) };
  }

  #end(error: unknown): void {
    this.#clear();
    this.#line.breaker.failed(this.#entry, error, this.#over === 'left');
    this.#tell(error instanceof CasegraphError ? error.code : 'INTERNAL');
    this.#reject(error);
  }

  #clear(): void {
    clearTimeout(this.#deadline);
    this.#signal.removeEventListener('abort', this);
  }

  #tell(outcome: Parameters<CallObserver>[0]['outcome']): void {
    const { department, observer } = this.#line;
    const durationMs = performance.now() - this.#began;
    observer({ department, transaction: 'fetch', mode: 'read', outcome, durationMs });
  }

  #translated(failure: TransportFailure): CasegraphError {
    return departmentFailure(failure, { department: this.#line.department, mode: 'read' });
  }
}

function pass(read: SubgraphRead): void {
  read.passed();
}

function repeat(read: SubgraphRead): void {
  read.again();
}
