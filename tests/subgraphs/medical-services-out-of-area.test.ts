import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoDirectory } from '../../seeds/directory.ts';
import { directorySettings } from '../../subgraphs/services/directory.ts';
import { CHILD, documentOf, LONG_NAMED, type MedicalDesk, NEIGHBOUR, openMedicalDesk } from './fixture/medical-desk.ts';
import { cancelForm, outOfAreaForm } from './fixture/medical-forms.ts';
import { medicalReference, PSN } from './fixture/medical-records.ts';
import { LI, STRANGER, XIONG, ZHOU } from './fixture/people.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

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
  /^(?:Mutation\.(?:fileOutOfArea|cancelOutOfAreaFiling)|(?:File|Cancel)OutOfArea\w*Payload\.|Submission\.)/,
);

const FILING = 'serial filing { serial category destination destinationAddress from to reviewed personNumber }';

describe('a filing for treatment elsewhere', () => {
  it('is made once, tied to the case, told to it with its certificate, and shown as the platform has it', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S07', person);
    const payload = await desk.done('fileOutOfArea', outOfAreaForm(caseId, { to: '2026-12-31', note: '随迁' }), FILING);
    const { serial } = payload;
    expect(payload).toEqual({
      submission: { id: expect.any(String) },
      case: { id: caseId },
      serial: expect.stringMatching(/^421202\d{20,}$/),
      filing: {
        serial,
        category: 'SETTLED_RETIREE',
        destination: '440305',
        destinationAddress: '广东省深圳市南山区示例花园1栋（虚构）',
        from: '2026-01-05',
        to: '2026-12-31',
        reviewed: false,
        personNumber: person.psnNo,
      },
    });
    expect(desk.ledger(person)).toMatchObject([{ kind: 'out-of-area-filing', reference: serial, target: '440305' }]);
    expect(await desk.references(caseId)).toEqual([
      medicalReference('out-of-area-filing', serial, { psnNo: person.psnNo }),
    ]);
    expect(await desk.events(caseId)).toMatchObject([
      { kind: 'filing-recorded', operator: 'village', certificate: { name: '异地就医备案', number: serial } },
    ]);
    expect((await desk.submission(payload.submission.id))?.state).toBe('done');
  });

  it.each([
    ['S07', 'SETTLED_RETIREE'],
    ['S08', 'LONG_TERM_RESIDENT'],
    ['S09', 'POSTED_WORKER'],
  ])('of item %s is one of a %s', async (itemId, category) => {
    const caseId = await desk.newCase(itemId, desk.patient());
    const { filing } = await desk.done('fileOutOfArea', outOfAreaForm(caseId), FILING);
    expect(filing.category).toBe(category);
  });

  it('goes out in the name of the delegated account, at the configured provider', async () => {
    const line = await tapLine(desk.platform.address);
    const tapped = await desk.platform.subgraph({ baseUrl: line.url }, { store: desk.store });
    const caseId = await desk.newCase('S08', desk.patient());
    const form = { ...outOfAreaForm(caseId, { agent: AGENT }), idempotencyKey: randomUUID() };
    const { errors } = await tapped.ask(documentOf('fileOutOfArea'), { input: form });
    expect(errors).toBeUndefined();
    const sent = line.requests.map((body) => JSON.parse(body.toString('utf8')));
    expect(sent.find(({ infno }) => infno === 'Z501')).toMatchObject({
      opter: 'CW001001',
      opter_type: '1',
      opter_name: '田秀英',
      fixmedins_code: 'H42120200137',
      input: { data: { rloc_rea: '07', memo: '12', agnter_name: '秦示例', agnter_certno: LI.idNumber } },
    });
    await tapped.stop();
    await line.close();
  });

  it('can be made by the bureau itself, which handles every case', async () => {
    const caseId = await desk.newCase('S07', desk.patient());
    await desk.done('fileOutOfArea', outOfAreaForm(caseId, { operator: 'medical-security' }));
  });

  it.each([
    ['an account that is none', 'nobody'],
    ['a window without a delegated account', 'clerk'],
    ['a district office without one', 'finance'],
    ['a hospital', 'hospital'],
    ['another village than the one that took the case', 'village-001002'],
  ])('is refused to %s, and nothing is sent', async (_, operator) => {
    const person = desk.patient();
    const caseId = await desk.newCase('S07', person);
    const before = desk.core.calls.total;
    await desk.refused('fileOutOfArea', outOfAreaForm(caseId, { operator }), 'input.operator');
    expect(desk.core.calls.total).toBe(before);
  });

  it('is refused to the applicant', async () => {
    const own = await openMedicalDesk({ directory: withIdNumber('village', LI.idNumber) });
    const caseId = await own.newCase('S07', LI);
    await own.refused('fileOutOfArea', outOfAreaForm(caseId), 'input.operator');
    await own.close();
  });

  it.each([
    ['input.destination', { destination: '990101' }],
    ['input.destination', { destination: '4403' }],
    ['input.destination', { destination: '440000' }],
    ['input.destination', { destination: '810000' }],
    ['input.destination', { destination: '710100' }],
    ['input.destination', { destination: '421202' }],
    ['input.destination', { destination: '421202001001' }],
    ['input.destination', { destination: '421200' }],
    ['input.destinationAddress', { destinationAddress: ' ' }],
    ['input.destinationAddress', { destinationAddress: '长'.repeat(201) }],
    ['input.phone', { phone: '123' }],
    ['input.to', { to: '2026-01-04' }],
    ['input.from', { from: '2026-02-30' }],
    ['input.insuranceKind', { insuranceKind: '390' }],
    ['input.employer', { employer: '' }],
    ['input.note', { note: '注'.repeat(401) }],
    ['input.agent.name', { agent: { name: '', idNumber: LI.idNumber } }],
    ['input.agent.idNumber', { agent: { name: '秦示例', idNumber: '421202199011049999' } }],
    ['input.idempotencyKey', { idempotencyKey: 'short' }],
  ])('is refused for a wrong %s: %j', async (field, over) => {
    const caseId = await desk.newCase('S08', ZHOU);
    await desk.refused('fileOutOfArea', outOfAreaForm(caseId, over), field);
    expect(await desk.references(caseId)).toEqual([]);
    expect((await desk.store.submissions.ofCases([caseId])).size).toBe(0);
  });

  it.each([
    ['S07', {}, 'input.caseId'],
    ['S09', {}, 'input.caseId'],
    ['S08', {}, 'input.agent'],
  ])('of a minor is refused for %s', async (itemId, over, field) => {
    await desk.refused('fileOutOfArea', outOfAreaForm(await desk.newCase(itemId, CHILD), over), field);
  });

  it('of a minor who lives elsewhere is made through a guardian', async () => {
    const caseId = await desk.newCase('S08', CHILD);
    await desk.done('fileOutOfArea', outOfAreaForm(caseId, { agent: AGENT }));
    expect(desk.kinds(CHILD)).toEqual(['out-of-area-filing']);
  });

  it('takes a name of fifty characters with rare ones among them', async () => {
    expect([...LONG_NAMED.name]).toHaveLength(50);
    const caseId = await desk.newCase('S07', LONG_NAMED);
    await desk.done('fileOutOfArea', outOfAreaForm(caseId));
    expect(desk.kinds(LONG_NAMED)).toEqual(['out-of-area-filing']);
  });

  it('of somebody insured elsewhere keeps the region, which is none to file for', async () => {
    const caseId = await desk.newCase('S07', NEIGHBOUR);
    await desk.refused('fileOutOfArea', outOfAreaForm(caseId, { destination: '421221' }), 'input.destination');
    const { serial, filing } = await desk.done('fileOutOfArea', outOfAreaForm(caseId), FILING);
    expect(filing.serial).toBe(serial);
    expect(await desk.references(caseId)).toEqual([
      medicalReference('out-of-area-filing', serial, { psnNo: NEIGHBOUR.psnNo, insuredRegion: '421221' }),
    ]);
    await desk.done('cancelOutOfAreaFiling', cancelForm(caseId));
  });

  it('is refused for who has no insurance in force, and for who is unknown to the platform', async () => {
    await desk.refused('fileOutOfArea', outOfAreaForm(await desk.newCase('S07', XIONG)), 'input.caseId');
    const { errors } = await desk.do('fileOutOfArea', outOfAreaForm(await desk.newCase('S07', STRANGER)));
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', department: 'medical-insurance' } }]);
  });

  it('is refused for a case of another item, one that has ended, and none', async () => {
    await desk.refused('fileOutOfArea', outOfAreaForm(await desk.newCase('S10', ZHOU)), 'input.caseId');
    await desk.refused(
      'fileOutOfArea',
      outOfAreaForm(await desk.newCase('S07', ZHOU, { status: '3' })),
      'input.caseId',
    );
    const { errors } = await desk.do('fileOutOfArea', outOfAreaForm('none'));
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', field: 'input.caseId' } }]);
  });

  it('is refused where the same is filed already, also on another case, and a second time on one case', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S08', person);
    await desk.done('fileOutOfArea', outOfAreaForm(caseId, { to: '2026-06-30' }));
    const other = { destination: '330106' };
    await desk.refused('fileOutOfArea', outOfAreaForm(caseId, other), 'input.caseId');
    const second = await desk.newCase('S08', person);
    await desk.refused('fileOutOfArea', outOfAreaForm(second, { from: '2026-06-30' }), 'input.destination');
    await desk.done('fileOutOfArea', outOfAreaForm(second, { from: '2026-07-01' }));
    expect(desk.kinds(person)).toEqual(['out-of-area-filing', 'out-of-area-filing']);
  });

  it('is not made while the setting that names its transactions assumed is off', async () => {
    const cautious = await openMedicalDesk({ settings: { assumedTransactions: { enabled: false } } });
    const caseId = await cautious.newCase('S07', ZHOU);
    const { errors } = await cautious.do('fileOutOfArea', outOfAreaForm(caseId));
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', field: 'assumedTransactions.enabled', department: 'medical-insurance' } },
    ]);
    expect(cautious.ledger({ psnNo: PSN.ZHOU })).toEqual([]);
    await cautious.close();
  });
});

describe('the same request again', () => {
  it('has the same answer and no second effect, also when the case has ended since', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S07', person);
    const form = outOfAreaForm(caseId, { idempotencyKey: randomUUID() });
    const first = await desk.done('fileOutOfArea', form, 'serial');
    await desk.store.write(async (tx) => {
      const version = (await desk.store.registry.caseForUpdate(tx, caseId))?.version ?? 0;
      await desk.store.registry.updateCase(tx, caseId, version, { status: '3' });
    });
    expect(await desk.done('fileOutOfArea', form, 'serial')).toEqual(first);
    expect(desk.kinds(person)).toEqual(['out-of-area-filing']);
  });

  it('is answered without asking the platform, which may be away', async () => {
    const form = outOfAreaForm(await desk.newCase('S07', desk.patient()), { idempotencyKey: randomUUID() });
    const first = await desk.done('fileOutOfArea', form, 'serial');
    const before = desk.core.calls.total;
    desk.core.addFault({ kind: 'drop-before-work' });
    expect(await desk.done('fileOutOfArea', form, 'serial')).toEqual(first);
    expect(desk.core.calls.total).toBe(before);
  });

  it('at the same moment is done once; the other is told so or has the same answer', async () => {
    const person = desk.patient();
    const form = outOfAreaForm(await desk.newCase('S07', person), { idempotencyKey: randomUUID() });
    const answers = await Promise.all([1, 2, 3].map(() => desk.do('fileOutOfArea', form, 'serial')));
    const serials = answers.flatMap(({ data }) => data.fileOutOfArea?.serial ?? []);
    expect(new Set(serials).size).toBe(1);
    for (const { errors } of answers.filter(({ data }) => data.fileOutOfArea === null)) {
      expect(errors).toMatchObject([{ extensions: { code: 'IN_PROGRESS', submission: expect.any(String) } }]);
    }
    expect(desk.kinds(person)).toEqual(['out-of-area-filing']);
  });

  it('with other content is a conflict', async () => {
    const person = desk.patient();
    const form = outOfAreaForm(await desk.newCase('S07', person), { idempotencyKey: randomUUID() });
    await desk.done('fileOutOfArea', form);
    const { errors } = await desk.do('fileOutOfArea', { ...form, destination: '330106' });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
    expect(desk.kinds(person)).toEqual(['out-of-area-filing']);
  });

  it('takes its key from the header, and is refused when both differ or there is none', async () => {
    const person = desk.patient();
    const input = outOfAreaForm(await desk.newCase('S07', person));
    const under = (header?: string) => desk.medical.request(undefined, header);
    const place = { extensions: { code: 'INVALID_INPUT', field: 'input.idempotencyKey' } };
    expect(await under()(documentOf('fileOutOfArea'), { input })).toMatchObject({ errors: [place] });
    const differing = { input: { ...input, idempotencyKey: randomUUID() } };
    expect(await under(randomUUID())(documentOf('fileOutOfArea'), differing)).toMatchObject({ errors: [place] });
    const key = randomUUID();
    const first = await under(key)(documentOf('fileOutOfArea', 'serial'), { input });
    expect(await under(key)(documentOf('fileOutOfArea', 'serial'), { input })).toEqual(first);
    expect(desk.kinds(person)).toEqual(['out-of-area-filing']);
  });
});

describe('taking a filing back', () => {
  it('is done once, also of a case that ended with it, and told to the case', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S09', person);
    const { serial } = await desk.done('fileOutOfArea', outOfAreaForm(caseId), 'serial');
    expect(await desk.done('cancelOutOfAreaFiling', cancelForm(caseId), 'serial')).toMatchObject({ serial });
    expect(desk.kinds(person)).toEqual(['out-of-area-filing', 'out-of-area-filing-cancelled']);
    expect(await desk.events(caseId)).toMatchObject([
      { kind: 'filing-recorded' },
      { kind: 'filing-cancelled', explanation: '返回参保地', operator: 'village' },
    ]);
    await desk.refused('cancelOutOfAreaFiling', cancelForm(caseId), 'input.caseId');
  });

  it('frees the case for another', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S09', person);
    await desk.done('fileOutOfArea', outOfAreaForm(caseId));
    await desk.done('cancelOutOfAreaFiling', cancelForm(caseId));
    const { serial } = await desk.done('fileOutOfArea', outOfAreaForm(caseId, { destination: '330106' }), FILING);
    expect((await desk.references(caseId)).map(({ reference }) => reference)).toContain(serial);
    expect(await desk.done('cancelOutOfAreaFiling', cancelForm(caseId), 'serial')).toMatchObject({ serial });
  });

  it('works for a case that came with its filing', async () => {
    const reference = medicalReference('out-of-area-filing', 'F-WORKER', { psnNo: PSN.ZHOU });
    const caseId = await desk.newCase('S09', ZHOU, { status: '3', references: [reference] });
    await desk.done('cancelOutOfAreaFiling', cancelForm(caseId));
    expect(desk.ledger({ psnNo: PSN.ZHOU })).toMatchObject([
      { kind: 'out-of-area-filing-cancelled', reference: 'F-WORKER' },
    ]);
  });

  it('is refused without a filing, a reason, or the right office', async () => {
    const caseId = await desk.newCase('S07', ZHOU);
    await desk.refused('cancelOutOfAreaFiling', cancelForm(caseId), 'input.caseId');
    await desk.refused('cancelOutOfAreaFiling', cancelForm(caseId, { reason: ' ' }), 'input.reason');
    await desk.refused('cancelOutOfAreaFiling', cancelForm(caseId, { operator: 'clerk' }), 'input.operator');
    await desk.refused('cancelOutOfAreaFiling', cancelForm(caseId, { operator: 'village-001002' }), 'input.operator');
  });
});

const AGENT = {
  name: '秦示例',
  idNumber: LI.idNumber,
  phone: '13900000109',
  address: '咸宁市咸安区示例路3号（虚构）',
  relation: '1',
};

function withIdNumber(account: string, idNumber: string) {
  const { organisations, operators } = demoDirectory();
  return directorySettings.parse({
    organisations,
    operators: operators.map((one) => (one.account === account ? { ...one, idNumber } : one)),
  });
}
