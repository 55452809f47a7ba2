import { setTimeout as sleep } from 'node:timers/promises';
import { TransportFailure } from '../../../adapters/transport/failure.ts';
import { type HttpClient, httpClient } from '../../../adapters/transport/http.ts';
import { type Met, readAnswer } from './answer.ts';
import type { Bilingual } from './language.ts';
import { notTaken, unfinished } from './refusals.ts';

export interface ClientOptions {
  /** Of the gateway, with or without `/graphql`. */
  readonly url: string;
  /** Sent as Bearer. */
  readonly token?: string | undefined;
  /** So long one request is tried. */
  readonly patienceMs: number;
  /** Aborted when the user ends the command: no further try. */
  readonly stop: AbortSignal;
  readonly note: (text: Bilingual) => void;
  /** Requests at once. */
  readonly connections: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const REQUEST_MS = 60_000;

/**
 * Asks a gateway over HTTP, again and again while it cannot be reached or takes no more. Every request may be sent twice: a mutation
 * carries its idempotency key.
 */
export class GatewayClient {
  readonly #options: ClientOptions;
  readonly #http: HttpClient;
  readonly #path: string;
  readonly #address: string;

  constructor(options: ClientOptions) {
    const { origin, pathname } = readAddress(options.url);
    this.#options = options;
    this.#address = origin;
    this.#path = `${pathname.replace(/\/(graphql\/?)?$/, '')}/graphql`;
    this.#http = httpClient({
      origin,
      connectTimeoutMs: 10_000,
      readTimeoutMs: REQUEST_MS,
      connections: options.connections,
    });
  }

  /**
   * @param variables as JSON text
   * @param wanted the member of the answer without which it is none
   * @returns the answer's `data`
   * Throws `ConsoleRefusal` when the gateway refuses, and when patience is at its end.
   */
  async ask<Data extends object>(operation: string, variables: string, wanted?: keyof Data & string): Promise<Data> {
    const { patienceMs, stop, note } = this.#options;
    const body = `{"query":${JSON.stringify(operation)},"variables":${variables}}`;
    const giveUpAt = Date.now() + patienceMs;
    for (let attempt = 1; ; attempt += 1) {
      const met = await this.#once(body, wanted);
      if ('data' in met) return met.data as Data;
      if (!met.again) throw unfinished(met.text, met.code);
      const pauseMs = Math.max(met.afterMs ?? 0, pauseAfter(attempt));
      if (Date.now() + pauseMs > giveUpAt || stop.aborted) throw unfinished(met.text);
      const seconds = (pauseMs / 1_000).toFixed(1);
      note({ en: `${met.text.en} Trying again in ${seconds} s.`, zh: `${met.text.zh}${seconds}秒后重试。` });
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => {
        throw unfinished(met.text);
      });
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #once(body: string, wanted: string | undefined): Promise<Met> {
    const { token } = this.#options;
    try {
      const answer = await this.#http.exchange({
        method: 'POST',
        path: this.#path,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body,
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      return readAnswer(answer, this.#address, wanted);
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      return { again: error.kind !== 'malformed' && error.kind !== 'too-large', text: this.#tell(error) };
    }
  }

  #tell({ kind }: TransportFailure): Bilingual {
    const address = this.#address;
    switch (kind) {
      case 'connect':
        return { en: `${address} cannot be reached.`, zh: `无法连接${address}。` };
      case 'timeout':
      case 'aborted':
        return { en: `${address} did not answer in time.`, zh: `${address}未在时限内应答。` };
      case 'closed':
        return { en: `${address} closed the connection.`, zh: `${address}断开了连接。` };
      case 'malformed':
      case 'too-large':
        return { en: `What answers at ${address} is no gateway.`, zh: `${address}的应答不是网关的应答。` };
    }
  }
}

/** Doubles, less up to half of it at random. */
function pauseAfter(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '' && url.username === '')
    return url;
  throw notTaken({
    en: '--url: must be an address such as https://gateway.example:4000',
    zh: '--url：应为网关地址，例如https://gateway.example:4000',
  });
}
