import { type CallOptions, compose, type Dispatch, NO_SIGNAL } from '../transport/call.ts';
import { type BreakerState, CircuitBreaker } from '../transport/circuit-breaker.ts';
import { concurrency } from '../transport/concurrency.ts';
import type { Counter } from '../transport/counter.ts';
import { deadline } from '../transport/deadline.ts';
import { CasegraphError } from '../transport/errors.ts';
import { type HttpClient, httpClient } from '../transport/http.ts';
import { type CallObserver, observe } from '../transport/observe.ts';
import { rate } from '../transport/rate.ts';
import type { Lease } from '../transport/renewable.ts';
import { retry } from '../transport/retry.ts';
import { type Clock, systemClock } from '../values/china-time.ts';
import { DEPARTMENT } from './errors.ts';
import { Exchange } from './exchange.ts';
import { settled, signed } from './line.ts';
import { certificateCheck } from './messages/certificate.ts';
import { decide } from './messages/decision.ts';
import { enrolments } from './messages/enrolments.ts';
import { payments } from './messages/payments.ts';
import { pending } from './messages/pending.ts';
import { progress } from './messages/progress.ts';
import { submission } from './messages/submission.ts';
import { supplement } from './messages/supplement.ts';
import {
  prepare,
  type Request,
  TRANSACTION_CODES,
  type Transaction,
  type TransactionCode,
} from './messages/transaction.ts';
import type {
  ApplicationProgress,
  ApplicationState,
  CertificateQuery,
  CertificateRecord,
  Decision,
  Enrolment,
  PaymentsQuery,
  PendingPage,
  PendingQuery,
  SubmissionReceipt,
  SubsidyApplication,
  SubsidyPaymentRecord,
  Supplement,
} from './records.ts';
import { type Pause, realPause, ServiceSecret } from './secret.ts';
import type { DisabilitySubsidySettings } from './settings.ts';
import { type Unwrap, unwrapAes } from './signing.ts';
import { Standstills } from './standstill.ts';

export interface DisabilitySubsidyServices {
  /** Gives the running part of serialNo, a series a day. */
  readonly counter: Counter;
  readonly clock?: Clock;
  readonly observer?: CallObserver;
  /** Told once when this side's clock begins to differ from the exchange's by more than five minutes (wire spec 1.5). */
  readonly clockSkewed?: (skewMs: number) => void;
  /** Replaces the unwrapping of secrets, for an edition of the exchange that wraps otherwise (wire spec 1.4). */
  readonly unwrap?: Unwrap;
  readonly pause?: Pause;
}

/**
 * The national disability-subsidy system (全国残疾人两项补贴信息系统) over the national data-sharing exchange. Every method throws only
 * `CasegraphError`; inputs that the wire would not take are `INVALID_INPUT` and never sent.
 *
 * @example
 * const client = new DisabilitySubsidyClient(disabilitySubsidySettings.parse(file), { counter });
 * const certificate = await client.verifyCertificate({ name, idNumber });
 */
export class DisabilitySubsidyClient {
  readonly #http: HttpClient;
  readonly #breaker: CircuitBreaker;
  readonly #exchange: Exchange;
  readonly #line: Dispatch<Request, unknown>;

  constructor(settings: DisabilitySubsidySettings, services: DisabilitySubsidyServices) {
    const { line } = settings;
    const now = services.clock ?? systemClock;
    const pause = services.pause ?? realPause;
    this.#http = httpClient({
      origin: settings.origin,
      connectTimeoutMs: line.connectTimeoutMs,
      readTimeoutMs: line.readTimeoutMs,
      // A socket for every call in flight and for every service's renewal: neither waits for the other.
      connections: line.concurrency + TRANSACTION_CODES.length,
    });
    this.#breaker = new CircuitBreaker(line.breaker, now);
    this.#exchange = new Exchange(settings, {
      http: this.#http,
      counter: services.counter,
      now,
      unwrap: services.unwrap ?? unwrapAes,
      clockSkewed: services.clockSkewed ?? (() => {}),
    });
    this.#line = this.#compose(settings, now, pause, services.observer ?? (() => {}));
  }

  /** The line, outside in. Rate and standstill count for each service id, breaker and concurrency for all of them (wire spec 5). */
  #compose({ sids, line }: DisabilitySubsidySettings, now: Clock, pause: Pause, observer: CallObserver) {
    const exchange = this.#exchange;
    const breaker = this.#breaker.interceptor;
    const places = concurrency({ limit: line.concurrency });
    const standstills = new Standstills(line.breaker.coolDownMs, now);
    const renewalMs = line.connectTimeoutMs + line.readTimeoutMs;

    const service = (code: TransactionCode) => {
      const still = standstills.of(sids[code]);
      const renewal = compose(exchange.renewal, [
        observe(observer),
        deadline({ readMs: renewalMs, writeMs: renewalMs }),
        retry(line.retry),
        still,
        breaker,
        places,
      ]);
      const business = compose(exchange.business, [still, rate(line.rates, now), breaker, places]);
      return signed(new ServiceSecret(() => renew(renewal, code), now, pause), business, pause);
    };
    const services = Object.fromEntries(TRANSACTION_CODES.map((code) => [code, service(code)])) as Readonly<
      Record<TransactionCode, Dispatch<Request, unknown>>
    >;
    const dispatch: Dispatch<Request, unknown> = (call) => services[call.input.code](call);
    return compose(settled(dispatch, pause, line.retry.backoffMs), [
      observe(observer),
      deadline(line.deadline),
      retry(line.retry),
    ]);
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  /** The exchange's clock ahead of ours in milliseconds, as the last answer told it; 0 before the first. */
  get clockSkewMs(): number {
    return this.#exchange.clockSkewMs;
  }

  /** Lets running calls end and closes the sockets. */
  close(): Promise<void> {
    return this.#http.close();
  }

  /** LB01: the certificate of a person; null when name, number and certificate do not match, without telling which (3.1). */
  verifyCertificate(query: CertificateQuery, options: CallOptions = {}): Promise<CertificateRecord | null> {
    return this.#call(certificateCheck, query, options);
  }

  /** LB02: what a person draws anywhere in the country (3.2). Never from a cache in front of `submitApplication`. */
  enrolments(idNumber: string, options: CallOptions = {}): Promise<readonly Enrolment[]> {
    return this.#call(enrolments, { idNumber }, options);
  }

  /**
   * LB03: files an application (3.3). The same `clientSerial` again files nothing new and tells the earlier application, therefore an
   * attempt of unknown outcome is repeated once; if that fails too, `OUTCOME_UNKNOWN`, and the same call may be made later. An open
   * application of the same person and type is `DEPARTMENT_REJECTED` (LB3001) with its number as `reference`.
   */
  submitApplication(application: SubsidyApplication, options: CallOptions = {}): Promise<SubmissionReceipt> {
    return this.#call(submission, application, options);
  }

  /** LB04: an application's state and steps; null when there is none of this number (3.4). */
  async application(number: string, options: CallOptions = {}): Promise<ApplicationProgress | null> {
    try {
      return await this.#call(progress, { number }, options);
    } catch (error) {
      if (error instanceof CasegraphError && error.details.departmentCode === 'LB1004') return null;
      throw error;
    }
  }

  /** LB05: supplements an application (3.5); repeated like `submitApplication`, its key being number and round. */
  supplement(input: Supplement, options: CallOptions = {}): Promise<ApplicationState> {
    return this.#call(supplement, input, options);
  }

  /** LB06: a page of the applications waiting for a hukou place (3.6). */
  pendingForHukou(query: PendingQuery, options: CallOptions = {}): Promise<PendingPage> {
    return this.#call(pending, query, options);
  }

  /**
   * LB07: files this district's decision (3.7). An attempt of unknown outcome is followed by LB04 and repeated once if the
   * application has not moved. Another decision for a finished stage is `DEPARTMENT_REJECTED` (LB3002).
   */
  decide(decision: Decision, options: CallOptions = {}): Promise<ApplicationState> {
    return this.#call(decide, decision, options);
  }

  /** LB08: what a person was paid from one month to another (3.8). */
  payments(query: PaymentsQuery, options: CallOptions = {}): Promise<readonly SubsidyPaymentRecord[]> {
    return this.#call(payments, query, options);
  }

  async #call<Input, Output>(
    transaction: Transaction<Input, Output>,
    input: Input,
    options: CallOptions,
  ): Promise<Output> {
    const answer = await this.#line({
      department: DEPARTMENT,
      transaction: transaction.code,
      mode: transaction.mode,
      input: prepare(transaction, input),
      signal: options.signal ?? NO_SIGNAL,
    });
    return answer.value as Output; // `prepare` made it with this transaction's own schema
  }
}

/** A renewal serves every caller who waits for it, therefore none of them can end it; its own deadline does. */
async function renew(renewal: Dispatch<TransactionCode, Lease<string>>, code: TransactionCode): Promise<Lease<string>> {
  const answer = await renewal({
    department: DEPARTMENT,
    transaction: 'refreshappsecret',
    mode: 'read',
    input: code,
    signal: NO_SIGNAL,
  });
  return answer.value;
}
