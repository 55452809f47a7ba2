import { setTimeout as sleep } from 'node:timers/promises';
import { CasegraphError } from '../transport/errors.ts';
import { type Lease, Renewable } from '../transport/renewable.ts';

/** Waits, and rejects when the signal aborts. Handed down so that tests need not wait. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const realPause: Pause = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal });
};

/** Renew ahead of the end, and never twice within the spacing (wire spec 1.5). */
const AHEAD_MS = 60_000;
const SPACING_MS = 20_000;

/**
 * The secret of one service id (wire spec 1.4, 1.5): fetched when first needed, renewed 60 s before its end in one flight, never
 * twice within 20 s. A refusal of the renewal counts as one, so that a missing grant does not hammer the exchange; a renewal that
 * never reached it does not.
 */
export class ServiceSecret {
  readonly #renewable: Renewable<string>;
  readonly #now: () => number;
  readonly #pause: Pause;
  #renewed: { readonly lease: Lease<string>; readonly at: number } | undefined;
  #refused: { readonly error: CasegraphError; readonly at: number } | undefined;

  constructor(renew: () => Promise<Lease<string>>, now: () => number, pause: Pause) {
    this.#now = now;
    this.#pause = pause;
    this.#renewable = new Renewable({ renew: () => this.#renew(renew), aheadMs: AHEAD_MS, now });
  }

  /** The secret. Rejects with the renewal's error, or with the signal's reason. */
  get(signal: AbortSignal): Promise<string> {
    return this.#renewable.get(signal);
  }

  /**
   * A secret for one that the exchange refused: another caller's renewal since then, or a renewal, waited for until the spacing
   * allows it. Rejects as `get` does.
   */
  async instead(of: string, signal: AbortSignal): Promise<string> {
    if (this.#renewed?.lease.value === of) {
      const left = this.#left(this.#renewed.at);
      if (left > 0) await this.#pause(left, signal);
    }
    if (this.#renewed?.lease.value === of) this.#renewed = undefined;
    this.#renewable.invalidate(of);
    return this.get(signal);
  }

  async #renew(renew: () => Promise<Lease<string>>): Promise<Lease<string>> {
    const left = this.#left(this.#refused?.at);
    if (this.#refused !== undefined && left > 0) {
      const { code, detail, details } = this.#refused.error;
      throw new CasegraphError(code, detail, { ...details, retryAfterMs: left });
    }
    // A secret given for less than the margin would be renewed with every call.
    if (this.#renewed !== undefined && this.#left(this.#renewed.at) > 0) return this.#renewed.lease;
    try {
      const lease = await renew();
      this.#renewed = { lease, at: this.#now() };
      return lease;
    } catch (error) {
      if (isRefusal(error)) this.#refused = { error, at: this.#now() };
      throw error;
    }
  }

  #left(since: number | undefined): number {
    return since === undefined ? 0 : since + SPACING_MS - this.#now();
  }
}

/** The exchange answered, and asking again at once would bring the same answer. */
function isRefusal(error: unknown): error is CasegraphError {
  if (!(error instanceof CasegraphError) || error.details.safeToRepeat) return false;
  return error.details.departmentCode !== undefined || error.code === 'DEPARTMENT_PROTOCOL';
}
