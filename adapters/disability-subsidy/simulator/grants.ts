import { createCipheriv, createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

/** What one requester is granted: a service, its transaction and its appKey (wire spec 1.2, 1.4). */
export interface GrantSetting {
  readonly transaction: string;
  readonly sid: string;
  readonly appKey: string;
  /** The first secret; made from the appKey unless given. */
  readonly secret?: string;
  /** Answers a refresh with numbers in place of texts, as one installation does. */
  readonly numeric?: boolean;
}

/** `granted`, missing from the grant list (E-106), or refused without a reason (-1). */
export type Standing = 'granted' | 'unlisted' | 'refused';

interface Secret {
  readonly text: string;
  readonly endsAt: number;
}

interface Grant extends GrantSetting {
  standing: Standing;
  generation: number;
  current: Secret | undefined;
  /** Stays good to its own end, for calls signed before the renewal. */
  previous: Secret | undefined;
  /** Until then business calls are told to come back (-50). */
  renewingUntil: number;
}

const TOLERATED_SKEW_MS = 10 * 60_000;
const RENEW_WITHIN_MS = 2 * 60_000;

/** Keys, secrets and signatures of the exchange (wire spec 1.2–1.5), for one requester. */
export class Grants {
  readonly #rid: string;
  readonly #now: () => number;
  readonly #grants: ReadonlyMap<string, Grant>;
  #lifetimeMs: number | undefined;

  constructor(rid: string, settings: readonly GrantSetting[], now: () => number) {
    this.#rid = rid;
    this.#now = now;
    this.#grants = new Map(settings.map((setting) => [setting.sid, fresh(setting)]));
  }

  /** Back to the first secrets. */
  reset(): void {
    this.#lifetimeMs = undefined;
    for (const grant of this.#grants.values()) Object.assign(grant, fresh(grant));
  }

  /** The transaction of a service id, for counts and faults. */
  transactionOf(sid: unknown): string | undefined {
    return typeof sid === 'string' ? this.#grants.get(sid)?.transaction : undefined;
  }

  /** The service ids of a transaction, or of all. */
  sidsOf(transaction: string | undefined): string[] {
    const grants = [...this.#grants.values()];
    return grants
      .filter((grant) => transaction === undefined || grant.transaction === transaction)
      .map(({ sid }) => sid);
  }

  /** Answers a refresh: the wrapped secret and its end. Throws `Refusal`. */
  refresh(values: Readonly<Record<string, unknown>>): { code: unknown; data: Record<string, unknown> } {
    const { rid, sid, rtime, sign } = authentication(values, '-31');
    const grant = this.#granted(rid, sid);
    this.#checkTime(rtime);
    if (sign !== signature(grant.appKey, sid, rid, rtime)) throw new Refusal('-5');
    const secret = this.#renewed(grant);
    const wrapped = wrap(secret.text, grant.appKey);
    return grant.numeric
      ? { code: 0, data: { secret: wrapped, secretEndTime: secret.endsAt } }
      : { code: '0', data: { secret: wrapped, secretEndTime: String(secret.endsAt) } };
  }

  /** Checks a business call's headers and gives its transaction and requester. Throws `Refusal`. */
  verify(headers: IncomingHttpHeaders): { transaction: string; rid: string } {
    const { rid, sid, rtime, sign } = authentication(headers, '1');
    const grant = this.#granted(rid, sid);
    this.#checkTime(rtime);
    if (this.#now() < grant.renewingUntil) throw new Refusal('-50');
    const good = [grant.current, grant.previous].some(
      (secret) =>
        secret !== undefined && this.#now() < secret.endsAt && sign === signature(secret.text, sid, rid, rtime),
    );
    if (!good) throw new Refusal('-5');
    return { transaction: grant.transaction, rid };
  }

  /** Ends a service's secret now; business calls are told to come back for `renewingMs`. */
  expire(sid: string, renewingMs = 0): void {
    const grant = this.#grants.get(sid);
    if (grant === undefined) return;
    // The next refresh must not give the ended one again, even where none was asked for yet.
    if (grant.current === undefined) grant.generation += 1;
    grant.current = grant.current && { ...grant.current, endsAt: 0 };
    grant.previous = undefined;
    grant.renewingUntil = this.#now() + renewingMs;
  }

  /** How long secrets given from now on last; to the end of the day in China when undefined. */
  setLifetime(lifetimeMs: number | undefined): void {
    this.#lifetimeMs = lifetimeMs;
  }

  setStanding(sid: string, standing: Standing): void {
    const grant = this.#grants.get(sid);
    if (grant !== undefined) grant.standing = standing;
  }

  #granted(rid: string, sid: string): Grant {
    const grant = rid === this.#rid ? this.#grants.get(sid) : undefined;
    if (grant === undefined || grant.standing === 'unlisted') throw new Refusal('E-106');
    if (grant.standing === 'refused') throw new Refusal('-1');
    return grant;
  }

  #checkTime(rtime: string): void {
    if (Math.abs(this.#now() - Number(rtime)) > TOLERATED_SKEW_MS) throw new Refusal('-19');
  }

  /** The secret in use, or a new one when it has ended or is about to. */
  #renewed(grant: Grant): Secret {
    const now = this.#now();
    const margin = this.#lifetimeMs === undefined ? RENEW_WITHIN_MS : Math.min(RENEW_WITHIN_MS, this.#lifetimeMs / 2);
    if (grant.current !== undefined && grant.current.endsAt - now > margin) return grant.current;
    if (grant.current !== undefined) grant.generation += 1;
    grant.previous = grant.current;
    const endsAt = this.#lifetimeMs === undefined ? endOfDay(now + margin) : now + this.#lifetimeMs;
    grant.current = { text: secretText(grant), endsAt };
    return grant.current;
  }
}

function fresh(setting: GrantSetting): Grant {
  return {
    ...setting,
    standing: 'granted',
    generation: 0,
    current: undefined,
    previous: undefined,
    renewingUntil: 0,
  };
}

/** The four values, from headers or a body. `code` is the refusal when one is missing or malformed. */
function authentication(values: Readonly<Record<string, unknown>>, code: string) {
  const read = (name: string, pattern: RegExp): string => {
    const value = values[`gjgxjhpt_${name}`];
    if (typeof value !== 'string' || !pattern.test(value)) throw new Refusal(code);
    return value;
  };
  return {
    rid: read('rid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(@.{1,64})?$/),
    sid: read('sid', /^s_[0-9A-Za-z_]{1,40}$/),
    rtime: read('rtime', /^\d{10,15}$/),
    sign: read('sign', /\S/),
  };
}

/** Wire spec 1.3. */
function signature(key: string, sid: string, rid: string, rtime: string): string {
  return createHmac('sha256', key).update(sid).update(rid).update(rtime).digest('base64');
}

/** Wire spec 1.4: SHA-1 twice and ECB are what the exchange uses. */
function wrap(secret: string, appKey: string): string {
  const seed = createHash('sha1').update(createHash('sha1').update(appKey).digest()).digest();
  const cipher = createCipheriv('aes-128-ecb', seed.subarray(0, 16), null);
  return Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]).toString('base64');
}

/** 32 hexadecimal characters, the same for the same key and generation. */
function secretText(grant: Grant): string {
  if (grant.generation === 0 && grant.secret !== undefined) return grant.secret;
  return createHash('sha256').update(`${grant.appKey} ${grant.generation}`).digest('hex').slice(0, 32);
}

/** 23:59:59 of the instant's day in China. */
function endOfDay(instant: number): number {
  const day = 24 * 3_600_000;
  const offset = 8 * 3_600_000;
  return Math.floor((instant + offset) / day) * day - offset + day - 1_000;
}
