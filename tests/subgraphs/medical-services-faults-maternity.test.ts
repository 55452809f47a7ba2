import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MedicalDesk, openMedicalDesk } from './fixture/medical-desk.ts';
import { lost, openImpatientDesk, survivesFaults, type Write } from './fixture/medical-faults.ts';
import { admissionForm, cancelForm, feeOf, feesForm, readyToSettle, settlementForm } from './fixture/medical-forms.ts';
import { medicalReference } from './fixture/medical-records.ts';

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

async function settling() {
  const person = desk.patient();
  return { person, caseId: await readyToSettle(desk, person) };
}

const MATERNITY: readonly Write[] = [
  {
    mutation: 'admitForMaternity',
    transaction: '2401',
    effect: 'admission',
    event: 'maternity-admitted',
    async due() {
      const one = await fresh('S12');
      return { ...one, input: admissionForm(one.caseId) };
    },
  },
  {
    // Fees after fees: what the platform had before is known, so that it can be told whether more came.
    mutation: 'uploadMaternityFees',
    transaction: '2301',
    effect: 'fee-upload',
    event: 'maternity-fees-uploaded',
    cannotBeFound: true,
    async due() {
      const one = await settling();
      return { ...one, input: feesForm(one.caseId, { fees: [feeOf({ serial: 'F4' })] }) };
    },
  },
  {
    mutation: 'settleMaternity',
    transaction: '2304',
    effect: 'settlement',
    event: 'maternity-settled',
    async due() {
      const one = await settling();
      return { ...one, input: settlementForm(one.caseId) };
    },
  },
  {
    mutation: 'cancelMaternitySettlement',
    transaction: '2305',
    effect: 'settlement-cancelled',
    event: 'maternity-cancelled',
    async due() {
      const one = await settling();
      await desk.done('settleMaternity', settlementForm(one.caseId));
      return { ...one, input: cancelForm(one.caseId, { operator: 'hospital' }) };
    },
  },
];

for (const write of MATERNITY) survivesFaults(() => desk, write);

describe('a settlement of unknown outcome', () => {
  it('that cannot be found is reversed under its own message id, and only then made again', async () => {
    // The platform has no record to show of any settlement.
    const blind = await openMedicalDesk({
      alter: (answer) =>
        answer.includes('"refd_setl_flag"')
          ? Buffer.from(JSON.stringify({ ...JSON.parse(answer.toString('utf8')), output: {} }))
          : answer,
    });
    const person = blind.patient();
    const caseId = await readyToSettle(blind, person);
    blind.core.addFault({ match: '2304', kind: 'drop-after-work', times: 1 });
    const input = { ...settlementForm(caseId), idempotencyKey: randomUUID() };
    const { errors } = await blind.do('settleMaternity', input);
    const { submission } = errors?.[0]?.extensions ?? {};
    await blind.settled(submission, 'not-done');
    const [settled, reversed] = blind.ledger(person).slice(-2);
    expect(settled).toMatchObject({ kind: 'settlement' });
    expect(reversed).toMatchObject({ kind: 'settlement-reversed', omsgid: settled?.msgid });
    expect((await blind.submission(submission))?.messageReference).toBe(settled?.msgid);
    await blind.done('settleMaternity', input);
    expect(blind.kinds(person).slice(-3)).toEqual(['settlement', 'settlement-reversed', 'settlement']);
    await blind.close();
  });

  it('that somebody else has refunded meanwhile, so that it cannot be reversed, is left to a person', async () => {
    const { person, caseId } = await settling();
    desk.core.addFault({ match: '2304', kind: 'drop-after-work', times: 1 });
    desk.core.addFault({ match: '5203', kind: 'drop-before-work' });
    const submission = await lost(desk, 'settleMaternity', settlementForm(caseId));
    const settled = desk.ledger(person).at(-1);
    const elsewhere = await desk.newCase('S12', person, {
      references: [
        medicalReference('maternity-settlement', String(settled?.reference), {
          psnNo: person.psnNo,
          visitId: String(settled?.visit),
        }),
      ],
    });
    await desk.done('cancelMaternitySettlement', cancelForm(elsewhere, { operator: 'hospital' }));
    desk.core.clearFaults();
    await desk.settled(submission, 'manual');
    expect(desk.kinds(person).slice(-2)).toEqual(['settlement', 'settlement-cancelled']);
    const { errors } = await desk.do('settleMaternity', settlementForm(caseId));
    expect(errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', submission } }]);
  }, 30_000);
});

describe('fees of unknown outcome', () => {
  it('of several pages are told by the one total that the platform settles for', async () => {
    const paged = await openMedicalDesk({
      alter(answer) {
        // Of three pages the second is lost.
        if (answer.includes('"feedetl_sn":"U0"'))
          paged.core.addFault({ match: '2301', kind: 'drop-after-work', times: 1 });
        return answer;
      },
    });
    const person = paged.patient();
    const caseId = await paged.newCase('S12', person);
    await paged.done('admitForMaternity', admissionForm(caseId));
    const fees = Array.from({ length: 250 }, (_, index) => feeOf({ serial: `U${index}` }));
    const input = feesForm(caseId, { fees, idempotencyKey: randomUUID() });
    const { errors } = await paged.do('uploadMaternityFees', input);
    await paged.settled(errors?.[0]?.extensions.submission, 'done');
    expect(await paged.done('uploadMaternityFees', input, 'accepted complete rows { serial }')).toMatchObject({
      accepted: 200,
      complete: false,
      rows: null,
    });
    await paged.done('uploadMaternityFees', feesForm(caseId, { fees: fees.slice(200) }));
    await paged.done('settleMaternity', settlementForm(caseId, { total: 2_500_000 }));
    expect(paged.kinds(person)).toEqual(['admission', 'fee-upload', 'fee-upload', 'fee-upload', 'settlement']);
    await paged.close();
  });

  it('of which nothing can be told are left to a person where nothing is taken back', async () => {
    const { caseId } = await fresh('S12');
    await desk.done('admitForMaternity', admissionForm(caseId));
    desk.core.addFault({ match: '2301', kind: 'drop-before-work', times: 1 });
    const submission = await lost(desk, 'uploadMaternityFees', feesForm(caseId));
    await desk.settled(submission, 'manual');
  }, 30_000);

  describe('where rows can be taken back', () => {
    let able: MedicalDesk;

    beforeAll(async () => {
      able = await openImpatientDesk({ takingBack: { enabled: true } });
    });

    afterEach(() => {
      able.core.clearFaults();
      able.medical.takeFaults();
    });

    afterAll(() => able.close());

    async function admitted() {
      const person = able.patient();
      const caseId = await able.newCase('S12', person);
      await able.done('admitForMaternity', admissionForm(caseId));
      return { person, input: { ...feesForm(caseId), idempotencyKey: randomUUID() }, caseId };
    }

    it('and that never arrived, as the first of a visit, are not done, and are sent again under their key', async () => {
      const { person, input, caseId } = await admitted();
      able.core.addFault({ match: '2301', kind: 'drop-before-work', times: 1 });
      const submission = await lost(able, 'uploadMaternityFees', input);
      await able.settled(submission, 'not-done');
      expect(able.kinds(person)).toEqual(['admission']);
      const again = await able.done('uploadMaternityFees', input);
      expect(again.submission.id).not.toBe(submission);
      await able.done('settleMaternity', settlementForm(caseId));
      expect(able.kinds(person)).toEqual(['admission', 'fee-upload', 'settlement']);
    });

    it('and that the platform has, are found by their total and left there', async () => {
      const { person, input } = await admitted();
      able.core.addFault({ match: '2301', kind: 'drop-after-work', times: 1 });
      await able.settled(await lost(able, 'uploadMaternityFees', input), 'done');
      expect(able.kinds(person)).toEqual(['admission', 'fee-upload']);
    });

    it('and whose total the platform does not tell, are taken back, not done, and sent again', async () => {
      const { person, input, caseId } = await admitted();
      able.core.addFault({ match: '2301', kind: 'drop-after-work', times: 1 });
      const submission = await lost(able, 'uploadMaternityFees', input);
      able.platform.act('suspend-insurance', { psnNo: person.psnNo });
      await able.settled(submission, 'not-done');
      able.platform.act('resume-insurance', { psnNo: person.psnNo });
      await able.done('uploadMaternityFees', input);
      await able.done('settleMaternity', settlementForm(caseId));
      expect(able.kinds(person).filter((kind) => !kind.startsWith('insurance'))).toEqual([
        'admission',
        'fee-upload',
        'fees-taken-back',
        'fee-upload',
        'settlement',
      ]);
    });
  });
});
