import type { z } from 'zod';
import type { CasegraphError } from '../../transport/errors.ts';
import { checked, invalidInput } from '../../values/checked.ts';
import { protocolFault } from '../errors.ts';

export const TRANSACTION_CODES = ['LB01', 'LB02', 'LB03', 'LB04', 'LB05', 'LB06', 'LB07', 'LB08'] as const;
export type TransactionCode = (typeof TRANSACTION_CODES)[number];

/** One transaction of wire spec 3: how its request is checked and written, and how its answer is read. */
export interface Transaction<Input, Output> {
  readonly code: TransactionCode;
  readonly mode: 'read' | 'write';
  /** What the wire takes; anything else is refused here and never sent. */
  readonly input: z.ZodType<unknown>;
  /** The request's `body`. */
  body(input: Input): object;
  /** Reads the answer's `data`. Members it does not name are ignored (2). */
  readonly answer: z.ZodType<Output>;
  /** The place in the answer, if any, that belongs to another request than this: `data.applicationNo`. */
  stranger?(output: Output, input: Input): string | undefined;
  /** For a write: what to ask, before it is sent again, when its outcome is unknown (4). */
  inquiry?(input: Input): Inquiry;
}

/** A reading call that may show that a write was done after all. */
export interface Inquiry {
  readonly request: Request;
  /** The write's own result as the read shows it, or undefined when it was not done. */
  readonly settled: (value: unknown) => unknown;
}

/** One checked request of any transaction, as it passes through the line. */
export interface Request {
  readonly code: TransactionCode;
  readonly body: object;
  readonly read: (data: unknown) => unknown;
  readonly inquiry: Inquiry | undefined;
}

/** Makes the request of one call. Throws `INVALID_INPUT` with the place in the input, never its value. */
export function prepare<Input, Output>(transaction: Transaction<Input, Output>, input: Input): Request {
  checked(transaction.input, input, '', invalidInput);
  return {
    code: transaction.code,
    body: transaction.body(input),
    read(data) {
      const output = checked(transaction.answer, data, 'data', protocolFault);
      const field = transaction.stranger?.(output, input);
      if (field !== undefined) throw foreign(field);
      return output;
    },
    inquiry: transaction.inquiry?.(input),
  };
}

/** An answer to another request than the one sent: a late or doubled answer on a kept connection. A read may be tried again. */
export function foreign(field: string): CasegraphError {
  return protocolFault(field, 'is not that of the request', { safeToRepeat: true });
}
