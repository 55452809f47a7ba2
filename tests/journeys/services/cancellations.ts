import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { openCase, withdraw } from './case-steps.ts';
import {
  decideChronicDisease,
  fileChronicDisease,
  fileOutOfArea,
  fileReferral,
  filing,
  outOfArea,
  platformDid,
  reviewChronicDisease,
  TOLD,
} from './filings.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** S07–S11 as they end otherwise: what was filed is refused, or taken back. */

const LOOK_MS = 100;
const REASON = '申请人撤回';

/**
 * Takes a filing off the platform. One whose serial was lost with the platform's answer only the agency can cancel: that is refused,
 * and `otherwise` is what is left to do here.
 */
const cancel = (name: string, inputType: string, operator: string, otherwise?: JourneyStep): JourneyStep => ({
  name,
  async take(at) {
    const cancelling = filing(name, inputType, () => ({ operator, reason: REASON })).take(at);
    if (at.notes.has('serial')) return cancelling;
    await expect(cancelling).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await otherwise?.take(at);
  },
});

const cancelOutOfArea = cancel('cancelOutOfAreaFiling', 'CancelOutOfAreaFilingInput', 'village');
const cancelReferral = cancel('cancelReferral', 'CancelReferralInput', 'hospital');
const cancelChronicDisease = (otherwise?: JourneyStep) =>
  cancel('cancelChronicDiseaseFiling', 'CancelChronicDiseaseFilingInput', 'village', otherwise);

/** The case follows what was filed a moment later: only then can it be withdrawn. */
const withdrawOnceAccepted: JourneyStep = {
  name: 'withdrawCase',
  async take(at) {
    for (;;) {
      const found = await at.district.frontEnd.query<{ case: { actions: readonly string[] } }>(
        'query ($id: ID!) { case(id: $id) { actions } }',
        { id: at.caseId },
      );
      if (found.case.actions.includes('withdrawCase')) return withdraw('village', REASON).take(at);
      await sleep(LOOK_MS);
    }
  },
};

/** The platform has filed, and has taken it back where it could be asked to. */
const filedAndCancelled =
  (...kinds: readonly [filed: string, cancelled: string]) =>
  (at: Travelling) =>
    platformDid(...kinds.slice(0, at.notes.has('serial') ? 2 : 1))(at);

const openS10 = openCase({ itemId: 'S10', channel: 'VILLAGE', operator: 'village' });

const chronicDisease = (name: string, steps: readonly JourneyStep[], ends: Journey['ends']): Journey => ({
  name: `S10 ${name}`,
  itemId: 'S10',
  applicant: 'insured',
  steps: [openS10, fileChronicDisease, ...steps],
  ends,
  effects: filedAndCancelled('chronic-filing', 'chronic-filing-cancelled'),
});

const inVillage = (itemId: string): Journey => ({
  ...outOfArea(itemId),
  name: `${itemId} filed, and cancelled after it was closed`,
  steps: [openCase({ itemId, channel: 'VILLAGE', operator: 'village' }), fileOutOfArea, cancelOutOfArea],
  effects: platformDid('out-of-area-filing', 'out-of-area-filing-cancelled'),
});

export const CANCELLATIONS: readonly Journey[] = [
  inVillage('S07'),
  chronicDisease('cancelled before its review', [cancelChronicDisease(withdrawOnceAccepted)], {
    status: 'CLOSED_ABNORMALLY',
    steps: [
      ['申请', 'AGREED'],
      ['受理', 'ACCEPTED'],
      ['审查', 'RETURNED'],
    ],
    told: ['allotted', 'a', 's1', 's2', 's3', 'r'],
  }),
  chronicDisease(
    'refused in its review, and taken back',
    [reviewChronicDisease({ approve: false, opinion: '病历不全' }), cancelChronicDisease()],
    {
      status: 'NOT_GRANTED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审查', 'DISAGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 'r'],
    },
  ),
  {
    ...chronicDisease(
      'refused by the bureau',
      [
        reviewChronicDisease({ approve: true, opinion: '材料齐全' }),
        decideChronicDisease({ approve: false, opinion: '未达到认定标准' }),
      ],
      {
        status: 'NOT_GRANTED',
        steps: [
          ['申请', 'AGREED'],
          ['受理', 'ACCEPTED'],
          ['审查', 'AGREED'],
          ['决定', 'DISAGREED'],
        ],
        told: TOLD,
      },
    ),
    effects: platformDid('chronic-filing'),
  },
  {
    name: 'S11 referred, and cancelled after it was closed',
    itemId: 'S11',
    applicant: 'insured',
    steps: [openCase({ itemId: 'S11', channel: 'HOSPITAL', operator: 'hospital' }), fileReferral, cancelReferral],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审查', 'AGREED'],
        ['出件', 'AGREED'],
      ],
      told: TOLD,
    },
    effects: filedAndCancelled('referral', 'referral-cancelled'),
  },
];
