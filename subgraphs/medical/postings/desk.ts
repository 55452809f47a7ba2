import type { MutationInput } from '../../services/mutation.ts';
import { requestKey } from '../../services/mutation.ts';
import type { RequestScope } from '../../subgraph.ts';
import type { FeeRowInput } from '../forms/fee-form.ts';
import { momentAt } from '../forms/readers.ts';
import { type Delegate, delegateFor, HOSPITAL } from '../services/delegation.ts';
import type { ServiceSurroundings } from '../services/surroundings.ts';
import { type BatchLine, type PostBatchInput, postBatch } from './batch.ts';
import { isFaulty, type ReadEntry, readEntry } from './entry.ts';
import { entryRefusals } from './entry-refusals.ts';
import {
  type CancelPostingInput,
  cancelPosting,
  type HandlingSurroundings,
  type ResolveWorkItemInput,
  resolveWorkItem,
} from './handling.ts';
import type { PostingSigner, ReceiptFacts } from './receipt.ts';
import { asOne, isRefused, refusalOf } from './refusals.ts';
import { newPosting, receiptFacts } from './storing.ts';

export interface PostMaternityInput extends MutationInput {
  readonly admission: { readonly admittedAt: number };
  readonly fees: readonly FeeRowInput[];
}

export interface DeskSurroundings
  extends HandlingSurroundings,
    Pick<ServiceSurroundings, 'store' | 'clock' | 'directory' | 'institution'> {
  readonly signer: PostingSigner;
}

/** What became of one posting. */
export interface PostAnswer {
  readonly result: 'STORED' | 'DUPLICATE';
  readonly id: string;
  /** Where this request stored it. */
  readonly receipt?: ReceiptFacts;
}

type Scope = Pick<RequestScope, 'idempotencyKey'>;

/** Takes what hospitals post and answers when it is stored; what the platform says of it follows. */
export class PostingDesk {
  readonly #surroundings: DeskSurroundings;

  constructor(surroundings: DeskSurroundings) {
    this.#surroundings = surroundings;
  }

  postReferral(input: MutationInput, scope: Scope): Promise<PostAnswer> {
    return this.#post(input, { kind: 'REFERRAL', ...membersOf(input) }, scope);
  }

  postMaternitySettlement(input: PostMaternityInput, scope: Scope): Promise<PostAnswer> {
    const { admission, fees } = input;
    const entry = {
      kind: 'MATERNITY_SETTLEMENT',
      ...membersOf(input),
      // As the entries of batches and files have them.
      admission: { ...admission, admittedAt: momentAt(admission.admittedAt) },
      fees: fees.map((fee) => ({ ...fee, at: momentAt(fee.at) })),
    };
    return this.#post(input, entry, scope);
  }

  async postBatch(input: PostBatchInput, scope: Scope): Promise<readonly BatchLine[]> {
    return postBatch(this.#surroundings, this.#poster(input), input, scope);
  }

  async cancelPosting(input: CancelPostingInput, scope: Scope): Promise<{ readonly id: string }> {
    return cancelPosting(this.#surroundings, input, scope);
  }

  async resolveWorkItem(input: ResolveWorkItemInput, scope: Scope): Promise<{ readonly id: string }> {
    return resolveWorkItem(this.#surroundings, input, scope);
  }

  async #post(input: MutationInput, given: object, { idempotencyKey }: Scope): Promise<PostAnswer> {
    const { store, clock } = this.#surroundings;
    const delegate = this.#poster(input);
    const key = requestKey(input.idempotencyKey, idempotencyKey) ?? null;
    const at = clock();
    const entry = await this.#entry(given, delegate, at);
    const toStore = { entry, delegate, requestKey: key, at };
    const prepared = store.postings.prepare([newPosting(store, toStore)]);
    const [added] = await store.write((tx) => store.postings.add(tx, prepared));
    if (!added) throw new Error('the store did not tell what became of a posting');
    if (isRefused(added)) throw refusalOf(added, 'input');
    if (added.result === 'stored') {
      return { result: 'STORED', id: added.id, receipt: receiptFacts(added.id, toStore) };
    }
    return { result: added.byKey ? 'STORED' : 'DUPLICATE', id: added.of };
  }

  async #entry(given: object, delegate: Delegate, now: number): Promise<ReadEntry> {
    const read = readEntry(given, 'input', { hospital: delegate.institution.code, now });
    if (isFaulty(read)) throw asOne(read.faults);
    const [refusal] = await entryRefusals(this.#surroundings.store, delegate, [read], 'input');
    if (refusal) throw refusal;
    return read;
  }

  /** Only hospitals post, in their own name; and nothing is taken without a receipt. */
  #poster({ operator }: MutationInput): Delegate {
    this.#surroundings.signer.checkKeys();
    return delegateFor(this.#surroundings, operator, { levels: HOSPITAL });
  }
}

/** The members that an entry has. */
function membersOf({ operator: _operator, idempotencyKey: _idempotencyKey, ...members }: MutationInput): object {
  return members;
}
