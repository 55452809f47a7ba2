import type { RegisteredReference } from '../../../adapters/database/case-registry.ts';
import type { Submission } from '../../../adapters/database/submissions.ts';
import type { MedicalCallOptions } from '../../../adapters/medical-insurance/client.ts';
import type { FindingOptions, FoundOut } from '../../../adapters/medical-insurance/finding-out/found-out.ts';
import type { Done, FilingCancellation } from '../../../adapters/medical-insurance/records/filing.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { type CaseEventKind, tellCase } from '../../services/case-events.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { Level } from '../../services/directory.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import { latestReference, personOf, type ReferenceKind } from './case-reference.ts';
import { checkHandler, delegateFor } from './delegation.ts';
import { earlierWrites, ofKind } from './earlier-writes.ts';
import { SERIAL_LOST } from './filing.ts';
import type { Prepared } from './handling.ts';
import type { ServiceSurroundings } from './surroundings.ts';

/** A cancellation as it is sent, with the reference of what it cancels. */
export interface CancellationInput {
  readonly institution: Institution;
  readonly cancellation: FilingCancellation;
  readonly reference: RegisteredReference;
}

export interface CancellationOutcome {
  readonly serial: string;
}

/** What tells the cancellation of one kind of filing from another's. */
export interface CancellationTraits {
  readonly name: string;
  readonly items: readonly string[];
  readonly levels: readonly Level[];
  readonly referenceKind: ReferenceKind;
  readonly event: CaseEventKind;
  cancel(cancellation: FilingCancellation, options: MedicalCallOptions): Promise<Done>;
  /** Finds out whether the filing is gone. */
  find(input: CancellationInput, messageId: string | null, options: FindingOptions): Promise<FoundOut<Done>>;
  /** What else has to hold, by what was done for the case. Throws. */
  check?(done: readonly Submission[]): void;
}

/** A cancellation as a write. */
export function cancellationKind(
  { store }: Pick<ServiceSurroundings, 'store'>,
  traits: CancellationTraits,
): SubmissionKind<CancellationInput, CancellationOutcome> {
  return {
    name: traits.name,
    async send({ institution, cancellation }, { remember }) {
      await traits.cancel(cancellation, { institution, beforeSending: remember });
      return { serial: cancellation.serial };
    },
    async settle(input, { messageReference }) {
      const { institution, cancellation } = input;
      const found = await traits.find(input, messageReference, { institution });
      return found.state === 'done' ? { state: 'done', outcome: { serial: cancellation.serial } } : found;
    },
    async found(input, { messageReference }) {
      const { institution, cancellation } = input;
      const found = await traits.find(input, messageReference, { institution });
      return found.state === 'done' ? { serial: cancellation.serial } : undefined;
    },
    async recorded(tx, { caseId, operator, changedAt, input }) {
      if (caseId === null) throw new Error('a cancellation without a case');
      const { reason } = (input as CancellationInput).cancellation;
      await tellCase(tx, store.tasks, {
        caseId,
        kind: traits.event,
        at: changedAt,
        operator,
        ...(reason !== undefined && { explanation: reason }),
      });
    },
  };
}

export interface CancelInput extends MutationInput {
  readonly caseId: string;
  readonly reason: string;
}

/** Who cancels what, checked against the case: also one that has ended, since a filing ends its case. */
export async function prepareCancellation(
  surroundings: ServiceSurroundings,
  traits: CancellationTraits,
  given: CancelInput,
): Promise<Prepared<CancellationInput>> {
  const { store } = surroundings;
  const { caseId } = given;
  const wanted = { items: traits.items, ended: true };
  const delegate = delegateFor(surroundings, given.operator, traits);
  const reason = textInput('input.reason', given.reason, 500);
  checkHandler(delegate, await readCase(store, caseId, wanted));
  const reference = await latestReference(surroundings, caseId, traits.referenceKind);
  if (!reference) {
    throw invalidInput('input.caseId', {
      en: 'has no filing that could be cancelled.',
      zh: '该办件没有可撤销的备案。',
    });
  }
  if (reference.values[SERIAL_LOST] !== undefined) {
    throw invalidInput('input.caseId', {
      en: 'has a filing whose serial was lost with its answer: only the agency can cancel it.',
      zh: '该备案的流水号因应答丢失未取得，只能由经办机构撤销。',
    });
  }
  const serial = reference.reference;
  return {
    input: {
      institution: delegate.institution,
      cancellation: { ...personOf(surroundings, reference), serial, reason },
      reference,
    },
    async check(tx) {
      await caseFor(tx, store, caseId, wanted);
      const done = await earlierWrites(store, caseId, tx);
      if (ofKind(done, traits.name).some(({ outcome }) => (outcome as CancellationOutcome).serial === serial)) {
        throw invalidInput('input.caseId', { en: 'has a filing that is cancelled already.', zh: '该备案已撤销。' });
      }
      traits.check?.(done);
    },
  };
}
