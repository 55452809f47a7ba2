import { protocolFault } from '../errors.ts';
import { frameDigest, isFrameDigest } from '../signing.ts';
import { decodeGb18030 } from './gb18030.ts';

/** The frame (报文帧) of wire spec 1.1: length 8, application 8, version 3, message number 4, XML, digest 64. */
const APPLICATION = 'CNNONTAX';
const VERSION = '1.0';
const HEADER_BYTES = 23;
const DIGEST_BYTES = 64;

/** The bytes of a frame without its XML: the shortest length that a frame may announce. */
export const FRAME_OVERHEAD = HEADER_BYTES + DIGEST_BYTES;

/** The longest frame taken (wire spec 1.1). */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;

const LENGTH_BYTES = 8;
const LF = 0x0a;
const CR = 0x0d;
const XML_END = '</CFX>';

/** A frame that passed every check of wire spec 1.1 below its XML. */
export interface OpenFrame {
  /** 报文编号: `8994`. */
  readonly number: string;
  /** From `<?xml` to `</CFX>`. */
  readonly xml: string;
}

/**
 * The length that a frame announces, in bytes, once its first eight bytes are there. Throws `DEPARTMENT_PROTOCOL` for a length that is
 * no number or outside 87 bytes to 4 MiB.
 */
export function frameLength(received: Buffer, limit = MAX_FRAME_BYTES): number | undefined {
  if (received.length < LENGTH_BYTES) return undefined;
  const text = received.toString('latin1', 0, LENGTH_BYTES);
  if (!/^\d{1,8} *$/.test(text)) throw protocolFault('frame.length', 'LENGTH_INVALID: the length is not a number');
  const length = Number(text);
  if (length < FRAME_OVERHEAD || length > limit) {
    throw protocolFault('frame.length', 'LENGTH_INVALID: the length is out of range');
  }
  return length;
}

/**
 * Builds a frame around XML, which must be ASCII; `standalone` is taken out of its declaration before the digest is made (wire spec 1.1).
 */
export function sealFrame({ number, xml }: OpenFrame, token: string): Buffer {
  const body = Buffer.from(withoutStandalone(xml), 'ascii');
  const length = String(FRAME_OVERHEAD + body.length).padEnd(LENGTH_BYTES, ' ');
  return Buffer.concat([
    Buffer.from(length + APPLICATION + VERSION + number, 'ascii'),
    body,
    Buffer.from(frameDigest(token, body), 'ascii'),
  ]);
}

/**
 * Checks a whole frame and takes its XML out. What follows the frame, a line feed mostly, is ignored, and so are line feeds between the
 * XML and the digest; whatever the XML declares, it is read as GB18030 (wire spec section 1). Throws `DEPARTMENT_PROTOCOL`.
 */
export function openFrame(received: Buffer, token: string): OpenFrame {
  const length = frameLength(received);
  if (length === undefined || received.length < length) {
    throw protocolFault('frame.length', 'INCOMPLETE: the frame is shorter than it says');
  }
  const frame = received.subarray(0, length);
  const field = (from: number, to: number) => frame.toString('latin1', from, to);
  if (field(8, 16) !== APPLICATION) throw protocolFault('frame.application', 'APP_MISMATCH');
  if (field(16, 19) !== VERSION) throw protocolFault('frame.version', 'VERSION_MISMATCH');
  const number = field(19, HEADER_BYTES);
  if (!/^\d{4}$/.test(number)) throw protocolFault('frame.number', 'the message number is no number');

  const xml = xmlPart(frame.subarray(HEADER_BYTES, length - DIGEST_BYTES));
  if (!isDigestOf(field(length - DIGEST_BYTES, length), token, xml)) {
    throw protocolFault('frame.digest', 'MAC_MISMATCH');
  }
  return { number, xml: textOf(xml) };
}

function xmlPart(body: Buffer): Buffer {
  const end = body.lastIndexOf(XML_END) + XML_END.length;
  // A length that is too small cuts the XML's own end off.
  if (end < XML_END.length || !isLineEnd(body.subarray(end))) {
    throw protocolFault('frame.length', 'LENGTH_MISMATCH: the XML does not end where the digest begins');
  }
  if (body.toString('latin1', 0, 5) !== '<?xml') throw protocolFault('frame.xml', 'the XML declaration is missing');
  return body.subarray(0, end);
}

/** Some senders' XML library adds `standalone`, which they take out for the digest only. */
function isDigestOf(received: string, token: string, xml: Buffer): boolean {
  if (isFrameDigest(received, token, xml)) return true;
  const text = xml.toString('latin1');
  const without = withoutStandalone(text);
  return without !== text && isFrameDigest(received, token, Buffer.from(without, 'latin1'));
}

function withoutStandalone(xml: string): string {
  return xml.replace(/^(<\?xml[^>]*?)\s+standalone\s*=\s*(?:"[^"]*"|'[^']*')/, '$1');
}

function textOf(xml: Buffer): string {
  try {
    return decodeGb18030(xml);
  } catch (error) {
    throw protocolFault('frame.xml', 'the XML is not GB18030', { cause: error });
  }
}

function isLineEnd(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === LF || byte === CR);
}
