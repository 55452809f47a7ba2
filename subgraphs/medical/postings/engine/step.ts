import type { MedicalInsuranceClient } from '../../../../adapters/medical-insurance/client.ts';
import type { FindingOptions, FoundOut } from '../../../../adapters/medical-insurance/finding-out/found-out.ts';
import type { Institution } from '../../../../adapters/medical-insurance/settings.ts';
import type { PostingContent } from '../content.ts';
import type { KnownPerson, Progress, StepName } from './progress.ts';

/** What a step works with. */
export interface StepContext<Content extends PostingContent> {
  readonly client: MedicalInsuranceClient;
  readonly content: Content;
  readonly progress: Progress;
  readonly institution: Institution;
  /** Rows of one fee upload. */
  readonly feeRowsPerCall: number;
  readonly now: number;
  readonly signal: AbortSignal;
  /** Throws where the posting is not this worker's any more: then nothing more is sent for it. */
  readonly stillHeld: () => Promise<void>;
}

/** What is known more once a step is done. */
export type Advance = Partial<Progress>;

/** One transaction of a chain. */
export interface Step<Content extends PostingContent> {
  readonly name: StepName;
  /** Whether it is to be done, by what is known. */
  isDue(context: StepContext<Content>): boolean;
  /**
   * Does it. Writes tell `remember` the message id before their first byte leaves. Throws `CasegraphError`; `CannotGoOn` where what the
   * platform answered rules the rest out.
   */
  send(context: StepContext<Content>, remember: (messageId: string) => Promise<void>): Promise<Advance>;
  /** For writes: finds out what became of one that was sent under this message id (medical-insurance 4). */
  findOut?(context: StepContext<Content>, messageId: string): Promise<FoundOut<Advance>>;
}

/** The steps of a kind of posting, in the order in which they are done, and those that undo them, in theirs. */
export interface Chain<Content extends PostingContent> {
  readonly forward: readonly Step<Content>[];
  readonly back: readonly Step<Content>[];
}

/** The platform's answer rules the rest out: what was done is undone. */
export class CannotGoOn extends Error {
  override readonly name = 'CannotGoOn';
  readonly code: string;
  readonly detail: string;
  readonly detailZh: string;

  constructor(code: string, detail: string, detailZh: string) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.detailZh = detailZh;
  }
}

/** What was settled is not what was to be: a person has to look, since nothing is reversed for it (medical-insurance 3.11). */
export class AmountsDiffer extends Error {
  override readonly name = 'AmountsDiffer';
  readonly advance: Advance;
  readonly detail: string;
  readonly detailZh: string;

  constructor(advance: Advance, detail: string, detailZh: string) {
    super('AMOUNTS_DIFFER');
    this.advance = advance;
    this.detail = detail;
    this.detailZh = detailZh;
  }
}

export function personOf({ person }: Progress): KnownPerson {
  if (!person) throw new Error('a step before the person was looked up');
  return person;
}

/** How the platform is asked what became of a step. Reversals and taking back are sent for it too. */
export function asking({
  institution,
  signal,
  stillHeld,
}: Pick<StepContext<PostingContent>, 'institution' | 'signal' | 'stillHeld'>): FindingOptions & {
  readonly institution: Institution;
} {
  return { institution, signal, beforeSending: stillHeld };
}

/** What a found outcome comes to. */
export function found<Outcome>(outcome: FoundOut<Outcome>, advance: (outcome: Outcome) => Advance): FoundOut<Advance> {
  return outcome.state === 'done' ? { state: 'done', outcome: advance(outcome.outcome) } : outcome;
}
