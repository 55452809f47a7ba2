/**
 * What passes through a department's line. A line is one function from call to answer, wrapped by interceptors: the idea of
 * undici's dispatcher composition, one level up, so that TCP and HTTP systems share it and a repeated attempt is encoded anew (the
 * medical-insurance platform wants a new message id for each, wire spec section 4).
 */
export interface Call<Input = unknown> {
  /** The system's folder name. */
  readonly department: string;
  /** The wire's own name for the transaction: `1101`, `LB04`, `QueryByOwner`. Used in logs, metrics and traces only. */
  readonly transaction: string;
  /** `read` may be repeated and cancelled; `write` runs to its department's own deadline whoever waits for it. */
  readonly mode: 'read' | 'write';
  readonly input: Input;
  /** Aborted when the caller has left or its deadline has passed. */
  readonly signal: AbortSignal;
}

/** What came back, and the message id under which the department knows the exchange. */
export interface Answer<Output = unknown> {
  readonly value: Output;
  readonly reference?: string;
}

export type Dispatch<Input = unknown, Output = unknown> = (call: Call<Input>) => Promise<Answer<Output>>;

/** Wraps a dispatch. Interceptors know nothing of what they carry. */
export type Interceptor = <Input, Output>(dispatch: Dispatch<Input, Output>) => Dispatch<Input, Output>;

/**
 * Composes a line: the first interceptor is the outermost.
 *
 * @example
 * const line = compose(exchange, [deadline(settings.deadline), retry(settings.retry), breaker(settings.breaker)]);
 */
export function compose<Input, Output>(
  dispatch: Dispatch<Input, Output>,
  interceptors: readonly Interceptor[],
): Dispatch<Input, Output> {
  return interceptors.reduceRight((inner, interceptor) => interceptor(inner), dispatch);
}

/** Begins an exchange; one that throws before it begins is one that failed. */
export function begin<Input, Output>(dispatch: Dispatch<Input, Output>, call: Call<Input>): Promise<Answer<Output>> {
  try {
    return dispatch(call);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What every client method takes last. */
export interface CallOptions {
  /** Aborted when the caller leaves or its own deadline passes; without it only the department's deadline ends the call. */
  readonly signal?: AbortSignal;
}

/** A signal that is never aborted. */
export const NO_SIGNAL: AbortSignal = new AbortController().signal;
