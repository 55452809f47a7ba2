import { z } from 'zod';
import { InvalidIdentifier } from '../identifiers/invalid-identifier.ts';
import { CasegraphError, type ErrorDetails } from '../transport/errors.ts';

/**
 * Reads a value by a schema. The first place that does not fit is told to `fault` as a path below `at`, `records.0.applicant.name`, with
 * the reason, and what it makes of them is thrown. Neither repeats the value.
 *
 * @example checked(certificate, answer.data, 'data', protocolFault) // throws for 'data.certNo'
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: string,
  fault: (field: string, reason: string) => Error,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = [at, ...(issue?.path ?? [])].map(String).filter((step) => step !== '');
  throw fault(field.join('.'), issue?.message ?? 'is not valid');
}

/**
 * Text that a conversion turns into a value; text that it refuses with `RangeError` or `InvalidIdentifier` does not fit, for the reason
 * given.
 *
 * @example converted(fenFromYuan, 'is not an amount in yuan')
 */
export function converted<Value>(convert: (text: string) => Value, reason = 'is malformed') {
  return z.string().transform((text, context): Value => {
    try {
      return convert(text);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof InvalidIdentifier)) throw error;
      context.addIssue(reason);
      return z.NEVER;
    }
  });
}

/** Input that the wire cannot carry; nothing was sent. `field` is the place in what the caller gave, `payer.name`. */
export function invalidInput(field: string, reason: string): CasegraphError {
  return new CasegraphError('INVALID_INPUT', `${field}: ${reason}.`, { field });
}

/**
 * Makes a department's maker of errors for answers outside its specification: `place` is where in the answer, `head.serialNo`, and
 * the reason never repeats what stood there. Without a place it is the whole body.
 */
export function protocolFaults(department: string) {
  return (place: string, reason = 'is missing or malformed', details: ErrorDetails = {}): CasegraphError => {
    const field = place || 'body';
    return new CasegraphError('DEPARTMENT_PROTOCOL', `${field}: ${reason}.`, { department, field, ...details });
  };
}
