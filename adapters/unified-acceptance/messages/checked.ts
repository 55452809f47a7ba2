import type { z } from 'zod';
import { CasegraphError, type ErrorDetails } from '../../transport/errors.ts';

/**
 * What the caller gave, checked and read. Throws `INVALID_INPUT` with the path of the first wrong field below `at`; the value itself is
 * never repeated.
 */
export function checkedInput<Schema extends z.ZodType>(schema: Schema, input: unknown, at: string): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { field, reason } = firstIssue(parsed.error, at);
  throw new CasegraphError('INVALID_INPUT', `${field}: ${reason}.`, { field });
}

/**
 * What the platform answered, checked and read. Throws `DEPARTMENT_PROTOCOL` with the path of the first wrong field below `at`.
 * Fields that the specification does not have are passed over.
 */
export function checkedAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  at: string,
  details: ErrorDetails = {},
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const { field, reason } = firstIssue(parsed.error, at);
  throw new CasegraphError('DEPARTMENT_PROTOCOL', `${field}: ${reason}.`, { ...details, field });
}

function firstIssue(error: z.ZodError, at: string): { field: string; reason: string } {
  const [issue] = error.issues;
  const path = [at, ...(issue?.path ?? []).map(String)].filter((part) => part !== '');
  return { field: path.join('.'), reason: issue?.message.replace(/\.$/, '') ?? 'not valid' };
}
