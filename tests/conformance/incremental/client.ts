import type { Request } from '../engine.ts';
import { eventParts, multipartParts, type Part } from './reader.ts';

/** What clients send that take an answer in parts. */
export const ACCEPT = {
  multipart: 'multipart/mixed, application/graphql-response+json',
  of2022: 'multipart/mixed;deferSpec=20220824, application/json',
  events: 'text/event-stream',
} as const;

/** An answer on its way. */
export interface AnswerInParts {
  readonly status: number;
  readonly type: string;
  /** The next part, as soon as it has come. Rejects when there is none. */
  next(): Promise<Part>;
  /** All that have not been read. */
  rest(): Promise<Part[]>;
}

/** Asks the gateway at `url` for an answer in parts. Rejects when the answer is of another kind. */
export async function askInParts(
  url: string,
  request: Request,
  { accept = ACCEPT.multipart, signal }: { readonly accept?: string; readonly signal?: AbortSignal } = {},
): Promise<AnswerInParts> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(request),
    ...(signal && { signal }),
  });
  const type = response.headers.get('content-type') ?? '';
  if (!response.body) throw new Error('an answer without a body');
  const text = response.body.pipeThrough(new TextDecoderStream());
  const parts = partsOf(type, text);
  return {
    status: response.status,
    type,
    async next() {
      const { value, done } = await parts.next();
      if (done) throw new Error('no further part');
      return value;
    },
    rest: () => Array.fromAsync(parts),
  };
}

function partsOf(type: string, body: AsyncIterable<string>): AsyncGenerator<Part> {
  if (type.startsWith('multipart/mixed; boundary="-"')) return multipartParts(body);
  if (type.startsWith('text/event-stream')) return eventParts(body);
  throw new Error(`an answer of type ${type}`);
}
