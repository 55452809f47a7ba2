import type { Posting } from '../../../adapters/database/postings.ts';
import type { Store } from '../../../adapters/database/store.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../../services/mutation.ts';
import type { RequestScope } from '../../subgraph.ts';
import { codeInput } from '../forms/form-fields.ts';
import { between } from '../forms/readers.ts';
import { type Delegate, delegateFor, HOSPITAL } from '../services/delegation.ts';
import type { ServiceSurroundings } from '../services/surroundings.ts';
import type { PostingWork, WorkItemResolution } from './work.ts';

export interface CancelPostingInput extends MutationInput {
  readonly posting?: string | null;
  readonly document?: string | null;
  readonly version?: number | null;
  readonly reason: string;
}

export interface ResolveWorkItemInput extends MutationInput {
  readonly posting: string;
  readonly resolution: WorkItemResolution;
  readonly reason: string;
  readonly serial?: string | null;
  readonly visitId?: string | null;
}

/** What is done with a posting that is there already. */
export interface HandlingSurroundings
  extends Pick<ServiceSurroundings, 'store' | 'clock' | 'directory' | 'institution'> {
  readonly work: PostingWork;
}

type Scope = Pick<RequestScope, 'idempotencyKey'>;

/** Longest of a person's words. */
const REASON = 500;

/** Takes a posting back, for the hospital that posted it. Gives its id. */
export function cancelPosting(
  surroundings: HandlingSurroundings,
  input: CancelPostingInput,
  { idempotencyKey }: Scope,
): Promise<{ readonly id: string }> {
  const { store, clock, work } = surroundings;
  const { operator } = input;
  const delegate = delegateFor(surroundings, operator, { levels: HOSPITAL });
  const mutation = mutationRequest('cancelPosting', input, idempotencyKey);
  const reason = textInput('input.reason', input.reason, REASON);
  const named = namedPosting(input);
  return onlyOnce(store, mutation, clock, async (tx) => {
    const posting = await heldPosting(tx, store, named, delegate);
    await work.requestCancellation(tx, posting, { operator, reason, at: clock() });
    return { id: posting.id };
  });
}

/** Says what was found out of a posting, for its hospital or the medical-security office. Gives its id. */
export function resolveWorkItem(
  surroundings: HandlingSurroundings,
  input: ResolveWorkItemInput,
  { idempotencyKey }: Scope,
): Promise<{ readonly id: string }> {
  const { store, clock, work } = surroundings;
  const { operator, resolution, serial, visitId } = input;
  const delegate = delegateFor(surroundings, operator, { levels: ['hospital', 'district'] });
  const mutation = mutationRequest('resolveWorkItem', input, idempotencyKey);
  const found = {
    resolution,
    operator,
    reason: textInput('input.reason', input.reason, REASON),
    ...(serial != null && { serial: codeInput('input.serial', serial, 30) }),
    ...(visitId != null && { visitId: codeInput('input.visitId', visitId, 30) }),
  };
  return onlyOnce(store, mutation, clock, async (tx) => {
    const posting = await heldPosting(tx, store, { id: input.posting }, delegate);
    await work.resolve(tx, posting, { ...found, at: clock() });
    return { id: posting.id };
  });
}

/** A posting by its id, or by the document of the hospital that acts. */
type Named = { readonly id: string } | { readonly document: string; readonly version: number | 'last' };

function namedPosting({ posting, document, version }: CancelPostingInput): Named {
  if (posting != null && document == null && version == null) return { id: posting };
  if (posting == null && document != null) {
    return { document, version: version == null ? 'last' : between('input.version', version, 1, 999) };
  }
  throw invalidInput('input.posting', {
    en: 'or document is to be given, and not both.',
    zh: '报送标识与单据号应填写且仅填写一项。',
  });
}

async function heldPosting(
  tx: WriteTransaction,
  { postings }: Pick<Store, 'postings'>,
  named: Named,
  { operator, institution }: Delegate,
): Promise<Posting> {
  const field = 'id' in named ? 'input.posting' : 'input.document';
  const id = 'id' in named ? named.id : await idByDocument(tx, postings, institution.code, named);
  const posting = id === undefined ? undefined : await postings.held(tx, id);
  if (!posting) {
    throw new CasegraphError('NOT_FOUND', `${field}: there is no such posting.`, {
      field,
      detailZh: `${field}：没有该报送。`,
    });
  }
  if (operator.organisation.level === 'hospital' && posting.provider !== institution.code) {
    throw invalidInput('input.operator', {
      en: 'belongs to another hospital than the one that posted this.',
      zh: '不属于该报送的医院。',
    });
  }
  return posting;
}

async function idByDocument(
  tx: WriteTransaction,
  postings: Store['postings'],
  provider: string,
  { document, version }: { readonly document: string; readonly version: number | 'last' },
): Promise<string | undefined> {
  return (await postings.byDocument(provider, document, version, tx))?.id;
}
