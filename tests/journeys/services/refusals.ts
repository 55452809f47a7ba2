import { expect } from 'vitest';
import { accept, agree, grant, openCase, refuse } from './case-steps.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';
import { financeDid, isPaid, openPayment, openPaymentOf, PAID, voidPayment } from './payments.ts';
import { oneProof, PROOFS, requestProof } from './proofs.ts';
import {
  apply,
  atHukou,
  ELSEWHERE,
  GRANTED,
  hasMovedAway,
  open,
  passesDistrict,
  passesTown,
  review,
  systemDid,
} from './subsidies.ts';

/** Bad input on the way: each is refused in clear words, and the case comes to its end as if it had never been. */

const LARGE_BYTES = 30_000_000;
/** Twelve years old. */
const CHILD = { idNumber: '421202201409150017', name: '张小满' };
/** Fifty characters, each beyond the basic plane. */
const RARE_NAME = '𠮷'.repeat(50);

const isRefused = (step: JourneyStep, field: string, code = 'INVALID_INPUT'): JourneyStep => ({
  name: `${step.name} is refused`,
  async take(at) {
    await expect(step.take(at)).rejects.toMatchObject({ name: 'RequestRefused', code, field });
  },
});

const rentOf = (amount: number) => openPaymentOf('clerk', () => ({ service: 'RENT', amount }));

/** The case is opened for somebody else, or for the same under another name. */
const openFor = (applicant: object): JourneyStep => ({
  name: 'openCase',
  async take(at) {
    const other = { ...at, applicant: { ...at.applicant, ...applicant } };
    await openCase({ itemId: 'S02', channel: 'WINDOW', operator: 'clerk' }).take(other);
    at.caseId = other.caseId;
  },
});

const uploadIsTooLarge: JourneyStep = {
  name: 'an upload of 30 MB is refused',
  async take({ district }) {
    const query = `mutation { openCase(input: { explanation: "${'x'.repeat(LARGE_BYTES)}" }) { case { id } } }`;
    const response = await fetch(`${await district.gateways.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      errors: [
        { message: expect.stringContaining('The body is larger than allowed.'), extensions: { code: 'INVALID_INPUT' } },
      ],
    });
  },
};

/** A certificate that is in force, of a house of which the applicant owns nothing. */
function anothersHouse({ district: { population }, applicant }: Travelling) {
  const house = population.realEstate.properties.find(
    ({ state, certificateNumber, owners }) =>
      state === '1' &&
      certificateNumber.startsWith('鄂(') &&
      !owners.some(({ idNumber }) => idNumber === applicant.idNumber),
  );
  if (!house) throw new Error('nobody has a house');
  return house;
}

const queryResult = (wanted: (at: Travelling) => object) =>
  requestProof('kiosk', (at) => ({ kind: 'QUERY_RESULT', ...wanted(at) }));

const certificateLapses: JourneyStep = {
  name: 'the certificate lapses',
  async take({ district, applicant }) {
    const held = district.population.subsidy.certificates.filter(({ idNumber }) => idNumber === applicant.idNumber);
    for (const { number } of held) {
      await district.act('disability-subsidy', { kind: 'lapse-certificate', certNo: number });
    }
  },
};

const refuseAtHukou: JourneyStep = {
  name: 'refuseCase',
  take: (at) => refuse(atHukou('clerk')(at), '残疾人证已失效').take(at),
};

const printed = PROOFS.find(({ itemId }) => itemId === 'S03')?.ends;
if (!printed) throw new Error('no proof is printed');

export const REFUSALS: readonly Journey[] = [
  {
    name: 'S01 with amounts that are none, paid twice, and voided once it was paid',
    itemId: 'S01',
    applicant: 'adult',
    steps: [
      openCase({ itemId: 'S01', channel: 'WINDOW', operator: 'clerk' }),
      isRefused(rentOf(-1), 'input.amount'),
      isRefused(rentOf(0), 'input.amount'),
      isRefused(rentOf(412.5), 'input.amount'),
      isRefused(rentOf(100_000_000), 'input.amount'),
      openPayment('clerk'),
      isRefused(openPayment('clerk'), 'input.caseId'),
      isPaid,
      isRefused(openPayment('clerk'), 'input.caseId'),
      isRefused(voidPayment('clerk'), 'input.paymentCode', 'DEPARTMENT_REJECTED'),
    ],
    ends: PAID,
    effects: financeDid('payment-opened', 'payment-paid', 'receipt-issued'),
  },
  {
    name: 'S02 with an upload of 30 MB, of a minor, reviewed by whoever opened it, under fifty rare characters',
    itemId: 'S02',
    applicant: 'anybody',
    steps: [
      uploadIsTooLarge,
      isRefused(openFor(CHILD), 'input.agent'),
      isRefused(openFor({ name: `${RARE_NAME}𠮷` }), 'input.applicant.name'),
      openFor({ name: RARE_NAME }),
      accept('clerk'),
      isRefused(agree('clerk', '审查'), 'input.operator'),
      agree('reviewer', '审查'),
      grant('clerk', { name: '登记凭证', number: '咸安登〔2026〕0002号' }),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审查', 'AGREED'],
        ['出件', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 's4', 'r'],
    },
  },
  {
    name: 'S03 about a house of somebody else',
    itemId: 'S03',
    applicant: 'adult',
    steps: [
      openCase({ itemId: 'S03', channel: 'KIOSK', operator: 'kiosk' }),
      isRefused(
        queryResult((at) => ({ certificateNumber: anothersHouse(at).certificateNumber })),
        'input.certificateNumber',
      ),
      isRefused(
        queryResult((at) => ({ unitNumber: anothersHouse(at).unitNumber })),
        'input.unitNumber',
      ),
      requestProof('kiosk'),
    ],
    ends: printed,
    effects: oneProof,
  },
  {
    name: 'O03 at a place of others, and on a dead certificate',
    itemId: 'O03',
    applicant: 'severely-disabled',
    steps: [
      hasMovedAway,
      open,
      isRefused(apply('NURSING', { residenceDivision: '990101001000' }), 'input.residenceDivision'),
      isRefused(apply('NURSING', { residenceDivision: ELSEWHERE }), 'input.residenceDivision'),
      certificateLapses,
      isRefused(apply('NURSING'), 'input.types.0'),
      refuseAtHukou,
    ],
    ends: {
      status: 'NOT_ACCEPTED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTANCE_REFUSED'],
      ],
      told: ['allotted', 'a', 's1', 's2'],
    },
    async effects({ district, applicant }) {
      const ledger = await district.ledger('disability-subsidy');
      const ofApplicant = ledger.filter(({ subject }) => subject === applicant.idNumber).map(({ kind }) => kind);
      expect(new Set(ofApplicant)).toEqual(new Set(['hukou-moved', 'certificate-lapsed']));
    },
  },
  {
    name: 'O03 reviewed by whoever filed it',
    itemId: 'O03',
    applicant: 'severely-disabled',
    steps: [
      open,
      apply('NURSING'),
      isRefused(review(atHukou('clerk')), 'input.operator'),
      passesTown,
      ...passesDistrict,
    ],
    ends: GRANTED,
    effects: systemDid('application-submitted', 'decided', 'decided', 'decided'),
  },
];
