import type { IncomingHttpHeaders } from 'node:http';
import { CasegraphError } from '../adapters/transport/errors.ts';
import type { EngineRequest } from './execution/engine.ts';
import { DocumentRefused } from './execution/operation/document.ts';
import type { ResponseError } from './execution/response/projection.ts';
import type { RequestScope } from './supergraph/request-scope.ts';
import type { Supergraph } from './supergraph/supergraph.ts';

/** What became of a request. `started` is false when it was refused before any field was executed. */
export interface Outcome {
  readonly started: boolean;
  /** JSON. */
  readonly body: Buffer;
  readonly errors: readonly Pick<ResponseError, 'extensions'>[];
}

export interface PipelineOptions {
  readonly supergraph: Supergraph;
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
}

/** A request's life: prepare → run, on one supergraph. Reading and writing HTTP is the front's affair. */
export class Pipeline {
  readonly #options: PipelineOptions;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /**
   * Runs a request to its end: with whatever there is at the deadline, or until nobody waits any more. Rejects with `NotReadOnly`; never
   * for what else the request holds.
   */
  run(request: EngineRequest, caller: Caller): Promise<Outcome> {
    return this.#options.supergraph.use(async (engine) => {
      const { requestDeadlineMs } = this.#options;
      const deadline = new AbortController();
      const timer = setTimeout(
        () => deadline.abort(new DOMException('request deadline', 'TimeoutError')),
        requestDeadlineMs,
      );
      const leave = () => deadline.abort(caller.left.reason);
      caller.left.addEventListener('abort', leave, { once: true });
      if (caller.left.aborted) leave();
      const scope: RequestScope = {
        requestId: caller.requestId,
        headers: caller.headers,
        signal: deadline.signal,
        deadlineAt: Date.now() + requestDeadlineMs,
        contexts: new Map(),
      };
      try {
        const operation = await engine.prepare(request);
        if (caller.readOnly && operation.document.operation.operation !== 'query') throw new NotReadOnly();
        const { body, errors } = await engine.run(operation, request.variables ?? {}, scope);
        return { started: true, body, errors };
      } catch (error) {
        const errors = refusals(error, caller.requestId);
        return { started: false, body: Buffer.from(JSON.stringify({ errors })), errors };
      } finally {
        clearTimeout(timer);
        caller.left.removeEventListener('abort', leave);
      }
    });
  }
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
  if (!(error instanceof DocumentRefused)) throw error;
  return error.faults.map(({ message, locations }) => ({
    message,
    ...(locations && { locations }),
    extensions: { code: 'INVALID_INPUT', requestId },
  }));
}
