import { expect } from 'vitest';
import { demoDirectory } from '../../../seeds/directory.ts';
import { openCase } from './case-steps.ts';
import type { Journey, JourneyStep, Travelling } from './journey.ts';

/** O03, 两补: applied for where the applicant is registered, reviewed by the street or town, the federation and civil affairs. */

const { organisations, operators } = demoDirectory();

/** An account of the office that serves the applicant's hukou: its window's, or a reviewer's. */
function ofTown(kind: 'clerk' | 'reviewer', { applicant }: Travelling): string {
  const town = `${applicant.hukouDivision.slice(0, 9)}000`;
  const office = organisations.find(({ division, level }) => division === town && /^(?:town|street)$/.test(level));
  const found = operators.find(
    ({ organisation, account }) => organisation === office?.code && account.startsWith(kind),
  );
  if (!found) throw new Error(`no ${kind} serves ${town}`);
  return found.account;
}

const open: JourneyStep = {
  name: 'openCase',
  take: (at) => openCase({ itemId: 'O03', channel: 'WINDOW', operator: ofTown('clerk', at) }).take(at),
};

const apply: JourneyStep = {
  name: 'applyForSubsidy',
  async take(at) {
    const { applicant, caseId } = at;
    const { number } = await at.district.frontEnd.mutate<{ number: string }>({
      name: 'applyForSubsidy',
      inputType: 'ApplyForSubsidyInput',
      input: {
        operator: ofTown('clerk', at),
        caseId,
        types: ['LIVING'],
        residenceDivision: applicant.hukouDivision,
        phone: applicant.phone,
        address: applicant.address,
        circumstances: { economicStatus: 'MINIMUM_LIVING_ALLOWANCE', needsLongTermCare: false },
        household: { type: 'RURAL', allowanceNumber: '42120220200315001' },
        bank: { code: '105', name: '建设银行', accountName: applicant.name, account: '6217995270007654320' },
        materials: [{ kind: 'IDENTITY_CARD', form: 'ELECTRONIC', fileId: 'f-0001' }],
      },
      selection: 'submission { id } number',
    });
    at.notes.set('number', number);
  },
};

const review = (operator: (at: Travelling) => string, more: object = {}): JourneyStep => ({
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

/** The national system has done exactly this for the applicant. */
const systemDid =
  (...kinds: readonly string[]) =>
  async ({ district, notes }: Travelling) => {
    const ledger = await district.ledger('disability-subsidy');
    expect(ledger.filter(({ reference }) => reference === notes.get('number')).map(({ kind }) => kind)).toEqual(kinds);
  };

const NEXT_MONTH = new Date(Date.now() + 32 * 86_400_000).toISOString().slice(0, 7);

export const SUBSIDIES: readonly Journey[] = [
  {
    name: 'O03 applied for at the hukou’s town, granted',
    itemId: 'O03',
    applicant: 'poor-and-disabled',
    steps: [
      open,
      apply,
      review((at) => ofTown('reviewer', at)),
      review(() => 'federation'),
      review(() => 'civil-affairs', { startMonth: NEXT_MONTH }),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审核', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 's3', 'r'],
    },
    effects: systemDid('application-submitted', 'decided', 'decided', 'decided'),
  },
];
