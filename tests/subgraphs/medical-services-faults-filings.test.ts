import { afterAll, afterEach, beforeAll } from 'vitest';
import type { MedicalDesk } from './fixture/medical-desk.ts';
import { openImpatientDesk, survivesFaults, type Write } from './fixture/medical-faults.ts';
import { cancelForm, chronicForm, outOfAreaForm, referralForm } from './fixture/medical-forms.ts';

let desk: MedicalDesk;

beforeAll(async () => {
  desk = await openImpatientDesk();
});

afterEach(() => {
  desk.core.clearFaults();
  // Questions that were asked in vain, and serials that were lost.
  desk.medical.takeFaults();
});

afterAll(() => desk.close());

async function fresh(itemId: string) {
  const person = desk.patient();
  return { person, caseId: await desk.newCase(itemId, person) };
}

/** A filing of an item, made, and its cancellation due. */
async function cancelling(itemId: string, mutation: string, form: (caseId: string) => object, operator: string) {
  const { person, caseId } = await fresh(itemId);
  await desk.done(mutation, form(caseId));
  return { person, caseId, input: cancelForm(caseId, { operator }) };
}

const FILINGS: readonly Write[] = [
  {
    mutation: 'fileOutOfArea',
    transaction: 'Z501',
    effect: 'out-of-area-filing',
    event: 'filing-recorded',
    async due() {
      const one = await fresh('S08');
      return { ...one, input: outOfAreaForm(one.caseId) };
    },
  },
  {
    mutation: 'cancelOutOfAreaFiling',
    transaction: 'Z502',
    effect: 'out-of-area-filing-cancelled',
    event: 'filing-cancelled',
    due: () => cancelling('S08', 'fileOutOfArea', outOfAreaForm, 'village'),
  },
  {
    mutation: 'fileChronicDisease',
    transaction: '2503',
    effect: 'chronic-filing',
    event: 'chronic-filed',
    async due() {
      const one = await fresh('S10');
      return { ...one, input: chronicForm(one.caseId) };
    },
  },
  {
    mutation: 'cancelChronicDiseaseFiling',
    transaction: '2504',
    effect: 'chronic-filing-cancelled',
    event: 'chronic-cancelled',
    due: () => cancelling('S10', 'fileChronicDisease', chronicForm, 'village'),
  },
  {
    mutation: 'fileReferral',
    transaction: '2501',
    effect: 'referral',
    event: 'referral-filed',
    async due() {
      const one = await fresh('S11');
      return { ...one, input: referralForm(one.caseId) };
    },
  },
  {
    mutation: 'cancelReferral',
    transaction: '2502',
    effect: 'referral-cancelled',
    event: 'referral-cancelled',
    due: () => cancelling('S11', 'fileReferral', referralForm, 'hospital'),
  },
];

for (const write of FILINGS) survivesFaults(() => desk, write);
