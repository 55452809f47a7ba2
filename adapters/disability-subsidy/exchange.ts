import type { Call, Dispatch } from '../transport/call.ts';
import type { Counter } from '../transport/counter.ts';
import { CasegraphError } from '../transport/errors.ts';
import { departmentFailure, TransportFailure } from '../transport/failure.ts';
import type { HttpAnswer, HttpClient } from '../transport/http.ts';
import type { Lease } from '../transport/renewable.ts';
import { chinaCompactDate } from '../values/china-time.ts';
import { DEPARTMENT, protocolFault, refusalError, remedyOf } from './errors.ts';
import { checkEcho, decodeAnswer, type Envelope, encodeRequest, head, serialNumber } from './messages/envelope.ts';
import { decodeRefresh, encodeRefresh } from './messages/refresh.ts';
import type { Request, TransactionCode } from './messages/transaction.ts';
import type { DisabilitySubsidySettings } from './settings.ts';
import { authenticate, type Unwrap } from './signing.ts';

/** A request with the secret that signs it. */
export interface SignedRequest extends Request {
  readonly secret: string;
}

export interface ExchangeServices {
  readonly http: HttpClient;
  readonly counter: Counter;
  readonly now: () => number;
  readonly unwrap: Unwrap;
  /** Told when the clocks begin to differ by more than five minutes, with their difference in milliseconds. */
  readonly clockSkewed: (skewMs: number) => void;
}

const CONTENT_TYPE = 'application/json;charset=UTF-8';
const TOLERATED_SKEW_MS = 5 * 60_000;

/** The two calls of the national data-sharing exchange, one attempt each (wire spec 1): the innermost end of the line. */
export class Exchange {
  readonly #settings: DisabilitySubsidySettings;
  readonly #services: ExchangeServices;
  #skewMs = 0;

  constructor(settings: DisabilitySubsidySettings, services: ExchangeServices) {
    this.#settings = settings;
    this.#services = services;
  }

  /** The exchange's clock ahead of ours, in milliseconds, as the last answer's `Date` told it (to the second). */
  get clockSkewMs(): number {
    return this.#skewMs;
  }

  /** One business call (`/httpproxy`): numbered, signed and encoded anew for every attempt. */
  readonly business: Dispatch<SignedRequest, unknown> = async (call) => {
    const { code, body, read, secret } = call.input;
    const { rid, sids, division } = this.#settings;
    const instant = this.#services.now();
    const count = await this.#services.counter.next(`${DEPARTMENT} ${chinaCompactDate(instant)}`);
    const requestHead = head(code, serialNumber(division, instant, count), this.#settings, instant);
    const reference = requestHead.serialNo;

    const answer = await this.#post(call, reference, '/httpproxy', encodeRequest(requestHead, body), {
      ...authenticate(rid, sids[code], this.#services.now(), secret),
    });
    return usable(call, reference, () => {
      if (answer.code !== '0') throw this.#refusal(answer, call, reference, body);
      checkEcho(answer.data, requestHead);
      return { value: read(answer.data), reference };
    });
  };

  /** Fetches the secret of one transaction's service (`/sysapi/auth/refreshappsecret`); once more when the time is refused. */
  readonly renewal: Dispatch<TransactionCode, Lease<string>> = async (call) => {
    try {
      return await this.#renew(call);
    } catch (error) {
      if (remedyOf(error) !== 'sign-again') throw error;
      return this.#renew(call);
    }
  };

  async #renew(call: Call<TransactionCode>): Promise<{ value: Lease<string> }> {
    const { rid, sids, appKeys } = this.#settings;
    const appKey = appKeys[call.input];
    const instant = this.#services.now();
    const body = encodeRefresh(authenticate(rid, sids[call.input], instant, appKey));
    const answer = await this.#post(call, undefined, '/sysapi/auth/refreshappsecret', body, {});
    if (answer.code !== '0') throw this.#refusal(answer, call, undefined, undefined);
    const { wrapped, validUntil } = decodeRefresh(answer, instant);
    return { value: { value: this.#unwrap(wrapped, appKey), validUntil } };
  }

  async #post(
    call: Call,
    reference: string | undefined,
    path: string,
    body: string,
    authentication: Readonly<Record<string, string>>,
  ): Promise<Envelope> {
    const { forwardedFor } = this.#settings;
    const headers = {
      ...authentication,
      'Content-Type': CONTENT_TYPE,
      Accept: 'application/json',
      ...(forwardedFor !== undefined && { 'X-Forwarded-For': forwardedFor }),
    };
    let answer: HttpAnswer;
    try {
      answer = await this.#services.http.exchange({ method: 'POST', path, headers, body, signal: call.signal });
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      throw departmentFailure(error, call, reference === undefined ? {} : { reference });
    }
    this.#compareClocks(answer);
    return usable(call, reference, () => {
      if (answer.status !== 200) throw wrongStatus(answer.status);
      return decodeAnswer(answer.body);
    });
  }

  #refusal(answer: Envelope, call: Call, reference: string | undefined, requestBody: unknown): CasegraphError {
    const error = refusalError(answer, { mode: call.mode, reference, requestBody }, this.#services.now());
    const clockAtFault = remedyOf(error) === 'sign-again' || remedyOf(error) === 'renew-secret';
    if (!clockAtFault || Math.abs(this.#skewMs) <= TOLERATED_SKEW_MS) return error;
    const seconds = Math.round(Math.abs(this.#skewMs) / 1_000);
    const detail = `This side's clock is ${seconds} s ${this.#skewMs > 0 ? 'behind' : 'ahead of'} the exchange's.`;
    return new CasegraphError(error.code, `${error.detail} ${detail}`, error.details);
  }

  /** Wire spec 1.5: a difference above five minutes is a fault of its own, told before calls begin to fail at ten. */
  #compareClocks(answer: HttpAnswer): void {
    const theirs = Date.parse(answer.headers.date ?? '');
    if (Number.isNaN(theirs)) return;
    const tolerated = Math.abs(this.#skewMs) <= TOLERATED_SKEW_MS;
    this.#skewMs = theirs - this.#services.now();
    if (tolerated && Math.abs(this.#skewMs) > TOLERATED_SKEW_MS) this.#services.clockSkewed(this.#skewMs);
  }

  #unwrap(wrapped: string, appKey: string): string {
    try {
      return this.#services.unwrap(wrapped, appKey);
    } catch (error) {
      throw protocolFault('data.secret', error instanceof Error ? error.message : 'cannot be unwrapped');
    }
  }
}

/**
 * Reads an answer. What cannot be used leaves a write's outcome unknown, whatever is wrong with it: the business system may well
 * have done it.
 */
function usable<T>(call: Call, reference: string | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CasegraphError)) throw error;
    const named = reference === undefined ? error : error.with({ reference });
    if (call.mode === 'read' || !isUnusable(named)) throw named;
    throw new CasegraphError('OUTCOME_UNKNOWN', named.detail, { ...named.details, safeToRepeat: false, cause: named });
  }
}

/** A refusal carries the department's code; without one the answer itself was at fault. */
function isUnusable(error: CasegraphError): boolean {
  return error.details.departmentCode === undefined;
}

function wrongStatus(status: number): CasegraphError {
  return new CasegraphError('DEPARTMENT_UNREACHABLE', `The exchange answered with HTTP status ${status}.`, {
    department: DEPARTMENT,
    safeToRepeat: true,
  });
}
