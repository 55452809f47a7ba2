import { createDecipheriv, createHash, createHmac } from 'node:crypto';

/** The four authentication values (wire spec 1.2), under the names both the headers and the refresh body use. */
export interface Authentication {
  readonly gjgxjhpt_rid: string;
  readonly gjgxjhpt_sid: string;
  readonly gjgxjhpt_rtime: string;
  readonly gjgxjhpt_sign: string;
}

/**
 * Signs one call: HMAC-SHA256 over sid + rid + rtime, Base64 (wire spec 1.3). `key` is the appKey for a refresh and the secret for a
 * business call, used as text: its hexadecimal digits are not decoded. `instant` is milliseconds since 1970.
 */
export function authenticate(rid: string, sid: string, instant: number, key: string): Authentication {
  const rtime = String(instant);
  return { gjgxjhpt_rid: rid, gjgxjhpt_sid: sid, gjgxjhpt_rtime: rtime, gjgxjhpt_sign: sign(sid, rid, rtime, key) };
}

/** The signature alone (wire spec 1.3): 44 characters of Base64. */
export function sign(sid: string, rid: string, rtime: string, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(`${sid}${rid}${rtime}`, 'utf8').digest('base64');
}

/** Takes the secret out of its wrapping with the appKey. Throws when it was not wrapped for this key. */
export type Unwrap = (wrapped: string, appKey: string) => string;

/**
 * The wrapping in use (wire spec 1.4): AES-128-ECB with a key from SHA-1 twice over the appKey's text, which is what Java's
 * `SHA1PRNG` yields. The exchange dictates both SHA-1 and ECB; nothing else here uses them. Throws `Error` on anything that is not
 * one wrapped secret; the message holds neither key nor secret.
 */
export const unwrapAes: Unwrap = (wrapped, appKey) => {
  const bytes = Buffer.from(wrapped, 'base64');
  if (bytes.toString('base64') !== wrapped) throw new Error('the wrapped secret is not Base64');
  const decipher = createDecipheriv('aes-128-ecb', wrappingKey(appKey), null);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat([decipher.update(bytes), decipher.final()]));
  } catch {
    throw new Error('the wrapped secret does not open with this key');
  }
  if (!/^[\x21-\x7e]{32}$/.test(text)) throw new Error('the unwrapped secret is not 32 characters');
  return text;
};

/** The AES key of an appKey, 16 bytes (wire spec 1.4). */
export function wrappingKey(appKey: string): Buffer {
  const first = createHash('sha1').update(appKey, 'utf8').digest();
  return createHash('sha1').update(first).digest().subarray(0, 16);
}
