import { beforeEach, describe, expect, test } from 'vitest';
import type { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { isRegionRefusal } from '../../../adapters/medical-insurance/errors.ts';
import { activeInsurance } from '../../../adapters/medical-insurance/records/person.ts';
import { maternityPaymentFen } from '../../../adapters/medical-insurance/settlement-sums.ts';
import { simulateMedicalInsurance } from '../../../adapters/medical-insurance/simulator.ts';
import { type DepartmentSimulator, type FaultKind, SimulatorCore } from '../../../adapters/simulator/core.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import type { Population } from '../../../seeds/model.ts';
import sandbox from '../../../seeds/sandbox.json' with { type: 'json' };
import { closeLater, closeNow } from '../closing.ts';
import {
  admission,
  CHRONIC,
  chronicDisease,
  fees,
  fixedProvider,
  MOTHER,
  maternityFiling,
  RETIREE,
  referral,
  residentOutOfArea,
  retireeOutOfArea,
  settlementRequest,
  TRANSFER,
  WORKER,
  workerOutOfArea,
} from './client-acts.ts';
import { type ClientParts, clientOf } from './client-platform.ts';
import {
  GOLDEN_ADMITTED,
  GOLDEN_ADMITTED_MATERNITY_FUND,
  GOLDEN_PEOPLE,
  GOLDEN_PROVIDER,
  population,
} from './golden-population.ts';

let core: SimulatorCore;
let simulator: DepartmentSimulator;
let client: MedicalInsuranceClient;
let url: string;

async function start(people: Population, settings: Record<string, unknown> = {}, parts: ClientParts = {}) {
  core = new SimulatorCore('medical-insurance');
  core.setClock(instantFromChina('2026-03-22 10:00:00') - Date.now());
  simulator = closeLater(simulateMedicalInsurance(core, people));
  url = await simulator.listen(0);
  client = clientTo(settings, parts);
}

function clientTo(settings: Record<string, unknown> = {}, parts: ClientParts = {}): MedicalInsuranceClient {
  return clientOf(url, {
    clock: core.now,
    ...parts,
    settings: { ...sandbox.medicalInsurance, assumedTransactions: { enabled: true }, ...settings },
  });
}

const effects = () => core.ledger.map(({ kind }) => kind);
const failureOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return `answered ${JSON.stringify(await call)}`;
  } catch (error) {
    return error;
  }
};

describe('each transaction with the simulator', () => {
  beforeEach(() => start(GOLDEN_PEOPLE));

  test('a person is found with the row to work under, and one nobody knows is null', async () => {
    const person = await client.insuredPerson({ idNumber: '421202195803120133', name: '周启明' });
    expect(person).toMatchObject({ personNumber: RETIREE.personNumber, sex: '1', birthDate: '1958-03-12' });
    expect(person && activeInsurance(person)).toMatchObject({ kind: '310', region: '421202', balanceFen: 231_548 });
    expect(await client.insuredPerson({ idNumber: '421202198611050330' })).toBeNull();
  });

  test('a person is found by an electronic credential', async () => {
    const issued = simulator.acts['issue-certificate']?.run({ psnNo: MOTHER.personNumber, type: '01' });
    const { mdtrt_cert_no } = issued as { mdtrt_cert_no: string };
    const certificate = { type: '01', number: mdtrt_cert_no };
    expect(await client.insuredPerson({ idNumber: '421202199407210282', certificate })).toMatchObject({
      personNumber: MOTHER.personNumber,
    });
  });

  test('a benefit check', async () => {
    const question = { ...MOTHER, insuranceKind: '310', medType: '52', from: '2026-03-18 08:20:00' };
    expect(await client.benefitCheck({ ...question, maternityType: '1' })).toEqual([
      expect.objectContaining({ fundType: '310100', enjoyed: true }),
    ]);
  });

  test('a referral is filed, found and cancelled', async () => {
    const { serial, messageId } = await client.fileReferral(referral);
    expect(core.ledger).toMatchObject([{ kind: 'referral', reference: serial, msgid: messageId }]);
    const question = { ...TRANSFER, from: '2026-03-01', to: '2026-12-31' };
    expect(await client.referrals(question)).toMatchObject([
      { toProviderCode: 'H42010600902', outOfArea: true, from: '2026-03-16', to: '2026-09-15', hospitalAgreed: true },
    ]);
    await client.cancelReferral({ ...TRANSFER, serial, reason: '患者放弃转院' });
    expect(await client.referrals(question)).toEqual([]);
    expect(effects()).toEqual(['referral', 'referral-cancelled']);
  });

  test('the three out-of-area categories are filed, found again as themselves, and cancelled', async () => {
    for (const filing of [retireeOutOfArea, residentOutOfArea, workerOutOfArea]) {
      const { serial } = await client.fileOutOfArea(filing);
      const question = { ...filing, from: '2026-01-01', to: '2026-12-31' };
      expect(await client.outOfAreaFilings(question)).toMatchObject([
        { serial, category: filing.category, destination: filing.destination, reviewed: false, valid: true },
      ]);
      simulator.acts.review?.run({ reference: serial, decision: 'approve' });
      expect(await client.outOfAreaFilings(question)).toMatchObject([{ reviewed: true, uploaded: true }]);
      await client.cancelOutOfArea({ ...filing, serial, reason: '返回参保地' });
      expect(await client.outOfAreaFilings(question)).toEqual([]);
    }
  });

  test('a chronic disease is filed and found, cancelled before its review and not after', async () => {
    const first = await client.fileChronicDisease(chronicDisease);
    expect(await client.chronicDiseaseFilings(CHRONIC)).toEqual([
      { diseaseCode: 'M03900', diseaseName: '高血压', from: '2026-03-16', to: '2027-03-15' },
    ]);
    await client.cancelChronicDisease({ ...CHRONIC, serial: first.serial, reason: '录入错误' });
    expect(await client.chronicDiseaseFilings(CHRONIC)).toEqual([]);

    const second = await client.fileChronicDisease(chronicDisease);
    simulator.acts.review?.run({ reference: second.serial, decision: 'approve' });
    expect(await failureOf(client.cancelChronicDisease({ ...CHRONIC, serial: second.serial }))).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'FSI-示例：备案已审核，不能撤销',
    });
  });

  test('a fixed provider is filed, found and cancelled', async () => {
    const { serial } = await client.fileFixedProvider(fixedProvider);
    expect(await client.fixedProviders(CHRONIC)).toMatchObject([{ providerCode: 'H42120200137', rank: '1' }]);
    await client.cancelFixedProvider({ ...CHRONIC, serial, reason: '改选定点' });
    expect(await client.fixedProviders(CHRONIC)).toEqual([]);
  });

  test('a birth from the maternity filing to the reconciled settlement and its cancellation', async () => {
    expect((await client.fileMaternity(maternityFiling)).serial).not.toBe('');
    const { visitId } = await client.admit(admission);
    expect(await client.visits({ ...MOTHER, from: '2026-03-01', to: '2026-03-31' })).toMatchObject([
      { id: visitId, medType: '52', departmentName: '产科专业' },
    ]);

    const uploaded = await client.uploadFees({ ...fees, visitId });
    expect(uploaded.rows.map(({ inScopeFen }) => inScopeFen)).toEqual([230_000, 30_000, 370_000]);
    const request = { ...settlementRequest, visitId };
    const trial = await client.trialSettlement(request);
    expect(trial).toMatchObject({ fundTotalFen: 580_000, sumsDisagree: [] });
    const settled = await client.settle(request);
    expect(settled).toMatchObject({ totalFen: 685_000, cashFen: 45_000, balanceFen: 123_456, sumsDisagree: [] });
    expect(settled.providerSettlementId).toBe(settled.messageId);
    expect(maternityPaymentFen(settled)).toBe(580_000);

    const reference = { ...MOTHER, visitId, settlementId: settled.id };
    const record = await client.settlement(reference);
    expect(record).toMatchObject({ id: settled.id, totalFen: 685_000, personTotalFen: 105_000, refunded: false });

    const day = { clearingType: '21', clearingOffice: '421202', from: '2026-03-22', to: '2026-03-22', refunded: false };
    const totals = { ...day, insuranceKind: '310', totalFen: 685_000, fundTotalFen: 580_000, accountFen: 60_000 };
    expect(await client.reconcileTotals({ ...totals, count: 1 })).toMatchObject({ agrees: true, result: '0' });
    expect(await client.reconcileTotals({ ...totals, count: 2 })).toMatchObject({ agrees: false, result: '2' });

    const row = { settlementId: settled.id, visitId, personNumber: MOTHER.personNumber, refunded: false };
    const amounts = { totalFen: 685_000, fundTotalFen: 580_000, accountFen: 60_000 };
    const wrong = { ...row, ...amounts, totalFen: 685_001 };
    const unknown = { ...row, ...amounts, settlementId: '421202000000799999' };
    const compared = await client.reconcileDetails({ ...day, cashFen: 45_000, rows: [{ ...row, ...amounts }] });
    expect(compared.rows).toEqual([{ ...row, ...amounts, messageId: settled.messageId, result: '0', memo: null }]);
    const differing = await client.reconcileDetails({ ...day, cashFen: 45_000, rows: [wrong, unknown] });
    expect(differing.rows.map(({ settlementId, result }) => [settlementId, result])).toEqual([
      [settled.id, '3'],
      [unknown.settlementId, '2'],
    ]);

    const cancelled = await client.cancelSettlement(reference);
    expect(cancelled).toMatchObject({ totalFen: -685_000, balanceFen: 183_456, sumsDisagree: [] });
    expect(cancelled.id).not.toBe(settled.id);
    expect(await client.settlement(reference)).toMatchObject({ refunded: true });
    expect(effects()).toEqual(['maternity-filing', 'admission', 'fee-upload', 'settlement', 'settlement-cancelled']);
  });

  test('a settlement that does not exist is null', async () => {
    const { visitId } = await client.admit(admission);
    expect(await client.settlement({ ...MOTHER, visitId, settlementId: '421202000000799999' })).toBeNull();
    expect(await client.settlement({ ...MOTHER, visitId })).toBeNull();
  });

  test('signing out makes the number worthless, and the next call signs in again', async () => {
    await client.chronicDiseaseFilings(CHRONIC);
    expect(await client.signOut()).toEqual({ messageId: expect.any(String) });
    await client.chronicDiseaseFilings(CHRONIC);
    expect(core.calls.calls).toEqual({ '9001': 2, '9002': 1, '5301': 2 });
  });

  test('address forms 2 and 3 reach it too', async () => {
    for (const addressForm of ['per-transaction', 'suffix']) {
      const other = clientTo({ addressForm, baseUrl: `${url}/ebus/route/` });
      expect(await other.chronicDiseaseFilings(CHRONIC)).toEqual([]);
    }
  });

  test('infcode as text changes nothing', async () => {
    simulator.acts['infcode-as-text']?.run({ on: true });
    expect((await client.fileReferral(referral)).serial).not.toBe('');
  });
});

describe('what the platform refuses', () => {
  beforeEach(() => start(GOLDEN_PEOPLE));

  test('a wrong region is marked as that', async () => {
    const error = await failureOf(client.fileReferral({ ...referral, insuredRegion: '440305' }));
    expect(isRegionRefusal(error)).toBe(true);
  });

  test('a suspended insurance is a refusal with its text', async () => {
    simulator.acts['suspend-insurance']?.run({ psnNo: WORKER.personNumber });
    expect(await failureOf(client.fileOutOfArea(workerOutOfArea))).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'FSI-示例：人员参保状态不正常，不能办理',
      details: { departmentCode: 'demoPsnBO_0004' },
    });
  });

  test('sign-ins that the platform has dropped are renewed without the caller’s noticing', async () => {
    await client.chronicDiseaseFilings(CHRONIC);
    simulator.acts['expire-sign-in']?.run({});
    expect((await client.fileReferral(referral)).serial).not.toBe('');
    expect(core.calls.calls['9001']).toBe(2);
    expect(effects()).toEqual(['referral']);
  });

  test('a sign-in of yesterday is renewed at midnight in China', async () => {
    await client.chronicDiseaseFilings(CHRONIC);
    core.setClock(instantFromChina('2026-03-23 00:00:00') - Date.now());
    await client.chronicDiseaseFilings(CHRONIC);
    expect(core.calls.calls).toEqual({ '9001': 2, '5301': 2 });
  });

  test('another hospital posts through the same client under its own sign-in', async () => {
    await closeNow(client);
    await closeNow(simulator);
    const other = { code: 'H42120200555', name: '示例妇幼保健院（虚构）', region: '421202' };
    await start(population({ providers: [GOLDEN_PROVIDER, other] }));
    const institution = { code: other.code, name: other.name, operator: { number: 'FY0001', name: '示例经办员乙' } };
    await client.fileReferral(referral);
    await client.fileReferral(referral, { institution });
    expect(core.ledger.map(({ provider }) => provider)).toEqual(['H42120200137', 'H42120200555']);
    expect(core.calls.calls['9001']).toBe(2);
  });
});

describe('faults', () => {
  const quick = { line: { retry: { attempts: 3, backoffMs: 1 }, deadline: { readMs: 5_000, writeMs: 5_000 } } };
  const impatient = { line: { ...quick.line, deadline: { readMs: 400, writeMs: 400 } } };
  beforeEach(async () => {
    await start(GOLDEN_PEOPLE, quick);
    await client.chronicDiseaseFilings(CHRONIC);
  });

  /** For each fault: what a filing ends with, and whether the platform has done it. */
  const faults: readonly [FaultKind, 'filed' | string, boolean][] = [
    ['drop-before-work', 'OUTCOME_UNKNOWN', false],
    ['drop-after-work', 'OUTCOME_UNKNOWN', true],
    ['truncate', 'OUTCOME_UNKNOWN', true],
    ['garbage', 'OUTCOME_UNKNOWN', true],
    ['html-error', 'OUTCOME_UNKNOWN', false],
    ['http-status', 'OUTCOME_UNKNOWN', false],
    ['late-answer', 'OUTCOME_UNKNOWN', true],
    ['busy', 'DEPARTMENT_BUSY', false],
    ['duplicate-answer', 'filed', true],
    ['expired-secret', 'filed', true],
    ['wrong-charset', 'filed', true],
  ];

  test.each(faults)('%s on a filing: %s', async (kind, ending, done) => {
    core.addFault({ kind, match: '2501', times: 1, delayMs: 10_000 });
    const caller = kind === 'late-answer' ? clientTo(impatient) : client;
    const result = await failureOf(caller.fileReferral(referral));
    if (ending === 'filed') expect(result).toMatch(/^answered/);
    else expect(result).toMatchObject({ code: ending });
    expect(effects()).toEqual(done ? ['referral'] : []);
  });

  test('bad-signature: refused twice by the gateway is refused, once is done at the second attempt', async () => {
    core.addFault({ kind: 'bad-signature', match: '2502', times: 2 });
    const cancel = () => client.cancelReferral({ ...TRANSFER, serial: 'none' });
    expect(await failureOf(cancel())).toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: 'HTTP 401' },
    });
    core.addFault({ kind: 'bad-signature', match: '5304', times: 1 });
    expect(await client.referrals({ ...TRANSFER, from: '2026-03-01' })).toEqual([]);
  });

  test('an answer in another character set is of unknown outcome when it holds any Chinese', async () => {
    core.addFault({ kind: 'wrong-charset', match: '5304', times: 3 });
    await client.fileReferral(referral);
    expect(await failureOf(client.referrals({ ...TRANSFER, from: '2026-03-01' }))).toMatchObject({
      code: 'DEPARTMENT_PROTOCOL',
    });
  });

  test.each<FaultKind>([
    'drop-before-work',
    'drop-after-work',
    'truncate',
    'garbage',
    'html-error',
    'http-status',
    'busy',
    'duplicate-answer',
    'expired-secret',
  ])('%s twice on a query: answered', async (kind) => {
    core.addFault({ kind, match: '5304', times: kind === 'expired-secret' ? 1 : 2 });
    expect(await client.referrals({ ...TRANSFER, from: '2026-03-01' })).toEqual([]);
  });

  test('refuse-connection: unreachable and nothing done, and again as before when it listens', async () => {
    core.addFault({ kind: 'refuse-connection' });
    expect(await failureOf(client.fileReferral(referral))).toMatchObject({
      code: expect.stringMatching(/DEPARTMENT_UNREACHABLE|OUTCOME_UNKNOWN/),
    });
    expect(await failureOf(client.fileReferral(referral))).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(effects()).toEqual([]);
    core.clearFaults();
    const filed = await failureOf(client.referrals({ ...TRANSFER, from: '2026-03-01' }));
    expect(filed).toBe('answered []');
  });

  test('delay beyond the deadline: timeout for a query', async () => {
    core.addFault({ kind: 'delay', match: '5301', delayMs: 10_000, times: 1 });
    expect(await failureOf(clientTo(impatient).chronicDiseaseFilings(CHRONIC))).toMatchObject({
      code: 'DEPARTMENT_TIMEOUT',
    });
  });
});

describe('a settlement whose answer was lost', () => {
  const records: CallRecord[] = [];
  const lost = { kind: 'drop-after-work', match: '2304', times: 1 } as const;
  const told: string[] = [];
  const keep = { beforeSending: (id: string) => void told.push(id) };

  beforeEach(async () => {
    records.length = 0;
    told.length = 0;
    await start(GOLDEN_ADMITTED, {}, { records });
    await client.uploadFees(fees);
  });

  test('is reversed by the message id kept before sending, and settled anew exactly once', async () => {
    core.addFault({ ...lost });
    expect(await failureOf(client.settle(settlementRequest, keep))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reference: told[0] },
    });
    const reversal = { ...MOTHER, of: 'settlement', originalMessageId: told[0] ?? '' } as const;
    expect(await client.reverse(reversal)).toMatchObject({ outcome: 'reversed' });
    await client.settle(settlementRequest);
    expect(effects()).toEqual(['fee-upload', 'settlement', 'settlement-reversed', 'settlement']);
  });

  test('reverses once though the reversal’s own answer is lost', async () => {
    core.addFault({ ...lost });
    await failureOf(client.settle(settlementRequest, keep));
    core.addFault({ kind: 'drop-after-work', match: '2601', times: 1 });
    const reversal = { ...MOTHER, of: 'settlement', originalMessageId: told[0] ?? '' } as const;
    expect(await client.reverse(reversal)).toMatchObject({ outcome: 'reversed' });
    expect(effects()).toEqual(['fee-upload', 'settlement', 'settlement-reversed']);
    expect(core.calls.calls['2601']).toBe(2);
  });

  test('is found by its visit and known by its message id', async () => {
    core.addFault({ ...lost });
    await failureOf(client.settle(settlementRequest, keep));
    const record = await client.settlement({ ...MOTHER, visitId: settlementRequest.visitId });
    expect(record).toMatchObject({ providerSettlementId: told[0], totalFen: 685_000, refunded: false });
  });

  test('that never arrived needs no reversing', async () => {
    core.addFault({ kind: 'drop-before-work', match: '2304', times: 1 });
    await failureOf(client.settle(settlementRequest, keep));
    const reversal = { ...MOTHER, of: 'settlement', originalMessageId: told[0] ?? '' } as const;
    expect(await client.reverse(reversal)).toMatchObject({ outcome: 'nothing-there' });
    await client.settle(settlementRequest);
    expect(effects()).toEqual(['fee-upload', 'settlement']);
    expect(records.map(({ outcome }) => outcome)).toContain('NOT_FOUND');
  });
});

test('a maternity fund of its own is what the maternity payment is', async () => {
  await start(GOLDEN_ADMITTED_MATERNITY_FUND);
  await client.uploadFees(fees);
  const settled = await client.settle(settlementRequest);
  expect(settled.funds.map(({ type }) => type)).toContain('510100');
  expect(maternityPaymentFen(settled)).toBe(settled.fundTotalFen);
});
