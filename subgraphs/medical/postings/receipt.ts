import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { chinaIso } from '../../../adapters/values/china-time.ts';
import type { PostingKind } from './content.ts';

const ISSUER = 'casegraph';

/** What a receipt says: that a posting is stored. */
export interface ReceiptFacts {
  /** The posting. */
  readonly id: string;
  readonly hospital: string;
  readonly document: string;
  readonly version: number;
  readonly kind: PostingKind;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** SHA-256 of the entry, hexadecimal. */
  readonly digest: string;
}

export interface PublishedKey {
  /** `kid` of the signatures: the key's thumbprint (RFC 7638). */
  readonly id: string;
  /** JSON Web Key (RFC 8037). */
  readonly jwk: string;
}

interface SigningKey {
  readonly key: KeyObject;
  /** The protected header of its signatures, as they begin. */
  readonly header: string;
  readonly published: PublishedKey;
}

/** Signs what hospitals keep: receipts, and what they are told later. The first key signs; all are published. */
export class PostingSigner {
  readonly #keys: readonly SigningKey[];

  /** @param pems Ed25519 keys, PKCS#8. */
  constructor(pems: readonly string[]) {
    this.#keys = pems.map((pem) => {
      const key = createPrivateKey(pem);
      const published = publishedOf(key);
      return { key, header: encoded({ alg: 'EdDSA', kid: published.id }), published };
    });
  }

  get published(): readonly PublishedKey[] {
    return this.#keys.map(({ published }) => published);
  }

  /** Throws `FORBIDDEN` where no key is configured: nothing is taken that no receipt can be given for. */
  checkKeys(): void {
    this.#current();
  }

  /**
   * A receipt as a compact JSON Web Signature (RFC 7515, EdDSA of RFC 8037): the same facts give the same text. A batch has a thousand of
   * them, so that they are signed beside the event loop.
   */
  async receipt({ id, hospital, document, version, kind, storedAt, digest }: ReceiptFacts): Promise<string> {
    const { key, header } = this.#current();
    const payload = { iss: ISSUER, sub: id, hospital, document, version, kind, storedAt: chinaIso(storedAt), digest };
    const signed = `${header}.${encoded(payload)}`;
    const signature = await signBeside(null, Buffer.from(signed), key);
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** The signature of some bytes by the current key. */
  sign(bytes: Uint8Array): Buffer {
    return sign(null, bytes, this.#current().key);
  }

  #current(): SigningKey {
    const [current] = this.#keys;
    if (current) return current;
    throw new CasegraphError('FORBIDDEN', 'Postings are not taken here: postings.signingKeys names no key.', {
      detailZh: '本系统未配置报送回执签名密钥（postings.signingKeys），不受理报送。',
    });
  }
}

const signBeside = promisify<null, Uint8Array, KeyObject, Buffer>(sign);

function publishedOf(key: KeyObject): PublishedKey {
  const { crv, kty, x } = createPublicKey(key).export({ format: 'jwk' });
  const id = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  return { id, jwk: JSON.stringify({ kty, crv, x, kid: id, alg: 'EdDSA', use: 'sig' }) };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
