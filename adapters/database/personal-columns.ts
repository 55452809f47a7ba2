import { createHmac, hkdfSync } from 'node:crypto';
import { type Cipher, ColumnCipher } from './column-cipher.ts';

/** A key that encrypts columns: 32 bytes, and what people call it. */
export interface ColumnKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** The keys under which personal data is stored. */
export interface PersonalKeys {
  /** Makes handles; 32 bytes. */
  readonly handleKey: Uint8Array;
  /** Encrypt columns: the first seals, all open. */
  readonly columnKeys?: readonly ColumnKey[] | undefined;
  /** The same as a single column key. */
  readonly columnKey?: Uint8Array | undefined;
  /** AES-256-GCM when left out. */
  readonly cipher?: Cipher | undefined;
}

/**
 * How a value is sealed: format, cipher and key (four bytes told by the key itself, so that a name can change), then nonce, tag and text.
 * Format 1, of stores made before keys could be several, has neither cipher nor key: it is AES-256-GCM under one of the keys.
 */
const FORMAT = { withoutKey: 1, withKey: 2 };
const CIPHER_NUMBER: Readonly<Record<Cipher, number>> = { 'aes-256-gcm': 1, 'sm4-gcm': 2 };
const KEY_ID_BYTES = 4;
const HEADER_BYTES = 2 + KEY_ID_BYTES;

interface HeldKey {
  /** As hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly key: Uint8Array;
  readonly ciphers: Map<number, ColumnCipher>;
}

/**
 * Encrypts personal columns (AES-256-GCM or SM4-GCM, a fresh nonce for each value, bound to the column's name so that values cannot be
 * swapped between columns) and makes the keyed handles that find a person. Same person, same handle; without the key the handle tells
 * nothing.
 */
export class PersonalColumns {
  readonly #keys: readonly HeldKey[];
  readonly #keyById: ReadonlyMap<string, HeldKey>;
  readonly #handleKey: Uint8Array;
  readonly #header: Buffer;
  readonly #sealing: ColumnCipher;
  readonly #bound = new Map<string, Buffer>();

  /** Throws RangeError for a key that is not 32 bytes, none at all, and the same one twice. */
  constructor({ handleKey, columnKeys, columnKey, cipher = 'aes-256-gcm' }: PersonalKeys) {
    requireKey('handleKey', handleKey);
    const keys = columnKeys ?? (columnKey ? [{ id: 'columnKey', key: columnKey }] : []);
    this.#handleKey = handleKey;
    this.#keys = keys.map(({ id: name, key }) => {
      requireKey(name, key);
      return { id: keyId(key), name, key, ciphers: new Map() };
    });
    this.#keyById = new Map(this.#keys.map((key) => [key.id, key]));
    if (this.#keyById.size < this.#keys.length) throw new RangeError('columnKeys: the same key stands there twice');
    const [first] = this.#keys;
    if (!first) throw new RangeError('columnKeys: at least one is needed');
    this.#header = wayOf(FORMAT.withKey, cipher, first.id);
    this.#sealing = cipherOf(first, CIPHER_NUMBER[cipher]);
  }

  seal(column: string, value: string): Uint8Array {
    return this.#sealing.seal(this.#header, this.#boundNow(column), value);
  }

  /** Decrypts what `seal` made for the same column. Throws when the value was altered or sealed under a key that is not there. */
  open(column: string, sealed: Uint8Array): string {
    const bytes = bufferOf(sealed);
    if (bytes[0] === FORMAT.withoutKey) return this.#openWithoutKey(column, bytes.subarray(1));
    if (bytes[0] !== FORMAT.withKey) throw new Error(`${column}: unknown format of an encrypted column`);
    const header = bytes.subarray(0, HEADER_BYTES);
    if (header.equals(this.#header)) return this.#sealing.open(this.#boundNow(column), bytes.subarray(HEADER_BYTES));
    const key = this.#keyById.get(header.toString('hex', 2));
    if (!key) throw new Error(`${column}: encrypted under a key that is not configured`);
    return cipherOf(key, header[1] as number).open(boundTo(column, header), bytes.subarray(HEADER_BYTES));
  }

  /** True for what `seal` would make today: the first key, the configured cipher. */
  isCurrent(sealed: Uint8Array): boolean {
    return bufferOf(sealed).subarray(0, HEADER_BYTES).equals(this.#header);
  }

  /** The handle of a person: 22 characters of base64url. */
  handle(idNumber: string): string {
    return createHmac('sha256', this.#handleKey).update(`resident\0${idNumber}`).digest('base64url').slice(0, 22);
  }

  /** Stands for the way of sealing, cipher and key, and tells neither key nor name. */
  get sealingAs(): string {
    return this.#header.toString('hex');
  }

  /** True when the key of this way of sealing is there. */
  canOpen(sealingAs: string): boolean {
    return this.#keyById.has(sealingAs.slice(4));
  }

  /** A value that changes when the handle key does and does not tell it. */
  handleKeyFingerprint(): string {
    return fingerprint(this.#handleKey, 'handle key');
  }

  /** The way of sealing of a store that has this fingerprint of its two keys together; undefined when neither key is here. */
  oldWay(together: string): string | undefined {
    const key = this.#keys.find((candidate) => {
      const both = Buffer.concat([candidate.key, this.#handleKey]);
      return fingerprint(both, 'key fingerprint') === together;
    });
    return key && wayOf(FORMAT.withoutKey, 'aes-256-gcm', key.id).toString('hex');
  }

  /** What is sealed in a column today is bound to. */
  #boundNow(column: string): Buffer {
    let bound = this.#bound.get(column);
    if (!bound) {
      bound = boundTo(column, this.#header);
      this.#bound.set(column, bound);
    }
    return bound;
  }

  #openWithoutKey(column: string, bytes: Buffer): string {
    let failure: unknown;
    for (const key of this.#keys) {
      try {
        return cipherOf(key, CIPHER_NUMBER['aes-256-gcm']).open(Buffer.from(column), bytes);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

function requireKey(name: string, key: Uint8Array): void {
  if (key.length !== 32) throw new RangeError(`${name}: must be 32 bytes`);
}

function cipherOf(key: HeldKey, number: number): ColumnCipher {
  let cipher = key.ciphers.get(number);
  if (!cipher) {
    const name = (Object.keys(CIPHER_NUMBER) as Cipher[]).find((candidate) => CIPHER_NUMBER[candidate] === number);
    if (!name) throw new Error('unknown cipher of an encrypted column');
    cipher = new ColumnCipher(name, key.key);
    key.ciphers.set(number, cipher);
  }
  return cipher;
}

function wayOf(format: number, cipher: Cipher, keyId: string): Buffer {
  return Buffer.concat([Buffer.of(format, CIPHER_NUMBER[cipher]), Buffer.from(keyId, 'hex')]);
}

function boundTo(column: string, header: Buffer): Buffer {
  return Buffer.concat([header, Buffer.from(column)]);
}

function keyId(key: Uint8Array): string {
  return fingerprint(key, 'column key', KEY_ID_BYTES);
}

function fingerprint(key: Uint8Array, purpose: string, bytes = 8): string {
  return Buffer.from(hkdfSync('sha256', key, 'casegraph', purpose, bytes)).toString('hex');
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
