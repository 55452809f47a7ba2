import { randomBytes } from 'node:crypto';

/** Random bytes are fetched for many ids at once: asking for a few costs as much as asking for thousands. */
const IDS = 512;
const RANDOM_BYTES = 10;
/** Of the 26 bits that count the ids of one moment, so many are random at first. */
const COUNTER = { bits: 26, randomBits: 20 };

let random = Buffer.alloc(0);
let lastMoment = -1;
let counter = 0;

/**
 * A version 7 UUID of a moment (RFC 9562, section 6.2, method 1): those that a process makes for one moment sort in the order in which
 * they were made.
 * @param at milliseconds since 1970.
 */
export function postingId(at: number): string {
  if (random.length < RANDOM_BYTES) random = randomBytes(IDS * RANDOM_BYTES);
  const rest = random.subarray(0, RANDOM_BYTES);
  random = random.subarray(RANDOM_BYTES);
  counter =
    at === lastMoment && counter < 2 ** COUNTER.bits - 1
      ? counter + 1
      : rest.readUIntBE(0, 3) >>> (24 - COUNTER.randomBits);
  lastMoment = at;
  return written(at, counter, rest.subarray(4));
}

/** What the ids of a moment begin with: below all of them, and above those of all moments before. */
export function postingIdPrefix(at: number): string {
  const moment = Math.max(Math.trunc(at), 0).toString(16).padStart(12, '0');
  return `${moment.slice(0, 8)}-${moment.slice(8)}-`;
}

/** Moment (48 bits), version, counter (12 bits), variant, counter (14 bits), random (48 bits). */
function written(at: number, count: number, rest: Buffer): string {
  const high = (0x7000 | (count >>> 14)).toString(16);
  const low = (0x8000 | (count & 0x3fff)).toString(16);
  return `${postingIdPrefix(at)}${high}-${low}-${rest.toString('hex')}`;
}
