import type { MedicalProvider } from '../identifiers/medical-provider.ts';
import { type Answer, type Call, compose, type Dispatch, type Interceptor, NO_SIGNAL } from '../transport/call.ts';
import { type BreakerState, CircuitBreaker } from '../transport/circuit-breaker.ts';
import { concurrency } from '../transport/concurrency.ts';
import type { Counter } from '../transport/counter.ts';
import { deadline } from '../transport/deadline.ts';
import { CasegraphError } from '../transport/errors.ts';
import { abortKind, departmentFailure, TransportFailure } from '../transport/failure.ts';
import { type HttpAnswer, type HttpClient, httpClient } from '../transport/http.ts';
import { type CallObserver, observe } from '../transport/observe.ts';
import { rate } from '../transport/rate.ts';
import { retry } from '../transport/retry.ts';
import { type Clock, systemClock } from '../values/china-time.ts';
import { type EnvelopeCipher, envelopeCipher } from './envelope-cipher.ts';
import { DEPARTMENT, decode, REFUSALS, refusalError, unusableAnswer } from './errors.ts';
import { MessageNumbers } from './message-numbers.ts';
import { type Reading, readAnswer, requestEnvelope } from './messages/envelope.ts';
import type { Node } from './messages/input-fields.ts';
import { signedIn, signInInput } from './messages/sign-in.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { Institution, MedicalInsuranceSettings } from './settings.ts';
import { SignInDesk } from './sign-in.ts';
import { gatewayHeaders } from './signing.ts';
import { pathOf, TRANSACTIONS, type Transaction } from './transactions.ts';

export interface MedicalInsuranceServices {
  /** Keeps the serials of message ids across restarts and processes. */
  readonly counter: Counter;
  readonly clock?: Clock;
  readonly observer?: CallObserver;
}

/** One transaction to be made, whatever number of attempts it takes. */
export interface Order<Output> {
  readonly transaction: Transaction;
  readonly institution: Institution;
  readonly insuredRegion: string;
  readonly input: Node;
  /** The person of whom only one writing or settling call runs at a time; nobody when absent. */
  readonly person?: string | undefined;
  /** Reads the output nodes; throws `DEPARTMENT_PROTOCOL`. */
  readonly read: (output: unknown) => Output;
  /** Told each attempt's message id before anything of it is sent. */
  readonly beforeSending?: ((messageId: string) => void | Promise<void>) | undefined;
}

/** What the platform gave, and the msgid of the exchange. */
export interface Delivery<Output> {
  readonly value: Output;
  readonly messageId: string;
}

/** One provider's line; the slow one has the deadline of a settlement. */
interface ProviderLines {
  readonly usual: Dispatch<Order<unknown>>;
  readonly slow: Dispatch<Order<unknown>>;
}

/** Sockets to the platform for each call that one provider may have in flight: several providers post through one line. */
const PROVIDERS = 8;

/** The line to the platform: numbering, signing in, signing, the exchange, and what is done when it fails (wire spec 1 to 5). */
export class PlatformLine {
  readonly desk: SignInDesk;
  readonly #settings: MedicalInsuranceSettings;
  readonly #clock: Clock;
  readonly #http: HttpClient;
  readonly #cipher: EnvelopeCipher;
  readonly #numbers: MessageNumbers;
  readonly #breaker: CircuitBreaker;
  readonly #observe: Interceptor;
  readonly #retry: Interceptor;
  readonly #persons = new OneAtATime();
  readonly #providers = new Map<string, ProviderLines>();
  readonly #signIn: Dispatch<Order<string>, string>;

  constructor(settings: MedicalInsuranceSettings, services: MedicalInsuranceServices) {
    const { line } = settings;
    this.#settings = settings;
    this.#clock = services.clock ?? systemClock;
    this.#cipher = envelopeCipher(settings.cipher);
    this.#numbers = new MessageNumbers(services.counter, this.#clock);
    this.#http = httpClient({
      origin: new URL(settings.baseUrl).origin,
      connectTimeoutMs: line.connectTimeoutMs,
      readTimeoutMs: line.readTimeoutMs,
      connections: line.concurrency * PROVIDERS,
    });
    this.#breaker = new CircuitBreaker(line.breaker);
    this.#observe = observe(services.observer ?? (() => {}));
    this.#retry = retry(line.retry);
    this.desk = new SignInDesk((institution, signal) => this.#signInFor(institution, signal), this.#clock);
    // Outside the providers' limits: whoever waits for a sign-in holds a place already.
    this.#signIn = compose<Order<string>, string>(
      (call) => this.#exchange(call, () => Promise.resolve('')),
      [this.#observe, deadline(line.deadline), this.#retry],
    );
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async send<Output>(order: Order<Output>, signal: AbortSignal = NO_SIGNAL): Promise<Delivery<Output>> {
    const answer = await this.#lineOf(order)({ ...callOf(order, signal), input: order });
    return { value: answer.value as Output, messageId: answer.reference ?? '' };
  }

  #lineOf({ institution, transaction }: Order<unknown>): Dispatch<Order<unknown>> {
    const lines = this.#providers.get(institution.code) ?? this.#linesOfProvider();
    this.#providers.set(institution.code, lines);
    return transaction.slow ? lines.slow : lines.usual;
  }

  /** Concurrency and rates are each provider's (wire spec 5); retry budget and breaker the platform's. */
  #linesOfProvider(): ProviderLines {
    const { line, settlementDeadlineMs } = this.#settings;
    const attempts = compose<Order<unknown>, unknown>(
      (call) => this.#exchange(call, () => this.#signNumber(call)),
      [this.#retry, rate(line.rates), this.#breaker.interceptor, concurrency({ limit: line.concurrency })],
    );
    const withDeadline = (readMs: number) =>
      compose<Order<unknown>, unknown>(
        (call) => this.#oneForEachPerson(call, attempts),
        [this.#observe, deadline({ ...line.deadline, readMs })],
      );
    return { usual: withDeadline(line.deadline.readMs), slow: withDeadline(settlementDeadlineMs) };
  }

  async #oneForEachPerson(call: Call<Order<unknown>>, dispatch: Dispatch<Order<unknown>>): Promise<Answer> {
    const { person } = call.input;
    if (person === undefined) return dispatch(call);
    const work = () => dispatch(call);
    return this.#persons.run(person, call.signal, work).catch((error: unknown) => {
      throw error === call.signal.reason ? notSent(call, call.signal) : error;
    });
  }

  /** One exchange; made once more where the platform says that nothing was done and that something of ours was stale. */
  async #exchange<Output>(call: Call<Order<Output>>, signNumberOf: () => Promise<string>): Promise<Answer<Output>> {
    const { institution, transaction, input, read } = call.input;
    // Before anything is signed in for or numbered: a transaction without an address ends here.
    const path = pathOf(transaction, this.#settings);
    for (let again = false; ; again = true) {
      const signNumber = await signNumberOf();
      const { reading, reference } = await this.#attempt(call, path, signNumber);
      if (!reading.refused) {
        return { value: understood(call, reference, () => read(reading.output)), reference };
      }
      const { refusal } = reading;
      if (again || !REFUSALS[refusal.kind].onceMore) throw refusalError(refusal, input, reference);
      if (refusal.kind === 'sign-in') this.desk.refused(institution, signNumber);
    }
  }

  /** A new message id, nonce and time for every attempt: nothing says that the platform knows a repeated one (wire spec 4). */
  async #attempt(
    call: Call<Order<unknown>>,
    path: string,
    signNumber: string,
  ): Promise<{ reading: Reading; reference: string }> {
    const { transaction, institution, insuredRegion, input, beforeSending } = call.input;
    const number = await this.#numbers.next(institution.code as MedicalProvider);
    const reference: string = number.messageId;
    const envelope = requestEnvelope(
      { transaction, number, institution, insuredRegion, signNumber, input },
      this.#settings,
    );
    const body = JSON.stringify(this.#cipher.seal(envelope, number.instant));
    await beforeSending?.(reference);
    const answer = await this.#post(call, path, body, reference);
    const { refusalTexts } = this.#settings;
    return {
      reference,
      reading: understood(call, reference, () => readAnswer(answer, transaction, this.#cipher, refusalTexts)),
    };
  }

  async #post(call: Call<Order<unknown>>, path: string, body: string, reference: string): Promise<HttpAnswer> {
    const { paasid, token, extraHeaders } = this.#settings;
    const signature = paasid === undefined ? {} : gatewayHeaders(paasid, token ?? '', this.#clock());
    try {
      return await this.#http.exchange({
        method: 'POST',
        path,
        headers: {
          'Content-Type': 'application/json;charset=utf-8',
          Accept: 'application/json',
          ...signature,
          ...extraHeaders,
        },
        body,
        signal: call.signal,
      });
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      // A query is repeated whatever came instead of an answer (wire spec 4, second table).
      const repeatable = call.mode === 'read' && error.kind === 'malformed';
      throw departmentFailure(error, call, { reference, ...(repeatable && { safeToRepeat: true }) });
    }
  }

  async #signNumber(call: Call<Order<unknown>>): Promise<string> {
    const { institution } = call.input;
    try {
      return await this.desk.number(institution, call.signal);
    } catch (error) {
      if (error === call.signal.reason) throw notSent(call, call.signal);
      // Its own line has repeated it often enough; nothing of this call was sent.
      if (error instanceof CasegraphError) {
        const { field } = REFUSALS['sign-in'];
        const refused = error.code === 'DEPARTMENT_REJECTED' && field !== undefined && { field };
        throw new CasegraphError(error.code, error.detail, { ...error.details, safeToRepeat: false, ...refused });
      }
      throw error;
    }
  }

  async #signInFor(institution: Institution, signal: AbortSignal): Promise<string> {
    const order: Order<string> = {
      transaction: TRANSACTIONS.signIn,
      institution,
      insuredRegion: '',
      input: signInInput(institution),
      read: (output) => decode(signedIn, output),
    };
    return (await this.#signIn({ ...callOf(order, signal), input: order })).value;
  }
}

function callOf(order: Order<unknown>, signal: AbortSignal): Omit<Call, 'input'> {
  const { number, mode } = order.transaction;
  return { department: DEPARTMENT, transaction: number, mode, signal };
}

function understood<T>(call: Call<Order<unknown>>, reference: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof CasegraphError ? unusableAnswer(error, call.mode, reference) : error;
  }
}

function notSent(call: Call<Order<unknown>>, signal: AbortSignal): CasegraphError {
  return departmentFailure(new TransportFailure(abortKind(signal), false), call);
}
