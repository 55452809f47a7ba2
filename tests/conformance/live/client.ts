import { type Agent, fetch } from 'undici';

/** A request to the gateway. */
export interface Request {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnswerError[];
}

interface AskOptions {
  /** Aborted when the client leaves. */
  readonly signal?: AbortSignal;
  readonly requestId?: string;
  /** Whose sockets are used; those of all clients together otherwise. */
  readonly agent?: Agent;
}

/** Asks the gateway at `url` over HTTP. Rejects when no answer came. */
export async function ask(
  url: string,
  request: Request,
  { signal, requestId, agent }: AskOptions = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(requestId !== undefined && { 'x-request-id': requestId }),
    },
    body: JSON.stringify(request),
    ...(signal && { signal }),
    ...(agent && { dispatcher: agent }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

/** The errors of an answer in an order that does not depend on who answered first. */
export function inOrder(errors: readonly AnswerError[] = []): readonly AnswerError[] {
  return errors.toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}

function key({ path, message }: AnswerError): string {
  return JSON.stringify([path, message]);
}
