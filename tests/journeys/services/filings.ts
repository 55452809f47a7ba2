import { expect } from 'vitest';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { openCase } from './case-steps.ts';
import type { Effect } from './district.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** S07–S11: filings on the provincial medical insurance platform. */

const DAY_MS = 86_400_000;
const today = () => chinaDate(Date.now());
const inAYear = () => chinaDate(Date.now() + 364 * DAY_MS);

/** A mutation of a filing: its input is made when it is sent. */
export const filing = (name: string, inputType: string, input: (at: Travelling) => object): JourneyStep => ({
  name,
  async take(at) {
    const selection = 'submission { id }';
    await at.district.frontEnd.mutate({ name, inputType, input: { caseId: at.caseId, ...input(at) }, selection });
  },
});

const fileOutOfArea = filing('fileOutOfArea', 'FileOutOfAreaInput', ({ applicant }) => ({
  operator: 'village',
  destination: '440305',
  destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
  phone: applicant.phone,
  from: today(),
}));

const fileReferral = filing('fileReferral', 'FileReferralInput', ({ applicant }) => ({
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

const fileChronicDisease = filing('fileChronicDisease', 'FileChronicDiseaseInput', ({ applicant }) => ({
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

const cancel = (name: string, inputType: string, operator: string) =>
  filing(name, inputType, () => ({ operator, reason: '申请人撤回' }));

/** The platform has done exactly this for the applicant. */
export const platformDid =
  (...kinds: readonly string[]) =>
  async ({ district, applicant }: Travelling) => {
    const ledger = await district.ledger('medical-insurance');
    const psnNo = district.personNumber(applicant.idNumber);
    const isOfApplicant = ({ subject }: Effect) => subject === psnNo;
    expect(ledger.filter(isOfApplicant).map(({ kind }) => kind)).toEqual(kinds);
  };

const TOLD = ['allotted', 'a', 's1', 's2', 's3', 's4', 'r'];

const outOfArea = (itemId: string): Journey => ({
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
    ...outOfArea('S07'),
    name: 'S07 filed, and cancelled after it was closed',
    steps: [
      openCase({ itemId: 'S07', channel: 'VILLAGE', operator: 'village' }),
      fileOutOfArea,
      cancel('cancelOutOfAreaFiling', 'CancelOutOfAreaFilingInput', 'village'),
    ],
    effects: platformDid('out-of-area-filing', 'out-of-area-filing-cancelled'),
  },
  {
    name: 'S10 filed by the village, reviewed and decided',
    itemId: 'S10',
    applicant: 'insured',
    steps: [
      openCase({ itemId: 'S10', channel: 'VILLAGE', operator: 'village' }),
      fileChronicDisease,
      filing('reviewChronicDiseaseFiling', 'ReviewChronicDiseaseFilingInput', () => ({
        operator: 'village',
        approve: true,
        opinion: '材料齐全',
      })),
      filing('decideChronicDiseaseFiling', 'DecideChronicDiseaseFilingInput', () => ({
        operator: 'medical-security',
        approve: true,
      })),
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
