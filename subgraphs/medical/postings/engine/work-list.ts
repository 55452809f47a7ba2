import type {
  Posting,
  PostingState,
  PostingTransition,
  PostingWithContent,
} from '../../../../adapters/database/postings.ts';
import type { WriteTransaction } from '../../../../adapters/database/writing.ts';
import { maternityPaymentFen } from '../../../../adapters/medical-insurance/settlement-sums.ts';
import { CasegraphError } from '../../../../adapters/transport/errors.ts';
import { invalidInput, type Refusal } from '../../../invalid-input.ts';
import type { ServiceSurroundings } from '../../services/surroundings.ts';
import type {
  CancellationRequest,
  PostingOutcome,
  PostingWork,
  Resolution,
  WorkItemResolution,
  WorkItemTexts,
} from '../work.ts';
import type { ChangeListener } from './held-posting.ts';
import { type Progress, standing } from './progress.ts';
import { ONLY_THE_PLATFORM_TELLS, questionOf } from './questions.ts';
import { resolvedProgress } from './resolving.ts';
import { type Cause, checkTransition } from './transitions.ts';

/** What people do with postings: take them back, and settle what the machine could not. */
export class PostingWorkList implements PostingWork {
  readonly #surroundings: Pick<ServiceSurroundings, 'store'>;
  readonly #changed: ChangeListener;

  constructor(surroundings: Pick<ServiceSurroundings, 'store'>, changed: ChangeListener) {
    this.#surroundings = surroundings;
    this.#changed = changed;
  }

  /**
   * Takes a posting back. One that was not sent is cancelled at once, one that is settled is undone by the engine. One that is being undone or
   * was taken back already is left as it is. Throws `IN_PROGRESS` while it is being sent, `INVALID_INPUT` where it cannot be taken back.
   */
  async requestCancellation(tx: WriteTransaction, posting: Posting, request: CancellationRequest): Promise<void> {
    const progress = await this.#progress(tx, posting);
    switch (posting.state) {
      case 'cancelled':
        return;
      case 'stored':
        return this.#move(tx, posting, 'cancelled', { back: { cancelled: true, failure: null } }, request, null);
      case 'settled':
        if (progress.filing?.serial === null) throw invalidInput('input.posting', SERIAL_UNKNOWN);
        return this.#move(
          tx,
          posting,
          'undoing',
          { ...progress, back: { cancelled: true, failure: null } },
          request,
          request.at,
        );
      case 'undoing':
        if (progress.back?.cancelled) return;
        throw invalidInput('input.posting', ENDS_ITSELF);
      case 'rejected':
        throw invalidInput('input.posting', NOTHING_DONE);
      case 'manual':
        throw invalidInput('input.posting', ON_THE_WORK_LIST);
      default:
        throw new CasegraphError('IN_PROGRESS', 'The posting is being sent; take it back when that has ended.', {
          retryAfterMs: 5_000,
          detailZh: '该报送正在办理，请待其有结果后再撤销。',
        });
    }
  }

  /** Says how a posting on the work list goes on. Throws `INVALID_INPUT` where it is not on it, and for what does not fit it. */
  async resolve(tx: WriteTransaction, posting: Posting, resolution: Resolution): Promise<void> {
    if (posting.state !== 'manual') {
      throw invalidInput('input.posting', { en: 'is not on the work list.', zh: '不在待人工处理清单中。' });
    }
    const progress = await this.#progress(tx, posting);
    const allowed = resolutionsOf(posting, progress);
    if (!allowed.includes(resolution.resolution)) {
      const names = allowed.map((one) => one.toUpperCase().replace('-', '_')).join(', ');
      throw invalidInput('input.resolution', {
        en: `does not fit this posting; ${names} would.`,
        zh: `不适用于该报送，可选：${names}。`,
      });
    }
    const { to, progress: after } = resolvedProgress(posting, progress, resolution);
    const dueAt = to === 'sending' || to === 'undoing' ? resolution.at : null;
    await this.#move(tx, posting, to, after, resolution, dueAt);
  }

  workItem(posting: PostingWithContent, transitions: readonly PostingTransition[]): WorkItemTexts {
    const progress = (posting.progress ?? {}) as Progress;
    const cause = transitions.findLast(({ to }) => to === 'manual')?.cause as Cause;
    return {
      reason: cause,
      ...questionOf(cause, posting, progress),
      messageReferences: [...(progress.messageIds ?? [])].reverse(),
      done: standing(progress),
      resolutions: resolutionsOf(posting, progress),
    };
  }

  outcomeOf({ kind, progress: kept }: PostingWithContent): PostingOutcome | null {
    const { filing, settlement } = (kept ?? {}) as Progress;
    if (kind === 'referral') return filing ? { kind, serial: filing.serial } : null;
    if (!settlement) return null;
    const { id, visitId, totalFen, fundTotalFen, accountFen, cashFen, hospitalFen, funds } = settlement;
    return {
      kind,
      visitId,
      settlementId: id,
      totalFen,
      fundTotalFen,
      maternityPaymentFen: maternityPaymentFen(settlement),
      maternityMerged: !funds.some(({ type }) => type === MATERNITY_FUND),
      accountFen,
      cashFen,
      hospitalFen,
      funds,
    };
  }

  async #progress(tx: WriteTransaction, posting: Posting): Promise<Progress> {
    const kept = await this.#surroundings.store.postings.content(posting.id, tx);
    return (kept?.progress ?? {}) as Progress;
  }

  async #move(
    tx: WriteTransaction,
    posting: Posting,
    to: PostingState,
    progress: Progress,
    { operator, reason, at, ...said }: CancellationRequest & { readonly resolution?: WorkItemResolution },
    dueAt: number | null,
  ): Promise<void> {
    const { postings } = this.#surroundings.store;
    checkTransition(posting.state, to);
    const isUndone = (to === 'rejected' || to === 'cancelled') && (progress.refunded ?? posting.settledAt) != null;
    const moved = await postings.move(tx, posting.id, {
      from: [posting.state],
      to,
      at,
      cause: said.resolution === undefined ? 'CANCELLED_BY_HOSPITAL' : 'RESOLVED',
      actor: operator,
      reason,
      progress,
      attempts: 0,
      dueAt,
      ...(isUndone && { undoneAt: progress.refunded?.at ?? at }),
    });
    if (!moved) throw new Error('a posting that was held changed its state');
    await this.#changed(tx, { posting, from: posting.state, to, progress, at });
  }
}

/** fund_pay_type of the maternity fund (medical-insurance 3.11). */
const MATERNITY_FUND = '510100';

const SERIAL_UNKNOWN: Refusal = {
  en: 'is a filing whose serial the platform did not tell: only the agency can cancel it.',
  zh: '该备案的流水号未取得，只能由经办机构撤销。',
};
const ENDS_ITSELF: Refusal = {
  en: 'could not be done and is being undone already.',
  zh: '该报送未能办理，正在撤销已办环节。',
};
const NOTHING_DONE: Refusal = {
  en: 'was not done: there is nothing to take back.',
  zh: '该报送未成功办理，无需撤销。',
};
const ON_THE_WORK_LIST: Refusal = {
  en: 'waits for a person: it is resolved on the work list (resolveWorkItem).',
  zh: '该报送待人工处理，请通过resolveWorkItem处理。',
};

/** What fits a posting on the work list. */
function resolutionsOf({ step }: Posting, progress: Progress): readonly WorkItemResolution[] {
  const { pending, back } = progress;
  const inDoubt = pending ?? (back && step?.startsWith('CANCEL_') ? { step } : undefined);
  const untold = pending && ONLY_THE_PLATFORM_TELLS.has(pending.step);
  return [
    ...(inDoubt && !untold ? (['done'] as const) : []),
    ...(inDoubt ? (['not-done'] as const) : []),
    ...(!inDoubt && progress.settlement && !back ? (['done'] as const) : []),
    ...(pending ? (['ask-again'] as const) : []),
    ...(!inDoubt && !progress.settlement && !back ? (['ask-again'] as const) : []),
    ...(pending || back ? [] : (['give-up'] as const)),
    'close',
  ];
}
