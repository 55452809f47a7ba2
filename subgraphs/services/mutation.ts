import type { IdempotencyKey } from '../../adapters/database/idempotency.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import { invalidInput } from '../invalid-input.ts';

/** What every mutation's input has. */
export interface MutationInput {
  /** The account that acts. */
  readonly operator: string;
  readonly idempotencyKey?: string | null;
}

/** A mutation as its caller may send it again. */
export interface MutationRequest {
  readonly key: IdempotencyKey;
  /** What was asked, without the key. */
  readonly content: unknown;
}

const KEY_FIELD = 'input.idempotencyKey';
const KEY_FORM = /^[\x21-\x7e]{8,255}$/;

/**
 * The key and content of a mutation: the key from the input or, when it has none, from the header `idempotency-key`. Throws
 * `INVALID_INPUT` when there is none, when the two differ, or when it is not 8 to 255 printable ASCII characters without spaces.
 */
export function mutationRequest(
  operation: string,
  { idempotencyKey, ...content }: MutationInput,
  headerKey: string | undefined,
): MutationRequest {
  const key = requestKey(idempotencyKey, headerKey);
  if (key === undefined)
    throw invalidInput(KEY_FIELD, {
      en: 'is needed, here or in the header idempotency-key, so that sending again does nothing twice.',
      zh: '不能为空（也可用idempotency-key请求头提供），以免重复提交。',
    });
  return { key: { caller: content.operator, operation, key }, content };
}

/** The key of a request that may do without one. Throws `INVALID_INPUT` as `mutationRequest` does. */
export function requestKey(given: string | null | undefined, headerKey: string | undefined): string | undefined {
  if (given != null && headerKey !== undefined && given !== headerKey)
    throw invalidInput(KEY_FIELD, {
      en: 'differs from the idempotency-key header.',
      zh: '与idempotency-key请求头不一致。',
    });
  const key = given ?? headerKey;
  if (key !== undefined && !KEY_FORM.test(key))
    throw invalidInput(KEY_FIELD, {
      en: 'must be 8 to 255 printable ASCII characters without spaces.',
      zh: '应为8至255个可见ASCII字符，不含空格。',
    });
  return key;
}

/**
 * Does what a mutation asks of the store, once: asked again with the same content it gives the same reply. What `work` throws undoes
 * everything and leaves the key free. The reply must be JSON.
 */
export function onlyOnce<Reply>(
  { write, idempotency }: Pick<Store, 'write' | 'idempotency'>,
  { key, content }: MutationRequest,
  clock: Clock,
  work: (tx: WriteTransaction) => Promise<Reply>,
): Promise<Reply> {
  return write(async (tx) => {
    const known = await idempotency.claim(tx, key, content, clock());
    if (known) return known.reply as Reply;
    const reply = await work(tx);
    await idempotency.answered(tx, key, reply);
    return reply;
  });
}
