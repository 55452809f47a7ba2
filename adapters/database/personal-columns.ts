import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** The keys under which personal data is stored; each 32 bytes. */
export interface PersonalKeys {
  /** Encrypts columns. */
  readonly columnKey: Uint8Array;
  /** Makes handles. */
  readonly handleKey: Uint8Array;
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts personal columns (AES-256-GCM, a fresh nonce for each value, bound to the column's name so that values cannot be swapped
 * between columns) and makes the keyed handles that find a person. Same person, same handle; without the key the handle tells nothing.
 */
export class PersonalColumns {
  readonly #columnKey: Uint8Array;
  readonly #handleKey: Uint8Array;

  constructor({ columnKey, handleKey }: PersonalKeys) {
    for (const [name, key] of Object.entries({ columnKey, handleKey })) {
      if (key.length !== 32) throw new RangeError(`${name}: must be 32 bytes`);
    }
    this.#columnKey = columnKey;
    this.#handleKey = handleKey;
  }

  seal(column: string, value: string): Uint8Array {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#columnKey, iv).setAAD(Buffer.from(column));
    const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), text]);
  }

  /** Decrypts what `seal` made for the same column. Throws when the value was altered or sealed under another key. */
  open(column: string, sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes[0] !== FORMAT) throw new Error(`${column}: unknown format of an encrypted column`);
    const iv = bytes.subarray(1, 1 + IV_BYTES);
    const tag = bytes.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#columnKey, iv).setAAD(Buffer.from(column)).setAuthTag(tag);
    return decipher.update(bytes.subarray(1 + IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }

  /** The handle of a person: 22 characters of base64url. */
  handle(idNumber: string): string {
    return createHmac('sha256', this.#handleKey).update(`resident\0${idNumber}`).digest('base64url').slice(0, 22);
  }

  /** A value that changes when either key does and tells neither: kept in the store, so that a wrong key is found at start. */
  fingerprint(): string {
    const both = Buffer.concat([this.#columnKey, this.#handleKey]);
    return Buffer.from(hkdfSync('sha256', both, 'casegraph', 'key fingerprint', 8)).toString('hex');
  }
}
