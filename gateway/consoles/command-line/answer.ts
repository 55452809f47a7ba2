import { ERROR_TABLE } from '../../../adapters/transport/errors.ts';
import type { HttpAnswer } from '../../../adapters/transport/http.ts';
import type { Bilingual } from './language.ts';

/** What a request met: data, or a failure that another try may overcome. */
export type Met =
  | { readonly data: object }
  | {
      readonly again: boolean;
      readonly text: Bilingual;
      readonly afterMs?: number | undefined;
      /** The gateway's error code. */
      readonly code?: string;
    };

interface ShownError {
  readonly message?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Statuses of a gateway, or of what stands before it, that pass. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Longer than this nobody is made to wait by a header. */
const LONGEST_ASKED_MS = 300_000;

/** Reads an answer of GraphQL over HTTP, or of a proxy on the way. */
export function readAnswer({ status, headers, body }: HttpAnswer, address: string, wanted?: string): Met {
  const answer = parse(body);
  const afterMs = askedPause(headers['retry-after']);
  if (answer === undefined) {
    const text = {
      en: `What answers at ${address} is no gateway (HTTP ${status}).`,
      zh: `${address}的应答不是网关的应答（HTTP ${status}）。`,
    };
    return { again: PASSING.has(status), text, afterMs };
  }
  const { data, errors } = answer;
  if (isObject(data) && (wanted === undefined ? !isEmpty(data) : data[wanted] != null)) return { data };
  const [error] = Array.isArray(errors) ? (errors as readonly ShownError[]) : [];
  const code = String(error?.extensions?.code ?? '');
  const later = Object.hasOwn(ERROR_TABLE, code) && ERROR_TABLE[code as keyof typeof ERROR_TABLE].retry === 'later';
  return {
    again: later || (code === '' && PASSING.has(status)),
    text: tell(error, code, status),
    code,
    afterMs: asMilliseconds(error?.extensions?.retryAfterMs) ?? afterMs,
  };
}

/** True where every member is null: nothing was answered. */
function isEmpty(data: object): boolean {
  return Object.values(data).every((value) => value === null);
}

function tell(error: ShownError | undefined, code: string, status: number): Bilingual {
  const extensions = error?.extensions ?? {};
  const request = typeof extensions.requestId === 'string' ? ` [${extensions.requestId}]` : '';
  const label = code === '' ? `HTTP ${status}` : code;
  const en = typeof error?.message === 'string' ? error.message : 'The gateway answered nothing.';
  const zh = typeof extensions.messageZh === 'string' ? extensions.messageZh : en;
  return { en: `${label}: ${en}${request}`, zh: `${label}：${zh}${request}` };
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `retry-after` in seconds; its other form, a date, is left to the usual pause. */
function askedPause(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? asMilliseconds(Number(header) * 1_000) : undefined;
}

function asMilliseconds(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.min(value, LONGEST_ASKED_MS) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
