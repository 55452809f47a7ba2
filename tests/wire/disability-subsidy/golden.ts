import { readFileSync } from 'node:fs';

const ROOT = new URL('../golden/disability-subsidy/', import.meta.url);

export interface GoldenCase {
  readonly id: string;
  readonly sid: string;
  readonly rtime: string;
  readonly sign: string;
  readonly requestBody: Record<string, unknown>;
  readonly responseStatus: number;
  readonly responseBody: unknown;
}

interface Index {
  readonly rid: string;
  readonly appKeys: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly cases: readonly GoldenCase[];
}

/** The transcripts' index: keys, secrets, cases. */
export const INDEX = goldenJson<Index>('transcripts/index.json');

export function goldenJson<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8')) as T;
}

/** The case whose id begins with these two digits. */
export function goldenCase(number: string): GoldenCase {
  const found = INDEX.cases.find(({ id }) => id.startsWith(`${number}-`));
  if (!found) throw new Error(`no golden case ${number}`);
  return found;
}

/** A whole HTTP message as bytes: head and body as they went over the socket. */
export function goldenMessage(number: string, side: 'request' | 'response'): HttpMessage {
  return parseHttp(readFileSync(new URL(`transcripts/${goldenCase(number).id}.${side}.http`, ROOT)));
}

export interface HttpMessage {
  readonly bytes: Buffer;
  readonly startLine: string;
  /** In the order and spelling of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Takes an HTTP/1.1 message with Content-Length apart. Bytes after it are left out. */
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
  if (!bytes.includes('\r\n\r\n')) return false;
  const { headers, body } = parseHttp(bytes);
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return body.length === Number(length ?? 0);
}

/** A header's value by its exact spelling. */
export function header(message: HttpMessage, name: string): string | undefined {
  return message.headers.find(([spelt]) => spelt === name)?.[1];
}

export function json(message: HttpMessage): unknown {
  return JSON.parse(message.body.toString('utf8'));
}
