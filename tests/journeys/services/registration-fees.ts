import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { openCase } from './case-steps.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';
import { financeDid, isPaid, openPaymentOf, PAID } from './payments.ts';

/** A registration fee is paid by S01, and the registry behind S03 is told of it (real-estate 3.7). */

const LOOK_MS = 100;
const PATIENCE_MS = 120_000;

interface Reporting {
  readonly case: {
    readonly status: string;
    readonly registrationFeeReporting: {
      readonly upToDate: boolean;
      readonly stuck: boolean;
      readonly lastFailure: string | null;
    };
  };
}

const isAccepted: JourneyStep = {
  name: 'the registry accepts an application',
  async take({ district, applicant, notes }) {
    const accepted = await district.act('real-estate', {
      kind: 'accept-registration',
      applicantIdNumber: applicant.idNumber,
    });
    notes.set('acceptanceNumber', (accepted as { readonly acceptanceNumber: string }).acceptanceNumber);
  },
};

/** Waits until the registry has been told everything. What it refuses to hear, somebody sets going again. */
const isTold: JourneyStep = {
  name: 'the registry is told',
  async take({ district: { frontEnd }, caseId }) {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await frontEnd.query<Reporting>(
        'query ($id: ID!) { case(id: $id) { status registrationFeeReporting { upToDate stuck lastFailure } } }',
        { id: caseId },
      );
      const { status, registrationFeeReporting: reporting } = found.case;
      if (status === PAID.status && reporting.upToDate) return;
      if (Date.now() > until) throw new Error(`the registry is not told of ${caseId}: ${JSON.stringify(found)}`);
      if (reporting.stuck) {
        await frontEnd.mutate({
          name: 'resumeRegistrationFee',
          inputType: 'ResumeRegistrationFeeInput',
          input: { operator: 'registry', caseId },
          selection: 'resumed',
        });
      }
      await sleep(LOOK_MS);
    }
  },
};

/** The registry has the fee of this application once: linked, paid, and its e-receipt. */
async function registryDid({ district, notes, caseId }: Travelling): Promise<void> {
  const reference = notes.get('acceptanceNumber') ?? '';
  const ledger = (await district.ledger('real-estate')).filter((effect) => effect.reference === reference);
  expect(ledger.map(({ kind }) => kind)).toEqual(['registration-accepted', 'fee-linked', 'fee-paid', 'receipt-told']);
  expect(new Set(ledger.slice(1).map(({ payCode }) => payCode))).toEqual(new Set([notes.get('payCode')]));
  const { case: found } = await district.frontEnd.query<{ case: { references: readonly object[] } }>(
    'query ($id: ID!) { case(id: $id) { references { system kind reference } } }',
    { id: caseId },
  );
  expect(found.references).toContainEqual({ system: 'real-estate', kind: 'registration', reference });
}

export const REGISTRATION_FEES: readonly Journey[] = [
  {
    name: 'S01 for a registration, of which the registry is told',
    itemId: 'S01',
    applicant: 'adult',
    steps: [
      isAccepted,
      openCase({ itemId: 'S01', channel: 'WINDOW', operator: 'clerk' }),
      openPaymentOf('clerk', ({ notes }) => ({
        service: 'REGISTRATION_RESIDENTIAL',
        registrationNumber: notes.get('acceptanceNumber'),
      })),
      isPaid,
      isTold,
    ],
    ends: PAID,
    async effects(at) {
      await financeDid('payment-opened', 'payment-paid', 'receipt-issued')(at);
      await registryDid(at);
    },
  },
];
