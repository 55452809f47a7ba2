import type { PostingCallback } from '../../../adapters/database/posting-callbacks.ts';
import type {
  Posting,
  PostingFailure,
  PostingState,
  PostingTransition,
  PostingWithContent,
} from '../../../adapters/database/postings.ts';
import type { Resolver, Resolvers } from '../../schema.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { MedicalContext } from '../loaders.ts';
import type { BatchLine, BatchStatus, PostBatchInput } from './batch.ts';
import type { PostAnswer, PostMaternityInput } from './desk.ts';
import { type KeptEntry, POSTING_KINDS } from './entry.ts';
import type { CancelPostingInput, ResolveWorkItemInput } from './handling.ts';
import { type PostingListing, type PostingQuestion, postingAsked, postingsAsked, workListAsked } from './queries.ts';
import type { ReceiptFacts } from './receipt.ts';
import { type PostingOutcome, type SettledOutcome, WORK_ITEM_RESOLUTIONS, type WorkItemTexts } from './work.ts';

interface Given<Input> {
  readonly input: Input;
}

/** A posting of which no more than its id is known yet; its receipt too where this request stored it. */
interface PostingKey {
  readonly id: string;
  readonly receipt?: ReceiptFacts | undefined;
}

export const postingQueries: Readonly<Record<string, Resolver>> = {
  posting: (_: unknown, asked: PostingQuestion, { store }: MedicalContext) => postingAsked(store, asked),
  postings: (_: unknown, asked: PostingListing, { store }: MedicalContext) => postingsAsked(store, asked),
  workList: (_: unknown, asked: Parameters<typeof workListAsked>[1], { store }: MedicalContext) =>
    workListAsked(store, asked),
  postingKeys: (_: unknown, __: unknown, { postings }: MedicalContext) => postings.signer.published,
};

export const postingMutations: Readonly<Record<string, Resolver>> = {
  postReferral: (_: unknown, { input }: Given<MutationInput>, { postings, scope }: MedicalContext) =>
    postings.desk.postReferral(input, scope),
  postMaternitySettlement: (_: unknown, { input }: Given<PostMaternityInput>, { postings, scope }: MedicalContext) =>
    postings.desk.postMaternitySettlement(input, scope),
  postBatch: (_: unknown, { input }: Given<PostBatchInput>, { postings, scope }: MedicalContext) =>
    postings.desk.postBatch(input, scope),
  cancelPosting: (_: unknown, { input }: Given<CancelPostingInput>, { postings, scope }: MedicalContext) =>
    postings.desk.cancelPosting(input, scope),
  resolveWorkItem: (_: unknown, { input }: Given<ResolveWorkItemInput>, { postings, scope }: MedicalContext) =>
    postings.desk.resolveWorkItem(input, scope),
};

/** A field that the row has. */
function fromRow(read: (posting: Posting) => unknown): Resolver {
  return async (key: PostingKey | Posting, _: unknown, { postingLoaders }: MedicalContext) =>
    read('state' in key ? key : found(await postingLoaders.posting(key.id)));
}

/** What this request stored is stored: its row need not be read again. */
async function stateOf(key: PostingKey | Posting, _: unknown, { postingLoaders }: MedicalContext) {
  if ('state' in key) return key.state;
  return key.receipt ? 'stored' : found(await postingLoaders.posting(key.id)).state;
}

function found<Row>(row: Row | null): Row {
  if (row === null) throw new Error('a posting vanished');
  return row;
}

async function receiptOf(key: PostingKey | Posting, { postingLoaders }: MedicalContext): Promise<ReceiptFacts> {
  if ('receipt' in key && key.receipt) return key.receipt;
  const { id, provider, documentNumber, version, kind, storedAt, entry } = found(await postingLoaders.content(key.id));
  const { digest } = entry as KeptEntry;
  return { id, hospital: provider, document: documentNumber, version, kind, storedAt, digest };
}

const countOf = (status: BatchStatus) => (lines: readonly BatchLine[]) =>
  lines.filter((line) => line.status === status).length;

const firstFault = (member: 'code' | 'path' | 'message' | 'messageZh') => (line: BatchLine) =>
  line.faults?.[0]?.[member];

const payloadPosting = { posting: ({ id }: PostingKey) => ({ id }) };

/** A posting on the work list, with what it has come to. */
interface WorkItem {
  readonly posting: PostingWithContent;
  readonly texts: WorkItemTexts;
}

export const postingTypes: Resolvers = {
  Posting: {
    __resolveReference: ({ id }: PostingKey, { postingLoaders }: MedicalContext) => postingLoaders.posting(id),
    kind: fromRow(({ kind }) => kind),
    hospital: fromRow(({ provider }) => provider),
    document: fromRow(({ documentNumber, version }) => ({ number: documentNumber, version })),
    state: stateOf,
    step: fromRow(({ step }) => step),
    storedAt: fromRow(({ storedAt }) => storedAt),
    changedAt: fromRow(({ changedAt }) => changedAt),
    settledAt: fromRow(({ settledAt }) => settledAt),
    case: fromRow(({ caseId }) => (caseId === null ? null : { id: caseId })),
    total: fromRow(({ totalFen }) => totalFen),
    failure: fromRow(({ failure }) => failure),
    outcome: async ({ id }: PostingKey, _: unknown, { postingLoaders, postings }: MedicalContext) => {
      if (found(await postingLoaders.posting(id)).settledAt === null) return null;
      return postings.work.outcomeOf(found(await postingLoaders.content(id)));
    },
    transitions: ({ id }: PostingKey, _: unknown, { postingLoaders }: MedicalContext) => postingLoaders.transitions(id),
    receipt: (key: PostingKey | Posting, _: unknown, context: MedicalContext) => receiptOf(key, context),
    callback: ({ id }: PostingKey, _: unknown, { postingLoaders }: MedicalContext) => postingLoaders.callback(id),
  },
  PostingOutcome: {
    __resolveType: ((outcome: PostingOutcome) =>
      outcome.kind === 'referral' ? 'PostedReferral' : 'PostedMaternitySettlement') as Resolver,
  },
  PostedMaternitySettlement: {
    total: ({ totalFen }: SettledOutcome) => totalFen,
    fundTotal: ({ fundTotalFen }: SettledOutcome) => fundTotalFen,
    maternityPayment: ({ maternityPaymentFen }: SettledOutcome) => maternityPaymentFen,
    accountPaid: ({ accountFen }: SettledOutcome) => accountFen,
    cashPaid: ({ cashFen }: SettledOutcome) => cashFen,
    hospitalPaid: ({ hospitalFen }: SettledOutcome) => hospitalFen,
  },
  PostingFailure: {
    text: ({ detail }: PostingFailure) => detail ?? null,
    textZh: ({ detailZh }: PostingFailure) => detailZh ?? null,
  },
  PostingTransition: { operator: ({ actor }: PostingTransition) => actor },
  PostingReceipt: {
    token: (facts: ReceiptFacts, _: unknown, { postings }: MedicalContext) => postings.signer.receipt(facts),
  },
  PostingCallback: { deliveredAt: ({ state, endedAt }: PostingCallback) => (state === 'delivered' ? endedAt : null) },
  PostingCallbackState: { PENDING: 'pending', DELIVERED: 'delivered', GIVEN_UP: 'given-up' },
  PostPayload: { posting: ({ id, receipt }: PostAnswer): PostingKey => ({ id, receipt }) },
  PostBatchPayload: {
    received: (lines: readonly BatchLine[]) => lines.length,
    stored: countOf('STORED'),
    duplicates: countOf('DUPLICATE'),
    refused: countOf('REFUSED'),
    held: countOf('HELD'),
    entries: (lines: readonly BatchLine[]) => lines.map((line, index) => ({ ...line, index })),
  },
  PostBatchEntry: {
    postingId: ({ id }: BatchLine) => id,
    posting: ({ id, receipt }: BatchLine): PostingKey | null => (id === undefined ? null : { id, receipt }),
    code: firstFault('code'),
    path: firstFault('path'),
    message: firstFault('message'),
    messageZh: firstFault('messageZh'),
    faults: ({ faults }: BatchLine) => faults ?? [],
  },
  CancelPostingPayload: payloadPosting,
  ResolveWorkItemPayload: payloadPosting,
  WorkItemEdge: {
    node: async ({ node: { id } }: { node: Posting }, _: unknown, { postingLoaders, postings }: MedicalContext) => {
      const [content, transitions] = await Promise.all([postingLoaders.content(id), postingLoaders.transitions(id)]);
      const posting = found(content);
      return { posting, texts: postings.work.workItem(posting, transitions) } satisfies WorkItem;
    },
  },
  WorkItem: {
    since: ({ posting }: WorkItem) => posting.changedAt,
    reason: ({ texts }: WorkItem) => texts.reason,
    question: ({ texts }: WorkItem) => texts.question,
    questionZh: ({ texts }: WorkItem) => texts.questionZh,
    messageReferences: ({ texts }: WorkItem) => texts.messageReferences,
    done: ({ texts }: WorkItem) => texts.done,
    resolutions: ({ texts }: WorkItem) => texts.resolutions,
  },
  PostingKind: POSTING_KINDS,
  PostingState: {
    STORED: 'stored',
    SENDING: 'sending',
    SETTLED: 'settled',
    REJECTED: 'rejected',
    UNKNOWN: 'unknown',
    UNDOING: 'undoing',
    CANCELLED: 'cancelled',
    MANUAL: 'manual',
  } satisfies Record<string, PostingState>,
  WorkItemResolution: WORK_ITEM_RESOLUTIONS,
};
