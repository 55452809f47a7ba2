import { createCipheriv, createDecipheriv } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/**
 * SM2 signatures over SM3 and SM4 encryption as the platform's schemes use them (国密, wire spec 1.4). SM4 is node's own; node's SM2
 * `sign` is plain ECDSA over SM3 without the user id's hash and fails the standard's vectors, so SM2 comes from a library.
 */

/** The user id that the standard gives when nothing else was agreed. */
export const DEFAULT_USER_ID = '1234567812345678';

/** A private key as 64 hex digits, from hex, base64 of the 32-byte scalar, or PKCS#8 as PEM or base64. Throws `RangeError`. */
export function readPrivateKey(text: string): string {
  const compact = text.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');
  if (/^[0-9a-fA-F]{64}$/.test(compact)) return compact.toLowerCase();
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length === 32) return bytes.toString('hex');
  // RFC 5915 inside PKCS#8: INTEGER 1, then the scalar as an OCTET STRING of 32 bytes.
  const scalar = /0201010420([0-9a-f]{64})/.exec(bytes.toString('hex'))?.[1];
  if (scalar === undefined) throw new RangeError('cipher.privateKey: not an SM2 private key in a known form');
  return scalar;
}

/** A public key as 130 hex digits beginning with 04, which some leave out. Throws `RangeError`. */
export function readPublicKey(text: string): string {
  const hex = text.trim().toLowerCase();
  const whole = /^[0-9a-f]{128}$/.test(hex) ? `04${hex}` : hex;
  if (!/^04[0-9a-f]{128}$/.test(whole) || !isOnCurve(whole)) {
    throw new RangeError('cipher.platformPublicKey: not an SM2 public key in hex');
  }
  return whole;
}

/** The library throws for some points that are none and answers false for others. */
function isOnCurve(publicKey: string): boolean {
  try {
    return sm2.verifyPublicKey(publicKey);
  } catch {
    return false;
  }
}

/** The signature r‖s (or its DER form) of a text, as hex; a fresh random k each time. */
export function signSm2(text: string, privateKey: string, userId: string, form: 'rs' | 'der' = 'rs'): string {
  return sm2.doSignature(text, privateKey, { hash: true, userId, der: form === 'der' });
}

/** Whether a signature, r‖s or DER, in hex or base64, is right. Never throws: what cannot be read is wrong. */
export function verifySm2(text: string, signature: string, publicKey: string, userId: string): boolean {
  const hex = /^[0-9a-fA-F]+$/.test(signature)
    ? signature.toLowerCase()
    : Buffer.from(signature, 'base64').toString('hex');
  const der = hex.length !== 128;
  try {
    return sm2.doVerifySignature(text, hex, publicKey, { hash: true, userId, der });
  } catch {
    return false;
  }
}

/** SM4, ECB, PKCS#7: the mode is dictated by the counterpart (wire spec 1.4, C2 and D). */
export function encryptSm4(text: string, key: Buffer): Buffer {
  const cipher = createCipheriv('sm4-ecb', key, null);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
}

/** The text again. Throws what node throws when key or padding are wrong. */
export function decryptSm4(bytes: Buffer, key: Buffer): string {
  const cipher = createDecipheriv('sm4-ecb', key, null);
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat([cipher.update(bytes), cipher.final()]));
}
