import { createHash } from 'node:crypto';
import { type Clock, chinaCompactDate } from '../values/china-time.ts';

/** Who calls, as the platform registered it. */
export interface Credentials {
  readonly appId: string;
  readonly appSecret: string;
}

/**
 * The `sign` header: lower-case hex MD5 of appId, appSecret, yyyyMMdd and apiCode without separators (wire spec 1). MD5 because the
 * counterpart dictates it; it protects neither body nor time of day.
 *
 * @param date `yyyyMMdd`, the day in Asia/Shanghai.
 */
export function signature(credentials: Credentials, date: string, apiCode: string): string {
  return createHash('md5')
    .update(`${credentials.appId}${credentials.appSecret}${date}${apiCode}`, 'utf8')
    .digest('hex');
}

/** Signs for the day it is in China, whatever zone the machine is in; a signature is computed once a day and interface. */
export class DailySigner {
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  /** How far the platform's day is from ours, learnt from its `Date` header. */
  #skewMs = 0;
  #date = '';
  #signatures = new Map<string, string>();

  constructor(credentials: Credentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /** The signature of an interface for today. */
  sign(apiCode: string): string {
    return this.#signFor(chinaCompactDate(this.#clock() + this.#skewMs), apiCode);
  }

  /** The signature for the day of another instant: the platform's own time, milliseconds since 1970. */
  signAt(instant: number, apiCode: string): string {
    return signature(this.#credentials, chinaCompactDate(instant), apiCode);
  }

  /** The platform took a signature of its own day: later ones follow its clock while it and ours disagree about the day. */
  follow(instant: number): void {
    const own = this.#clock();
    this.#skewMs = chinaCompactDate(instant) === chinaCompactDate(own) ? 0 : instant - own;
  }

  #signFor(date: string, apiCode: string): string {
    if (date !== this.#date) {
      this.#date = date;
      this.#signatures = new Map();
    }
    let sign = this.#signatures.get(apiCode);
    if (sign === undefined) {
      sign = signature(this.#credentials, date, apiCode);
      this.#signatures.set(apiCode, sign);
    }
    return sign;
  }
}
