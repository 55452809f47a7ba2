import { readFileSync } from 'node:fs';
import index from '../golden/unified-acceptance/transcripts/index.json' with { type: 'json' };
import { parseHttp } from '../http-message.ts';

const FOLDER = new URL('../golden/unified-acceptance/transcripts/', import.meta.url);

/** One golden transcript: the bytes of both messages, and what they hold. */
export interface Transcript {
  readonly id: string;
  readonly apiCode: string;
  /** `yyyyMMdd` of the platform's clock. */
  readonly date: string;
  readonly request: HttpText;
  readonly response: HttpText;
}

/** An HTTP message as it stands in a file. */
export interface HttpText {
  readonly bytes: Buffer;
  /** `POST /uap/api/alloc HTTP/1.1`. */
  readonly startLine: string;
  /** With their names as written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const transcripts: readonly Transcript[] = index.cases.map(({ id, apiCode, date }) => ({
  id,
  apiCode,
  date,
  request: readHttp(`${id}.request.http`),
  response: readHttp(`${id}.response.http`),
}));

export const goldenCaller = { appId: index.appId, appSecret: index.appSecret, apiKey: index.apiKey };

export function transcript(number: string): Transcript {
  const found = transcripts.find(({ id }) => id.startsWith(`${number}-`));
  if (!found) throw new Error(`no transcript ${number}`);
  return found;
}

/** The body of a golden message as an object. */
export function bodyOf(message: HttpText): Record<string, unknown> {
  return JSON.parse(message.body.toString('utf8'));
}

/** The first record of a golden request. */
export function recordOf(message: HttpText): Record<string, unknown> {
  const { param } = bodyOf(message) as { param: Record<string, Record<string, unknown>[]> };
  const [record] = Object.values(param).flat();
  if (!record) throw new Error('the message has no record');
  return record;
}

function readHttp(name: string): HttpText {
  const { bytes, startLine, headers, body } = parseHttp(readFileSync(new URL(name, FOLDER)));
  return { bytes, startLine, headers: Object.fromEntries(headers), body };
}
