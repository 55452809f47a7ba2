import type { PartedAnswer } from '../execution/compiled-operation.ts';
import type { AcceptedParts } from './media-types.ts';

/** The content type of an answer in parts. */
export function partsType({ transport }: AcceptedParts): string {
  return transport === 'multipart' ? 'multipart/mixed; boundary="-"' : 'text/event-stream; charset=utf-8';
}

/** Writes an answer as its parts come, each told to be whole as soon as it is. */
export async function* writeParts(
  { data, errors, pending, later }: PartedAnswer,
  { transport, format }: AcceptedParts,
): AsyncGenerator<string> {
  const write = WRITERS[transport];
  yield write.begin;
  if (pending.length === 0) {
    yield write.part(`{"data":${data}${errors.length > 0 ? `,"errors":${JSON.stringify(errors)}` : ''}}`);
  } else {
    const words = format.begin();
    yield write.part(words.first(data, errors, pending));
    for await (const batch of later) {
      const part = words.later(batch);
      if (part !== undefined) yield write.part(part);
    }
  }
  yield write.end;
}

/** A whole answer for a client that takes nothing but parts. */
export function wholeInParts(body: Buffer, { transport }: AcceptedParts): string {
  const { begin, part, end } = WRITERS[transport];
  return `${begin}${part(body.toString('utf8'))}${end}`;
}

interface PartWriter {
  readonly begin: string;
  part(json: string): string;
  readonly end: string;
}

const WRITERS: Readonly<Record<AcceptedParts['transport'], PartWriter>> = {
  // Incremental delivery over HTTP (GraphQL over HTTP working group): the boundary follows each part at once, so that a reader need not wait.
  multipart: {
    begin: '---',
    part: (json) => `\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${json}\r\n---`,
    end: '--\r\n',
  },
  // GraphQL over server-sent events, distinct connections mode.
  events: {
    begin: '',
    part: (json) => `event: next\ndata: ${json}\n\n`,
    end: 'event: complete\ndata:\n\n',
  },
};
