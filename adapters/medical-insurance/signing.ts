import { createHash, randomUUID } from 'node:crypto';

/** What the gateway signature is made from (wire spec 1.2). */
export interface GatewaySignature {
  readonly token: string;
  /** Unix time in seconds, decimal text. */
  readonly timestamp: string;
  /** Never the same twice. */
  readonly nonce: string;
}

/** Lower-case hex of SHA-256 over timestamp + token + nonce + timestamp; the body is not covered (wire spec 1.2). */
export function gatewaySignature({ token, timestamp, nonce }: GatewaySignature): string {
  return createHash('sha256').update(`${timestamp}${token}${nonce}${timestamp}`, 'utf8').digest('hex');
}

/** The four `x-tif-` headers of one attempt at an instant (milliseconds since 1970), with a nonce of its own. */
export function gatewayHeaders(paasid: string, token: string, instant: number): Record<string, string> {
  const timestamp = String(Math.floor(instant / 1_000));
  const nonce = randomUUID();
  return {
    'x-tif-paasid': paasid,
    'x-tif-timestamp': timestamp,
    'x-tif-nonce': nonce,
    'x-tif-signature': gatewaySignature({ token, timestamp, nonce }),
  };
}
