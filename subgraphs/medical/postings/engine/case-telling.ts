import type { Posting } from '../../../../adapters/database/postings.ts';
import type { WriteTransaction } from '../../../../adapters/database/writing.ts';
import { type CaseEvent, tellCase } from '../../../services/case-events.ts';
import { caseReference } from '../../services/case-reference.ts';
import { SERIAL_LOST } from '../../services/filing.ts';
import type { ServiceSurroundings } from '../../services/surroundings.ts';
import type { ReferralContent } from '../content.ts';
import type { PostingChange } from './held-posting.ts';
import type { Progress } from './progress.ts';
import { personOf } from './step.ts';
import type { Cause } from './transitions.ts';

type Told = Pick<CaseEvent, 'caseId' | 'at' | 'operator'>;

/** What of a posting its case is told when it ends: the same as when the counter had done it. */
export class CaseTelling {
  readonly #surroundings: Pick<ServiceSurroundings, 'homeRegion' | 'store'>;

  constructor(surroundings: Pick<ServiceSurroundings, 'homeRegion' | 'store'>) {
    this.#surroundings = surroundings;
  }

  /** Tells it in the transaction of the change. */
  async changed(tx: WriteTransaction, change: PostingChange): Promise<void> {
    const { posting, from, to, progress, at } = change;
    const { caseId, kind, operator } = posting;
    if (caseId === null) return;
    const event = { caseId, at, operator };
    // What the platform does not take back has been told before.
    if (to === 'settled' && from !== 'undoing') {
      if (kind === 'referral') await this.#filed(tx, posting, event, progress);
      else await this.#settled(tx, event, progress);
    }
    if (to === 'cancelled' && progress.back?.cancelled && progress.person) {
      const word = kind === 'referral' ? 'referral-cancelled' : 'maternity-cancelled';
      const explanation = await this.#reason(tx, posting);
      await tellCase(tx, this.#surroundings.store.tasks, { ...event, kind: word, ...(explanation && { explanation }) });
    }
  }

  /** Why the hospital took it back. */
  async #reason(tx: WriteTransaction, { id }: Posting): Promise<string | null | undefined> {
    const { postings } = this.#surroundings.store;
    const transitions = (await postings.transitions([id], tx)).get(id);
    const asked = 'CANCELLED_BY_HOSPITAL' satisfies Cause;
    return transitions?.findLast(({ cause }) => cause === asked)?.reason;
  }

  async #filed(tx: WriteTransaction, posting: Posting, event: Told, progress: Progress): Promise<void> {
    const { store } = this.#surroundings;
    const kept = await store.postings.content(posting.id, tx);
    if (!kept) throw new Error('a posting vanished');
    const { filing } = kept.entry as ReferralContent;
    const serial = progress.filing?.serial ?? null;
    const messageId = progress.messageIds?.at(-1) ?? posting.id;
    const values = { from: filing.from, to: filing.to, ...(serial === null && { [SERIAL_LOST]: '1' }) };
    const reference = caseReference(this.#surroundings, 'referral', serial ?? messageId, personOf(progress), values);
    await store.registry.addReference(tx, event.caseId, reference);
    await tellCase(tx, store.tasks, {
      ...event,
      kind: 'referral-filed',
      ...(serial === null
        ? { explanation: '备案已登记，备案流水号未取得' }
        : { certificate: { name: '异地转诊备案', number: serial } }),
    });
  }

  async #settled(tx: WriteTransaction, event: Told, progress: Progress): Promise<void> {
    const { store } = this.#surroundings;
    const { settlement } = progress;
    if (!settlement) throw new Error('settled without a settlement');
    const reference = caseReference(this.#surroundings, 'maternity-settlement', settlement.id, personOf(progress), {
      visitId: settlement.visitId,
    });
    await store.registry.addReference(tx, event.caseId, reference);
    await tellCase(tx, store.tasks, { ...event, kind: 'maternity-checked' });
    await tellCase(tx, store.tasks, { ...event, kind: 'maternity-admitted' });
    await tellCase(tx, store.tasks, { ...event, kind: 'maternity-fees-uploaded' });
    const certificate = { name: '生育医疗费结算单', number: settlement.id };
    await tellCase(tx, store.tasks, { ...event, kind: 'maternity-settled', certificate });
  }
}
