import { CasegraphError } from '../transport/errors.ts';
import { departmentFailure, TransportFailure } from '../transport/failure.ts';
import { type HttpAnswer, type HttpClient, httpClient } from '../transport/http.ts';

/** A message for a hospital. */
export interface CallbackMessage {
  /** The hospital's address. */
  readonly url: string;
  /** The same for every attempt: by it the hospital knows one that it had before. */
  readonly id: string;
  /** When this attempt is made, milliseconds since 1970. */
  readonly at: number;
  /** JSON. */
  readonly body: string;
  /** Signs with Ed25519. */
  readonly sign: (bytes: Uint8Array) => Buffer;
}

const DEPARTMENT = 'hospital';
const CONNECT_MS = 5_000;
const DEADLINE_MS = 15_000;
/** The answer's body says nothing. */
const LARGEST_ANSWER = 64 * 1024;

/**
 * Tells hospitals at their callback addresses, as the Standard Webhooks specification words it: `webhook-id`, `webhook-timestamp` (seconds),
 * `webhook-signature` with `v1a` and an Ed25519 signature over `id.timestamp.body`. No redirect is followed.
 */
export class HospitalCallbacks {
  readonly #clients = new Map<string, HttpClient>();

  /**
   * Delivers a message; resolves when the hospital has taken it (2xx). Throws `CasegraphError`: `DEPARTMENT_REJECTED` when it wants no more of
   * them (410), else one after which the same message may be sent again: also a time-out, since its id tells that it is the same.
   */
  async deliver({ url, id, at, body, sign }: CallbackMessage, signal: AbortSignal): Promise<void> {
    const { origin, pathname, search } = new URL(url);
    const timestamp = String(Math.floor(at / 1_000));
    const signature = sign(Buffer.from(`${id}.${timestamp}.${body}`)).toString('base64');
    let answer: HttpAnswer;
    try {
      answer = await this.#client(origin).exchange({
        method: 'POST',
        path: `${pathname}${search}`,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1a,${signature}`,
        },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      throw departmentFailure(error, { department: DEPARTMENT, mode: 'read' }, { reference: id });
    }
    if (answer.status >= 200 && answer.status < 300) return;
    throw refused(answer, id);
  }

  /** Lets running deliveries end and closes the sockets. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  #client(origin: string): HttpClient {
    const client =
      this.#clients.get(origin) ??
      httpClient({
        origin,
        connectTimeoutMs: CONNECT_MS,
        readTimeoutMs: DEADLINE_MS,
        connections: 4,
        maxAnswerBytes: LARGEST_ANSWER,
      });
    this.#clients.set(origin, client);
    return client;
  }
}

function refused({ status, headers }: HttpAnswer, id: string): CasegraphError {
  const details = { department: DEPARTMENT, departmentCode: String(status), reference: id };
  if (status === 410) return new CasegraphError('DEPARTMENT_REJECTED', 'The address takes no more messages.', details);
  if (status === 429 || status === 503) {
    const seconds = Number(headers['retry-after']);
    const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : undefined;
    return new CasegraphError('DEPARTMENT_BUSY', undefined, { ...details, ...(retryAfterMs && { retryAfterMs }) });
  }
  return new CasegraphError('DEPARTMENT_PROTOCOL', 'The address did not take the message.', details);
}
