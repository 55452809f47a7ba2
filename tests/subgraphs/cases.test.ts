import { type DefinitionNode, Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { fillRegistry } from '../../subgraphs/cases/population.ts';
import { HANDLING, RESOLVING } from './fixture/case-handling.ts';
import { CLOSED_CASE, ITEM_CODES, MANY_CASES, OPEN_CASE, UNREPORTED_CASE } from './fixture/case-records.ts';
import { LI, populationOf, STRANGER, XIONG, ZHANG, ZHOU } from './fixture/people.ts';
import { coversItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';

const REGISTERED = [CLOSED_CASE, OPEN_CASE, ...MANY_CASES, UNREPORTED_CASE];
let cases: RunningSubgraph;

beforeAll(async () => {
  cases = await runSubgraph(
    'cases',
    {},
    { fill: ({ registry }) => fillRegistry(registry, populationOf({ cases: REGISTERED })) },
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(cases.faults).toEqual([]);
});

afterAll(() => cases.stop());

// How cases are handled has a file of its own.
coversItsSchema(() => cases, [HANDLING, RESOLVING]);

const idOf = ({ number }: { number: string }) => cases.store.registry.caseId(number);
const handleOf = ({ idNumber }: { idNumber: string }) => cases.store.registry.handle(idNumber);

const EVERYTHING_OF_A_CASE = `
  id number item { id } applicant { id name } channel organisation { code name division } status appliedAt acceptedAt promiseDate
  visitsPromised visitsMade
  steps { number name outcome startedAt endedAt handler explanation organisation { code name division } }
  result { type at explanation certificateName certificateNumber }
  references { system kind reference values { name value } } queryPassword`;

describe('a resident', () => {
  it('is told from the number and the registry', async () => {
    const { data } = await cases.ask(`{ resident(idNumber: "${ZHANG.idNumber}") {
      idNumber id maskedIdNumber citizenId name sex birthDate hukouDivision residenceDivision
      references { system kind reference values { name value } }
      cases { totalCount edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    } }`);
    const { cases: own, ...resident } = data.resident;
    expect(resident).toEqual({
      idNumber: '421202197803159926',
      id: handleOf(ZHANG),
      maskedIdNumber: '421202**********26',
      citizenId: '421202197803159926',
      name: '张惠兰',
      sex: 'FEMALE',
      birthDate: '1978-03-15',
      hukouDivision: '421202100000',
      residenceDivision: '421202100003',
      references: [
        // Of the newest case first.
        {
          system: 'medical-insurance',
          kind: 'chronic-disease-filing',
          reference: 'F1',
          values: [{ name: 'psnNo', value: '1' }],
        },
        {
          system: 'disability-subsidy',
          kind: 'subsidy-application',
          reference: 'LB42120220260302000001',
          values: [{ name: 'round', value: '1' }],
        },
        { system: 'non-tax', kind: 'payment', reference: '42120226300000001001', values: [] },
      ],
    });
    expect(own.edges.map(({ node }: { node: { number: string } }) => node.number)).toEqual([
      OPEN_CASE.number,
      CLOSED_CASE.number,
    ]);
    expect(own).toMatchObject({
      totalCount: 2,
      pageInfo: {
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: own.edges[0].cursor,
        endCursor: own.edges[1].cursor,
      },
    });
  });

  it('whom no system knows has the name of the argument and empty lists', async () => {
    const { data, errors } = await cases.ask(`{
      named: resident(idNumber: "${STRANGER.idNumber}", name: "${STRANGER.name}") { ...on Resident {
        id name sex hukouDivision residenceDivision references { system } cases { totalCount edges { cursor } }
      } }
      nameless: resident(idNumber: "${STRANGER.idNumber}") { name }
    }`);
    expect(errors).toBeUndefined();
    expect(data.named).toEqual({
      id: handleOf(STRANGER),
      name: STRANGER.name,
      sex: 'MALE',
      hukouDivision: null,
      residenceDivision: null,
      references: [],
      cases: { totalCount: 0, edges: [] },
    });
    expect(data.nameless).toEqual({ name: null });
  });

  it('keeps the registry’s name, whatever the argument says', async () => {
    const { data } = await cases.ask(`{ resident(idNumber: "${ZHANG.idNumber}", name: "别人") { name } }`);
    expect(data.resident.name).toBe(ZHANG.name);
  });

  it('has one id however the number was typed', async () => {
    const typed = ['４２１２０２１９７８０３１５９９２６', ' 421202197803159926 '];
    for (const idNumber of typed) {
      const { data } = await cases.ask('query ($n: IdNumber!) { resident(idNumber: $n) { id } }', { n: idNumber });
      expect(data.resident.id).toBe(handleOf(ZHANG));
    }
  });

  it('as an entity has the same id, each representation its own answer', async () => {
    const representations = [ZHANG, STRANGER, ZHANG].map(({ idNumber }) => ({ __typename: 'Resident', idNumber }));
    const { data } = await cases.entities(representations, 'id name maskedIdNumber');
    const zhang = {
      __typename: 'Resident',
      id: handleOf(ZHANG),
      name: ZHANG.name,
      maskedIdNumber: '421202**********26',
    };
    const stranger = {
      __typename: 'Resident',
      id: handleOf(STRANGER),
      name: null,
      maskedIdNumber: '421202**********98',
    };
    expect(data._entities).toEqual([zhang, stranger, zhang]);
  });

  it('is read once for all the places of a request that name it', async () => {
    const residents = vi.spyOn(cases.store.registry, 'residents');
    const request = cases.request();
    await request(
      `{ a: resident(idNumber: "${ZHANG.idNumber}") { id } b: resident(idNumber: "${ZHOU.idNumber}") { id } }`,
    );
    await request(`{ case(number: "${CLOSED_CASE.number}") { applicant { name } } }`);
    expect(residents.mock.calls.map(([handles]) => handles)).toEqual([[handleOf(ZHANG), handleOf(ZHOU)]]);
  });
});

describe('the residents of the registry', () => {
  const page = `query ($first: Int!, $after: String, $in: DivisionCode) {
    residents(first: $first, after: $after, residenceDivision: $in) {
      edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  it('are paged in the order of their ids without loss or repeat', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    for (let pages = 1; ; pages += 1) {
      const { data } = await cases.ask(page, { first: 4, after });
      const { edges, pageInfo } = data.residents;
      ids.push(...edges.map(({ node }: { node: { id: string } }) => node.id));
      expect(pageInfo.hasPreviousPage).toBe(pages > 1);
      if (!pageInfo.hasNextPage) {
        expect(pages).toBe(2);
        break;
      }
      after = pageInfo.endCursor;
    }
    expect(ids).toEqual(populationOf().residents.map(handleOf).sort());
  });

  it.each([
    ['421202001', 2],
    ['421202001000', 2],
    ['421202001003', 1],
    ['421202', 6],
    ['421202000000', 6],
    ['440305', 0],
  ])('of %s are those who live there or below', async (division, count) => {
    const { data } = await cases.ask(page, { first: 20, in: division });
    expect(data.residents.edges).toHaveLength(count);
  });
});

describe('a case', () => {
  it('that is closed has every field', async () => {
    const { data, errors } = await cases.ask(`{ case(id: "${idOf(CLOSED_CASE)}") { ${EVERYTHING_OF_A_CASE} } }`);
    const organisation = { code: '11421202MB2A91048P', name: '汀泗桥镇便民服务中心', division: '421202100000' };
    expect(errors).toBeUndefined();
    expect(data.case).toEqual({
      id: idOf(CLOSED_CASE),
      number: '11421202MB2A91048P5420511008000202603020001',
      item: { id: 'O03' },
      applicant: { id: handleOf(ZHANG), name: '张惠兰' },
      channel: 'VILLAGE',
      organisation,
      status: 'CLOSED',
      appliedAt: '2026-03-02T08:55:10+08:00',
      acceptedAt: '2026-03-02T09:10:44+08:00',
      promiseDate: '2026-03-23T23:59:59+08:00',
      visitsPromised: 1,
      visitsMade: 2,
      steps: [
        {
          number: 1,
          name: '受理',
          outcome: 'ACCEPTED',
          startedAt: '2026-03-02T09:10:44+08:00',
          endedAt: '2026-03-02T09:20:00+08:00',
          handler: '王磊',
          explanation: '材料齐全',
          organisation,
        },
        {
          number: 2,
          name: '审核',
          outcome: 'AGREED',
          startedAt: '2026-03-02T09:30:00+08:00',
          endedAt: '2026-03-22T16:00:00+08:00',
          handler: '王磊',
          explanation: null,
          organisation,
        },
      ],
      result: {
        type: 'GRANTED',
        at: '2026-03-22T16:05:00+08:00',
        explanation: '准予发放',
        certificateName: '残疾人两项补贴审批表',
        certificateNumber: 'XA2026000001',
      },
      references: [
        {
          system: 'disability-subsidy',
          kind: 'subsidy-application',
          reference: 'LB42120220260302000001',
          values: [{ name: 'round', value: '1' }],
        },
        { system: 'non-tax', kind: 'payment', reference: '42120226300000001001', values: [] },
      ],
      queryPassword: '604518',
    });
  });

  it('that is open has no result, and its step to do neither outcome nor end', async () => {
    const { data } = await cases.ask(`{ case(number: "${OPEN_CASE.number}") {
      status promiseDate result { type } steps { outcome endedAt }
    } }`);
    expect(data.case).toEqual({
      status: 'IN_PROGRESS',
      promiseDate: '2126-04-10T23:59:59+08:00',
      result: null,
      steps: [
        { outcome: 'ACCEPTED', endedAt: '2026-03-20T10:05:00+08:00' },
        { outcome: null, endedAt: null },
      ],
    });
  });

  it('handled on the spot promises no moment', async () => {
    const { data } = await cases.ask(`{ case(number: "${MANY_CASES[0]?.number}") { promiseDate } }`);
    expect(data.case).toEqual({ promiseDate: null });
  });

  it('that the registry does not have is null, by id and by number', async () => {
    const number = `${ITEM_CODES.S10}202601010009`;
    const { data, errors } = await cases.ask(`{ a: case(id: "nothing") { id } b: case(number: "${number}") { id } }`);
    expect({ data, errors }).toEqual({ data: { a: null, b: null } });
  });

  it.each(['', '(id: "x", number: "421202202210080001234")'])(
    'is refused without exactly one key: %s',
    async (keys) => {
      const { data, errors } = await cases.ask(`{ case${keys} { id } }`);
      expect(data.case).toBeNull();
      expect(errors).toMatchObject([{ path: ['case'], extensions: { code: 'INVALID_INPUT', field: 'number' } }]);
    },
  );

  it('as an entity is found by id, as often as it is named; unknown ones are null', async () => {
    const ids = [idOf(CLOSED_CASE), 'nothing', idOf(CLOSED_CASE), idOf(OPEN_CASE)];
    const read = vi.spyOn(cases.store.registry, 'casesById');
    const { data } = await cases.entities(
      ids.map((id) => ({ __typename: 'Case', id })),
      'number references { kind }',
    );
    expect(data._entities.map((found: { number: string } | null) => found?.number)).toEqual([
      CLOSED_CASE.number,
      undefined,
      CLOSED_CASE.number,
      OPEN_CASE.number,
    ]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('reads steps, references and applicants of a whole page at once', async () => {
    const { registry } = cases.store;
    const reads = [vi.spyOn(registry, 'steps'), vi.spyOn(registry, 'references'), vi.spyOn(registry, 'residents')];
    const { data } = await cases.ask(
      '{ cases(first: 30) { edges { node { steps { number } references { kind } applicant { id } } } } }',
    );
    expect(data.cases.edges).toHaveLength(REGISTERED.length);
    for (const read of reads) expect(read).toHaveBeenCalledTimes(1);
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
  ])('in the state %s is %s', async (status, name) => {
    const { number } = MANY_CASES.find((one) => one.status === status) ?? { number: '' };
    const { data } = await cases.ask(`{ case(number: "${number}") { status } }`);
    expect(data.case).toEqual({ status: name });
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
    const { number } = MANY_CASES.find(({ steps }) => steps[0]?.nodeResult === code) ?? CLOSED_CASE;
    const { data } = await cases.ask(`{ case(number: "${number}") { steps { outcome } } }`);
    expect(data.case).toEqual({ steps: [{ outcome }] });
  });

  it.each([
    ['0', 'GRANTED'],
    ['1', 'NOT_GRANTED'],
    ['2', 'VOID'],
    ['3', 'DELETED'],
    ['4', 'PASSED_UP'],
    ['5', 'RETURNED'],
    ['6', 'NOT_ACCEPTED'],
  ])('that ended with %s was %s', async (code, type) => {
    const { number } = MANY_CASES.find(({ result }) => result?.type === code) ?? CLOSED_CASE;
    const { data } = await cases.ask(`{ case(number: "${number}") { result { type } } }`);
    expect(data.case).toEqual({ result: { type } });
  });

  it.each(['window', 'online', 'kiosk', 'village', 'hospital', 'bank'])(
    'came through the channel %s',
    async (channel) => {
      const { number } = MANY_CASES.find((one) => one.channel === channel) ?? CLOSED_CASE;
      const { data } = await cases.ask(`{ case(number: "${number}") { channel } }`);
      expect(data.case).toEqual({ channel: channel.toUpperCase() });
    },
  );
});

describe('the cases of the registry', () => {
  const page = `query ($first: Int!, $after: String, $filter: CaseFilter) {
    cases(first: $first, after: $after, filter: $filter) {
      totalCount edges { cursor node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const numbersOf = (connection: { edges: { node: { number: string } }[] }) =>
    connection.edges.map(({ node }) => node.number);

  it.each([1, 2, 7, 9, 25, 28, 100])('are paged by %i, newest first, without loss or repeat', async (first) => {
    const numbers: string[] = [];
    const lengths: number[] = [];
    let after: string | null = null;
    do {
      const { data } = await cases.ask(page, { first, after });
      const { edges, pageInfo, totalCount } = data.cases;
      expect(totalCount).toBe(28);
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      });
      numbers.push(...numbersOf(data.cases));
      lengths.push(edges.length);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    const known = new Map(REGISTERED.map((one) => [one.number, one.acceptedAt]));
    expect(new Set(numbers)).toEqual(new Set(known.keys()));
    expect(numbers).toHaveLength(28);
    expect(lengths).toHaveLength(Math.ceil(28 / first));
    const times = numbers.map((number) => known.get(number) as string);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('behind the last are none', async () => {
    const { data: whole } = await cases.ask(page, { first: 100 });
    const { data } = await cases.ask(page, { first: 5, after: whole.cases.pageInfo.endCursor });
    expect(data.cases).toEqual({
      totalCount: 28,
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it.each([
    [{ status: ['CLOSED', 'VOID'] }, 6],
    [{ status: [] }, 0],
    [{ itemId: 'S01' }, 25],
    [{ itemId: 'S13' }, 0],
    [{ channel: 'BANK' }, 4],
    [{ division: '421202001' }, 13],
    [{ division: '421202100000' }, 15],
    [{ division: '421202' }, 28],
    [{ division: '421200' }, 28],
    [{ division: '420000' }, 28],
    [{ division: '430000' }, 0],
    [{ acceptedFrom: '2026-03-02T09:10:44+08:00' }, 3],
    [{ acceptedBefore: '2026-03-02T01:10:44Z' }, 25],
    [{ acceptedFrom: '2026-02-03T09:00:00+08:00', acceptedBefore: '2026-02-05T09:00:00+08:00' }, 6],
    [{ itemId: 'S01', channel: 'WINDOW', status: ['RECEIVED'], division: '421202' }, 2],
    [{ status: null, itemId: null, channel: null, division: null, acceptedFrom: null, acceptedBefore: null }, 28],
  ])('that fit %j are counted and given', async (filter, count) => {
    const { data, errors } = await cases.ask(page, { first: 100, filter });
    expect(errors).toBeUndefined();
    expect([data.cases.totalCount, data.cases.edges.length]).toEqual([count, count]);
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 101', 'first'],
    ['after: "nonsense"', 'after'],
    ['after: "WzEsMl0"', 'after'],
  ])('refuse %s, naming the argument', async (given, field) => {
    const { data, errors } = await cases.ask(`{ cases(${given}) { totalCount } }`);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });
});

describe('the cases of residents', () => {
  it('are filtered and paged each by itself', async () => {
    const { data } = await cases.ask(`{
      closed: resident(idNumber: "${LI.idNumber}") { cases(status: [CLOSED]) { totalCount edges { node { status } } } }
      byItem: resident(idNumber: "${ZHANG.idNumber}") { cases(itemId: "S10") { totalCount edges { node { number } } } }
      none: resident(idNumber: "${XIONG.idNumber}") { cases { totalCount edges { node { number } } } }
    }`);
    expect(data).toEqual({
      closed: { cases: { totalCount: 3, edges: Array(3).fill({ node: { status: 'CLOSED' } }) } },
      byItem: { cases: { totalCount: 1, edges: [{ node: { number: OPEN_CASE.number } }] } },
      none: { cases: { totalCount: 0, edges: [] } },
    });
  });

  it('are paged without loss or repeat', async () => {
    const numbers: string[] = [];
    let after: string | null = null;
    do {
      const query = `query ($after: String) { resident(idNumber: "${LI.idNumber}") {
        cases(first: 4, after: $after) { totalCount edges { node { number } } pageInfo { hasNextPage endCursor } }
      } }`;
      const { data } = await cases.ask(query, { after });
      const own = data.resident.cases;
      expect(own.totalCount).toBe(25);
      numbers.push(...own.edges.map(({ node }: { node: { number: string } }) => node.number));
      after = own.pageInfo.hasNextPage ? own.pageInfo.endCursor : null;
    } while (after !== null);
    expect(numbers.toSorted()).toEqual(MANY_CASES.map(({ number }) => number).sort());
  });

  it('of many residents are read in one query where the conditions agree', async () => {
    const read = vi.spyOn(cases.store.registry, 'casePage');
    const { data } = await cases.ask(`{
      residents { edges { node {
        idNumber small: cases(first: 2) { edges { node { id } } } all: cases(first: 100) { edges { node { id } } }
        closed: cases(status: [CLOSED]) { edges { node { id } } }
      } } }
    }`);
    const counts = data.residents.edges.map(
      ({ node }: { node: Record<'small' | 'all' | 'closed', { edges: unknown[] }> & { idNumber: string } }) => [
        node.idNumber,
        [node.small, node.all, node.closed].map(({ edges }) => edges.length),
      ],
    );
    expect(Object.fromEntries(counts)).toEqual({
      [ZHANG.idNumber]: [2, 2, 1],
      [LI.idNumber]: [2, 25, 3],
      [ZHOU.idNumber]: [1, 1, 0],
      [XIONG.idNumber]: [0, 0, 0],
      '421202199407210282': [0, 0, 0],
      '421202198803056219': [0, 0, 0],
    });
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('the query password of a case', () => {
  it('is the registry’s, for each case that the gateway names', async () => {
    const representations = [CLOSED_CASE, OPEN_CASE].map((one) => ({ __typename: 'Case', id: idOf(one) }));
    const { data, errors } = await cases.entities(representations, 'number queryPassword');
    expect({ data, errors }).toEqual({
      data: {
        _entities: [CLOSED_CASE, OPEN_CASE].map(({ number, password }) => ({
          __typename: 'Case',
          number,
          queryPassword: password,
        })),
      },
    });
  });

  it('is inaccessible to clients, and what the platform says with it is not told here', async () => {
    const { data } = await cases.ask('{ _service { sdl } }');
    const type = parse(data._service.sdl).definitions.find(isCase);
    const fields = new Map(
      type?.fields?.map(({ name, directives }) => [name.value, directives?.map((one) => one.name.value)]),
    );
    expect(fields.get('number')).toEqual([]);
    expect(fields.get('queryPassword')).toEqual(['inaccessible']);
    expect(fields.has('progress')).toBe(false);
  });
});

describe('a service item', () => {
  it('has its cases, counted and paged', async () => {
    const representations = [
      { __typename: 'ServiceItem', id: 'S01' },
      { __typename: 'ServiceItem', id: 'S13' },
    ];
    const selection =
      'all: cases(first: 3) { totalCount pageInfo { hasNextPage endCursor } edges { node { number } } }';
    const { data } = await cases.entities(representations, selection);
    const [first, none] = data._entities;
    expect(first.all).toMatchObject({ totalCount: 25, pageInfo: { hasNextPage: true } });
    expect(none.all).toMatchObject({ totalCount: 0, edges: [], pageInfo: { hasNextPage: false } });
    const { data: next } = await cases.entities(
      representations.slice(0, 1),
      `cases(status: [CLOSED], first: 2, after: "${first.all.pageInfo.endCursor}") { totalCount edges { node { status } } }`,
    );
    expect(next._entities[0].cases).toEqual({
      totalCount: 3,
      edges: [{ node: { status: 'CLOSED' } }, { node: { status: 'CLOSED' } }],
    });
  });
});

function isCase(node: DefinitionNode): node is ObjectTypeDefinitionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Case';
}
