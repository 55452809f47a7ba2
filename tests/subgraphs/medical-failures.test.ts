import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MedicalPlatform, openMedicalPlatform, resident } from './fixture/medical-platform.ts';
import { PSN } from './fixture/medical-records.ts';
import { CHEN, XIONG, ZHOU } from './fixture/people.ts';
import type { RunningSubgraph } from './fixture/running-subgraph.ts';

let platform: MedicalPlatform;
let medical: RunningSubgraph;

beforeAll(async () => {
  platform = await openMedicalPlatform();
  medical = await platform.subgraph();
});

beforeEach(() => platform.rewind());

afterEach(() => expect(medical.faults).toEqual([]));

afterAll(async () => {
  await medical.stop();
  await platform.close();
});

describe('a platform that fails', () => {
  it('costs the field that asked, with code, department and the message’s number; the rest stays', async () => {
    platform.core.addFault({ match: '5304', kind: 'busy' });
    const { data, errors } = await medical.entities(
      [resident(XIONG), resident(ZHOU)],
      'insuredPerson { name referrals { date } chronicDiseaseFilings { diseaseCode } }',
    );
    expect(data._entities.map((one: { insuredPerson: unknown }) => one.insuredPerson)).toEqual([
      { name: '熊志远', referrals: null, chronicDiseaseFilings: [] },
      {
        name: '周启明',
        referrals: null,
        chronicDiseaseFilings: [{ diseaseCode: 'M03900' }, { diseaseCode: 'M99999' }],
      },
    ]);
    const extensions = {
      code: 'DEPARTMENT_BUSY',
      department: 'medical-insurance',
      reference: expect.stringMatching(/^H42120200137\d{18}$/),
    };
    expect(errors).toHaveLength(2);
    for (const index of [0, 1]) {
      const path = ['_entities', index, 'insuredPerson', 'referrals'];
      expect(errors).toContainEqual(expect.objectContaining({ path, extensions: expect.objectContaining(extensions) }));
    }
  });

  it.each([
    ['drop-before-work', 'DEPARTMENT_UNREACHABLE'],
    ['html-error', 'DEPARTMENT_UNREACHABLE'],
    ['garbage', 'DEPARTMENT_PROTOCOL'],
  ] as const)('by %s is %s, of one person only', async (kind, code) => {
    platform.core.addFault({ match: '1101', kind, times: 1 });
    const { data, errors } = await medical.entities(
      [resident(ZHOU), resident(CHEN)],
      'idNumber insuredPerson { personNumber }',
    );
    expect(data._entities.filter((one: { insuredPerson: unknown }) => one.insuredPerson === null)).toHaveLength(1);
    expect(errors).toMatchObject([{ extensions: { code, department: 'medical-insurance' } }]);
  });

  it('refuses in its own words, which show no personal data', async () => {
    const { errors } = await medical.entities(
      [resident(ZHOU)],
      'insuredPerson { benefitCheck(insuranceKind: "999", treatmentType: "21") { entitled } }',
    );
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'insuredPerson', 'benefitCheck'],
        extensions: { code: 'DEPARTMENT_REJECTED', departmentCode: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`${ZHOU.idNumber}|${ZHOU.name}|${PSN.ZHOU}`));
  });

  it('is not asked for filings while the assumed transactions are off', async () => {
    const cautious = await platform.subgraph({ assumedTransactions: { enabled: false } });
    const { data, errors } = await cautious.entities(
      [resident(ZHOU)],
      'insuredPerson { name outOfAreaFilings { serial } referrals { date } }',
    );
    expect(data._entities[0].insuredPerson).toEqual({ name: '周启明', outOfAreaFilings: null, referrals: [] });
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'insuredPerson', 'outOfAreaFilings'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(platform.asked()).toEqual({ 1101: 1, 5304: 1 });
    await cautious.stop();
  });
});

describe('a client that has left', () => {
  it('ends the questions to the platform', async () => {
    platform.core.addFault({ match: '1101', kind: 'late-answer', delayMs: 60_000 });
    const leaving = new AbortController();
    const asking = medical.request(leaving.signal)(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Resident { insuredPerson { name } } } }',
      { r: [resident(ZHOU)] },
    );
    await vi.waitFor(() => expect(platform.asked()).toEqual({ 1101: 1 }));
    leaving.abort();
    const { data } = await asking;
    expect(data._entities).toEqual([{ __typename: 'Resident', insuredPerson: null }]);
  });
});
