import { readFileSync } from 'node:fs';
import { type HttpMessage, parseHttp } from '../http-message.ts';

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
