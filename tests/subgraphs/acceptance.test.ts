import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { SimulatorCore } from '../../adapters/simulator/core.ts';
import { simulateUnifiedAcceptance } from '../../adapters/unified-acceptance/simulator.ts';
import type { CaseSeed } from '../../seeds/model.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { REPORTING } from './fixture/case-handling.ts';
import { CLOSED_CASE, ITEM_CODES, LATE_CASE, MANY_CASES, OPEN_CASE, UNREPORTED_CASE } from './fixture/case-records.ts';
import { populationOf } from './fixture/people.ts';
import { coversItsSchema, entitiesQuery, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

const core = new SimulatorCore('unified-acceptance');
const platform = simulateUnifiedAcceptance(
  core,
  populationOf({ cases: [CLOSED_CASE, OPEN_CASE, ...MANY_CASES, LATE_CASE] }),
);
let address: string;
let acceptance: RunningSubgraph;

const settings = (baseUrl: string) => ({
  baseUrl,
  ...sandbox.unifiedAcceptance,
  line: { retry: { attempts: 1, backoffMs: 1 }, breaker: { failures: 1_000 } },
});

beforeAll(async () => {
  address = await platform.listen(0);
  acceptance = await runSubgraph('acceptance', settings(address));
});

afterEach(() => {
  core.reset();
  expect(acceptance.faults).toEqual([]);
});

afterAll(async () => {
  await acceptance.stop();
  await platform.close();
});

// What is told of our cases has a file of its own.
coversItsSchema(() => acceptance, [REPORTING]);

/** A case as the gateway names it, with what the registry told of it. */
const caseAs = ({ number, password }: Pick<CaseSeed, 'number' | 'password'>) => ({
  __typename: 'Case',
  id: idOf({ number }),
  number,
  queryPassword: password,
});
const idOf = ({ number }: { number: string }) => `id-of-${number}`;
const itemAs = (id: string, implementation: string) => ({ __typename: 'ServiceItem', id, codes: { implementation } });

/** The one entity that `selection` of `one` gives, without errors. */
async function told(one: CaseSeed, selection: string) {
  const { data, errors } = await acceptance.entities([caseAs(one)], selection);
  expect(errors).toBeUndefined();
  expect(data._entities).toHaveLength(1);
  return data._entities[0];
}

describe('a case', () => {
  it('that is closed has every field', async () => {
    const selection = `id number progress {
      number itemName maskedApplicantName status statusName acceptedAt promiseDate closedAt resultType overdue
      steps { number name outcome endedAt }
    }`;
    expect(await told(CLOSED_CASE, selection)).toEqual({
      __typename: 'Case',
      id: idOf(CLOSED_CASE),
      number: '11421202MB2A91048P5420511008000202603020001',
      progress: {
        number: '11421202MB2A91048P5420511008000202603020001',
        itemName: '困难残疾人生活补贴和重度残疾人护理补贴',
        maskedApplicantName: '张**',
        status: 'CLOSED',
        statusName: '已办结',
        acceptedAt: '2026-03-02T09:10:44+08:00',
        promiseDate: '2026-03-23T23:59:59+08:00',
        closedAt: '2026-03-22T16:05:00+08:00',
        resultType: 'GRANTED',
        overdue: false,
        steps: [
          { number: 1, name: '受理', outcome: 'ACCEPTED', endedAt: '2026-03-02T09:20:00+08:00' },
          { number: 2, name: '审核', outcome: 'AGREED', endedAt: '2026-03-22T16:00:00+08:00' },
        ],
      },
    });
  });

  it('that is open has no result, and its step to do neither outcome nor end', async () => {
    const selection = 'progress { status closedAt resultType overdue steps { outcome endedAt } }';
    expect(await told(OPEN_CASE, selection)).toEqual({
      __typename: 'Case',
      progress: {
        status: 'IN_PROGRESS',
        closedAt: null,
        resultType: null,
        overdue: false,
        steps: [
          { outcome: 'ACCEPTED', endedAt: '2026-03-20T10:05:00+08:00' },
          { outcome: null, endedAt: null },
        ],
      },
    });
  });

  it('handled on the spot promises no moment', async () => {
    const [immediate] = MANY_CASES as readonly [CaseSeed];
    expect(await told(immediate, 'progress { promiseDate }')).toEqual({
      __typename: 'Case',
      progress: { promiseDate: null },
    });
  });

  it.each([
    ['1', 'RECEIVED'],
    ['2', 'IN_PROGRESS'],
    ['21', 'WAITING_FOR_SUPPLEMENT'],
    ['22', 'SUSPENDED'],
    ['3', 'CLOSED'],
    ['47', 'NOT_ACCEPTED'],
    ['44', 'NOT_GRANTED'],
    ['5', 'CLOSED_ABNORMALLY'],
    ['-1', 'VOID'],
  ])('in the state %s is %s', async (code, status) => {
    const one = oneOfMany((candidate) => candidate.status === code);
    expect(await told(one, 'progress { status }')).toEqual({ __typename: 'Case', progress: { status } });
  });

  it.each([
    ['0', 'DISAGREED'],
    ['1', 'AGREED'],
    ['2', 'NOT_ACCEPTED'],
    ['3', 'ACCEPTANCE_REFUSED'],
    ['4', 'ACCEPTED'],
    ['5', 'SUPPLEMENT'],
    ['6', 'SPECIAL_PROCEDURE'],
    ['7', 'RETURNED'],
  ])('whose step ended with %s has the outcome %s', async (code, outcome) => {
    const one = oneOfMany(({ steps }) => steps[0]?.nodeResult === code);
    expect(await told(one, 'progress { steps { outcome } }')).toEqual({
      __typename: 'Case',
      progress: { steps: [{ outcome }] },
    });
  });

  it.each([
    ['0', 'GRANTED'],
    ['1', 'NOT_GRANTED'],
    ['2', 'VOID'],
    ['3', 'DELETED'],
    ['4', 'PASSED_UP'],
    ['5', 'RETURNED'],
    ['6', 'NOT_ACCEPTED'],
  ])('that ended with %s was %s', async (code, resultType) => {
    const one = oneOfMany(({ result }) => result?.type === code);
    expect(await told(one, 'progress { resultType }')).toEqual({ __typename: 'Case', progress: { resultType } });
  });

  it('is answered as often as it is named, each with its own password', async () => {
    const representations = [CLOSED_CASE, OPEN_CASE, CLOSED_CASE].map(caseAs);
    const { data, errors } = await acceptance.entities(representations, 'progress { number status }');
    const closed = { __typename: 'Case', progress: { number: CLOSED_CASE.number, status: 'CLOSED' } };
    const open = { __typename: 'Case', progress: { number: OPEN_CASE.number, status: 'IN_PROGRESS' } };
    expect({ data, errors }).toEqual({ data: { _entities: [closed, open, closed] } });
    expect(core.calls.calls).toEqual({ query: 2 });
  });
});

describe('the platform’s word on a case', () => {
  const progressQuery = 'query ($n: CaseNumber!, $p: String!) { caseProgress(number: $n, password: $p) { status } }';

  it('is asked once a request, however many places want it', async () => {
    const request = acceptance.request();
    const representations = [caseAs(CLOSED_CASE)];
    const { data: entities } = await request(
      entitiesQuery(representations, 'a: progress { status } b: progress { overdue }'),
      { representations },
    );
    expect(entities._entities).toEqual([{ __typename: 'Case', a: { status: 'CLOSED' }, b: { overdue: false } }]);
    const { data } = await request(progressQuery, { n: CLOSED_CASE.number, p: CLOSED_CASE.password });
    expect(data).toEqual({ caseProgress: { status: 'CLOSED' } });
    expect(core.calls.calls).toEqual({ query: 1 });
  });

  it('is null for a case that it does not have, known to the registry or not', async () => {
    expect(await told(UNREPORTED_CASE, 'number progress { status }')).toEqual({
      __typename: 'Case',
      number: UNREPORTED_CASE.number,
      progress: null,
    });
    const { data, errors } = await acceptance.ask(`{
      unknown: caseProgress(number: "${ITEM_CODES.S10}202601010009", password: "123456") { status }
      foreign: caseProgress(number: "8f14e45f-ceea-467f-a8d5-5a1b2c3d4e5f", password: "123456") { status }
    }`);
    expect({ data, errors }).toEqual({ data: { unknown: null, foreign: null } });
  });

  it('has null for codes that no list has, and tells that a promise was broken', async () => {
    const { number: n, password: p } = LATE_CASE;
    const query = `query ($n: CaseNumber!, $p: String!) {
      caseProgress(number: $n, password: $p) { status resultType overdue steps { name outcome endedAt } }
    }`;
    expect(await acceptance.ask(query, { n, p })).toEqual({
      data: {
        caseProgress: {
          status: 'CLOSED',
          resultType: null,
          overdue: true,
          steps: [{ name: '受理', outcome: null, endedAt: '2026-03-02T09:20:00+08:00' }],
        },
      },
    });
  });

  it('is told in the platform’s own words where its state is in no list', async () => {
    const line = await tapLine(address, (answer) =>
      Buffer.from(
        answer.toString('utf8').replace('"status":"3","statusName":"已办结"', '"status":"88","statusName":"待归档"'),
      ),
    );
    const tapped = await runSubgraph('acceptance', settings(line.url));
    const { number: n, password: p } = CLOSED_CASE;
    const query =
      'query ($n: CaseNumber!, $p: String!) { caseProgress(number: $n, password: $p) { status statusName } }';
    expect(await tapped.ask(query, { n, p })).toEqual({
      data: { caseProgress: { status: null, statusName: '待归档' } },
    });
    await tapped.stop();
    await line.close();
  });

  it('is refused to a wrong password, which the message does not repeat', async () => {
    const { data, errors } = await acceptance.ask(progressQuery, { n: OPEN_CASE.number, p: '000000' });
    expect(data).toEqual({ caseProgress: null });
    expect(errors).toMatchObject([
      {
        path: ['caseProgress'],
        extensions: {
          code: 'DEPARTMENT_REJECTED',
          department: 'unified-acceptance',
          departmentCode: '2301',
          field: 'password',
        },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('000000');
  });

  it.each(['12345', '1234567', 'abcdef', ''])('is not asked with a malformed password: %j', async (password) => {
    const { data, errors } = await acceptance.ask(progressQuery, { n: OPEN_CASE.number, p: password });
    expect(data).toEqual({ caseProgress: null });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'password' } }]);
    expect(core.calls.total).toBe(0);
  });

  it('costs its own field when the platform is busy', async () => {
    core.addFault({ match: 'query', kind: 'busy', times: 1 });
    const { data, errors } = await acceptance.entities([caseAs(CLOSED_CASE)], 'id number progress { status }');
    expect(data._entities).toEqual([
      { __typename: 'Case', id: idOf(CLOSED_CASE), number: CLOSED_CASE.number, progress: null },
    ]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'progress'],
        extensions: { code: 'DEPARTMENT_BUSY', department: 'unified-acceptance', departmentCode: '1008' },
      },
    ]);
    expect(errors?.[0]?.extensions.reference).toBe(acceptance.calls.at(-1)?.reference);
    expect(errors?.[0]?.extensions.reference).toMatch(/^\S{10,}$/);
  });

  it('costs only the case that was unlucky', async () => {
    core.addFault({ match: 'query', kind: 'drop-before-work', times: 1 });
    const { data, errors } = await acceptance.entities(MANY_CASES.slice(0, 3).map(caseAs), 'progress { statusName }');
    expect(data._entities).toHaveLength(3);
    const answered = data._entities.filter(({ progress }: { progress: unknown }) => progress !== null);
    expect(answered).toHaveLength(2);
    expect(errors).toHaveLength(1);
  });
});

describe('a service item', () => {
  const guide = `id guide {
    implementationCode basicCode name itemType version state level departmentCode departmentName caseType servedApplicants
    promiseDays promiseAmount promiseUnit statutoryDays statutoryAmount statutoryUnit visits handlingForms range hasFee online resultType
    handlingItems { code name }
    materials { name required source }
  }`;

  it('has the platform’s guide', async () => {
    const { data, errors } = await acceptance.entities([itemAs('S10', ITEM_CODES.S10)], guide);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      {
        __typename: 'ServiceItem',
        id: 'S10',
        guide: {
          implementationCode: ITEM_CODES.S10,
          basicCode: '422036015000',
          name: '门诊慢特病病种待遇认定（初审代办）',
          itemType: '20',
          version: 1,
          state: 'IN_USE',
          level: '5',
          departmentCode: '11421202MB2A91056J',
          departmentName: '咸安区医疗保障局',
          caseType: 'PROMISED',
          servedApplicants: ['1'],
          promiseDays: 15,
          promiseAmount: 15,
          promiseUnit: '1',
          statutoryDays: 30,
          statutoryAmount: 30,
          statutoryUnit: '1',
          visits: null,
          handlingForms: ['1'],
          range: '3',
          hasFee: false,
          online: false,
          resultType: '2',
          handlingItems: [{ code: '11421202MB2A91056J542203601500001', name: '门诊慢特病病种待遇认定（初审代办）' }],
          materials: [
            { name: '居民身份证', required: true, source: 'APPLICANT' },
            { name: '病历资料', required: true, source: 'OTHER' },
            { name: '病种待遇认定申请表', required: true, source: 'APPLICANT' },
          ],
        },
      },
    ]);
  });

  it('that is handled on the spot and paid for says so', async () => {
    const { data } = await acceptance.entities([itemAs('S01', ITEM_CODES.S01)], guide);
    expect(data._entities[0].guide).toMatchObject({
      caseType: 'IMMEDIATE',
      servedApplicants: ['1', '2'],
      handlingForms: ['1', '2'],
      hasFee: true,
      online: true,
      visits: 0,
      materials: [{ name: '非税收入缴款通知书', required: false, source: 'GOVERNMENT' }],
    });
  });

  it.each([
    ['1', '1', '20', 'IN_USE', 'IMMEDIATE', 'GOVERNMENT'],
    ['2', '2', '10', 'SUSPENDED', 'PROMISED', 'APPLICANT'],
    ['3', '3', '99', 'CANCELLED', 'JOINT', 'OTHER'],
    ['4', '4', '88', null, 'PASSED_UP', null],
    ['1', '9', '20', 'IN_USE', null, 'GOVERNMENT'],
  ])('of state %s, case type %s and material source %s is %s, %s, %s', async (state, type, source, ...names) => {
    const line = await tapLine(address, (answer) => {
      const [stated, typed, sourced] = [
        `"taskState":"${state}"`,
        `"projectType":"${type}"`,
        `"sourceType":"${source}"`,
      ];
      const text = answer.toString('utf8').replace('"taskState":"1"', stated).replace('"projectType":"1"', typed);
      return Buffer.from(text.replace('"sourceType":"20"', sourced));
    });
    const tapped = await runSubgraph('acceptance', settings(line.url));
    const { data, errors } = await tapped.entities([itemAs('S01', ITEM_CODES.S01)], guide);
    expect(errors).toBeUndefined();
    const answer = data._entities[0].guide;
    expect([answer.state, answer.caseType, answer.materials[0].source]).toEqual(names);
    await tapped.stop();
    await line.close();
  });

  it('names the amount and unit of a limit that is not in days, and none where the platform does not know the limit', async () => {
    const line = await tapLine(address, (answer) => {
      const text = answer.toString('utf8').replace('"promiseType":"1"', '"promiseType":"3"');
      return Buffer.from(text.replace('"anticipateType":"1"', '"anticipateType":""'));
    });
    const tapped = await runSubgraph('acceptance', settings(line.url));
    const { data, errors } = await tapped.entities([itemAs('S10', ITEM_CODES.S10)], guide);
    expect(errors).toBeUndefined();
    expect(data._entities[0].guide).toMatchObject({
      promiseDays: null,
      promiseAmount: 15,
      promiseUnit: '3',
      statutoryDays: null,
      statutoryAmount: null,
      statutoryUnit: null,
    });
    await tapped.stop();
    await line.close();
  });

  it('has no guide where the platform does not list it; each is asked once', async () => {
    const unlisted = `${ITEM_CODES.S10.slice(0, -3)}999`;
    const items = [itemAs('S10', ITEM_CODES.S10), itemAs('S99', unlisted), itemAs('S10', ITEM_CODES.S10)];
    const { data, errors } = await acceptance.entities(items, 'a: guide { name } b: guide { state }');
    const listed = {
      __typename: 'ServiceItem',
      a: { name: '门诊慢特病病种待遇认定（初审代办）' },
      b: { state: 'IN_USE' },
    };
    expect({ data, errors }).toEqual({
      data: { _entities: [listed, { __typename: 'ServiceItem', a: null, b: null }, listed] },
    });
    expect(core.calls.calls).toEqual({ item: 2 });
  });

  it('has no guide while the platform does not answer', async () => {
    core.addFault({ match: 'item', kind: 'http-status', status: 503 });
    const { data, errors } = await acceptance.entities([itemAs('S10', ITEM_CODES.S10)], 'id guide { name }');
    expect(data._entities).toEqual([{ __typename: 'ServiceItem', id: 'S10', guide: null }]);
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'guide'], extensions: { department: 'unified-acceptance' } },
    ]);
  });
});

describe('an item that is known by its code', () => {
  const byCode = 'query ($code: String!) { itemGuide(implementationCode: $code) { implementationCode name } }';

  it('has its guide, which is the same call as a service item’s', async () => {
    const request = acceptance.request();
    const code = ITEM_CODES.S10;
    const expected = { implementationCode: code, name: '门诊慢特病病种待遇认定（初审代办）' };
    expect(await request(byCode, { code: code.toLowerCase() })).toEqual({ data: { itemGuide: expected } });
    await request(entitiesQuery([itemAs('S10', code)], 'guide { name }'), { representations: [itemAs('S10', code)] });
    expect(core.calls.calls).toEqual({ item: 1 });
  });

  it('has none where the platform does not list it', async () => {
    const code = `${ITEM_CODES.S10.slice(0, -3)}999`;
    expect(await acceptance.ask(byCode, { code })).toEqual({ data: { itemGuide: null } });
  });

  it.each(['', ITEM_CODES.S10.slice(1), `${ITEM_CODES.S10.slice(0, 18)}9${ITEM_CODES.S10.slice(19)}`])(
    'is not asked for as %j, which is no code',
    async (code) => {
      const { data, errors } = await acceptance.ask(byCode, { code });
      expect(data).toEqual({ itemGuide: null });
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'implementationCode' } }]);
      expect(core.calls.total).toBe(0);
    },
  );
});

describe('a client that has left', () => {
  it('ends the question to the platform', async () => {
    core.addFault({ match: 'query', kind: 'late-answer', delayMs: 60_000 });
    const leaving = new AbortController();
    const representations = [caseAs(OPEN_CASE)];
    const asked = acceptance.request(leaving.signal)(entitiesQuery(representations, 'number progress { status }'), {
      representations,
    });
    await vi.waitFor(() => expect(core.calls.total).toBe(1));
    leaving.abort();
    const { data } = await asked;
    expect(data).toEqual({
      _entities: [{ __typename: 'Case', number: OPEN_CASE.number, progress: null }],
    });
  });
});

function oneOfMany(fits: (one: CaseSeed) => boolean): CaseSeed {
  const found = MANY_CASES.find(fits);
  if (!found) throw new Error('no case of the fixture fits');
  return found;
}
