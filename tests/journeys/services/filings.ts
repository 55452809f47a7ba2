import { expect } from 'vitest';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { openCase } from './case-steps.ts';
import type { Effect } from './district.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** S07–S11: filings on the provincial medical insurance platform. */

const DAY_MS = 86_400_000;
const today = () => chinaDate(Date.now());
const inAYear = () => chinaDate(Date.now() + 364 * DAY_MS);

type InputOf = (at: Travelling) => object;

/** A mutation of a filing: its input is made when it is sent. */
export const filing = (name: string, inputType: string, input: InputOf): JourneyStep => ({
  name,
  async take(at) {
    await send(at, name, inputType, input, '');
  },
});

/** The same, and notes the filing's serial, unless it was lost with the platform's answer. */
const noting = (name: string, inputType: string, input: InputOf): JourneyStep => ({
  name,
  async take(at) {
    const { serial } = await send<{ serial: string | null }>(at, name, inputType, input, 'serial');
    if (serial !== null) at.notes.set('serial', serial);
  },
});

function send<Payload>(
  at: Travelling,
  name: string,
  inputType: string,
  input: InputOf,
  more: string,
): Promise<Payload> {
  const selection = `submission { id } ${more}`;
  return at.district.frontEnd.mutate({ name, inputType, input: { caseId: at.caseId, ...input(at) }, selection });
}

export const fileOutOfArea = noting('fileOutOfArea', 'FileOutOfAreaInput', ({ applicant }) => ({
  operator: 'village',
  destination: '440305',
  destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
  phone: applicant.phone,
  from: today(),
}));

export const fileReferral = noting('fileReferral', 'FileReferralInput', ({ applicant }) => ({
  operator: 'hospital',
  diagnosis: { code: 'I25.103', name: '冠状动脉粥样硬化性心脏病' },
  condition: '示例病情描述',
  hospital: { code: 'H42010600902', name: '武汉示例医院（虚构）' },
  date: today(),
  reason: '本院不具备相应诊疗条件',
  opinion: '同意转院',
  from: today(),
  to: inAYear(),
  phone: applicant.phone,
  address: applicant.address,
}));

export const fileChronicDisease = noting('fileChronicDisease', 'FileChronicDiseaseInput', ({ applicant }) => ({
  operator: 'village',
  disease: { code: 'M03900', name: '高血压' },
  hospital: { code: 'H42120200101', name: '咸安区第一人民医院' },
  doctor: { code: 'D421202000123', name: '示例医师' },
  identifiedOn: today(),
  from: today(),
  to: inAYear(),
  phone: applicant.phone,
  address: applicant.address,
}));

/** The first review on behalf (初审代办). */
export const reviewChronicDisease = (opinion: object) =>
  filing('reviewChronicDiseaseFiling', 'ReviewChronicDiseaseFilingInput', () => ({ operator: 'village', ...opinion }));

/** The bureau's decision (待遇认定). */
export const decideChronicDisease = (opinion: object) =>
  filing('decideChronicDiseaseFiling', 'DecideChronicDiseaseFilingInput', () => ({
    operator: 'medical-security',
    ...opinion,
  }));

/** The platform has done exactly this for the applicant. */
export const platformDid =
  (...kinds: readonly string[]) =>
  async ({ district, applicant }: Travelling) => {
    const ledger = await district.ledger('medical-insurance');
    const psnNo = district.personNumber(applicant.idNumber);
    const isOfApplicant = ({ subject }: Effect) => subject === psnNo;
    expect(ledger.filter(isOfApplicant).map(({ kind }) => kind)).toEqual(kinds);
  };

export const TOLD = ['allotted', 'a', 's1', 's2', 's3', 's4', 'r'];

export const outOfArea = (itemId: string): Journey => ({
  name: `${itemId} filed by the village`,
  itemId,
  applicant: 'insured',
  steps: [openCase({ itemId, channel: 'VILLAGE', operator: 'village' }), fileOutOfArea],
  ends: {
    status: 'CLOSED',
    steps: [
      ['申请', 'AGREED'],
      ['受理', 'ACCEPTED'],
      ['审核', 'AGREED'],
      ['办结', 'AGREED'],
    ],
    told: TOLD,
  },
  effects: platformDid('out-of-area-filing'),
});

export const FILINGS: readonly Journey[] = [
  outOfArea('S07'),
  outOfArea('S08'),
  outOfArea('S09'),
  {
    name: 'S10 filed by the village, reviewed and decided',
    itemId: 'S10',
    applicant: 'insured',
    steps: [
      openCase({ itemId: 'S10', channel: 'VILLAGE', operator: 'village' }),
      fileChronicDisease,
      reviewChronicDisease({ approve: true, opinion: '材料齐全' }),
      decideChronicDisease({ approve: true }),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审查', 'AGREED'],
        ['决定', 'AGREED'],
      ],
      told: TOLD,
    },
    effects: platformDid('chronic-filing'),
  },
  {
    name: 'S11 referred by the hospital',
    itemId: 'S11',
    applicant: 'insured',
    steps: [openCase({ itemId: 'S11', channel: 'HOSPITAL', operator: 'hospital' }), fileReferral],
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
    effects: platformDid('referral'),
  },
];
