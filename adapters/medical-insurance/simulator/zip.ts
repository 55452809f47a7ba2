import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** Reconciliation files travel as a zip with one entry (wire spec 3.13): just enough of the format (PKWARE APPNOTE) for that. */

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
const VERSION = 20;
/** General purpose bit 11: the name is UTF-8. */
const UTF8_NAME = 0x0800;
/** 1980-01-01, the format's first day, so that equal content gives equal bytes. */
const DOS_DATE = 0x0021;
const LARGEST_ENTRY = 64 * 1024 * 1024;

/** True when the bytes begin as a zip does. */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL_HEADER;
}

/** A zip with one deflated entry. */
export function zipOf(name: string, content: Buffer): Buffer {
  const nameBytes = Buffer.from(name, 'utf8');
  const packed = deflateRawSync(content);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(VERSION, 0);
  shared.writeUInt16LE(UTF8_NAME, 2);
  shared.writeUInt16LE(DEFLATED, 4);
  shared.writeUInt16LE(DOS_DATE, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(nameBytes.length, 22);
  const local = Buffer.concat([u32(LOCAL_HEADER), shared, nameBytes, packed]);
  const central = Buffer.concat([u32(CENTRAL_HEADER), u16(VERSION), shared, Buffer.alloc(14), nameBytes]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_DIRECTORY, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** The content of the first entry of a zip. Throws when the bytes are no zip, or one that needs more than this reads. */
export function unzipFirst(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(u32(END_OF_DIRECTORY));
  if (end < 0) throw new RangeError('no directory at the end');
  const central = bytes.readUInt32LE(end + 16);
  if (bytes.readUInt32LE(central) !== CENTRAL_HEADER) throw new RangeError('no entry');
  const method = bytes.readUInt16LE(central + 10);
  const packedLength = bytes.readUInt32LE(central + 20);
  const local = bytes.readUInt32LE(central + 42);
  if (bytes.readUInt32LE(local) !== LOCAL_HEADER) throw new RangeError('no entry where the directory says');
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + packedLength);
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed, { maxOutputLength: LARGEST_ENTRY });
  throw new RangeError('unknown method');
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
