import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { type MutationInput, mutationRequest } from '../../services/mutation.ts';
import type { DepartmentWrites, SubmissionKind, Submitted } from '../../services/submissions.ts';
import type { RequestScope } from '../../subgraph.ts';

/** A write that is ready to be kept and sent. */
export interface Prepared<Input> {
  readonly input: Input;
  /** Looks again, within the transaction that keeps it, whether it still fits. */
  check(tx: WriteTransaction): Promise<void>;
}

/** What a mutation's payload is made of. */
export interface Handled<Outcome> extends Submitted<Outcome> {
  readonly caseId: string;
}

/**
 * Does a mutation's write, once for its key. What it needs is looked up only for a request that is new: the same request again has its
 * answer also when the case has moved on since.
 */
export async function handle<Input, Outcome>(
  writes: DepartmentWrites,
  kind: SubmissionKind<Input, Outcome>,
  operation: string,
  given: MutationInput & { readonly caseId: string },
  { idempotencyKey }: Pick<RequestScope, 'idempotencyKey'>,
  prepare: () => Promise<Prepared<Input>>,
): Promise<Handled<Outcome>> {
  const { caseId, operator } = given;
  const mutation = mutationRequest(operation, given, idempotencyKey);
  const submitted = await unlessKnown(
    () => writes.known<Outcome>(mutation),
    async () => writes.submit(kind, { mutation, caseId, operator, ...(await prepare()) }),
  );
  return { ...submitted, caseId };
}

/**
 * Does something that was not done before. Where it fails because the same request, sent at the same moment, was faster, its answer is the
 * other's.
 */
export async function unlessKnown<Answer>(
  known: () => Promise<Answer | undefined>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const before = await known();
  if (before !== undefined) return before;
  try {
    return await work();
  } catch (error) {
    const meanwhile = isRefusal(error) ? await known() : undefined;
    if (meanwhile !== undefined) return meanwhile;
    throw error;
  }
}

/** Nothing was done by the request itself. */
function isRefusal(error: unknown): boolean {
  return error instanceof CasegraphError && (error.code === 'INVALID_INPUT' || error.code === 'IN_PROGRESS');
}
