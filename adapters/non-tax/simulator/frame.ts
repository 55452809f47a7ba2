import { createHash, timingSafeEqual } from 'node:crypto';

const APPLICATION = 'CNNONTAX';
const HEAD_BYTES = 23;
const DIGEST_BYTES = 64;
const LARGEST = 4 * 1024 * 1024;

/** A frame that the reader throws away (wire spec 1.1, "Reader algorithm"). There is no answer to it: the connection is closed. */
export class FrameRefused extends Error {
  override readonly name = 'FrameRefused';
}

export interface Frame {
  /** `1.0` when right; the business answer to another is 10003. */
  readonly version: string;
  readonly messageNumber: string;
  readonly xml: Buffer;
}

/** The length a frame announces, once its first 8 bytes are there. Throws `FrameRefused`. */
export function announcedLength(received: Buffer): number | undefined {
  if (received.length < 8) return undefined;
  const field = received.toString('latin1', 0, 8);
  if (!/^\d{1,8} *$/.test(field)) throw new FrameRefused('length is not a number');
  const length = Number(field);
  if (length < HEAD_BYTES + DIGEST_BYTES || length > LARGEST) throw new FrameRefused('length out of range');
  return length;
}

/** Takes a whole frame apart after checking its length, application and digest. Throws `FrameRefused`. */
export function readFrame(frame: Buffer, token: string): Frame {
  if (announcedLength(frame) !== frame.length) throw new FrameRefused('length differs');
  if (frame.toString('latin1', 8, 16) !== APPLICATION) throw new FrameRefused('another application');
  const xml = frame.subarray(HEAD_BYTES, frame.length - DIGEST_BYTES);
  const digest = frame.toString('latin1', frame.length - DIGEST_BYTES).toLowerCase();
  if (!timingSafeEqual(Buffer.from(digest, 'latin1'), Buffer.from(digestOf(xml, token)))) {
    throw new FrameRefused('digest differs');
  }
  return { version: frame.toString('latin1', 16, 19), messageNumber: messageNumberOf(frame), xml };
}

/** The message number of a frame that nothing else is known of, for counting; `unknown` when there is none. */
export function messageNumberOf(frame: Buffer): string {
  const number = frame.toString('latin1', 19, HEAD_BYTES);
  return /^\d{4}$/.test(number) ? number : 'unknown';
}

/** Makes a frame. Finance writes its digest in capitals (wire spec 1.1). */
export function encodeFrame(messageNumber: string, xml: Buffer, token: string): Buffer {
  const length = HEAD_BYTES + xml.length + DIGEST_BYTES;
  const head = `${String(length).padEnd(8)}${APPLICATION}1.0${messageNumber}`;
  return Buffer.concat([Buffer.from(head, 'latin1'), xml, Buffer.from(digestOf(xml, token).toUpperCase(), 'latin1')]);
}

/** The frame with the digest of another token; with the right token and wrong bytes when none is given. */
export function spoilDigest(frame: Buffer, otherToken?: string): Buffer {
  const xml = frame.subarray(HEAD_BYTES, frame.length - DIGEST_BYTES);
  const digest = frame.toString('latin1', frame.length - DIGEST_BYTES);
  const spoiled =
    otherToken === undefined
      ? `${digest.slice(0, -1)}${digest.endsWith('0') ? '1' : '0'}`
      : digestOf(xml, otherToken).toUpperCase();
  return Buffer.concat([frame.subarray(0, frame.length - DIGEST_BYTES), Buffer.from(spoiled, 'latin1')]);
}

function digestOf(xml: Buffer, token: string): string {
  return createHash('sha256').update(token, 'utf8').update(xml).digest('hex');
}
