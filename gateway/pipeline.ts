import type { IncomingHttpHeaders } from 'node:http';
import { CasegraphError } from '../adapters/transport/errors.ts';
import type { PartedAnswer } from './execution/compiled-operation.ts';
import type { EngineRequest } from './execution/engine.ts';
import { DocumentRefused } from './execution/operation/document.ts';
import type { ResponseError } from './execution/response/projection.ts';
import { Turnstile } from './execution/turnstile.ts';
import { type DocumentReference, type OperationAdmission, PersistedQueryUnavailable } from './operations/admission.ts';
import type { RequestScope } from './supergraph/request-scope.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** What became of a request: refused before any field was executed, answered, or answered in parts. */
export type Outcome =
  | {
      readonly kind: 'refused' | 'whole';
      /** JSON. */
      readonly body: Buffer;
      readonly errors: readonly Pick<ResponseError, 'extensions'>[];
    }
  | (PartedAnswer & {
      /** Must be called when nothing more is read of it. */
      end(): void;
    });

/** A request as it came; its document may be named only. */
export type PipelineRequest = DocumentReference & Omit<EngineRequest, 'query'>;

export interface PipelineOptions {
  readonly supergraph: Supergraph;
  readonly operations: OperationAdmission;
  readonly requestDeadlineMs: number;
}

/** Who asks, as the HTTP front knows it. */
export interface Caller {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when nobody waits any more. */
  readonly left: AbortSignal;
  /** Refuses mutations. */
  readonly readOnly: boolean;
  /** Takes an answer in parts. */
  readonly takesParts: boolean;
}

/** A request's life: turn → admit → prepare → run, on one supergraph. Reading and writing HTTP is the front's affair. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #turnstile = new Turnstile();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /**
   * Runs a request to its end: with whatever there is at the deadline, or until nobody waits any more. Rejects with `NotReadOnly`; never
   * for what else the request holds.
   */
  async run(request: PipelineRequest, caller: Caller): Promise<Outcome> {
    const { scope, end: endScope } = requestScope(caller, this.#options.requestDeadlineMs);
    const turn = this.#turnstile.enter();
    if (turn) await turn;
    const { engine, giveBack } = this.#options.supergraph.borrow();
    const end = () => {
      endScope();
      giveBack();
    };
    let open = false;
    try {
      const query = this.#options.operations.admit(request);
      const operation = await engine.prepare({ query, operationName: request.operationName });
      if (caller.readOnly && operation.document.operation.operation !== 'query') throw new NotReadOnly();
      const answer = await engine.run(operation, request.variables ?? {}, scope, caller.takesParts);
      if (answer.kind === 'whole') return answer;
      open = true;
      return { ...answer, end };
    } catch (error) {
      const errors = refusals(error, caller.requestId);
      // Clients of automatic persisted queries expect their words in an answer with status 200.
      const kind = error instanceof PersistedQueryUnavailable ? 'whole' : 'refused';
      return { kind, body: Buffer.from(JSON.stringify({ errors })), errors };
    } finally {
      this.#turnstile.leave();
      if (!open) end();
    }
  }
}

/** What a request carries on its way, until it is ended: it aborts at the deadline, and when nobody waits any more. */
function requestScope(
  { requestId, headers, left }: Caller,
  deadlineMs: number,
): { readonly scope: RequestScope; end(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('request deadline', 'TimeoutError')), deadlineMs);
  const leave = () => controller.abort(left.reason);
  left.addEventListener('abort', leave, { once: true });
  if (left.aborted) leave();
  return {
    scope: {
      requestId,
      idempotencyKey: single(headers['idempotency-key']),
      headers,
      signal: controller.signal,
      deadlineAt: Date.now() + deadlineMs,
      contexts: new Map(),
    },
    end() {
      clearTimeout(timer);
      left.removeEventListener('abort', leave);
    },
  };
}

/** A mutation sent by GET. */
export class NotReadOnly extends Error {
  override readonly name = 'NotReadOnly';
}

interface Refusal {
  readonly message: string;
  readonly locations?: DocumentRefused['faults'][number]['locations'];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** The errors of a request that was refused before execution. Anything unexpected is let go. */
function refusals(error: unknown, requestId: string): Refusal[] {
  if (error instanceof CasegraphError)
    return [{ message: error.message, extensions: { ...error.extensions, requestId } }];
  if (error instanceof PersistedQueryUnavailable)
    return [{ message: error.message, extensions: { code: error.code, requestId } }];
  if (!(error instanceof DocumentRefused)) throw error;
  return error.faults.map(({ message, locations }) => ({
    message,
    ...(locations && { locations }),
    extensions: { code: 'INVALID_INPUT', requestId },
  }));
}

/** A header that may stand once. Sent twice it is joined, and then is no key. */
function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ');
}
