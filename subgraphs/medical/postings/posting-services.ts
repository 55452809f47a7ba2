import type { TakenPosting } from '../../../adapters/database/postings.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { ServiceSurroundings } from '../services/surroundings.ts';
import { PostingCallbackWorkers } from './callbacks.ts';
import { PostingDesk } from './desk.ts';
import { CaseTelling } from './engine/case-telling.ts';
import { PostingEngine } from './engine/engine.ts';
import type { ChangeListener } from './engine/held-posting.ts';
import { PostingLines } from './engine/lines.ts';
import { PostingWorkList } from './engine/work-list.ts';
import { hospitalInstitution, hospitalsOf } from './hospitals.ts';
import { PostingSigner } from './receipt.ts';
import { Reconciliations } from './reconciliation/reconciliations.ts';
import type { PostingSettings } from './settings.ts';
import type { PostingWork } from './work.ts';

/** How many postings of a hospital are worked on at once where its settings do not say (medical-insurance 5). */
const CONCURRENCY = 4;

/** What hospitals post (报送): the desk that takes it, what signs its receipts, and the engine that works on it. */
export class PostingServices {
  readonly desk: PostingDesk;
  readonly signer: PostingSigner;
  readonly work: PostingWork;
  readonly reconciliations: Reconciliations;
  readonly #lines: PostingLines;
  readonly #callbacks: PostingCallbackWorkers;

  constructor(surroundings: ServiceSurroundings, { signingKeys, hospitals: special, reconciliation }: PostingSettings) {
    const { store, clock, report, directory } = surroundings;
    this.signer = new PostingSigner(signingKeys);
    const telling = new CaseTelling(surroundings);
    const changed: ChangeListener = async (tx, change) => {
      await telling.changed(tx, change);
      await this.#callbacks.changed(tx, change);
    };
    this.work = new PostingWorkList({ store }, changed);
    this.#callbacks = new PostingCallbackWorkers({
      store,
      clock,
      report,
      signer: this.signer,
      work: this.work,
      addresses: new Map(special.flatMap(({ code, callback }) => (callback === undefined ? [] : [[code, callback]]))),
    });
    const engine = new PostingEngine({
      ...surroundings,
      institution: (posting) => this.#institution(surroundings, posting),
      changed,
    });
    const concurrency = new Map<string, number>(special.map((one) => [one.code, one.concurrency]));
    const lines = hospitalsOf(directory).map((provider) => ({
      provider,
      concurrency: concurrency.get(provider) ?? CONCURRENCY,
    }));
    this.#lines = new PostingLines(surroundings, engine, lines);
    this.desk = new PostingDesk({ ...surroundings, signer: this.signer, work: this.work });
    this.reconciliations = new Reconciliations(surroundings, reconciliation);
  }

  start(): void {
    this.#lines.start();
    this.#callbacks.start();
    this.reconciliations.start();
  }

  async stop(): Promise<void> {
    await this.reconciliations.stop();
    await this.#lines.stop();
    await this.#callbacks.stop();
  }

  #institution(surroundings: ServiceSurroundings, { provider, operator }: TakenPosting): Institution {
    const institution = hospitalInstitution(surroundings, provider, operator);
    if (institution) return institution;
    // Nothing of it can be sent until the directory has one again: it waits.
    throw new CasegraphError('DEPARTMENT_BUSY', 'The hospital has no account delegated on the platform.', {
      detailZh: '该医院在名录中没有省医疗保障信息平台的委托授权账号。',
    });
  }
}
