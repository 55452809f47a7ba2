import type { Interceptor } from '../transport/call.ts';
import { CasegraphError } from '../transport/errors.ts';
import { DEPARTMENT, standstillOf } from './errors.ts';

/**
 * Keeps still after the exchange said to: an hour's, a day's or a grant's limit, maintenance until a named time, an application that
 * is disabled (wire spec 4). Calls fail meanwhile with the refusal that began it and the time left; nothing is sent.
 */
export class Standstills {
  readonly #coolDownMs: number;
  readonly #now: () => number;
  readonly #ends = new Map<string, { readonly end: number; readonly refusal: CasegraphError }>();

  constructor(coolDownMs: number, now: () => number) {
    this.#coolDownMs = coolDownMs;
    this.#now = now;
  }

  /** The interceptor for one service id. */
  of(sid: string): Interceptor {
    return (dispatch) => async (call) => {
      this.#check(sid);
      this.#check(DEPARTMENT);
      try {
        return await dispatch(call);
      } catch (error) {
        if (error instanceof CasegraphError) this.#begin(sid, error);
        throw error;
      }
    };
  }

  #check(scope: string): void {
    const standstill = this.#ends.get(scope);
    if (standstill === undefined) return;
    const retryAfterMs = standstill.end - this.#now();
    if (retryAfterMs > 0) {
      const { code, detail, details } = standstill.refusal;
      throw new CasegraphError(code, detail, { ...details, retryAfterMs });
    }
    this.#ends.delete(scope);
  }

  #begin(sid: string, refusal: CasegraphError): void {
    const scope = standstillOf(refusal);
    if (scope === undefined) return;
    const key = scope === 'line' ? DEPARTMENT : sid;
    const end = this.#now() + (refusal.details.retryAfterMs ?? this.#coolDownMs);
    if ((this.#ends.get(key)?.end ?? 0) < end) this.#ends.set(key, { end, refusal });
  }
}
