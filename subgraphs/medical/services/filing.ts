import type { RegisteredReference } from '../../../adapters/database/case-registry.ts';
import type { MedicalCallOptions } from '../../../adapters/medical-insurance/client.ts';
import type { FiledBefore } from '../../../adapters/medical-insurance/finding-out/filings.ts';
import type { FindingOptions, FoundOut } from '../../../adapters/medical-insurance/finding-out/found-out.ts';
import type { Filed } from '../../../adapters/medical-insurance/records/filing.ts';
import type { PersonReference } from '../../../adapters/medical-insurance/records/person.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { type CaseEventKind, tellCase } from '../../services/case-events.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import { caseReference, type ReferenceKind } from './case-reference.ts';
import { type ServiceSurroundings, SYSTEM } from './surroundings.ts';

/** A filing as it is sent, and in whose name. */
export interface FilingInput<Request extends PersonReference> {
  readonly institution: Institution;
  readonly request: Request;
}

/** A filing that the platform has. */
export interface FilingOutcome {
  /** Null where the answer was lost and no query tells it again (medical-insurance 0). */
  readonly serial: string | null;
  readonly reference: RegisteredReference;
}

/** What tells one kind of filing from another. */
export interface FilingTraits<Request extends PersonReference> {
  readonly name: string;
  readonly referenceKind: ReferenceKind;
  readonly event: CaseEventKind;
  /** What the applicant is given in the end, where the filing itself ends the case. */
  readonly certificate?: string;
  /** What reading it needs besides the person. */
  values(request: Request): Readonly<Record<string, string>>;
  file(request: Request, options: MedicalCallOptions): Promise<Filed>;
  /** Finds out whether the platform has just this filing. */
  find(request: Request, messageId: string | null, options: FindingOptions): Promise<FoundOut<FiledBefore>>;
}

/** The reference's value that marks a filing whose serial was lost: it cannot be cancelled from here. */
export const SERIAL_LOST = 'serialLost';

/**
 * A filing as a write. One of unknown outcome is looked for by person, target and days (medical-insurance 4): there is no other of them,
 * since filing twice is refused before.
 */
export function filingKind<Request extends PersonReference>(
  surroundings: ServiceSurroundings,
  traits: FilingTraits<Request>,
): SubmissionKind<FilingInput<Request>, FilingOutcome> {
  const { store, report } = surroundings;
  const outcomeOf = (request: Request, serial: string | null, messageId: string): FilingOutcome => ({
    serial,
    reference: caseReference(surroundings, traits.referenceKind, serial ?? messageId, request, {
      ...traits.values(request),
      ...(serial === null && { [SERIAL_LOST]: '1' }),
    }),
  });
  return {
    name: traits.name,
    async send({ institution, request }, { remember }) {
      const { serial, messageId } = await traits.file(request, { institution, beforeSending: remember });
      return outcomeOf(request, serial, messageId);
    },
    async settle({ institution, request }, { id, messageReference }) {
      const found = await traits.find(request, messageReference, { institution });
      if (found.state !== 'done') return found;
      const { serial, messageId } = found.outcome;
      if (serial === null) {
        const lost = new Error(`filed, serial missing (medical-insurance 4): message ${messageId}`);
        report(lost, `${SYSTEM} ${traits.name} ${id}`);
      }
      return { state: 'done', outcome: outcomeOf(request, serial, messageId) };
    },
    async found({ institution, request }, { messageReference }, reference) {
      const found = await traits.find(request, messageReference, { institution });
      if (found.state !== 'done') return undefined;
      const { serial, messageId } = found.outcome;
      return outcomeOf(request, serial ?? reference, messageId);
    },
    async recorded(tx, { caseId, operator, changedAt }, { serial, reference }) {
      if (caseId === null) throw new Error('a filing without a case');
      await store.registry.addReference(tx, caseId, reference);
      await tellCase(tx, store.tasks, {
        caseId,
        kind: traits.event,
        at: changedAt,
        operator,
        ...(serial === null && { explanation: '备案已登记，备案流水号因应答丢失未取得' }),
        ...(serial !== null && traits.certificate && { certificate: { name: traits.certificate, number: serial } }),
      });
    },
  };
}
