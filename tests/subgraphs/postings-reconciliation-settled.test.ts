import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MedicalInsuranceClient } from '../../adapters/medical-insurance/client.ts';
import { medicalInsuranceSettings } from '../../adapters/medical-insurance/settings.ts';
import { chinaDate } from '../../adapters/values/china-time.ts';
import { FIRST_PEOPLES, MATERNAL_AND_CHILD } from '../../seeds/population/hospitals.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { type MedicalDesk, openMedicalDesk } from './fixture/medical-desk.ts';
import { cancelForm, FEES, readyToSettle, settlementForm, TOTAL } from './fixture/medical-forms.ts';
import { reconciled, told } from './fixture/reconciling.ts';

const DAY_MS = 86_400_000;
/** The platform's clock begins at half past midnight of this day. */
const TODAY = { from: '2026-01-01', to: '2026-01-01' };
const { privateKey } = generateKeyPairSync('ed25519');
const SIGNING_KEYS = [privateKey.export({ type: 'pkcs8', format: 'pem' })];
const ENTRY = { code: 'A05.02', name: '产科专业' };
const DOCTOR = { code: 'D421202000045', name: '示例产科医师' };

let desk: MedicalDesk;

beforeAll(async () => {
  const settings = { postings: { signingKeys: SIGNING_KEYS }, takingBack: { enabled: true } };
  desk = await openMedicalDesk({ settings });
});

afterAll(() => desk.close());

/** Posts a maternity settlement and waits until it is where it should be. */
async function posted(document: string, state: string): Promise<void> {
  const { idNumber, name } = desk.patient();
  const input = {
    operator: 'hospital',
    document,
    patient: { idNumber, name },
    admission: {
      admittedAt: '2025-12-28T08:30:00+08:00',
      admissionNumber: `ZY${document}`,
      department: ENTRY,
      doctor: DOCTOR,
      bed: '12',
      diagnosis: { code: 'O80.000', name: '头位顺产' },
      diagnosisText: '孕39周待产',
      maternity: { weeks: 39, parity: 1, on: '2025-12-29' },
    },
    fees: FEES,
    settlement: { total: TOTAL },
  };
  const post = `mutation ($input: PostMaternitySettlementInput!) { postMaternitySettlement(input: $input) { posting { id } } }`;
  const { errors } = await desk.medical.ask(post, { input });
  expect(errors).toBeUndefined();
  await arrived(document, state);
}

async function arrived(document: string, state: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const posting = await desk.store.postings.byDocument(FIRST_PEOPLES.code, document, 'last');
      expect(posting?.state).toBe(state);
    },
    { timeout: 10_000, interval: 50 },
  );
}

it('agrees for what was posted, settled at the counter, and cancelled in either way', async () => {
  await posted('DJ-0001', 'settled');
  await posted('DJ-0002', 'settled');
  const cancel = { operator: 'hospital', document: 'DJ-0002', reason: '费用有误', idempotencyKey: randomUUID() };
  const cancelled = await desk.medical.ask(
    `mutation ($input: CancelPostingInput!) { cancelPosting(input: $input) { posting { id } } }`,
    { input: cancel },
  );
  expect(cancelled.errors).toBeUndefined();
  await arrived('DJ-0002', 'cancelled');

  const standing = await readyToSettle(desk);
  await desk.done('settleMaternity', settlementForm(standing));
  const taken = await readyToSettle(desk);
  await desk.done('settleMaternity', settlementForm(taken));
  await desk.done('cancelMaternitySettlement', cancelForm(taken, { operator: 'hospital', reason: '费用有误' }));

  desk.core.setClock(desk.core.now() - Date.now() + DAY_MS);
  const found = await reconciled(desk.medical.ask, TODAY, null);
  expect(told(found)).toEqual([]);
  expect(found).toMatchObject({ state: 'DONE', agrees: true });
  // Four settlements and the two refunds, which come to two.
  expect(found.totals).toMatchObject([
    { side: 'STORE', count: 6, total: 2 * TOTAL },
    { side: 'PLATFORM', count: 6, total: 2 * TOTAL },
  ]);
  const other = await reconciled(desk.medical.ask, TODAY, null, { operator: 'hospital-2' });
  expect(other).toMatchObject({
    hospital: MATERNAL_AND_CHILD.code,
    agrees: true,
    totals: [{ count: 0 }, { count: 0 }],
  });
  expect(desk.medical.takeFaults()).toEqual([]);
});

it('names the refund that was made at the platform by hand, and the settlement that it takes back', async () => {
  const { outcome } = await settledAtCounter();
  const { settlement } = outcome as { settlement: { id: string; visitId: string; personNumber: string } };
  // As somebody at the agency would, with a client of their own.
  await byHand(settlement);
  const day = today();
  desk.core.setClock(desk.core.now() - Date.now() + DAY_MS);
  const found = await reconciled(desk.medical.ask, { from: day, to: day }, null);
  const refund = expect.not.stringContaining(settlement.id);
  expect(told(found)).toEqual([
    ['REFUND', 'STORE', settlement.id, 'REFUND_NOT_BOOKED'],
    ['MISSING', 'STORE', refund, 'REFUND_NOT_BOOKED'],
  ]);
});

it('tells the posting whose answer was lost, while nobody has found out what became of it', async () => {
  desk.core.addFault({ match: '2304', kind: 'drop-after-work', times: 1 });
  for (const match of ['5203', '2601']) desk.core.addFault({ match, kind: 'drop-before-work' });
  await posted('DJ-0003', 'unknown');
  const day = today();
  desk.core.setClock(desk.core.now() - Date.now() + DAY_MS);
  const found = await reconciled(desk.medical.ask, { from: day, to: day }, null);
  expect(told(found)).toEqual([['MISSING', 'STORE', expect.any(String), 'NOT_FOUND_OUT_YET']]);
  const [{ node }] = found.differences.edges;
  expect(node).toMatchObject({ document: 'DJ-0003', posting: { state: 'UNKNOWN' } });
  desk.core.clearFaults();
});

/** The platform's day in China. */
function today(): string {
  return chinaDate(desk.core.now());
}

async function settledAtCounter() {
  const caseId = await readyToSettle(desk);
  const { submission } = await desk.done('settleMaternity', settlementForm(caseId));
  const kept = await desk.submission(submission.id);
  if (!kept) throw new Error('no submission');
  return kept;
}

/** 2305 in the hospital's name, which this gateway never hears of. */
async function byHand({ id, visitId, personNumber }: { id: string; visitId: string; personNumber: string }) {
  const another = await desk.platform.subgraph();
  const institution = {
    code: FIRST_PEOPLES.code,
    name: FIRST_PEOPLES.name,
    operator: { number: 'HAND01', name: '示例' },
  };
  const settings = medicalInsuranceSettings.parse({
    baseUrl: desk.platform.address,
    ...sandbox.medicalInsurance,
    institution,
  });
  const client = new MedicalInsuranceClient(settings, { counter: another.store.counter, clock: desk.core.now });
  await client.cancelSettlement({ settlementId: id, visitId, personNumber, insuredRegion: '421202' });
  await client.close();
  await another.stop();
}
