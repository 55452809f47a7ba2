import { setTimeout as sleep } from 'node:timers/promises';
import type { Resolution, ResolutionOutcome } from '../../adapters/database/resolutions.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { Submission } from '../../adapters/database/submissions.ts';
import { type Connection, connectionOf, decodeCursor, encodeCursor, pageSize } from '../connection.ts';
import { invalidInput, textInput } from '../invalid-input.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../services/mutation.ts';
import { askToResolve } from '../services/resolutions.ts';
import type { CasesContext } from './loaders.ts';

interface ResolveInput extends MutationInput {
  readonly submission: string;
  readonly outcome: ResolutionOutcome;
  readonly reason: string;
  readonly reference?: string | null;
}

const LONGEST = { reason: 2_000, reference: 100 };
/** How long a mutation waits for the department's word; a resolution that takes longer is told as pending. */
const PATIENCE_MS = 4_000;
const LOOK_MS = 100;

/** Writes that a person has to settle or that are still asked after, the longest in their state first. */
export async function openSubmissions(
  _: unknown,
  { first, after }: { readonly first: number; readonly after?: string | null },
  { store }: CasesContext,
): Promise<Connection<Submission>> {
  const size = pageSize(first);
  const rows = await store.submissions.page(['unknown', 'manual'], {
    limit: size + 1,
    ...(after != null && { after: positionOf(after) }),
  });
  return connectionOf(rows, size, after, ({ changedAt, id }) => encodeCursor([changedAt, id]));
}

function positionOf(cursor: string) {
  const [changedAt, id] = decodeCursor(cursor, ['number', 'string']);
  return { changedAt: Number(changedAt), id: String(id) };
}

/**
 * Keeps what a person says of a write, once for its key, and has the department's worker act on it, wherever that runs. Throws
 * `INVALID_INPUT` with the worker's reason when that refuses it.
 */
export async function resolveSubmission(
  _: unknown,
  { input }: { readonly input: ResolveInput },
  { store, clock, directory, idempotencyKey }: CasesContext,
): Promise<{ readonly submission: Submission; readonly resolution: Resolution }> {
  const { account } = directory.operator(input.operator);
  const request = mutationRequest('resolveSubmission', input, idempotencyKey);
  const { reference } = input;
  const said = {
    submissionId: input.submission,
    operator: account,
    outcome: input.outcome,
    reason: textInput('input.reason', input.reason, LONGEST.reason),
    reference: reference == null ? null : textInput('input.reference', reference, LONGEST.reference),
  };
  const id = await onlyOnce(store, request, clock, (tx) => askToResolve(tx, store, { ...said, givenAt: clock() }));
  const resolution = await decided(store, id);
  if (resolution.refusal) throw invalidInput('input.outcome', resolution.refusal);
  const submission = await store.submissions.byId(input.submission);
  if (!submission) throw new Error('a submission vanished');
  return { submission, resolution };
}

async function decided({ resolutions }: Store, id: string): Promise<Resolution> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const resolution = await resolutions.byId(id);
    if (!resolution) throw new Error('a resolution vanished');
    if (resolution.state !== 'pending' || performance.now() > until) return resolution;
    await sleep(LOOK_MS);
  }
}
