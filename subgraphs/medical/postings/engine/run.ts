import type { PostingFailure, PostingMove, TakenPosting } from '../../../../adapters/database/postings.ts';
import type { Institution } from '../../../../adapters/medical-insurance/settings.ts';
import type { ServiceSurroundings } from '../../services/surroundings.ts';
import type { PostingContent } from '../content.ts';
import { failureOf, keptFailure } from './failures.ts';
import { type ChangeListener, type HeldPosting, PostingLost } from './held-posting.ts';
import { MATERNITY_CHAIN } from './maternity-steps.ts';
import { type PendingStep, type Progress, type StepName, standing } from './progress.ts';
import { REFERRAL_CHAIN } from './referral-steps.ts';
import { type Advance, AmountsDiffer, type Chain, type Step, type StepContext } from './step.ts';
import type { Cause } from './transitions.ts';

export interface EngineOptions
  extends Pick<ServiceSurroundings, 'client' | 'store' | 'clock' | 'feeRowsPerCall' | 'report'> {
  /** In whose name a posting is sent: its hospital's, by the account that posted it or another of the hospital. */
  institution(posting: TakenPosting): Institution;
  readonly changed: ChangeListener;
}

/** When the platform is asked what became of a step, after each question that it could not answer; then a person has to look. */
export const QUESTIONS_MS = [2_000, 10_000, 30_000, 120_000, 600_000, 1_800_000];
/** A step that was found not to have been done is sent once more, and not again. */
const MOST_ATTEMPTS = 2;
/**
 * What is not there yet may still come, for as long as its answer was waited for and as long again: only then is it believed not to have
 * been done. What was reversed cannot come any more.
 */
const BELIEVED_AFTER = 2;

type Context = StepContext<PostingContent>;

/** One posting on its way, while a worker holds it. */
export class PostingRun {
  readonly #options: EngineOptions;
  readonly #held: HeldPosting;
  readonly #content: PostingContent;
  readonly #chain: Chain<PostingContent>;
  /** Why it goes back, where nothing has to be undone. */
  #why: Cause = 'REFUSED';

  constructor(options: EngineOptions, held: HeldPosting, content: PostingContent) {
    this.#options = options;
    this.#held = held;
    this.#content = content;
    this.#chain = (content.kind === 'referral' ? REFERRAL_CHAIN : MATERNITY_CHAIN) as Chain<PostingContent>;
  }

  /** Goes on until it has ended or has to wait, or the process is about to end. */
  async toItsEnd(signal: AbortSignal, leaving?: AbortSignal): Promise<void> {
    const { client, feeRowsPerCall, clock } = this.#options;
    const institution = this.#options.institution(this.#held.taken);
    const stillHeld = () => this.#held.hold();
    const surroundings = { client, content: this.#content, institution, feeRowsPerCall, signal, stillHeld };
    let goesOn = true;
    while (goesOn && !leaving?.aborted) {
      goesOn = await this.#step({ ...surroundings, progress: this.#held.progress, now: clock() });
    }
    if (goesOn) await this.#held.giveBack();
  }

  /** One step. False when the posting has ended, has to wait, or has been handed over. */
  async #step(context: Context): Promise<boolean> {
    const { pending, back } = context.progress;
    const { forward, back: backward } = this.#chain;
    if (pending) {
      const step = [...forward, ...backward].find(({ name }) => name === pending.step);
      if (!step) throw new Error(`no step is called ${pending.step}`);
      this.#held.step = step.name;
      return this.#findOut(step, context, pending);
    }
    const next = (back ? backward : forward).find((step) => step.isDue(context));
    if (!next) return this.#end();
    this.#held.step = next.name;
    if (back && !this.#canUndo(next)) return this.#handOver('CANNOT_UNDO', next.name, back.failure);
    return this.#send(next, context);
  }

  async #send(step: Step<PostingContent>, context: Context): Promise<boolean> {
    let sent: string | undefined;
    try {
      const advance = await step.send(context, async (messageId) => {
        await this.#remember(step.name, messageId);
        sent = messageId;
      });
      this.#done(step.name, advance);
      return true;
    } catch (error) {
      if (error instanceof PostingLost) throw error;
      if (error instanceof AmountsDiffer) return this.#differs(step.name, error);
      switch (failureOf(error)) {
        case 'refused':
          return this.#refused(step.name, keptFailure(error), sent);
        case 'region':
          return this.#elsewhere(step.name, keptFailure(error), sent);
        case 'turned-off':
          if (this.#held.progress.back) return this.#handOver('CANNOT_UNDO', step.name, keptFailure(error));
          break;
        case 'unknown':
          if (sent !== undefined) return this.#waitUnknown(step.name, sent, QUESTIONS_MS[0] ?? 0);
          break;
        default:
      }
      if (sent !== undefined) await this.#notSent(step.name, sent);
      throw error;
    }
  }

  /** Asks what became of a step that was sent. */
  async #findOut(step: Step<PostingContent>, context: Context, pending: PendingStep): Promise<boolean> {
    const { messageId, sentAt, asked } = pending;
    const found = await this.#asked(step, context, messageId);
    if (found instanceof AmountsDiffer) return this.#differs(step.name, found);
    if (found?.state === 'done') {
      this.#done(step.name, found.outcome);
      return this.#goOn('FOUND_OUT', step.name, messageId);
    }
    const { client, clock } = this.#options;
    if (found?.state === 'not-done' && (found.isVoid || clock() - sentAt >= client.writeDeadlineMs * BELIEVED_AFTER)) {
      return this.#notDone(step.name, messageId);
    }
    const pause = QUESTIONS_MS[asked + 1];
    this.#held.progress = { ...this.#held.progress, pending: { ...pending, asked: asked + 1 } };
    if (pause === undefined) return this.#handOver('CANNOT_TELL', step.name, { code: 'OUTCOME_UNKNOWN' });
    return this.#waitUnknown(step.name, messageId, pause);
  }

  /** What the platform says of it; undefined when it could not answer. Throws when it is away. */
  async #asked(step: Step<PostingContent>, context: Context, messageId: string) {
    if (!step.findOut) throw new Error(`${step.name} is no write and cannot be pending`);
    try {
      return await step.findOut(context, messageId);
    } catch (error) {
      if (error instanceof AmountsDiffer) return error;
      if (error instanceof PostingLost) throw error;
      if (failureOf(error) === 'away') {
        await this.#unanswered(step.name, messageId, 'held');
        throw error;
      }
      this.#options.report(error, `posting ${this.#held.taken.id} ${step.name}`);
      return undefined;
    }
  }

  /** Keeps the message id before the first byte leaves: whoever comes after finds out by it what became of the step. */
  async #remember(step: StepName, messageId: string): Promise<void> {
    const { messageIds = [], ...known } = this.#held.progress;
    const pending = { step, messageId, sentAt: this.#options.clock(), asked: 0 };
    const progress = { ...known, messageIds: [...messageIds, messageId], pending };
    if (this.#held.state !== 'stored') return this.#held.keep(step, { progress });
    const move = { to: 'sending', cause: 'TAKEN', step, messageReference: messageId, dueAt: 'held' } as const;
    return this.#held.move({ ...move, progress });
  }

  /** What is known more once a step is done. Kept with what follows. */
  #done(step: StepName, advance: Advance): void {
    const { pending: _pending, notDone, ...rest } = this.#held.progress;
    this.#held.progress = { ...rest, ...(notDone && notDone.step !== step && { notDone }), ...advance };
  }

  /** It was not done: it is sent once more, then it cannot be done. */
  async #notDone(step: StepName, messageId: string): Promise<boolean> {
    const { pending: _pending, notDone, passed, ...rest } = this.#held.progress;
    const times = (notDone?.step === step ? notDone.times : 0) + 1;
    // Nothing is filed twice: whether it is there is asked once more before it is sent again.
    const still = passed?.filter((name) => name !== 'SEARCH');
    this.#held.progress = { ...rest, ...(still && { passed: still }), notDone: { step, times } };
    await this.#goOn('FOUND_OUT', step, messageId);
    if (times < MOST_ATTEMPTS) return true;
    const failure = { code: 'DEPARTMENT_TIMEOUT' };
    if (rest.back) return this.#handOver('CANNOT_UNDO', step, failure);
    return this.#goBack('OFTEN_FAILED', step, failure, messageId);
  }

  async #refused(step: StepName, failure: PostingFailure, messageReference: string | undefined): Promise<boolean> {
    const { pending: _pending, ...rest } = this.#held.progress;
    this.#held.progress = rest;
    const { back, filing, settlement, refunded } = rest;
    if (!back) return this.#goBack('REFUSED', step, failure, messageReference);
    // The hospital wanted back what the platform does not give back: nothing of it is undone, so that it stands as it was.
    if (back.cancelled && !refunded && (filing || settlement)) {
      const { back: _back, notDone: _notDone, ...stands } = rest;
      this.#held.progress = stands;
      await this.#held.move({ to: 'settled', cause: 'UNDOING_REFUSED', step, messageReference, failure, dueAt: null });
      return false;
    }
    return this.#handOver('CANNOT_UNDO', step, failure);
  }

  /** Insured in another region than was known: who they are is asked once more (medical-insurance 4), then it is refused. */
  async #elsewhere(step: StepName, failure: PostingFailure, messageReference: string | undefined): Promise<boolean> {
    const { pending, person: _person, ...rest } = this.#held.progress;
    if (rest.askedAgain) return this.#refused(step, failure, messageReference);
    this.#held.progress = { ...rest, askedAgain: true };
    if (pending) await this.#held.keep(step);
    return true;
  }

  /** Nothing left: the posting waits for the platform as it stands. One of which nothing stands there is stored again, and begins anew. */
  async #notSent(step: StepName, messageId: string): Promise<void> {
    const { pending: _pending, messageIds: used, ...rest } = this.#held.progress;
    const messageIds = used?.filter((one) => one !== messageId) ?? [];
    if (this.#held.state !== 'sending' || standing(rest).length > 0) {
      this.#held.progress = { ...rest, messageIds };
      return this.#held.keep(step);
    }
    this.#held.progress = { messageIds, ...(rest.notDone && { notDone: rest.notDone }) };
    return this.#held.move({ to: 'stored', cause: 'NOTHING_SENT', step, dueAt: 'held' });
  }

  /** Waits until the platform is asked what became of it. */
  async #waitUnknown(step: StepName, messageId: string, pauseMs: number): Promise<boolean> {
    await this.#unanswered(step, messageId, this.#options.clock() + pauseMs);
    return false;
  }

  async #unanswered(step: StepName, messageReference: string, dueAt: number | 'held'): Promise<void> {
    if (this.#held.state !== 'unknown') {
      await this.#held.move({ to: 'unknown', cause: 'NO_ANSWER', step, messageReference, dueAt });
    } else if (dueAt !== 'held') await this.#held.keep(step, { dueAt });
  }

  async #differs(step: StepName, { advance, detail, detailZh }: AmountsDiffer): Promise<boolean> {
    this.#done(step, advance);
    return this.#handOver('AMOUNTS_DIFFER', step, { code: 'AMOUNTS_DIFFER', detail, detailZh });
  }

  /** The step's outcome is known: the chain goes on in its direction. */
  async #goOn(cause: Cause, step: StepName, messageReference: string): Promise<boolean> {
    const to = this.#held.progress.back ? 'undoing' : 'sending';
    if (this.#held.state === to) await this.#held.keep(step);
    else await this.#held.move({ to, cause, step, messageReference, dueAt: 'held' });
    return true;
  }

  /** What was done is undone from here on. */
  async #goBack(
    cause: Cause,
    step: StepName,
    failure: PostingFailure,
    messageReference: string | undefined,
  ): Promise<boolean> {
    const { notDone: _notDone, ...rest } = this.#held.progress;
    this.#held.progress = { ...rest, back: { cancelled: false, failure } };
    this.#why = cause;
    if (standing(rest).length > 0) {
      await this.#held.move({ to: 'undoing', cause, step, messageReference, failure, dueAt: 'held' });
    }
    return true;
  }

  /** Whether it can be undone by machine. */
  #canUndo({ name }: Step<PostingContent>): boolean {
    if (name === 'CANCEL_FILING') return this.#held.progress.filing?.serial != null;
    if (name === 'CANCEL_FEES' || name === 'CANCEL_ADMISSION') return this.#options.client.takesBack;
    return true;
  }

  /** A person has to say how it goes on. */
  async #handOver(cause: Cause, step: StepName, failure: PostingFailure | null): Promise<boolean> {
    const { messageIds, settlement, refunded } = this.#held.progress;
    await this.#held.move({
      to: 'manual',
      cause,
      step,
      messageReference: messageIds?.at(-1),
      ...(failure && { failure }),
      ...(settlement && { settlementId: settlement.id }),
      ...(refunded && { undoneAt: refunded.at }),
      dueAt: null,
    });
    return false;
  }

  async #end(): Promise<boolean> {
    await this.#held.move({ ...this.#ending(), messageReference: this.#held.progress.messageIds?.at(-1), dueAt: null });
    return false;
  }

  #ending(): Pick<PostingMove, 'settledAt' | 'undoneAt' | 'failure' | 'settlementId'> & {
    readonly to: 'settled' | 'rejected' | 'cancelled';
    readonly cause: Cause;
  } {
    const { back, filing, settlement, refunded }: Progress = this.#held.progress;
    const now = this.#options.clock();
    if (!back) {
      return {
        to: 'settled',
        cause: filing?.found ? 'FOUND_FILED' : 'DONE',
        settledAt: now,
        failure: null,
        ...(settlement && { settlementId: settlement.id }),
      };
    }
    const { cancelled, failure } = back;
    const undoneAt = refunded?.at ?? (cancelled ? now : undefined);
    return {
      to: cancelled ? 'cancelled' : 'rejected',
      cause: this.#held.state === 'undoing' ? 'UNDONE' : this.#why,
      failure,
      ...(undoneAt !== undefined && { undoneAt }),
    };
  }
}
