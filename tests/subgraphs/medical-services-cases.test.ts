import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deskOf } from './fixture/case-desk.ts';
import { type MedicalDesk, openMedicalDesk } from './fixture/medical-desk.ts';
import {
  admissionForm,
  cancelForm,
  chronicForm,
  feesForm,
  outOfAreaForm,
  referralForm,
  settlementForm,
} from './fixture/medical-forms.ts';
import { type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';

let desk: MedicalDesk;
let cases: RunningSubgraph;

beforeAll(async () => {
  desk = await openMedicalDesk();
  cases = await runSubgraph('cases', {}, { store: desk.store, clock: desk.core.now });
});

afterAll(async () => {
  await cases.stop();
  await desk.close();
});

/** A case that its office opens for somebody insured. */
function opened(itemId: string): Promise<string> {
  const { idNumber, name } = desk.patient();
  const hospital = itemId >= 'S11';
  return deskOf(cases).open({
    itemId,
    channel: hospital ? 'HOSPITAL' : 'VILLAGE',
    operator: hospital ? 'hospital' : 'village',
    applicant: { idNumber, name },
  });
}

async function until(caseId: string, status: string): Promise<Record<string, unknown>> {
  return vi.waitFor(
    async () => {
      const query = `query ($id: ID!) { case(id: $id) { status steps { name outcome }
        result { type explanation certificateName certificateNumber } } }`;
      const { data } = await cases.ask(query, { id: caseId });
      expect(data.case.status).toBe(status);
      return data.case;
    },
    { timeout: 10_000, interval: 50 },
  );
}

/** The steps of a case that have been taken. */
const taken = (one: Record<string, unknown>) =>
  (one.steps as { name: string; outcome: string | null }[])
    .filter(({ outcome }) => outcome !== null)
    .map(({ name }) => name);

describe('a case', () => {
  it.each(['S07', 'S08', 'S09'])('of %s is closed by its filing, which is its certificate', async (itemId) => {
    const caseId = await opened(itemId);
    const { serial } = await desk.done('fileOutOfArea', outOfAreaForm(caseId), 'serial');
    const closed = await until(caseId, 'CLOSED');
    expect(closed.result).toMatchObject({
      type: 'GRANTED',
      certificateName: '异地就医备案',
      certificateNumber: serial,
    });
    await desk.done('cancelOutOfAreaFiling', cancelForm(caseId));
  });

  it('of S10 goes through first review and decision', async () => {
    const caseId = await opened('S10');
    const { serial } = await desk.done('fileChronicDisease', chronicForm(caseId), 'serial');
    expect(taken(await until(caseId, 'IN_PROGRESS'))).not.toContain('审查');
    await desk.done('reviewChronicDiseaseFiling', { operator: 'village', caseId, approve: true });
    await vi.waitFor(async () => expect(taken(await until(caseId, 'IN_PROGRESS'))).toContain('审查'));
    await desk.done('decideChronicDiseaseFiling', { operator: 'medical-security', caseId, approve: true });
    const closed = await until(caseId, 'CLOSED');
    expect(closed.result).toMatchObject({ type: 'GRANTED', certificateNumber: serial });
    expect(taken(closed)).toContain('决定');
  });

  it('of S10 is not granted when the decision refuses, in its words', async () => {
    const caseId = await opened('S10');
    await desk.done('fileChronicDisease', chronicForm(caseId));
    await desk.done('reviewChronicDiseaseFiling', { operator: 'village', caseId, approve: true });
    const refusal = { operator: 'medical-security', caseId, approve: false, opinion: '检查资料不足以认定' };
    await desk.done('decideChronicDiseaseFiling', refusal);
    const ended = await until(caseId, 'NOT_GRANTED');
    expect(ended.result).toMatchObject({ type: 'NOT_GRANTED', explanation: '检查资料不足以认定' });
    // The filing is taken off the platform, which still has it.
    await desk.done('cancelChronicDiseaseFiling', cancelForm(caseId));
  });

  it('of S11 is closed by its referral', async () => {
    const caseId = await opened('S11');
    const { serial } = await desk.done('fileReferral', referralForm(caseId), 'serial');
    expect((await until(caseId, 'CLOSED')).result).toMatchObject({ certificateNumber: serial });
  });

  it('of S12 is accepted with the admission and closed by the settlement', async () => {
    const caseId = await opened('S12');
    await desk.done('admitForMaternity', admissionForm(caseId));
    await until(caseId, 'IN_PROGRESS');
    await desk.done('uploadMaternityFees', feesForm(caseId));
    const { settlement } = await desk.done('settleMaternity', settlementForm(caseId), 'settlement { id }');
    const closed = await until(caseId, 'CLOSED');
    expect(closed.result).toMatchObject({ type: 'GRANTED', certificateNumber: settlement.id });
    expect(taken(closed)).toEqual(expect.arrayContaining(['审核', '拨付', '办结']));
  });
});
