import { createHash, timingSafeEqual } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/**
 * The frame's digest (校验串): SHA-256 over the shared token and the XML's bytes, 64 lower-case hex digits (wire spec 1.1). The
 * counterpart dictates this construction, which is no HMAC.
 */
export function frameDigest(token: string, xml: Uint8Array): string {
  return createHash('sha256').update(token, 'utf8').update(xml).digest('hex');
}

/** Compares a received digest, in either case, with the right one in constant time (wire spec 1.1). */
export function isFrameDigest(received: string, token: string, xml: Uint8Array): boolean {
  if (!/^[0-9a-fA-F]{64}$/.test(received)) return false;
  return timingSafeEqual(Buffer.from(received, 'hex'), Buffer.from(frameDigest(token, xml), 'hex'));
}

/** SHA-256 of bytes, lower-case hex: the digest of a statement's details (wire spec 3.6). */
export function contentDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The detached SM2 signature of an e-bill over its UTF-8 text (wire spec section 1): Base64 of the DER form [designed, the form is not
 * public]. `privateKey` is 64 hex digits.
 */
export function eBillSignature(eBill: string, privateKey: string): string {
  const signature = sm2.doSignature(Buffer.from(eBill, 'utf8'), privateKey, { hash: true, der: true });
  return Buffer.from(signature, 'hex').toString('base64');
}

export interface StandardWebSigned {
  readonly region: string;
  readonly deptcode: string;
  readonly appid: string;
  readonly data: string;
  readonly noise: string;
  readonly version: string;
}

/**
 * The signature of the standard-web dialect: upper-case hex MD5 over the members in this order, the secret between `noise` and `version`,
 * nothing encoded (wire spec section 8). MD5 because the counterpart demands it.
 */
export function standardWebSign(signed: StandardWebSigned, key: string): string {
  const { region, deptcode, appid, data, noise, version } = signed;
  const text = `region=${region}&deptcode=${deptcode}&appid=${appid}&data=${data}&noise=${noise}&key=${key}&version=${version}`;
  return createHash('md5').update(text, 'utf8').digest('hex').toUpperCase();
}
