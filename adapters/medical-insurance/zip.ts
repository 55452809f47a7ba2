import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * The one-entry zip archives of reconciliation (wire spec 3.13): node:zlib deflates but knows no archive, and one entry does not
 * justify a dependency. No zip64, no encryption, no data descriptors on writing.
 */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
const STORED = 0;
/** Names are UTF-8. */
const UTF8 = 0x0800;
/** 1 January 1980, the first day that an entry can carry: the same content gives the same bytes. */
const NO_DATE = 0x0021;

/** Bytes that are no archive, or not one with the entry asked for. */
export class ZipFault extends Error {
  override readonly name = 'ZipFault';
}

/** An archive with one deflated entry. */
export function zipOf(entryName: string, content: Uint8Array): Buffer {
  const name = Buffer.from(entryName, 'utf8');
  const packed = deflateRawSync(content);

  // The 26 bytes that local and central header share, from "version needed" on.
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(UTF8, 2);
  shared.writeUInt16LE(DEFLATED, 4);
  shared.writeUInt16LE(NO_DATE, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(name.length, 22);

  const local = Buffer.concat([uint32(LOCAL), shared, name, packed]);
  const madeBy = Buffer.from([20, 0]);
  const rest = Buffer.alloc(14); // comment, disk, attributes, and 0 as the place of the local header
  const central = Buffer.concat([uint32(CENTRAL), madeBy, shared, rest, name]);

  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, uint32(END), end]);
}

/** True for bytes that begin as an archive does. */
export function looksZipped(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32LE(0) === LOCAL;
}

/** The content of the entry so named, at most `limit` bytes of it. Throws `ZipFault`. */
export function unzip(archive: Buffer, entryName: string, limit: number): Buffer {
  try {
    return read(archive, entryName, limit);
  } catch (error) {
    // Offsets beyond the end, and what zlib says of broken data.
    throw error instanceof ZipFault ? error : new ZipFault('broken archive', { cause: error });
  }
}

function read(archive: Buffer, entryName: string, limit: number): Buffer {
  const end = archive.lastIndexOf(uint32(END));
  if (end < 0) throw new ZipFault('no archive');
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < entries; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new ZipFault('broken directory');
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === entryName) return entryAt(archive, at, limit);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new ZipFault(`no entry ${entryName}`);
}

/** Sizes come from the directory: a local header may leave them to a descriptor behind the data. */
function entryAt(archive: Buffer, directory: number, limit: number): Buffer {
  const method = archive.readUInt16LE(directory + 10);
  const checksum = archive.readUInt32LE(directory + 16);
  const packedLength = archive.readUInt32LE(directory + 20);
  const local = archive.readUInt32LE(directory + 42);
  if (archive.readUInt32LE(local) !== LOCAL) throw new ZipFault('broken entry');
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (start + packedLength > archive.length) throw new ZipFault('cut off');

  const packed = archive.subarray(start, start + packedLength);
  if (method !== STORED && method !== DEFLATED) throw new ZipFault('unknown compression');
  const content = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: limit });
  if (content.length > limit || crc32(content) !== checksum) throw new ZipFault('wrong content');
  return content;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
