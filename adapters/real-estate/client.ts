import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { composeBizMessageId } from '../identifiers/biz-message-id.ts';
import { type Answer, type Call, type CallOptions, compose, type Dispatch, NO_SIGNAL } from '../transport/call.ts';
import { type BreakerState, CircuitBreaker } from '../transport/circuit-breaker.ts';
import { concurrency } from '../transport/concurrency.ts';
import type { Counter } from '../transport/counter.ts';
import { deadline } from '../transport/deadline.ts';
import { CasegraphError } from '../transport/errors.ts';
import { type HttpClient, httpClient } from '../transport/http.ts';
import { type CallObserver, observe } from '../transport/observe.ts';
import { rate } from '../transport/rate.ts';
import { retry } from '../transport/retry.ts';
import { type Clock, chinaDate, systemClock } from '../values/china-time.ts';
import { askAgain } from './asking-again.ts';
import { dailyStop, untilMidnight } from './daily-stop.ts';
import { attemptFailure, codesFor, DEPARTMENT, protocolFault, refusalError } from './errors.ts';
import { decodeEnvelope, encodeEnvelope, SOAP_CONTENT_TYPE, soapAction } from './messages/envelope.ts';
import { feePaid, linkFee } from './messages/fee-link.ts';
import { decodeMessage, encodeMessage, type RequestHead } from './messages/message.ts';
import { fifteenDigits, RESIDENT_ID_CARD } from './messages/person.ts';
import { printHousingProof, printQueryProof } from './messages/proof-print.ts';
import {
  foldEntries,
  LARGEST_PAGE,
  type Page,
  queryByCertificate,
  queryByOwner,
  queryByUnit,
} from './messages/property-query.ts';
import type { Transaction } from './messages/transaction.ts';
import type { FeeLink, FeePayment, FeeState } from './records/fee.ts';
import type { HousingProofRequest, Proof, ProofRequest } from './records/proof.ts';
import type {
  CertificateQuery,
  OwnerQuery,
  PropertyQuery,
  PropertyRecord,
  QueryResult,
  UnitQuery,
} from './records/property.ts';
import type { RealEstateSettings } from './settings.ts';

export interface RealEstateServices {
  /** Numbers our messages; shared by all processes that use the account (wire spec section 5). */
  readonly counter: Counter;
  readonly clock?: Clock;
  readonly observer?: CallObserver;
}

/** The most pages fetched for one query that did not ask for a page. */
const MOST_PAGES = 20;

const LAST_SERIAL = 999_999;

/** Codes that a query under a 15-digit number may meet: malformed, or not that person's. */
const OLD_FORM_REFUSED: ReadonlySet<string | undefined> = new Set(['1005', '2001']);

/**
 * The real-estate registry (不动产登记系统). Every method rejects with a `CasegraphError` only; `details.departmentCode` is the
 * registry's own code (wire spec section 4), `details.reference` the BizMsgID of the last attempt.
 */
export class RealEstateClient {
  readonly #settings: RealEstateSettings;
  readonly #counter: Counter;
  readonly #clock: Clock;
  readonly #privateKey: KeyObject;
  readonly #registryKey: KeyObject;
  readonly #path: string;
  readonly #http: HttpClient;
  readonly #breaker: CircuitBreaker;
  readonly #line: Dispatch<Transaction<unknown>, unknown>;
  /** How far the registry's clock is ahead of ours, learnt from a 1007 (wire spec section 4: correct the clock). */
  #registryAheadMs = 0;

  constructor(settings: RealEstateSettings, services: RealEstateServices) {
    const { line } = settings;
    const { origin, pathname, search } = new URL(settings.url);
    this.#settings = settings;
    this.#counter = services.counter;
    this.#clock = services.clock ?? systemClock;
    this.#privateKey = createPrivateKey(settings.privateKey);
    this.#registryKey = createPublicKey(settings.registryPublicKey);
    this.#path = pathname + search;
    this.#http = httpClient({
      origin,
      connectTimeoutMs: line.connectTimeoutMs,
      readTimeoutMs: line.readTimeoutMs,
      connections: line.concurrency,
    });
    this.#breaker = new CircuitBreaker(line.breaker);
    this.#line = compose(
      (call) => this.#exchange(call),
      [
        observe(services.observer ?? (() => {})),
        deadline(line.deadline),
        dailyStop(codesFor('stop-until-midnight'), this.#clock),
        askAgain({ codes: codesFor('ask-print-again'), pausesMs: settings.makingPausesMs, transactions: /^Print/ }),
        askAgain({
          codes: codesFor('ask-query-again'),
          pausesMs: settings.unavailablePausesMs,
          transactions: /^Query/,
        }),
        askAgain({ codes: codesFor('fresh-message'), pausesMs: [0] }),
        retry(line.retry),
        rate(line.rates),
        this.#breaker.interceptor,
        concurrency({ limit: line.concurrency }),
      ],
    );
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  /**
   * Everything registered for a person (按权利人查询, wire spec 3.2), historical entries included. No entry is an answer with
   * `total` 0, not an error.
   */
  async propertiesByOwner(query: OwnerQuery, options: CallOptions = {}): Promise<QueryResult> {
    const result = await this.#pages(query, options, (page) => queryByOwner(query, page));
    const older = query.idType === RESIDENT_ID_CARD ? fifteenDigits(query.idNumber) : undefined;
    if (result.total > 0 || older === undefined || !this.#settings.repeatWithFifteenDigits) return result;
    const again = { ...query, idNumber: older };
    try {
      const underOldNumber = await this.#pages(again, options, (page) => queryByOwner(again, page));
      return underOldNumber.total > 0 ? underOldNumber : result;
    } catch (error) {
      // A registry that does not know the old form refuses it; what it said of the new one stands.
      if (error instanceof CasegraphError && OLD_FORM_REFUSED.has(error.details.departmentCode)) return result;
      throw error;
    }
  }

  /** The entries of one certificate; an owner's name guards against guessing (wire spec 3.3). */
  async propertiesByCertificate(query: CertificateQuery, options: CallOptions = {}): Promise<QueryResult> {
    return this.#pages(query, options, (page) => queryByCertificate(query, page));
  }

  /** All current rights of one unit (wire spec 3.4). */
  async propertiesByUnit(query: UnitQuery, options: CallOptions = {}): Promise<QueryResult> {
    return this.#pages(query, options, (page) => queryByUnit(query, page));
  }

  /**
   * The certificate of a query's result (查询结果证明, wire spec 3.5), its digest checked. A print may be repeated (section 4), so it
   * counts as reading.
   */
  async printQueryProof(request: ProofRequest, options: CallOptions = {}): Promise<Proof> {
    return this.#call(printQueryProof(request), 'read', options);
  }

  /** The housing certificate (有房无房证明, wire spec 3.6), its digest checked. */
  async printHousingProof(request: HousingProofRequest, options: CallOptions = {}): Promise<Proof> {
    return this.#call(printHousingProof(request), 'read', options);
  }

  /**
   * Ties a pay code to an accepted application (wire spec 3.7). Idempotent on acceptance number and pay code: after
   * `OUTCOME_UNKNOWN` make the same call again.
   */
  async linkFee(link: FeeLink, options: CallOptions = {}): Promise<FeeState> {
    return this.#call(linkFee(link), 'write', options);
  }

  /**
   * Tells that a linked fee was paid, and again with its e-receipt (wire spec 3.7). Idempotent on acceptance number and pay code: after
   * `OUTCOME_UNKNOWN` make the same call again.
   */
  async markFeePaid(payment: FeePayment, options: CallOptions = {}): Promise<FeeState> {
    return this.#call(feePaid(payment), 'write', options);
  }

  /** Lets running exchanges end and closes the sockets. */
  close(): Promise<void> {
    return this.#http.close();
  }

  /** One page when the query names it, else all of them. */
  async #pages(
    query: PropertyQuery,
    options: CallOptions,
    transaction: (page: Page) => Transaction<QueryResult>,
  ): Promise<QueryResult> {
    const size = query.size ?? LARGEST_PAGE;
    const fetch = (page: number) =>
      this.#call(transaction({ account: this.#settings.account, page, size }), 'read', options);

    const first = await fetch(query.page ?? 1);
    const entries: PropertyRecord[] = [...first.records];
    if (query.page === undefined) {
      for (let { total, page } = first; entries.length < total; ) {
        if (page === MOST_PAGES || total > size * MOST_PAGES) {
          throw new CasegraphError('TOO_COMPLEX', 'The answer has too many pages: ask for one page at a time.', {
            department: DEPARTMENT,
          });
        }
        const next = await fetch(page + 1);
        if (next.records.length === 0 && entries.length < next.total) throw protocolFault('Data.CXJG.FDCQ');
        entries.push(...next.records);
        ({ total, page } = next);
      }
    }
    return { ...first, records: foldEntries(entries) };
  }

  async #call<Result>(transaction: Transaction<Result>, mode: Call['mode'], options: CallOptions): Promise<Result> {
    const answer = await this.#line({
      department: DEPARTMENT,
      transaction: transaction.operation,
      mode,
      input: transaction,
      signal: options.signal ?? NO_SIGNAL,
    });
    return answer.value as Result; // what this very transaction's `read` gave
  }

  /** One message and its answer; a repeated attempt is a new message with a new id. */
  async #exchange(call: Call<Transaction<unknown>>): Promise<Answer> {
    const transaction = call.input;
    const head = await this.#head(transaction);
    const { bizMessageId: reference } = head;
    try {
      const value = await this.#ask(transaction, head, call.signal);
      return { value, reference };
    } catch (error) {
      throw attemptFailure(error, call, reference);
    }
  }

  async #ask(transaction: Transaction<unknown>, head: RequestHead, signal: AbortSignal): Promise<unknown> {
    const { namespace } = this.#settings;
    const message = encodeMessage(head, transaction.data, this.#privateKey);
    const answer = await this.#http.exchange({
      method: 'POST',
      path: this.#path,
      headers: { 'content-type': SOAP_CONTENT_TYPE, soapaction: soapAction(namespace, transaction.operation) },
      body: encodeEnvelope(namespace, transaction.operation, message),
      signal,
    });

    const content = decodeEnvelope(answer, transaction.operation);
    if (content.kind === 'fault') {
      if (content.bizMessageId !== '' && content.bizMessageId !== head.bizMessageId)
        throw protocolFault('Fault.bizMsgId');
      throw refusalError(content.code, content.text, transaction.personal);
    }
    const { code, info, createdAt, data } = decodeMessage(content.message, head, this.#registryKey);
    if (code === '1007') this.#registryAheadMs = createdAt - this.#clock();
    if (code !== '0000') throw refusalError(code, info, transaction.personal);
    return transaction.read(data);
  }

  /** Numbers a new message: serials run per division and day in China (wire spec 6.4). */
  async #head({ flowId, recType }: Transaction<unknown>): Promise<RequestHead> {
    const { areaCode, registrar } = this.#settings;
    const createdAt = this.#clock() + this.#registryAheadMs;
    const day = chinaDate(createdAt);
    const serial = await this.#counter.next(`${DEPARTMENT}/${areaCode}/${day}`);
    if (serial > LAST_SERIAL) {
      throw new CasegraphError('DEPARTMENT_BUSY', "The day's message numbers are used up.", {
        department: DEPARTMENT,
        retryAfterMs: untilMidnight(createdAt),
      });
    }
    const bizMessageId = composeBizMessageId({ division: areaCode, date: day, serial });
    return { bizMessageId, createdAt, areaCode, registrar, flowId, recType };
  }
}
