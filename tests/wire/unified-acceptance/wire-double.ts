import type { RequestHandler } from 'msw';
import { closeLater } from '../closing.ts';
import type { HttpMessage } from '../http-message.ts';
import { type HttpLoopback, rawLoopback } from '../loopback.ts';
import { mswLoopback } from '../msw-loopback.ts';

/** What a listener saw of a request. */
export interface Seen {
  readonly path: string;
  /** Names as they came over the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A listener that answers every request with the same bytes, whatever they are; closed when the test ends. */
export async function answerWith(bytes: Uint8Array): Promise<{ readonly url: string; readonly seen: readonly Seen[] }> {
  const { url, requests } = closeLater(await rawLoopback(() => bytes));
  return {
    url,
    get seen() {
      return requests.map(seenOf);
    },
  };
}

/** A listener that answers by msw handlers; closed when the test ends. */
export async function answerBy(...handlers: readonly RequestHandler[]): Promise<HttpLoopback> {
  return closeLater(await mswLoopback(handlers));
}

function seenOf({ startLine, headers, body }: HttpMessage): Seen {
  return { path: startLine.split(' ')[1] ?? '', headers: Object.fromEntries(headers), body: body.toString('utf8') };
}
