import { expect } from 'vitest';
import { openCase } from './case-steps.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** S03, 不动产信息查询: a proof printed at a machine in a street. */

/** A housing certificate, unless `wanted` says another. */
export const requestProof = (operator: string, wanted: (at: Travelling) => object = () => ({})): JourneyStep => ({
  name: 'requestPropertyProof',
  async take(at) {
    await at.district.frontEnd.mutate({
      name: 'requestPropertyProof',
      inputType: 'RequestPropertyProofInput',
      input: { operator, caseId: at.caseId, kind: 'HOUSING', ...wanted(at) },
      selection: 'submission { id }',
    });
  },
});

/** The registry has printed one proof for the applicant. */
export async function oneProof({ district, applicant }: Travelling): Promise<void> {
  const ledger = await district.ledger('real-estate');
  const ofApplicant = ledger.filter(({ subject }) => subject === applicant.idNumber);
  expect(ofApplicant.map(({ kind }) => kind)).toEqual(['proof-printed']);
}

export const PROOFS: readonly Journey[] = [
  {
    name: 'S03 printed at a machine',
    itemId: 'S03',
    applicant: 'adult',
    steps: [openCase({ itemId: 'S03', channel: 'KIOSK', operator: 'kiosk' }), requestProof('kiosk')],
    ends: {
      status: 'CLOSED',
      steps: [
        ['自助受理', 'ACCEPTED'],
        ['出件', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 'r'],
    },
    effects: oneProof,
  },
];
