import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { NewCase, RegisteredOrganisation } from '../../adapters/database/case-registry.ts';
import { openStore, type Store } from '../../adapters/database/store.ts';

const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };
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

const stores: Store[] = [];

async function open(path = ':memory:'): Promise<Store> {
  const store = await openStore({ path, ...KEYS });
  stores.push(store);
  return store;
}

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

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

describe('the case registry', () => {
  it('gives back residents and cases as they were written', async () => {
    const { registry } = await open();
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
    expect((await registry.steps([id])).get(id)).toEqual(newCase(1).steps);
    expect((await registry.references([id])).get(id)).toEqual(newCase(1).references);
    expect((await registry.referencesOfResidents([handle])).get(handle)?.map(({ reference }) => reference)).toEqual([
      'LB2',
      'LB1',
    ]);
  });

  it('pages cases newest first without losing or repeating one, also where moments are equal', async () => {
    const { registry } = await open();
    const cases = Array.from({ length: 25 }, (_, index) => newCase(index + 1, { acceptedAt: Math.floor(index / 5) }));
    await registry.add([ANNA], cases);
    const seen: string[] = [];
    for (let after: { acceptedAt: number; id: string } | undefined; ; ) {
      const rows = await registry.casePage({}, { limit: 4, ...(after && { after }) });
      if (rows.length === 0) break;
      seen.push(...rows.map(({ number }) => number));
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
    ['a division and what lies below it', { divisionPrefix: '4212021' }, 4],
    ['another division', { divisionPrefix: '421202001' }, 1],
    ['time', { acceptedFrom: 2_000, acceptedBefore: 4_000 }, 2],
    ['two conditions at once', { status: ['2'], itemId: 'O03', acceptedFrom: 3_000 }, 3],
  ])('finds cases by %s', async (_, query, found) => {
    const { registry } = await open();
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
    const { registry } = await open();
    await expect(registry.add([ANNA], [newCase(1), newCase(1)])).rejects.toThrow(/UNIQUE/);
    expect(await registry.isEmpty()).toBe(true);
    expect(await registry.residents([registry.handle(ANNA.idNumber)])).toEqual([]);
  });

  it('keeps no number and no name in clear on disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'casegraph-store-'));
    const store = await open(join(folder, 'store.sqlite'));
    await store.registry.add([ANNA, BO], [newCase(1)]);
    await store.close();
    stores.pop();
    const bytes = Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
    expect(bytes.includes(newCase(1).number)).toBe(true);
    for (const secret of [ANNA.idNumber, BO.idNumber, ANNA.name, BO.name]) expect(bytes.includes(secret)).toBe(false);
  });
});
