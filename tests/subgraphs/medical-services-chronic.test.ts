import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MedicalDesk, openMedicalDesk } from './fixture/medical-desk.ts';
import { cancelForm, chronicForm } from './fixture/medical-forms.ts';
import { medicalReference, PSN } from './fixture/medical-records.ts';
import { ZHOU } from './fixture/people.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';

let desk: MedicalDesk;

beforeAll(async () => {
  desk = await openMedicalDesk();
});

afterEach(() => {
  desk.core.clearFaults();
  expect(desk.medical.faults).toEqual([]);
});

afterAll(() => desk.close());

coversPartOfItsSchema(
  () => desk.medical,
  /^(?:Mutation\.\w+ChronicDisease(?:Filing)?(?:\(|$)|(?:File|Cancel|Review|Decide)ChronicDisease\w*Payload\.)/,
);

const FILING = 'serial filing { diseaseCode diseaseName from to }';

/** A case with its filing made. */
async function filed(person = desk.patient()) {
  const caseId = await desk.newCase('S10', person);
  const { serial } = await desk.done('fileChronicDisease', chronicForm(caseId), FILING);
  return { person, caseId, serial: String(serial) };
}

const review = (caseId: string, over: object = {}) => ({ operator: 'village', caseId, approve: true, ...over });
const decision = (caseId: string, over: object = {}) => ({ ...review(caseId), operator: 'medical-security', ...over });

describe('a chronic disease', () => {
  it('is filed once, tied to the case and told to it', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S10', person);
    const payload = await desk.done('fileChronicDisease', chronicForm(caseId), FILING);
    expect(payload).toMatchObject({
      case: { id: caseId },
      serial: expect.stringMatching(/^421202/),
      filing: { diseaseCode: 'M03900', diseaseName: '高血压', from: '2026-01-01', to: '2026-12-31' },
    });
    expect(desk.ledger(person)).toMatchObject([{ kind: 'chronic-filing', disease: 'M03900' }]);
    expect(await desk.references(caseId)).toEqual([
      medicalReference('chronic-disease-filing', payload.serial, { psnNo: person.psnNo, diseaseCode: 'M03900' }),
    ]);
    const [event] = await desk.events(caseId);
    expect(event).toMatchObject({ kind: 'chronic-filed', operator: 'village' });
    expect(event?.certificate).toBeUndefined();
  });

  it.each([
    ['input.disease.code', { disease: { code: 'M 1', name: '高血压' } }],
    ['input.disease.name', { disease: { code: 'M03900', name: '' } }],
    ['input.hospital.code', { hospital: { code: 'H4212020010', name: '咸安区第一人民医院' } }],
    ['input.hospital.code', { hospital: { code: 'P42120200121', name: '咸安惠民药房（虚构）' } }],
    ['input.hospital.name', { hospital: { code: 'H42120200101', name: ' ' } }],
    ['input.doctor.code', { doctor: { code: '', name: '示例医师' } }],
    ['input.identifiedOn', { identifiedOn: '2026-01-02', from: '2026-01-03' }],
    ['input.from', { from: '2025-12-29' }],
    ['input.to', { to: '2025-12-31' }],
    ['input.phone', { phone: '电话' }],
    ['input.operator', { operator: 'hospital' }],
    ['input.operator', { operator: 'clerk' }],
  ])('is refused for a wrong %s: %j', async (field, over) => {
    const person = desk.patient();
    await desk.refused('fileChronicDisease', chronicForm(await desk.newCase('S10', person), over), field);
    expect(desk.kinds(person)).toEqual([]);
  });

  it('is refused when it is recognised already, and a second time on one case', async () => {
    const known = { disease: { code: 'M99999', name: '示例病种' } };
    await desk.refused('fileChronicDisease', chronicForm(await desk.newCase('S10', ZHOU), known), 'input.disease.code');
    const { caseId } = await filed();
    await desk.refused('fileChronicDisease', chronicForm(caseId, known), 'input.caseId');
  });
});

describe('the reviews of a chronic disease', () => {
  it('go from the village to the bureau, whose decision carries the certificate', async () => {
    const { caseId, serial } = await filed();
    const first = await desk.done('reviewChronicDiseaseFiling', review(caseId, { opinion: '材料齐全' }), 'approved');
    expect(first).toMatchObject({ approved: true, case: { id: caseId } });
    expect(await desk.submission(first.submission.id)).toMatchObject({ state: 'done', operator: 'village' });
    expect(await desk.done('decideChronicDiseaseFiling', decision(caseId), 'approved')).toMatchObject({
      approved: true,
    });
    expect(await desk.events(caseId)).toMatchObject([
      { kind: 'chronic-filed' },
      { kind: 'chronic-reviewed', operator: 'village', explanation: '材料齐全' },
      {
        kind: 'chronic-decided',
        operator: 'medical-security',
        certificate: { name: '门诊慢特病病种待遇认定', number: serial },
      },
    ]);
  });

  it('end the case when one of them refuses, which needs an opinion', async () => {
    const { caseId } = await filed();
    await desk.refused('reviewChronicDiseaseFiling', review(caseId, { approve: false }), 'input.opinion');
    await desk.done('reviewChronicDiseaseFiling', review(caseId));
    const refusal = decision(caseId, { approve: false, opinion: '不符合认定标准' });
    expect(await desk.done('decideChronicDiseaseFiling', refusal, 'approved')).toMatchObject({ approved: false });
    const [, , last] = await desk.events(caseId);
    expect(last).toMatchObject({ kind: 'chronic-refused', explanation: '不符合认定标准' });
    expect(last?.certificate).toBeUndefined();
  });

  it('have an order: filing, review, decision, each once', async () => {
    const caseId = await desk.newCase('S10', desk.patient());
    await desk.refused('reviewChronicDiseaseFiling', review(caseId), 'input.caseId');
    await desk.refused('decideChronicDiseaseFiling', decision(caseId), 'input.caseId');
    await desk.done('fileChronicDisease', chronicForm(caseId));
    await desk.refused('decideChronicDiseaseFiling', decision(caseId), 'input.caseId');
    await desk.done('reviewChronicDiseaseFiling', review(caseId));
    await desk.refused('reviewChronicDiseaseFiling', review(caseId), 'input.caseId');
    await desk.done('decideChronicDiseaseFiling', decision(caseId));
    await desk.refused('decideChronicDiseaseFiling', decision(caseId), 'input.caseId');
    expect(await desk.eventKinds(caseId)).toEqual(['chronic-filed', 'chronic-reviewed', 'chronic-decided']);
  });

  it('are the same for the same request, though the case has gone on', async () => {
    const { caseId } = await filed();
    const form = review(caseId, { idempotencyKey: randomUUID() });
    const first = await desk.done('reviewChronicDiseaseFiling', form, 'approved');
    expect(await desk.done('reviewChronicDiseaseFiling', form, 'approved')).toEqual(first);
    const { errors } = await desk.do('reviewChronicDiseaseFiling', { ...form, opinion: '另一意见' });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect(await desk.eventKinds(caseId)).toEqual(['chronic-filed', 'chronic-reviewed']);
  });

  it('are decided by the bureau only, and by nobody who filed or reviewed', async () => {
    const { caseId } = await filed();
    await desk.done('reviewChronicDiseaseFiling', review(caseId));
    await desk.refused('decideChronicDiseaseFiling', decision(caseId, { operator: 'village' }), 'input.operator');
    await desk.refused('decideChronicDiseaseFiling', decision(caseId, { operator: 'finance' }), 'input.operator');

    const byBureau = await desk.newCase('S10', desk.patient());
    await desk.done('fileChronicDisease', chronicForm(byBureau, { operator: 'medical-security' }));
    await desk.done('reviewChronicDiseaseFiling', review(byBureau));
    await desk.refused('decideChronicDiseaseFiling', decision(byBureau), 'input.operator');
  });

  it('do not approve what the agency has refused on the platform', async () => {
    const { caseId, serial } = await filed();
    await desk.done('reviewChronicDiseaseFiling', review(caseId));
    desk.platform.act('review', { reference: serial, decision: 'refuse' });
    await desk.refused('decideChronicDiseaseFiling', decision(caseId), 'input.approve');
    await desk.done('decideChronicDiseaseFiling', decision(caseId, { approve: false, opinion: '经办机构未通过' }));
  });
});

describe('taking the filing of a chronic disease back', () => {
  it('is done until the bureau has approved', async () => {
    const { person, caseId, serial } = await filed();
    await desk.done('reviewChronicDiseaseFiling', review(caseId));
    expect(await desk.done('cancelChronicDiseaseFiling', cancelForm(caseId), 'serial')).toMatchObject({ serial });
    expect(desk.kinds(person)).toEqual(['chronic-filing', 'chronic-filing-cancelled']);
    expect(await desk.eventKinds(caseId)).toEqual(['chronic-filed', 'chronic-reviewed', 'chronic-cancelled']);
    await desk.refused('decideChronicDiseaseFiling', decision(caseId), 'input.caseId');
    await desk.refused('cancelChronicDiseaseFiling', cancelForm(caseId), 'input.caseId');
  });

  it('is refused afterwards, here and, where the agency has reviewed it, by the platform', async () => {
    const { caseId } = await filed();
    await desk.done('reviewChronicDiseaseFiling', review(caseId));
    await desk.done('decideChronicDiseaseFiling', decision(caseId));
    await desk.refused('cancelChronicDiseaseFiling', cancelForm(caseId), 'input.caseId');

    const reference = medicalReference('chronic-disease-filing', 'C-PRESSURE', {
      psnNo: PSN.ZHOU,
      diseaseCode: 'M03900',
    });
    const known = await desk.newCase('S10', ZHOU, { references: [reference] });
    const { errors } = await desk.do('cancelChronicDiseaseFiling', cancelForm(known));
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', department: 'medical-insurance' } }]);
    expect(desk.ledger({ psnNo: PSN.ZHOU })).toEqual([]);
  });
});
