import { beforeEach, describe, expect, test } from 'vitest';
import type { MedicalCallOptions, MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { findAdmission, findAdmissionCancelled } from '../../../adapters/medical-insurance/finding-out/admission.ts';
import { findFees, findFeesTakenBack } from '../../../adapters/medical-insurance/finding-out/fees.ts';
import {
  findChronicDisease,
  findChronicDiseaseCancellation,
  findOutOfArea,
  findOutOfAreaCancellation,
  findReferral,
  findReferralCancellation,
} from '../../../adapters/medical-insurance/finding-out/filings.ts';
import type { FoundOut } from '../../../adapters/medical-insurance/finding-out/found-out.ts';
import {
  findSettlement,
  findSettlementCancellation,
} from '../../../adapters/medical-insurance/finding-out/settlement.ts';
import { simulateMedicalInsurance } from '../../../adapters/medical-insurance/simulator.ts';
import { type DepartmentSimulator, SimulatorCore } from '../../../adapters/simulator/core.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import type { Population } from '../../../seeds/model.ts';
import sandbox from '../../../seeds/sandbox.json' with { type: 'json' };
import { closeLater } from '../closing.ts';
import {
  admission,
  CHRONIC,
  chronicDisease,
  fees,
  MOTHER,
  RETIREE,
  referral,
  retireeOutOfArea,
  settlementRequest,
  TRANSFER,
} from './client-acts.ts';
import { clientOf, HOSPITAL } from './client-platform.ts';
import { GOLDEN_ADMITTED, GOLDEN_PEOPLE } from './golden-population.ts';

let core: SimulatorCore;
let simulator: DepartmentSimulator;
let client: MedicalInsuranceClient;

async function start(people: Population, settings: Record<string, unknown> = {}): Promise<void> {
  core = new SimulatorCore('medical-insurance');
  core.setClock(instantFromChina('2026-03-22 10:00:00') - Date.now());
  simulator = closeLater(simulateMedicalInsurance(core, people));
  const switches = { assumedTransactions: { enabled: true }, takingBack: { enabled: true } };
  client = clientOf(await simulator.listen(0), {
    clock: core.now,
    settings: { ...sandbox.medicalInsurance, ...switches, ...settings },
  });
}

const effects = () => core.ledger.map(({ kind }) => kind);
const visit = { ...MOTHER, visitId: settlementRequest.visitId };
const sought = { upload: fees, idNumber: '421202199407210282', insuranceKind: '310', earlierFen: 0, slice: 100 };

/** Makes a call whose answer does not come; gives the message id that it was sent under. */
async function lost(
  transaction: string,
  kind: 'drop-before-work' | 'drop-after-work',
  call: (options: MedicalCallOptions) => Promise<unknown>,
): Promise<string> {
  core.addFault({ match: transaction, kind, times: 1 });
  const told: string[] = [];
  const failure = await call({ beforeSending: (id) => void told.push(id) }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  return told.at(-1) ?? '';
}

interface Case {
  readonly transaction: string;
  readonly effect: string;
  readonly people: Population;
  /** What comes before; its result is given to the rest. */
  before?(): Promise<unknown>;
  send(options: MedicalCallOptions, before: unknown): Promise<unknown>;
  find(messageId: string | null, before: unknown): Promise<FoundOut<unknown>>;
  outcome(messageId: string, before: unknown): unknown;
}

const serialOf = (before: unknown) => (before as { serial: string }).serial;
const settlementOf = (before: unknown) => ({ ...visit, settlementId: (before as { id: string }).id });
const settled = async () => {
  await client.uploadFees(fees);
  return client.settle(settlementRequest);
};

const CASES: readonly Case[] = [
  {
    transaction: '2501',
    effect: 'referral',
    people: GOLDEN_PEOPLE,
    send: (options) => client.fileReferral(referral, options),
    find: (id) => findReferral(client, referral, id),
    outcome: (messageId) => ({ serial: null, messageId }),
  },
  {
    transaction: '2502',
    effect: 'referral-cancelled',
    people: GOLDEN_PEOPLE,
    before: () => client.fileReferral(referral),
    send: (options, before) => client.cancelReferral({ ...TRANSFER, serial: serialOf(before) }, options),
    find: (id) => findReferralCancellation(client, referral, id),
    outcome: (messageId) => ({ messageId }),
  },
  {
    transaction: '2503',
    effect: 'chronic-filing',
    people: GOLDEN_PEOPLE,
    send: (options) => client.fileChronicDisease(chronicDisease, options),
    find: (id) => findChronicDisease(client, chronicDisease, id),
    outcome: (messageId) => ({ serial: null, messageId }),
  },
  {
    transaction: '2504',
    effect: 'chronic-filing-cancelled',
    people: GOLDEN_PEOPLE,
    before: () => client.fileChronicDisease(chronicDisease),
    send: (options, before) => client.cancelChronicDisease({ ...CHRONIC, serial: serialOf(before) }, options),
    find: (id) => findChronicDiseaseCancellation(client, chronicDisease, '2026-03-22', id),
    outcome: (messageId) => ({ messageId }),
  },
  {
    transaction: 'Z501',
    effect: 'out-of-area-filing',
    people: GOLDEN_PEOPLE,
    send: (options) => client.fileOutOfArea(retireeOutOfArea, options),
    find: (id) => findOutOfArea(client, retireeOutOfArea, id),
    outcome: (messageId) => ({ serial: core.ledger.at(-1)?.reference, messageId }),
  },
  {
    transaction: 'Z502',
    effect: 'out-of-area-filing-cancelled',
    people: GOLDEN_PEOPLE,
    before: () => client.fileOutOfArea(retireeOutOfArea),
    send: (options, before) => client.cancelOutOfArea({ ...RETIREE, serial: serialOf(before) }, options),
    find: (id, before) => findOutOfAreaCancellation(client, { ...RETIREE, serial: serialOf(before) }, id),
    outcome: (messageId) => ({ messageId }),
  },
  {
    transaction: '2401',
    effect: 'admission',
    people: GOLDEN_PEOPLE,
    send: (options) => client.admit(admission, options),
    find: (id) => findAdmission(client, admission, id, { institution: HOSPITAL }),
    outcome: (messageId) => ({ visitId: core.ledger.at(-1)?.reference, messageId }),
  },
  {
    transaction: '2404',
    effect: 'admission-cancelled',
    people: GOLDEN_ADMITTED,
    send: (options) => client.cancelAdmission(visit, options),
    find: (id) => findAdmissionCancelled(client, { ...visit, admittedAt: admission.admittedAt }, id),
    outcome: (messageId) => ({ messageId }),
  },
  {
    transaction: '2301',
    effect: 'fee-upload',
    people: GOLDEN_ADMITTED,
    send: (options) => client.uploadFees(fees, options),
    find: (id) => findFees(client, sought, id),
    outcome: () => ({ accepted: 3 }),
  },
  {
    transaction: '2304',
    effect: 'settlement',
    people: GOLDEN_ADMITTED,
    before: () => client.uploadFees(fees),
    send: (options) => client.settle(settlementRequest, options),
    find: (id) => findSettlement(client, settlementRequest, id),
    outcome: (providerSettlementId) => ({ providerSettlementId, totalFen: 685_000, refunded: false }),
  },
  {
    transaction: '2305',
    effect: 'settlement-cancelled',
    people: GOLDEN_ADMITTED,
    before: settled,
    send: (options, before) => client.cancelSettlement(settlementOf(before), options),
    find: (id, before) => findSettlementCancellation(client, settlementOf(before), id),
    outcome: (providerSettlementId, before) => ({
      settlementId: settlementOf(before).settlementId,
      refund: { totalFen: -685_000, providerSettlementId },
    }),
  },
];

describe.each(CASES)('$transaction whose answer was lost', ({ effect, transaction, people, ...one }) => {
  let before: unknown;
  const done = () => effects().filter((kind) => kind === effect).length;

  beforeEach(async () => {
    await start(people);
    before = await one.before?.();
  });

  test('is found to be done, and nothing is done for it again', async () => {
    const id = await lost(transaction, 'drop-after-work', (options) => one.send(options, before));
    const found = await one.find(id, before);
    expect(found).toMatchObject({ state: 'done', outcome: one.outcome(id, before) });
    expect(await one.find(id, before)).toMatchObject({ state: 'done' });
    expect(done()).toBe(1);
  });

  test('is found not to be done where it never arrived, and can be sent anew', async () => {
    const id = await lost(transaction, 'drop-before-work', (options) => one.send(options, before));
    expect(await one.find(id, before)).toEqual({ state: 'not-done' });
    expect(done()).toBe(0);
    await one.send({}, before);
    expect(done()).toBe(1);
  });

  test('is not done where it was not sent, which nobody is asked', async () => {
    const asked = Object.values(core.calls.calls).reduce((sum, count) => sum + count, 0);
    expect(await one.find(null, before)).toEqual({ state: 'not-done' });
    expect(Object.values(core.calls.calls).reduce((sum, count) => sum + count, 0)).toBe(asked);
  });

  test('is not guessed while the platform is away', async () => {
    const id = await lost(transaction, 'drop-after-work', (options) => one.send(options, before));
    core.addFault({ kind: 'http-status' });
    await expect(one.find(id, before)).rejects.toMatchObject({
      code: expect.stringMatching(/^(DEPARTMENT_|OUTCOME_)/),
    });
    core.clearFaults();
    expect(await one.find(id, before)).toMatchObject({ state: 'done' });
  });
});

describe('a referral', () => {
  beforeEach(() => start(GOLDEN_PEOPLE));

  test.each([
    ['another hospital', { toProviderCode: 'H42010600903' }],
    ['another beginning', { from: '2026-03-17' }],
    ['another end', { to: '2026-09-14' }],
  ])('to %s is not the one that was sent', async (_what, other) => {
    await client.fileReferral({ ...referral, ...other });
    expect(await findReferral(client, referral, 'any')).toEqual({ state: 'not-done' });
  });

  test('without an end is found, and its cancellation too', async () => {
    const { to, ...open } = referral;
    const { serial } = await client.fileReferral(open);
    expect(await findReferral(client, open, 'any')).toMatchObject({ state: 'done' });
    expect(await findReferralCancellation(client, open, 'any')).toEqual({ state: 'not-done' });
    await client.cancelReferral({ ...TRANSFER, serial });
    expect(await findReferralCancellation(client, open, 'any')).toMatchObject({ state: 'done' });
  });

  test('is gone though one to another hospital stands, where the hospital is told', async () => {
    await client.fileReferral({ ...referral, toProviderCode: 'H42010600903' });
    expect(await findReferralCancellation(client, referral, 'any')).toMatchObject({ state: 'done' });
    const { toProviderCode, ...any } = referral;
    expect(await findReferralCancellation(client, any, 'any')).toEqual({ state: 'not-done' });
  });
});

describe('fees', () => {
  const suspend = () => simulator.acts['suspend-insurance']?.run({ psnNo: MOTHER.personNumber });
  const resume = () => simulator.acts['resume-insurance']?.run({ psnNo: MOTHER.personNumber });
  const more = { ...fees, rows: fees.rows.map((row) => ({ ...row, serial: `2${row.serial.slice(1)}` })) };
  const soughtMore = { ...sought, upload: more, earlierFen: 685_000 };

  test('of several slices are found as far as they came', async () => {
    await start(GOLDEN_ADMITTED, { feeRowsPerCall: 1 });
    await client.uploadFees({ ...fees, rows: fees.rows.slice(0, 1) });
    const rest = { ...fees, rows: fees.rows.slice(1) };
    const id = await lost('2301', 'drop-before-work', (options) => client.uploadFees(rest, options));
    expect(await findFees(client, { ...sought, slice: 1 }, id)).toEqual({ state: 'done', outcome: { accepted: 1 } });
    expect(effects()).toEqual(['fee-upload']);
  });

  test('whose total the platform does not settle for are taken back, and then not done', async () => {
    await start(GOLDEN_ADMITTED);
    const id = await lost('2301', 'drop-after-work', (options) => client.uploadFees(fees, options));
    suspend();
    expect(await findFees(client, sought, id)).toEqual({ state: 'not-done' });
    resume();
    await client.uploadFees(fees);
    expect(effects().filter((kind) => kind.startsWith('fee'))).toEqual(['fee-upload', 'fees-taken-back', 'fee-upload']);
  });

  test('that came after others are taken back alone, and not done when the others are all there is', async () => {
    await start(GOLDEN_ADMITTED);
    await client.uploadFees(fees);
    const id = await lost('2301', 'drop-after-work', (options) => client.uploadFees(more, options));
    suspend();
    expect(await findFees(client, soughtMore, id)).toEqual({ state: 'unknown' });
    resume();
    expect(core.ledger.findLast(({ kind }) => kind === 'fees-taken-back')).toMatchObject({ amountFen: -685_000 });
    expect(await findFees(client, soughtMore, id)).toEqual({ state: 'not-done' });
    expect(await client.trialSettlement(settlementRequest)).toMatchObject({ totalFen: 685_000 });
  });

  test('of a visit that somebody has settled are left alone and unknown', async () => {
    await start(GOLDEN_ADMITTED);
    const id = await lost('2301', 'drop-after-work', (options) => client.uploadFees(fees, options));
    await client.settle(settlementRequest);
    expect(await findFees(client, sought, id)).toEqual({ state: 'unknown' });
    expect(effects()).toEqual(['fee-upload', 'settlement']);
  });

  test('are not taken back for what the gateway refuses', async () => {
    await start(GOLDEN_ADMITTED);
    const id = await lost('2301', 'drop-after-work', (options) => client.uploadFees(fees, options));
    core.addFault({ match: '2303', kind: 'bad-signature', times: 2 });
    await expect(findFees(client, sought, id)).rejects.toMatchObject({ code: 'DEPARTMENT_REJECTED' });
    expect(await findFees(client, sought, id)).toMatchObject({ state: 'done' });
    expect(effects()).toEqual(['fee-upload']);
  });

  test('are unknown where they cannot be taken back: the setting is off', async () => {
    await start(GOLDEN_ADMITTED, { takingBack: { enabled: false } });
    const id = await lost('2301', 'drop-before-work', (options) => client.uploadFees(fees, options));
    expect(await findFees(client, sought, id)).toEqual({ state: 'unknown' });
    expect(core.calls.calls['2302']).toBeUndefined();
  });

  test('are asked for again where the taking back has no answer', async () => {
    await start(GOLDEN_ADMITTED);
    const id = await lost('2301', 'drop-before-work', (options) => client.uploadFees(fees, options));
    core.addFault({ match: '2302', kind: 'drop-after-work', times: 1 });
    await expect(findFees(client, sought, id)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await findFees(client, sought, id)).toEqual({ state: 'not-done' });
  });

  test.each(['drop-before-work', 'drop-after-work'] as const)('taken back with %s are gone once', async (kind) => {
    await start(GOLDEN_ADMITTED);
    await client.uploadFees(fees);
    const id = await lost('2302', kind, (options) => client.takeBackFees(visit, options));
    const outcome = kind === 'drop-before-work' ? 'taken-back' : 'nothing-there';
    expect(await findFeesTakenBack(client, visit, id)).toMatchObject({ state: 'done', outcome: { outcome } });
    expect(effects()).toEqual(['fee-upload', 'fees-taken-back']);
    expect(await findFeesTakenBack(client, visit, null)).toEqual({ state: 'not-done' });
  });

  test('of a settled visit are not known to be taken back', async () => {
    await start(GOLDEN_ADMITTED);
    await settled();
    expect(await findFeesTakenBack(client, visit, 'any')).toEqual({ state: 'unknown' });
  });
});

describe('what cannot be found is reversed', () => {
  /** The platform tells of nothing, though it has it. */
  const blind = (question: 'settlement' | 'visits') =>
    new Proxy(client, {
      get(target, name) {
        if (name === question) return () => Promise.resolve(question === 'visits' ? [] : null);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });

  test('an admission and a settlement, by the message id', async () => {
    await start(GOLDEN_PEOPLE);
    const admitted = await lost('2401', 'drop-after-work', (options) => client.admit(admission, options));
    const options = { institution: HOSPITAL };
    expect(await findAdmission(blind('visits'), admission, admitted, options)).toEqual({
      state: 'not-done',
      isVoid: true,
    });
    const { visitId } = await client.admit(admission);
    await client.uploadFees({ ...fees, visitId });
    const request = { ...settlementRequest, visitId };
    const id = await lost('2304', 'drop-after-work', (sending) => client.settle(request, sending));
    expect(await findSettlement(blind('settlement'), request, id)).toEqual({ state: 'not-done', isVoid: true });
    expect(effects()).toEqual([
      'admission',
      'admission-reversed',
      'admission',
      'fee-upload',
      'settlement',
      'settlement-reversed',
    ]);
  });

  test('a cancellation, by its own message id', async () => {
    await start(GOLDEN_ADMITTED);
    const reference = settlementOf(await settled());
    const id = await lost('2305', 'drop-after-work', (options) => client.cancelSettlement(reference, options));
    expect(await findSettlementCancellation(blind('settlement'), reference, id)).toEqual({
      state: 'not-done',
      isVoid: true,
    });
    expect(await client.settlement(reference)).toMatchObject({ refunded: false });
  });

  test('a settlement that was refunded meanwhile is neither', async () => {
    await start(GOLDEN_ADMITTED);
    await client.uploadFees(fees);
    const id = await lost('2304', 'drop-after-work', (options) => client.settle(settlementRequest, options));
    const record = await client.settlement(visit);
    await client.cancelSettlement({ ...visit, settlementId: record?.id ?? '' });
    expect(await findSettlement(client, settlementRequest, id)).toEqual({ state: 'unknown' });
  });
});
