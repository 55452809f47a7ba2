import iconv from 'iconv-lite';

const GB18030 = new TextDecoder('gb18030', { fatal: true });

/** The bytes of a text in GB18030, four-byte sequences included (wire spec 1). */
export function encodeGb18030(text: string): Buffer {
  return iconv.encode(text, 'gb18030');
}

/** The text of GB18030 bytes whatever label they carry (wire spec 1, traps). Throws `TypeError` for bytes that are none. */
export function decodeGb18030(bytes: Uint8Array): string {
  return GB18030.decode(bytes);
}

/** Strict Base64 without line breaks; `undefined` for anything else. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}
