/** An HTTP/1.1 message as it went over a socket. */
export interface HttpMessage {
  readonly bytes: Buffer;
  /** `POST /uap/api/alloc HTTP/1.1`. */
  readonly startLine: string;
  /** In the order and spelling of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Takes a message with Content-Length apart. Bytes after it are left out. */
export function parseHttp(bytes: Buffer): HttpMessage {
  const end = bytes.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  const whole = end + 4 + Number(length ?? 0);
  return { bytes: bytes.subarray(0, whole), startLine, headers, body: bytes.subarray(end + 4, whole) };
}

/** True once a whole message has come. */
export function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, end).toString('latin1'))?.[1];
  return bytes.length >= end + 4 + Number(length ?? 0);
}

/** A header's value by its exact spelling. */
export function header(message: HttpMessage, name: string): string | undefined {
  return message.headers.find(([spelt]) => spelt === name)?.[1];
}

/** The body as JSON. */
export function json(message: HttpMessage): unknown {
  return JSON.parse(message.body.toString('utf8'));
}
