import { expect } from 'vitest';
import { demoDirectory } from '../../../seeds/directory.ts';
import { openCase } from './case-steps.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** O03, 两补: reviewed by the street or town of the hukou, the federation and civil affairs; applied for there or where the applicant lives. */

const { organisations, operators } = demoDirectory();

/** A street of another province. */
export const ELSEWHERE = '440305005000';

type Office = 'clerk' | 'reviewer';

/** An account of the town or street that serves a division: its window's, or a reviewer's. */
function ofTown(kind: Office, division: string): string {
  const town = `${division.slice(0, 9)}000`;
  const office = organisations.find(({ division: own, level }) => own === town && /^(?:town|street)$/.test(level));
  const found = operators.find(
    ({ organisation, account }) => organisation === office?.code && account.startsWith(kind),
  );
  if (!found) throw new Error(`no ${kind} serves ${town}`);
  return found.account;
}

export const atHukou = (kind: Office) => (at: Travelling) => ofTown(kind, at.applicant.hukouDivision);

export const open: JourneyStep = {
  name: 'openCase',
  take: (at) => openCase({ itemId: 'O03', channel: 'WINDOW', operator: atHukou('clerk')(at) }).take(at),
};

const IDENTITY_CARD = { kind: 'IDENTITY_CARD', form: 'ELECTRONIC', fileId: 'f-0001' };

/** For the living subsidy whoever is on the minimum living allowance, for the nursing subsidy whoever needs care. */
export const apply = (type: 'LIVING' | 'NURSING', more: object = {}): JourneyStep => ({
  name: 'applyForSubsidy',
  async take(at) {
    const { applicant, caseId } = at;
    const poor = type === 'LIVING';
    const { number } = await at.district.frontEnd.mutate<{ number: string }>({
      name: 'applyForSubsidy',
      inputType: 'ApplyForSubsidyInput',
      input: {
        operator: atHukou('clerk')(at),
        caseId,
        types: [type],
        residenceDivision: applicant.hukouDivision,
        phone: applicant.phone,
        address: applicant.address,
        circumstances: {
          economicStatus: poor ? 'MINIMUM_LIVING_ALLOWANCE' : 'NONE',
          needsLongTermCare: !poor,
        },
        household: { type: 'RURAL', ...(poor && { allowanceNumber: '42120220200315001' }) },
        bank: { code: '105', name: '建设银行', accountName: applicant.name, account: '6217995270007654320' },
        materials: [IDENTITY_CARD],
        ...more,
      },
      selection: 'submission { id } number',
    });
    at.notes.set('number', number);
  },
});

export const review = (operator: (at: Travelling) => string, more: object = {}): JourneyStep => ({
  name: 'reviewSubsidyApplication',
  async take(at) {
    await at.district.frontEnd.mutate({
      name: 'reviewSubsidyApplication',
      inputType: 'ReviewSubsidyApplicationInput',
      input: { operator: operator(at), caseId: at.caseId, decision: 'PASS', opinion: '同意', ...more },
      selection: 'submission { id }',
    });
  },
});

const supplement: JourneyStep = {
  name: 'supplementSubsidyApplication',
  async take(at) {
    await at.district.frontEnd.mutate({
      name: 'supplementSubsidyApplication',
      inputType: 'SupplementSubsidyApplicationInput',
      input: {
        operator: atHukou('clerk')(at),
        caseId: at.caseId,
        materials: [{ ...IDENTITY_CARD, kind: 'WRITTEN_APPLICATION', fileId: 'f-0002' }],
      },
      selection: 'submission { id }',
    });
  },
};

/** Somebody at another place does something about the application. */
const elsewhere = (kind: string, more: object = {}): JourneyStep => ({
  name: `${kind} elsewhere`,
  async take({ district, notes }) {
    await district.act('disability-subsidy', { kind, applicationNo: notes.get('number'), ...more });
  },
});

/** The applicant is registered in another province and goes on living here; our own street is theirs no more, nor are its offices. */
export const hasMovedAway: JourneyStep = {
  name: 'has the hukou elsewhere',
  async take({ district, applicant }) {
    const move = { kind: 'move-hukou', idCard: applicant.idNumber, division: ELSEWHERE };
    await district.act('disability-subsidy', move);
  },
};

const appliesElsewhere: JourneyStep = {
  name: 'applies elsewhere',
  async take({ district, applicant, notes }) {
    const form = { idCard: applicant.idNumber, division: ELSEWHERE, subsidyTypes: ['2'] };
    const filed = await district.act('disability-subsidy', { kind: 'apply-elsewhere', ...form });
    notes.set('number', (filed as { readonly applicationNo: string }).applicationNo);
  },
};

const receive: JourneyStep = {
  name: 'receiveSubsidyApplication',
  async take(at) {
    await at.district.frontEnd.mutate({
      name: 'receiveSubsidyApplication',
      inputType: 'ReceiveSubsidyApplicationInput',
      input: { operator: atHukou('clerk')(at), caseId: at.caseId, number: at.notes.get('number') },
      selection: 'application { number }',
    });
  },
};

const NEXT_MONTH = new Date(Date.now() + 32 * 86_400_000).toISOString().slice(0, 7);

const isPaid: JourneyStep = {
  name: 'is paid the first month',
  async take({ district, applicant }) {
    const month = NEXT_MONTH.replace('-', '');
    await district.act('disability-subsidy', { kind: 'pay-month', month, idCard: applicant.idNumber });
  },
};

export const passesTown = review(atHukou('reviewer'));
export const passesDistrict = [
  review(() => 'federation'),
  review(() => 'civil-affairs', { startMonth: NEXT_MONTH }),
] as const;

/** The national system has done exactly this for the applicant. */
export const systemDid =
  (...kinds: readonly string[]) =>
  async ({ district, applicant }: Travelling) => {
    const ledger = await district.ledger('disability-subsidy');
    expect(ledger.filter(({ subject }) => subject === applicant.idNumber).map(({ kind }) => kind)).toEqual(kinds);
  };

/** The first month's payment is told to whoever asks for the applicant. */
async function paymentIsTold({ district, applicant }: Travelling): Promise<void> {
  const { resident } = await district.frontEnd.query<{ resident: { subsidyPayments: readonly object[] } }>(
    `query ($who: IdNumber!, $month: Month!) { resident(idNumber: $who) {
      subsidyPayments(from: $month, to: $month) { month result } } }`,
    { who: applicant.idNumber, month: NEXT_MONTH },
  );
  expect(resident.subsidyPayments).toEqual([{ month: NEXT_MONTH, result: 'PAID' }]);
}

export const GRANTED: Journey['ends'] = {
  status: 'CLOSED',
  steps: [
    ['申请', 'AGREED'],
    ['受理', 'ACCEPTED'],
    ['审核', 'AGREED'],
  ],
  told: ['allotted', 'a', 's1', 's2', 's3', 's3', 'r'],
};

const GRANTED_AFTER_SUPPLEMENT: Journey['ends'] = {
  status: 'CLOSED',
  steps: [
    ['申请', 'AGREED'],
    ['受理', 'ACCEPTED'],
    ['审核', 'SUPPLEMENT'],
    ['补正', 'AGREED'],
    ['审核', 'AGREED'],
  ],
  told: ['allotted', 'a', 's1', 's2', 's3', 'a', 's4', 's5', 's5', 'r'],
};

export const SUBSIDIES: readonly Journey[] = [
  {
    name: 'O03 applied for at the hukou’s town, granted',
    itemId: 'O03',
    applicant: 'poor-and-disabled',
    steps: [open, apply('LIVING'), passesTown, ...passesDistrict],
    ends: GRANTED,
    effects: systemDid('application-submitted', 'decided', 'decided', 'decided'),
  },
  {
    name: 'O03 with a supplement, granted and paid',
    itemId: 'O03',
    applicant: 'severely-disabled',
    steps: [
      open,
      apply('NURSING'),
      review(atHukou('reviewer'), { decision: 'ASK_FOR_SUPPLEMENT', opinion: '缺书面申请书' }),
      supplement,
      passesTown,
      ...passesDistrict,
      isPaid,
    ],
    ends: GRANTED_AFTER_SUPPLEMENT,
    async effects(at) {
      await systemDid('application-submitted', 'decided', 'supplemented', 'decided', 'decided', 'decided', 'paid')(at);
      await paymentIsTold(at);
    },
  },
  {
    name: 'O03 of somebody registered elsewhere, supplemented here, granted there',
    itemId: 'O03',
    applicant: 'severely-disabled',
    steps: [
      hasMovedAway,
      open,
      apply('NURSING'),
      elsewhere('ask-supplement', { opinion: '缺书面申请书' }),
      supplement,
      elsewhere('review'),
      elsewhere('review'),
      elsewhere('review'),
    ],
    ends: GRANTED_AFTER_SUPPLEMENT,
    effects: systemDid(
      'hukou-moved',
      'application-submitted',
      'decided',
      'supplemented',
      'decided',
      'decided',
      'decided',
    ),
  },
  {
    name: 'O03 of somebody registered here who applied elsewhere, granted here',
    itemId: 'O03',
    applicant: 'severely-disabled',
    steps: [appliesElsewhere, open, receive, passesTown, ...passesDistrict],
    ends: GRANTED,
    effects: systemDid('application-submitted', 'decided', 'decided', 'decided'),
  },
];
