import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, type MedicalDesk, openMedicalDesk } from './fixture/medical-desk.ts';
import { cancelForm, referralForm } from './fixture/medical-forms.ts';
import { medicalReference } from './fixture/medical-records.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

let desk: MedicalDesk;

beforeAll(async () => {
  desk = await openMedicalDesk();
});

afterEach(() => {
  desk.core.clearFaults();
  expect(desk.medical.takeFaults()).toEqual([]);
});

afterAll(() => desk.close());

coversPartOfItsSchema(
  () => desk.medical,
  /^(?:Mutation\.(?:fileReferral|cancelReferral)|(?:File|Cancel)Referral\w*Payload\.)/,
);

const REFERRAL = 'serial referral { hospitalCode hospitalName outOfArea operatorNumber operatorName from to }';

const byHospital = (caseId: string, over: object = {}) => cancelForm(caseId, { operator: 'hospital', ...over });

describe('a referral', () => {
  it('is filed once in the hospital’s own name, tied to the case and told to it with its certificate', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S11', person);
    const payload = await desk.done('fileReferral', referralForm(caseId), REFERRAL);
    expect(payload).toMatchObject({
      case: { id: caseId },
      referral: {
        hospitalCode: 'H42010600902',
        hospitalName: '武汉示例医院（虚构）',
        outOfArea: true,
        operatorNumber: 'YB1011',
        operatorName: '陈岚',
        from: '2026-01-01',
        to: '2026-06-30',
      },
    });
    expect(desk.ledger(person)).toMatchObject([
      { kind: 'referral', reference: payload.serial, provider: 'H42120200101', target: 'H42010600902' },
    ]);
    expect(await desk.references(caseId)).toEqual([
      medicalReference('referral', payload.serial, { psnNo: person.psnNo, from: '2026-01-01', to: '2026-06-30' }),
    ]);
    expect(await desk.events(caseId)).toMatchObject([
      { kind: 'referral-filed', operator: 'hospital', certificate: { name: '异地转诊备案', number: payload.serial } },
    ]);
  });

  it('names the region that the receiving hospital’s code tells', async () => {
    const line = await tapLine(desk.platform.address);
    const tapped = await desk.platform.subgraph({ baseUrl: line.url }, { store: desk.store });
    const input = referralForm(await desk.newCase('S11', desk.patient()), { idempotencyKey: randomUUID() });
    expect((await tapped.ask(documentOf('fileReferral'), { input })).errors).toBeUndefined();
    const sent = line.requests.map((body) => JSON.parse(body.toString('utf8'))).find(({ infno }) => infno === '2501');
    expect(sent).toMatchObject({
      fixmedins_code: 'H42120200101',
      fixmedins_name: '咸安区第一人民医院',
      input: { refmedin: { mdtrtarea_admdvs: '420106', hosp_agre_refl_flag: '1', refl_type: '1' } },
    });
    await tapped.stop();
    await line.close();
  });

  it.each([
    ['input.operator', { operator: 'village' }],
    ['input.operator', { operator: 'medical-security' }],
    ['input.operator', { operator: 'hospital-2' }],
    ['input.hospital.code', { hospital: { code: 'H4201060090', name: '武汉示例医院（虚构）' } }],
    ['input.hospital.code', { hospital: { code: 'H99010600902', name: '武汉示例医院（虚构）' } }],
    ['input.hospital.code', { hospital: { code: 'P42010600902', name: '武汉示例药房（虚构）' } }],
    ['input.hospital.code', { hospital: { code: 'H42120200101', name: '咸安区第一人民医院' } }],
    ['input.hospital.code', { hospital: { code: 'H42120200102', name: '咸安区妇幼保健院' } }],
    ['input.hospital.name', { hospital: { code: 'H42010600902', name: '' } }],
    ['input.diagnosis.code', { diagnosis: { code: 'I25.103 ', name: '冠心病' } }],
    ['input.diagnosis.name', { diagnosis: { code: 'I25.103', name: '长'.repeat(101) } }],
    ['input.condition', { condition: '' }],
    ['input.reason', { reason: '长'.repeat(101) }],
    ['input.opinion', { opinion: '' }],
    ['input.date', { date: '2026-01-02' }],
    ['input.to', { to: '2025-12-31' }],
    ['input.to', { from: '2025-01-01', to: '2025-06-30' }],
    ['input.referralType', { referralType: '' }],
    ['input.insuranceKind', { insuranceKind: '390' }],
  ])('is refused for a wrong %s: %j', async (field, over) => {
    const person = desk.patient();
    await desk.refused('fileReferral', referralForm(await desk.newCase('S11', person), over), field);
    expect(desk.kinds(person)).toEqual([]);
  });

  it('is refused where one to the same hospital is valid already', async () => {
    const person = desk.patient();
    await desk.done('fileReferral', referralForm(await desk.newCase('S11', person)));
    const second = await desk.newCase('S11', person);
    await desk.refused(
      'fileReferral',
      referralForm(second, { from: '2026-06-30', to: '2026-12-31' }),
      'input.hospital.code',
    );
    const other = { hospital: { code: 'H43010400931', name: '长沙麓山医院（虚构）' } };
    await desk.done('fileReferral', referralForm(second, other));
  });

  it('is taken back once, by the hospital that filed it', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S11', person);
    await desk.refused('cancelReferral', byHospital(caseId), 'input.caseId');
    const { serial } = await desk.done('fileReferral', referralForm(caseId), REFERRAL);
    await desk.refused('cancelReferral', byHospital(caseId, { operator: 'hospital-2' }), 'input.operator');
    expect(await desk.done('cancelReferral', byHospital(caseId), 'serial')).toMatchObject({ serial });
    await desk.refused('cancelReferral', byHospital(caseId), 'input.caseId');
    expect(desk.kinds(person)).toEqual(['referral', 'referral-cancelled']);
    expect(await desk.eventKinds(caseId)).toEqual(['referral-filed', 'referral-cancelled']);
  });
});

describe('a referral whose answer was lost', () => {
  it('is found by target and days; its serial stays missing, is reported, and nothing cancels it from here', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S11', person);
    desk.core.addFault({ match: '2501', kind: 'drop-after-work', times: 1 });
    const { errors } = await desk.do('fileReferral', referralForm(caseId));
    const { submission } = errors?.[0]?.extensions ?? {};
    expect(errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', department: 'medical-insurance' } }]);
    await desk.settled(submission, 'done');
    const { messageReference } = (await desk.submission(submission)) ?? {};
    expect(await desk.references(caseId)).toEqual([
      medicalReference('referral', String(messageReference), {
        psnNo: person.psnNo,
        from: '2026-01-01',
        to: '2026-06-30',
        serialLost: '1',
      }),
    ]);
    const [event] = await desk.events(caseId);
    expect(event).toMatchObject({ kind: 'referral-filed', explanation: expect.stringContaining('流水号') });
    expect(event?.certificate).toBeUndefined();
    expect(desk.medical.takeFaults().map(({ error }) => error.message)).toContainEqual(
      expect.stringContaining('serial missing'),
    );
    await desk.refused('cancelReferral', byHospital(caseId), 'input.caseId');
    expect(desk.kinds(person)).toEqual(['referral']);
  });
});
