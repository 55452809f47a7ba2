import { z } from 'zod';
import { checked } from '../../values/checked.ts';
import { chinaDate, instantFromChina } from '../../values/china-time.ts';
import { protocolFault } from '../errors.ts';
import type { Authentication } from '../signing.ts';
import type { Envelope } from './envelope.ts';

export interface WrappedSecret {
  readonly wrapped: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
}

/** The refresh call's body: the four values, in the body only (wire spec 1.2). */
export function encodeRefresh(authentication: Authentication): string {
  return JSON.stringify(authentication);
}

const data = z.object({
  secret: z.string().min(1),
  secretEndTime: z
    .union([z.string().regex(/^\d{0,15}$/), z.int().positive()])
    .nullish()
    .transform((value) => (value === undefined || value === null || value === '' ? undefined : Number(value))),
});

/**
 * Reads the answer of a refresh that succeeded. Where the end is missing the secret lasts to the end of the day in China (wire spec
 * 1.5), `instant` telling which day.
 */
export function decodeRefresh(envelope: Envelope, instant: number): WrappedSecret {
  const { secret, secretEndTime } = checked(data, envelope.data, 'data', protocolFault);
  return { wrapped: secret, validUntil: secretEndTime ?? endOfDay(instant) };
}

function endOfDay(instant: number): number {
  return instantFromChina(chinaDate(instant)) + 24 * 3_600_000 - 1;
}
