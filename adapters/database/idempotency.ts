import { CasegraphError } from '../transport/errors.ts';
import { answerKey, claimKey, findKey, tieKey } from './idempotency-statements.ts';
import type { PersonalColumns } from './personal-columns.ts';
import type { WriteTransaction } from './writing.ts';

/** How long a key is remembered (evidence: hospitals send again at month end, also a year later). */
export const KEPT_MS = 400 * 86_400_000;

/** A caller's key for one operation. */
export interface IdempotencyKey {
  readonly caller: string;
  readonly operation: string;
  readonly key: string;
}

/** What is known of a key that was used before with the same content. */
export interface KnownRequest {
  /** What was answered; undefined while it is not known. */
  readonly reply: unknown;
  readonly submissionId: string | null;
}

/**
 * What callers asked under which key, and what they were answered: the same request again has the same answer and no second effect.
 * Keys belong to their caller and operation.
 */
export class Idempotency {
  readonly #columns: PersonalColumns;

  constructor(columns: PersonalColumns) {
    this.#columns = columns;
  }

  /**
   * Claims a key for a request with this content, or tells what is known of the request that claimed it before; undefined for a new one.
   * Throws `IDEMPOTENCY_CONFLICT` when it was used for other content.
   */
  async claim(
    tx: WriteTransaction,
    { caller, operation, key }: IdempotencyKey,
    content: unknown,
    at: number,
  ): Promise<KnownRequest | undefined> {
    const fingerprint = this.#fingerprint(operation, content);
    const unknown = { submission_id: null, reply_sealed: null };
    const { numAffectedRows } = await claimKey(tx, { caller, operation, key, fingerprint, ...unknown, created_at: at });
    if (numAffectedRows === 1n) return undefined;
    const known = await this.find(tx, { caller, operation, key }, content);
    if (!known) throw new Error('a key vanished while it was claimed');
    return known;
  }

  /** What is known of the request that claimed a key; undefined for a key that is free. Throws as `claim` does. */
  async find(
    tx: WriteTransaction,
    { caller, operation, key }: IdempotencyKey,
    content: unknown,
  ): Promise<KnownRequest | undefined> {
    const [kept] = (await findKey(tx, { caller, operation, key })).rows;
    if (!kept) return undefined;
    if (kept.fingerprint !== this.#fingerprint(operation, content))
      throw new CasegraphError('IDEMPOTENCY_CONFLICT', undefined, { field: 'idempotencyKey' });
    return {
      submissionId: kept.submission_id,
      reply:
        kept.reply_sealed === null ? undefined : JSON.parse(this.#columns.open('idempotency.reply', kept.reply_sealed)),
    };
  }

  /** Ties a claimed key to the write to a department that it stands for. */
  async sent(tx: WriteTransaction, { caller, operation, key }: IdempotencyKey, submissionId: string): Promise<void> {
    await tieKey(tx, { caller, operation, key, submissionId });
  }

  /** Keeps what is answered under a claimed key. */
  async answered(tx: WriteTransaction, { caller, operation, key }: IdempotencyKey, reply: unknown): Promise<void> {
    const sealed = this.#columns.seal('idempotency.reply', JSON.stringify(reply));
    await answerKey(tx, { caller, operation, key, reply: sealed });
  }

  /** Forgets the key of a write that certainly had no effect: the same request may be made again. */
  async release(tx: WriteTransaction, submissionId: string): Promise<void> {
    await tx.deleteFrom('idempotency_key').where('submission_id', '=', submissionId).execute();
  }

  /** Forgets keys older than `KEPT_MS`. */
  async prune(tx: WriteTransaction, now: number): Promise<void> {
    await tx
      .deleteFrom('idempotency_key')
      .where('created_at', '<', now - KEPT_MS)
      .execute();
  }

  #fingerprint(operation: string, content: unknown): string {
    return this.#columns.handle(`idempotency\0${operation}\0${canonical(content)}`);
  }
}

/** JSON with the members of every object in order: content is the same whatever order it was written in. */
export function canonical(content: unknown): string {
  return JSON.stringify(content, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
