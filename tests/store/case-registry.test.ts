import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CaseChanged,
  type CasePosition,
  type NewCase,
  type OpenedCase,
  type RegisteredOrganisation,
  type RegisteredStep,
} from '../../adapters/database/case-registry.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { storeOpener, testHomes } from './homes.ts';

const ANNA = {
  idNumber: '421202197803159926',
  name: '甘安',
  hukouDivision: '421202100000',
  residenceDivision: '421202001000',
};
const BO = { idNumber: '421202196507229972', name: '柏𠮷', hukouDivision: null, residenceDivision: '421202100201' };
const OFFICE: RegisteredOrganisation = {
  code: '11421202MB2A91048P',
  name: '汀泗桥镇便民服务中心',
  division: '421202100000',
};

function newCase(serial: number, over: Partial<NewCase> = {}): NewCase {
  return {
    number: `11421202MB2A91048P542051100800020260301${String(serial).padStart(4, '0')}`,
    password: '604518',
    itemId: 'O03',
    applicantIdNumber: ANNA.idNumber,
    channel: 'window',
    organisation: OFFICE,
    status: '2',
    appliedAt: 1_000 * serial,
    acceptedAt: 1_000 * serial,
    promiseAt: null,
    visitsPromised: 1,
    visitsMade: 1,
    result: null,
    steps: [
      {
        number: 1,
        name: '受理',
        outcome: '4',
        startedAt: 1,
        endedAt: 2,
        handler: '王磊',
        explanation: null,
        organisation: OFFICE,
      },
      {
        number: 2,
        name: '审核',
        outcome: null,
        startedAt: 3,
        endedAt: null,
        handler: '王磊',
        explanation: null,
        organisation: OFFICE,
      },
    ],
    references: [
      { system: 'disability-subsidy', kind: 'subsidy-application', reference: `LB${serial}`, values: { a: 'b' } },
    ],
    ...over,
  };
}

const STEP: RegisteredStep = {
  number: 1,
  name: '受理',
  outcome: null,
  startedAt: 5,
  endedAt: null,
  handler: '王磊',
  explanation: null,
  organisation: OFFICE,
  nodeType: '1',
  action: '2',
  operator: 'clerk-1',
};

const open = storeOpener();

describe.each(await testHomes())('the case registry on $name', ({ newPlace }) => {
  const openNew = async () => open(await newPlace());

  it('gives back residents and cases as they were written', async () => {
    const { registry } = await openNew();
    await registry.add(
      [ANNA, BO],
      [
        newCase(1),
        newCase(2, { result: { type: '0', at: 9, explanation: null, certificateName: '证', certificateNumber: '1' } }),
      ],
    );
    const handle = registry.handle(ANNA.idNumber);
    expect(await registry.residents([handle])).toEqual([{ handle, ...ANNA }]);
    const [second, first] = await registry.casePage({ applicantHandles: [handle] }, { limit: 10 });
    expect(first).toMatchObject({
      number: newCase(1).number,
      password: '604518',
      organisation: OFFICE,
      result: null,
      promiseAt: null,
    });
    expect(second?.result).toEqual({
      type: '0',
      at: 9,
      explanation: null,
      certificateName: '证',
      certificateNumber: '1',
    });
    const id = registry.caseId(newCase(1).number);
    expect((await registry.steps([id])).get(id)).toEqual(
      newCase(1).steps.map((step) => ({ ...step, nodeType: null, action: null, operator: null })),
    );
    expect((await registry.references([id])).get(id)).toEqual(newCase(1).references);
    expect((await registry.referencesOfResidents([handle])).get(handle)?.map(({ reference }) => reference)).toEqual([
      'LB2',
      'LB1',
    ]);
  });

  it('pages cases newest first without losing or repeating one, also where moments are equal', async () => {
    const { registry } = await openNew();
    const cases = Array.from({ length: 25 }, (_, index) => newCase(index + 1, { acceptedAt: Math.floor(index / 5) }));
    await registry.add([ANNA], cases);
    const seen: string[] = [];
    for (let after: CasePosition | undefined; ; ) {
      const rows = await registry.casePage({}, { limit: 4, ...(after && { after }) });
      if (rows.length === 0) break;
      seen.push(...rows.map(({ id }) => id));
      after = rows.at(-1);
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect(await registry.countCases({})).toBe(25);
  });

  it.each([
    ['status', { status: ['3'] }, 1],
    ['item', { itemId: 'S01' }, 1],
    ['channel', { channel: 'kiosk' }, 1],
    ['a division and what lies below it', { divisionPrefix: '421202100' }, 4],
    ['another division', { divisionPrefix: '421202001' }, 1],
    ['time', { acceptedFrom: 2_000, acceptedBefore: 4_000 }, 2],
    ['two conditions at once', { status: ['2'], itemId: 'O03', acceptedFrom: 3_000 }, 3],
  ])('finds cases by %s', async (_, query, found) => {
    const { registry } = await openNew();
    await registry.add(
      [ANNA],
      [
        newCase(1, { status: '3' }),
        newCase(2, { itemId: 'S01' }),
        newCase(3, { channel: 'kiosk' }),
        newCase(4, { organisation: { ...OFFICE, division: '421202001000' } }),
        newCase(5),
      ],
    );
    expect(await registry.casePage(query, { limit: 10 })).toHaveLength(found);
    expect(await registry.countCases(query)).toBe(found);
  });

  it('writes all or nothing', async () => {
    const { registry } = await openNew();
    await expect(registry.add([ANNA], [newCase(1), newCase(1)])).rejects.toThrow(/unique/i);
    expect(await registry.isEmpty()).toBe(true);
    expect(await registry.residents([registry.handle(ANNA.idNumber)])).toEqual([]);
  });

  it('finds cases accepted in a time only when they were accepted', async () => {
    const { registry } = await openNew();
    await registry.add([ANNA], [newCase(1), newCase(2, { acceptedAt: null }), newCase(3, { acceptedAt: 2_500 })]);
    const found = await registry.casePage({ acceptedFrom: 1_500, acceptedBefore: 3_000 }, { limit: 10 });
    expect(found.map(({ acceptedAt }) => acceptedAt)).toEqual([2_500]);
    expect((await registry.casePage({}, { limit: 10 })).map(({ listedAt }) => listedAt)).toEqual([2_500, 2_000, 1_000]);
  });

  describe('a case from its opening on', () => {
    const opened = (over: Partial<OpenedCase> = {}): OpenedCase => ({
      id: 'opened-1',
      itemId: 'S01',
      applicantHandle: '',
      applicantName: '甘安',
      agent: { name: '柏𠮷', idNumber: BO.idNumber },
      mobile: '13900000000',
      channel: 'village',
      operator: 'village-1',
      organisation: OFFICE,
      status: '1',
      projectType: '2',
      promiseDays: 5,
      appliedAt: 10_000,
      visitsPromised: 0,
      visitsMade: 0,
      ...over,
    });

    async function withOpenedCase() {
      const store = await openNew();
      const { registry } = store;
      const applicantHandle = registry.handle(ANNA.idNumber);
      await store.write(async (tx) => {
        await registry.upsertResident(tx, ANNA);
        await registry.openCase(tx, opened({ applicantHandle }));
      });
      return { ...store, applicantHandle };
    }

    it('is kept with all that was told, without number and password, listed by its application', async () => {
      const { registry, applicantHandle } = await withOpenedCase();
      expect(await registry.casesById(['opened-1'])).toEqual([
        {
          ...opened({ applicantHandle }),
          number: null,
          password: null,
          acceptedAt: null,
          listedAt: 10_000,
          promiseAt: null,
          result: null,
          version: 0,
        },
      ]);
      expect(await registry.casePage({ status: ['1'], itemId: 'S01' }, { limit: 5 })).toHaveLength(1);
    });

    it('moves on lists when its state and the moment by which it is listed change', async () => {
      const { registry, write } = await withOpenedCase();
      await registry.add([], [newCase(15)]);
      await write((tx) => registry.updateCase(tx, 'opened-1', 0, { status: '2', acceptedAt: 20_000 }));
      const page = await registry.casePage({}, { limit: 5 });
      expect(page.map(({ id, listedAt }) => [id, listedAt])).toEqual([
        ['opened-1', 20_000],
        [registry.caseId(newCase(15).number), 15_000],
      ]);
      expect(page[0]).toMatchObject({ version: 1, status: '2', agent: { name: '柏𠮷' } });
      expect(await registry.casePage({ status: ['1'] }, { limit: 5 })).toEqual([]);
      expect(await registry.casePage({ status: ['2'], channel: 'village' }, { limit: 5 })).toHaveLength(1);
      expect(await registry.countCases({ status: ['2'], acceptedFrom: 20_000 })).toBe(1);
    });

    it('is on lists though the first unit of work that had a case like it was undone', async () => {
      const { registry, write } = await openNew();
      const applicantHandle = registry.handle(ANNA.idNumber);
      const openOne = (id: string) => async (tx: WriteTransaction) => {
        await registry.addApplicant(tx, ANNA);
        await registry.openCase(tx, opened({ id, applicantHandle }));
      };
      const undone = write(async (tx) => {
        await openOne('undone')(tx);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      await write(openOne('opened-2'));
      await write(openOne('opened-3'));
      expect(await registry.countCases({ status: ['1'] })).toBe(2);
      expect(await registry.casePage({ status: ['1'] }, { limit: 5 })).toHaveLength(2);
    });

    it('gives its applicant the name on the application where none is known, and no other', async () => {
      const { registry, write } = await openNew();
      const handle = registry.handle(ANNA.idNumber);
      const nameAfter = async (name: string) => {
        await write((tx) => registry.addApplicant(tx, { idNumber: ANNA.idNumber, name }));
        return (await registry.residents([handle]))[0]?.name;
      };
      await write((tx) => registry.upsertResident(tx, { ...ANNA, name: null }));
      expect(await nameAfter('甘安')).toBe('甘安');
      expect(await nameAfter('甘 安')).toBe('甘安');
      expect((await registry.residents([handle]))[0]).toEqual({ handle, ...ANNA });
    });

    it('is given as it is after a change: as whoever reads it finds it', async () => {
      const { registry, write } = await withOpenedCase();
      const result = { type: '0', at: 30_000, explanation: null, certificateName: '备案表', certificateNumber: 'B1' };
      const changes = [
        { status: '2', acceptedAt: 20_000, promiseAt: 90_000, projectType: '1', promiseDays: 3 },
        {
          organisation: { ...OFFICE, division: '421202103000' },
          mobile: '13900000000',
          visitsPromised: 1,
          visitsMade: 1,
        },
        { status: '3', result },
        { mobile: null },
      ];
      for (const change of changes) {
        const given = await write(async (tx) => {
          const held = await registry.caseForUpdate(tx, 'opened-1');
          if (!held) throw new Error('gone');
          return registry.changeHeld(tx, held, change);
        });
        expect(given).toMatchObject(change);
        expect(await registry.casesById(['opened-1'])).toEqual([given]);
        expect(await registry.casePage({}, { limit: 1 })).toEqual([given]);
      }
    });

    it('that was not held is not changed once somebody else has', async () => {
      const { registry, write } = await withOpenedCase();
      const [seen] = await registry.casesById(['opened-1']);
      if (!seen) throw new Error('gone');
      await write((tx) => registry.updateCase(tx, seen.id, 0, { visitsMade: 5 }));
      await expect(write((tx) => registry.changeHeld(tx, seen, { visitsMade: 1 }))).rejects.toThrow(CaseChanged);
      expect((await registry.casesById(['opened-1']))[0]?.visitsMade).toBe(5);
    });

    it('is changed by one of two who saw the same version', async () => {
      const { registry, write } = await withOpenedCase();
      const changes = await Promise.allSettled(
        ['2', '3'].map((status) => write((tx) => registry.updateCase(tx, 'opened-1', 0, { status }))),
      );
      expect(changes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(changes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(CaseChanged) });
      expect((await registry.casesById(['opened-1']))[0]?.version).toBe(1);
    });

    it('is not changed by a second who waits until the first has written', async () => {
      const { registry, write } = await withOpenedCase();
      const addVisit = () =>
        write(async (tx) => {
          const held = await registry.caseForUpdate(tx, 'opened-1');
          if (!held) throw new Error('gone');
          await registry.updateCase(tx, held.id, held.version, { visitsMade: held.visitsMade + 1 });
        });
      await Promise.all(Array.from({ length: 8 }, addVisit));
      expect((await registry.casesById(['opened-1']))[0]).toMatchObject({ version: 8, visitsMade: 8 });
    });

    it('takes its number once: again the same is nothing, another is refused', async () => {
      const { registry, write } = await withOpenedCase();
      const allotment = { number: newCase(7).number, password: '120519' };
      await write((tx) => registry.allotNumber(tx, 'opened-1', allotment));
      await write((tx) => registry.allotNumber(tx, 'opened-1', allotment));
      expect((await registry.casesByNumber([allotment.number]))[0]).toMatchObject({
        id: 'opened-1',
        password: '120519',
      });
      await expect(
        write((tx) => registry.allotNumber(tx, 'opened-1', { ...allotment, number: newCase(8).number })),
      ).rejects.toThrow('a second number');
    });

    it('keeps its steps: written, written over, marked as the last, taken away', async () => {
      const { registry, write } = await withOpenedCase();
      const steps = async () => (await registry.steps(['opened-1'])).get('opened-1') ?? [];
      await write(async (tx) => {
        await registry.writeStep(tx, 'opened-1', STEP);
        await registry.writeStep(tx, 'opened-1', { ...STEP, number: 2, name: '审核' });
      });
      await write(async (tx) => {
        await registry.writeStep(tx, 'opened-1', { ...STEP, outcome: '4', endedAt: 9 });
        await registry.removeStep(tx, 'opened-1', 2);
        await registry.markStep(tx, 'opened-1', 1, '4');
      });
      expect(await steps()).toEqual([{ ...STEP, outcome: '4', endedAt: 9, nodeType: '4' }]);
    });

    it('keeps its special procedures and its papers in order', async () => {
      const { registry, write } = await withOpenedCase();
      const begun = { kind: '1', name: '听证', reason: '利害关系人申请', startedAt: 20 };
      await write(async (tx) => {
        await registry.addMaterials(tx, 'opened-1', [
          { number: 1, name: '申请表', way: '1', copies: 1 },
          { number: 2, name: '身份证', way: '2', copies: 2 },
        ]);
        await registry.beginSpecialProcedure(tx, 'opened-1', begun);
        await registry.endSpecialProcedure(tx, 'opened-1', { endedAt: 30, outcome: '无异议' });
        await registry.beginSpecialProcedure(tx, 'opened-1', { ...begun, startedAt: 40 });
      });
      expect((await registry.specialProcedures(['opened-1'])).get('opened-1')).toEqual([
        { ...begun, endedAt: 30, outcome: '无异议' },
        { ...begun, startedAt: 40, endedAt: null, outcome: null },
      ]);
      expect((await registry.materials(['opened-1'])).get('opened-1')?.map(({ name }) => name)).toEqual([
        '申请表',
        '身份证',
      ]);
    });

    it("ties a department's record to itself once", async () => {
      const { registry, write } = await withOpenedCase();
      const record = { system: 'non-tax', kind: 'payment', reference: '42000011', values: { a: 'b' } };
      await write((tx) => registry.addReference(tx, 'opened-1', record));
      await write((tx) => registry.addReference(tx, 'opened-1', record));
      expect((await registry.references(['opened-1'])).get('opened-1')).toEqual([record]);
      expect(await registry.casesByReference(record)).toEqual(['opened-1']);
    });

    it('never forgets what is known of its applicant', async () => {
      const { registry, write, applicantHandle } = await withOpenedCase();
      await write((tx) =>
        registry.upsertResident(tx, { ...ANNA, name: null, hukouDivision: null, residenceDivision: '421202002000' }),
      );
      expect(await registry.residents([applicantHandle])).toEqual([
        { handle: applicantHandle, ...ANNA, residenceDivision: '421202002000' },
      ]);
    });
  });
});

describe('the SQLite file', async () => {
  const [{ newPlace }] = (await testHomes()) as [Awaited<ReturnType<typeof testHomes>>[0]];

  it('holds no number and no name in clear', async () => {
    const { path = '' } = await newPlace();
    const store = await open({ path });
    await store.registry.add([ANNA, BO], [newCase(1)]);
    await store.close();
    const folder = dirname(path);
    const bytes = Buffer.concat(readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`)));
    expect(bytes.includes(newCase(1).number)).toBe(true);
    for (const secret of [ANNA.idNumber, BO.idNumber, ANNA.name, BO.name]) expect(bytes.includes(secret)).toBe(false);
  });
});
