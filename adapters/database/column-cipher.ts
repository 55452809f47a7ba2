import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** The ciphers for personal columns: the international one and China's own (GB/T 32907, GB/T 36624). */
export const CIPHERS = ['aes-256-gcm', 'sm4-gcm'] as const;

export type Cipher = (typeof CIPHERS)[number];

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TAG_LENGTH = { authTagLength: TAG_BYTES };

/** Random bytes are fetched for many nonces at once: asking for twelve costs as much as asking for thousands. */
const NONCES = 512;
let nonces = Buffer.alloc(0);

function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(NONCES * NONCE_BYTES);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

/** Authenticated encryption under one key: nonce, tag, text. */
export class ColumnCipher {
  readonly #algorithm: CipherGCMTypes;
  readonly #key: KeyObject;

  /** @param key 32 bytes. SM4 takes 16: they are derived from it. */
  constructor(cipher: Cipher, key: Uint8Array) {
    // Node.js passes on what OpenSSL knows; its types name AES alone.
    this.#algorithm = cipher as CipherGCMTypes;
    this.#key = createSecretKey(
      cipher === 'sm4-gcm' ? new Uint8Array(hkdfSync('sha256', key, 'casegraph', 'sm4-gcm', 16)) : key,
    );
  }

  /** @param head What is to stand before it, in the clear. */
  seal(head: Uint8Array, boundTo: Uint8Array, text: string): Uint8Array {
    const nonce = nextNonce();
    const cipher = createCipheriv(this.#algorithm, this.#key, nonce).setAAD(boundTo);
    // A counter mode holds nothing back: the end adds no bytes.
    const hidden = cipher.update(text, 'utf8');
    cipher.final();
    return Buffer.concat([head, nonce, cipher.getAuthTag(), hidden]);
  }

  /** Throws when the bytes were altered, or sealed under another key or bound to something else. */
  open(boundTo: Uint8Array, sealed: Buffer): string {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(this.#algorithm, this.#key, nonce, TAG_LENGTH).setAAD(boundTo).setAuthTag(tag);
    const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    decipher.final();
    return text.toString('utf8');
  }
}
