import { createHash, type KeyObject, sign, verify } from 'node:crypto';

/**
 * The registry's digital signature (数字签名, wire spec 1.1): SHA1withRSA over the 16 raw MD5 bytes of the message text with an empty
 * BizMsgID. MD5 and SHA-1 are weak and dictated by the counterpart: the signature counts as an integrity check inside TLS, no more.
 */

/** Stands in the text that is signed; takes the id and the signature afterwards. */
const EMPTY_ID = '<BizMsgID></BizMsgID>';

/** The observed writer puts exactly CR LF between the two elements, observed samples LF only: any white space is read. */
const SIGNED_ID = /<BizMsgID>([^<>]*)<\/BizMsgID>\s*<DigitalSign>\s*([0-9A-Fa-f]+)\s*<\/DigitalSign>/g;

/** MD5 of a message text's UTF-8 bytes: 16 raw bytes. */
export function messageDigest(unsigned: string): Buffer {
  return createHash('md5').update(unsigned, 'utf8').digest();
}

/**
 * Signs a message. `unsigned` holds one empty BizMsgID element and no DigitalSign; the answer is the same text with the id, CR LF and
 * the signature in lower-case hex in its place.
 */
export function signMessage(unsigned: string, bizMessageId: string, key: KeyObject): string {
  const signature = sign('RSA-SHA1', messageDigest(unsigned), key).toString('hex');
  const signed = `<BizMsgID>${bizMessageId}</BizMsgID>\r\n<DigitalSign>${signature}</DigitalSign>`;
  return unsigned.replace(EMPTY_ID, () => signed);
}

/** A received message taken apart for checking. */
export interface DetachedSignature {
  /** The text that was signed. Only this is to be read any further. */
  readonly unsigned: string;
  readonly bizMessageId: string;
  /** Hex. */
  readonly signature: string;
}

/** Undoes the last step of signing. Undefined unless the text holds exactly one id followed by one signature. */
export function detachSignature(signed: string): DetachedSignature | undefined {
  const [match, ...others] = signed.matchAll(SIGNED_ID);
  if (!match || others.length > 0) return undefined;
  const [whole, bizMessageId = '', signature = ''] = match;
  const unsigned = signed.slice(0, match.index) + EMPTY_ID + signed.slice(match.index + whole.length);
  return { unsigned, bizMessageId, signature };
}

/** True when the signature was made over this text with the private half of `key`. */
export function isSignedBy({ unsigned, signature }: DetachedSignature, key: KeyObject): boolean {
  return verify('RSA-SHA1', messageDigest(unsigned), key, Buffer.from(signature, 'hex'));
}
