import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulateDisabilitySubsidy } from '../../adapters/disability-subsidy/simulator.ts';
import { SimulatorCore } from '../../adapters/simulator/core.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { CHEN, LI, populationOf, referenceOf, STRANGER, SUN, XIONG, ZHANG, ZHOU } from './fixture/people.ts';
import { type Answer, coversItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';
import { SERVICE } from './fixture/subsidy-desk.ts';
import { applicationReference, BY_STATUS, FOREIGN, GRANTED, SUBSIDY, WAITING } from './fixture/subsidy-records.ts';

const core = new SimulatorCore('disability-subsidy');
const system = simulateDisabilitySubsidy(core, populationOf({ subsidy: SUBSIDY }), {});
let subsidy: RunningSubgraph;

beforeAll(async () => {
  subsidy = await runSubgraph('subsidy', {
    origin: await system.listen(0),
    ...sandbox.disabilitySubsidy,
    organisationCode: '11421202MB2A91048P',
    operator: 'xasandbox01',
    line: { retry: { attempts: 1, backoffMs: 1 }, breaker: { failures: 1_000 } },
  });
});

afterEach(() => {
  core.reset();
  expect(subsidy.faults).toEqual([]);
});

afterAll(async () => {
  await subsidy.stop();
  await system.close();
});

coversItsSchema(() => subsidy, [SERVICE]);

/** Calls by transaction; fetching the secrets, which one of the tests does for all, left out. */
function asked(): Record<string, number> {
  const { refreshappsecret: _renewals, ...calls } = core.calls.calls;
  return calls;
}

const resident = (
  { idNumber, name }: { idNumber: string; name?: string | null },
  references: readonly { number: string }[] = [],
) => ({
  __typename: 'Resident',
  idNumber,
  ...(name !== undefined && { name }),
  references: references.map(({ number }) => referenceOf(applicationReference(number))),
});
const caseWith = (id: string, ...numbers: readonly string[]) => ({
  __typename: 'Case',
  id,
  references: numbers.map((number) => referenceOf(applicationReference(number))),
});
const of = ({ data }: Answer, field: string) => data._entities.map((one: Record<string, unknown>) => one[field]);

describe('a disability certificate', () => {
  const everything = `disabilityCertificate {
    number category grade status firstIssuedOn issuedOn validTo hukouDivision guardian { name relation maskedPhone } parts { category grade }
  }`;

  it('has every field as the system has it', async () => {
    const answer = await subsidy.entities([resident(ZHANG)], `idNumber ${everything}`);
    expect(answer.errors).toBeUndefined();
    expect(answer.data._entities).toEqual([
      {
        __typename: 'Resident',
        idNumber: ZHANG.idNumber,
        disabilityCertificate: {
          number: '42120219780315992671',
          category: 'MULTIPLE',
          grade: 1,
          status: 'VALID',
          firstIssuedOn: '2012-05-16',
          issuedOn: '2022-03-02',
          validTo: '2032-03-01',
          hukouDivision: '421202100000',
          guardian: { name: '张明', relation: '父子', maskedPhone: '139****1234' },
          parts: [
            { category: 'HEARING', grade: 1 },
            { category: 'SPEECH', grade: 2 },
          ],
        },
      },
    ]);
  });

  it('is of its category and status', async () => {
    const answer = await subsidy.entities(
      [LI, XIONG, CHEN, ZHOU].map((person) => resident(person)),
      'disabilityCertificate { category grade status guardian { name } parts { grade } }',
    );
    const plain = { guardian: null, parts: [] };
    expect(of(answer, 'disabilityCertificate')).toEqual([
      { category: 'PHYSICAL', grade: 4, status: 'EXPIRED', ...plain },
      { category: 'INTELLECTUAL', grade: 3, status: 'FROZEN', ...plain },
      { category: 'MENTAL', grade: 2, status: 'MOVED_AWAY', ...plain },
      { category: 'VISUAL', grade: 2, status: 'CANCELLED', ...plain },
    ]);
  });

  it('is found by its own number too, and by no other', async () => {
    const numbers = [`${ZHANG.idNumber}71`, `${ZHANG.idNumber}72`];
    const [found, none] = numbers.map((number) => `disabilityCertificate(number: "${number}") { number }`);
    const answer = await subsidy.entities([resident(ZHANG)], `found: ${found} none: ${none}`);
    expect(answer).toEqual({
      data: { _entities: [{ __typename: 'Resident', found: { number: `${ZHANG.idNumber}71` }, none: null }] },
    });
  });

  it('is null when the system finds none under this name and number', async () => {
    const people = [STRANGER, { ...ZHANG, name: '别人' }].map((person) => resident(person));
    const answer = await subsidy.entities(people, 'disabilityCertificate { number }');
    expect({ found: of(answer, 'disabilityCertificate'), errors: answer.errors }).toEqual({ found: [null, null] });
  });

  it.each([null, undefined, ''])('needs a name: %j is refused, saying where to give it', async (name) => {
    const nameless = resident({ idNumber: ZHANG.idNumber, ...(name !== undefined && { name }) });
    const { data, errors } = await subsidy.entities(
      [nameless],
      'disabilityCertificate { number } subsidyEnrolments { type }',
    );
    expect(data._entities[0]).toMatchObject({ disabilityCertificate: null, subsidyEnrolments: [{}, {}] });
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'disabilityCertificate'],
        extensions: { code: 'INVALID_INPUT', field: 'resident.name' },
      },
    ]);
    expect(asked()).toEqual({ LB02: 1 });
  });

  it('with a code outside the system’s own lists is an answer outside its protocol, and costs its field', async () => {
    const { data, errors } = await subsidy.entities([resident(SUN)], 'idNumber disabilityCertificate { status }');
    expect(data._entities).toEqual([{ __typename: 'Resident', idNumber: SUN.idNumber, disabilityCertificate: null }]);
    expect(errors).toMatchObject([
      {
        extensions: { code: 'DEPARTMENT_PROTOCOL', department: 'disability-subsidy', field: 'data.certStatus' },
      },
    ]);
  });
});

describe('what a resident draws', () => {
  it('is told for each subsidy, wherever it is paid', async () => {
    const answer = await subsidy.entities(
      [resident(ZHANG), resident(LI), resident(XIONG)],
      'subsidyEnrolments { type payDivision startMonth endMonth monthlyAmount state }',
    );
    expect(answer.errors).toBeUndefined();
    expect(of(answer, 'subsidyEnrolments')).toEqual([
      [
        {
          type: 'LIVING',
          payDivision: '421202000000',
          startMonth: '2024-01',
          endMonth: null,
          monthlyAmount: 7_000,
          state: 'PAID_MONTHLY',
        },
        {
          type: 'NURSING',
          payDivision: '440305000000',
          startMonth: '2022-04',
          endMonth: '2023-12',
          monthlyAmount: 10_000,
          state: 'STOPPED',
        },
      ],
      [expect.objectContaining({ startMonth: '2026-04', state: 'GRANTED' })],
      [],
    ]);
  });
});

describe('what a resident was paid', () => {
  const payments = (months: string) => `subsidyPayments(${months}) {
    number type month amount arrears transferred paidOn maskedAccount result failure
  }`;

  it('is told month by month, both ends included', async () => {
    const answer = await subsidy.entities([resident(ZHANG)], payments('from: "2026-01", to: "2026-03"'));
    expect(answer.errors).toBeUndefined();
    const [paid] = of(answer, 'subsidyPayments');
    expect(paid).toEqual([
      {
        number: 'FF42120220260310000001',
        type: 'LIVING',
        month: '2026-01',
        amount: 7_000,
        arrears: 0,
        transferred: 7_000,
        paidOn: '2026-01-10',
        maskedAccount: '6217***********4320',
        result: 'PAID',
        failure: null,
      },
      expect.objectContaining({
        type: 'NURSING',
        month: '2026-02',
        amount: 10_000,
        arrears: 2_050,
        transferred: 12_050,
      }),
      expect.objectContaining({ month: '2026-02', result: 'FAILED', failure: '账户已销户' }),
      expect.objectContaining({ month: '2026-03', result: 'PENDING', paidOn: null }),
    ]);
  });

  it('and came back from the bank is told as returned', async () => {
    const answer = await subsidy.entities([resident(ZHANG)], payments('from: "2025-12", to: "2025-12"'));
    expect(of(answer, 'subsidyPayments')).toEqual([[expect.objectContaining({ result: 'RETURNED' })]]);
  });

  it.each([
    ['from: "2026-03", to: "2026-01"', 'to'],
    ['from: "2024-01", to: "2026-01"', 'to'],
    ['from: "2026-13", to: "2026-12"', 'from'],
  ])('is not asked for the months %s', async (months, field) => {
    const { errors } = await subsidy.entities([resident(ZHANG)], payments(months));
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(core.calls.total).toBe(0);
  });
});

describe('a subsidy application', () => {
  it('has every field as the system has it', async () => {
    const { data, errors } = await subsidy.ask(`{ subsidyApplication(number: "${GRANTED.number}") {
      number status statusName types steps { number status division department handler at opinion }
    } }`);
    expect({ data, errors }).toEqual({
      data: {
        subsidyApplication: {
          number: 'LB42120220260302000001',
          status: 'PAID_MONTHLY',
          statusName: '发放中',
          types: ['LIVING', 'NURSING'],
          steps: [
            {
              number: 1,
              status: 'ACCEPTED',
              division: '421202100000',
              department: '汀泗桥镇便民服务中心',
              handler: '王磊',
              at: '2026-03-02T09:10:00+08:00',
              opinion: '材料齐全，予以受理',
            },
            expect.objectContaining({ number: 2, status: 'PAID_MONTHLY', opinion: '' }),
          ],
        },
      },
    });
  });

  it.each([
    ['10', 'ACCEPTED'],
    ['11', 'WAITING_FOR_SUPPLEMENT'],
    ['12', 'NOT_ACCEPTED'],
    ['20', 'PASSED_TO_HUKOU'],
    ['21', 'TOWNSHIP_CHECK'],
    ['30', 'FEDERATION_REVIEW'],
    ['32', 'FEDERATION_REFUSED'],
    ['40', 'CIVIL_AFFAIRS_DECISION'],
    ['42', 'CIVIL_AFFAIRS_REFUSED'],
    ['50', 'GRANTED'],
    ['51', 'PAID_MONTHLY'],
    ['52', 'STOPPED'],
    ['60', 'WITHDRAWN'],
  ])('in state %s is %s', async (code, status) => {
    const { number } = BY_STATUS.find((one) => one.status === code) ?? GRANTED;
    const { data } = await subsidy.ask(`{ subsidyApplication(number: "${number}") { status } }`);
    expect(data).toEqual({ subsidyApplication: { status } });
  });

  it('that there is not is null', async () => {
    expect(await subsidy.ask('{ subsidyApplication(number: "LB42120220260302999999") { status } }')).toEqual({
      data: { subsidyApplication: null },
    });
  });

  it('of other districts is not shown to this one', async () => {
    const { data, errors } = await subsidy.ask(`{ subsidyApplication(number: "${FOREIGN.number}") { status } }`);
    expect(data).toEqual({ subsidyApplication: null });
    expect(errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', department: 'disability-subsidy', departmentCode: 'LB1005' } },
    ]);
  });

  it('is not asked for by a malformed number, which the message does not repeat', async () => {
    const { errors } = await subsidy.ask(`{ subsidyApplication(number: "${ZHANG.idNumber}") { status } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'number' } }]);
    expect(JSON.stringify(errors)).not.toContain(ZHANG.idNumber);
    expect(core.calls.total).toBe(0);
  });

  it('is that of a case and among those of the resident; those that are gone are null and left out', async () => {
    const gone = 'LB42120220260302999999';
    const cases = await subsidy.entities(
      [caseWith('1', GRANTED.number), caseWith('2', gone), caseWith('3')],
      'id subsidyApplication { status }',
    );
    expect(cases).toEqual({
      data: {
        _entities: [
          { __typename: 'Case', id: '1', subsidyApplication: { status: 'PAID_MONTHLY' } },
          { __typename: 'Case', id: '2', subsidyApplication: null },
          { __typename: 'Case', id: '3', subsidyApplication: null },
        ],
      },
    });
    const [waiting] = WAITING;
    const residents = await subsidy.entities(
      [resident(ZHANG, [{ number: waiting?.number ?? '' }, { number: gone }, GRANTED]), resident(LI)],
      'subsidyApplications { number }',
    );
    expect(residents.errors).toBeUndefined();
    expect(of(residents, 'subsidyApplications')).toEqual([
      [{ number: waiting?.number }, { number: GRANTED.number }],
      [],
    ]);
  });
});

describe('the applications waiting for a district', () => {
  const page = `query ($first: Int, $after: String, $in: DivisionCode!, $status: [SubsidyApplicationStatus!]!, $from: DateTime!, $to: DateTime!) {
    pendingSubsidyApplications(first: $first, after: $after, hukouDivision: $in, status: $status, updatedFrom: $from, updatedTo: $to) {
      totalCount
      edges { cursor node { number status acceptDivision maskedName maskedIdNumber maskedCertificateNumber types updatedAt } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const march = {
    in: '421202200201',
    status: ['PASSED_TO_HUKOU'],
    from: '2026-03-01T00:00:00+08:00',
    to: '2026-03-31T23:59:59+08:00',
  };
  const numbersOf = ({ data }: Answer) =>
    data.pendingSubsidyApplications.edges.map(({ node }: { node: { number: string } }) => node.number);

  it.each([1, 5, 6, 12, 100])('are paged by %i in the order they changed, without loss or repeat', async (first) => {
    const numbers: string[] = [];
    let pages = 0;
    let after: string | null = null;
    do {
      const answer = await subsidy.ask(page, { ...march, first, after });
      const { totalCount, edges, pageInfo } = answer.data.pendingSubsidyApplications;
      expect(totalCount).toBe(12);
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      });
      numbers.push(...numbersOf(answer));
      pages += 1;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(numbers).toEqual(WAITING.map(({ number }) => number));
    expect(pages).toBe(Math.ceil(12 / first));
    expect(asked()).toEqual({ LB06: pages });
  });

  it('stay without loss or repeat when the size of the page changes on the way', async () => {
    const numbers: string[] = [];
    let after: string | null = null;
    for (const first of [3, 5, 2, 100, 100]) {
      const answer = await subsidy.ask(page, { ...march, first, after });
      numbers.push(...numbersOf(answer));
      const { pageInfo } = answer.data.pendingSubsidyApplications;
      after = pageInfo.endCursor;
      expect(pageInfo.hasNextPage).toBe(numbers.length < 12);
      if (!pageInfo.hasNextPage) break;
    }
    expect(numbers).toEqual(WAITING.map(({ number }) => number));
  });

  it('have every field, what is personal masked', async () => {
    const answer = await subsidy.ask(page, { ...march, first: 1 });
    expect(answer.data.pendingSubsidyApplications.edges[0].node).toEqual({
      number: WAITING[0]?.number,
      status: 'PASSED_TO_HUKOU',
      acceptDivision: '421202100000',
      maskedName: '李**',
      maskedIdNumber: '421202**********72',
      maskedCertificateNumber: '421202**********7244',
      types: ['LIVING'],
      updatedAt: '2026-03-10T08:00:00+08:00',
    });
  });

  it('for both subsidies name both', async () => {
    const answer = await subsidy.ask(page, { ...march, in: '421202100', status: ['PAID_MONTHLY'] });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.pendingSubsidyApplications.edges[0].node).toMatchObject({
      number: GRANTED.number,
      maskedName: '张**',
      types: ['LIVING', 'NURSING'],
    });
  });

  it('of a level are those below it, in any of the states and from moment to moment', async () => {
    const count = async (over: object) => {
      const { data, errors } = await subsidy.ask(page, { ...march, ...over });
      expect(errors).toBeUndefined();
      return data.pendingSubsidyApplications.totalCount;
    };
    expect(await count({ in: '421202200' })).toBe(12);
    expect(await count({ in: '421202200000' })).toBe(12);
    expect(await count({ in: '421202' })).toBe(13);
    expect(await count({ in: '421202101', status: ['GRANTED', 'STOPPED', 'GRANTED'] })).toBe(2);
    expect(await count({ from: '2026-03-10T10:00:00+08:00', to: '2026-03-10T04:00:00Z' })).toBe(3);
    expect(await count({ in: '421202570' })).toBe(0);
  });

  it.each([
    [{ status: [] }, 'status'],
    [{ to: '2026-04-02T00:00:00+08:00' }, 'updatedTo'],
    [{ to: '2026-02-28T00:00:00+08:00' }, 'updatedTo'],
    [{ first: 0 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ after: 'nonsense' }, 'after'],
    [{ after: 'Wy01XQ' }, 'after'],
  ])('are not asked for with %j', async (over, field) => {
    const { data, errors } = await subsidy.ask(page, { ...march, ...over });
    expect(data).toEqual({ pendingSubsidyApplications: null });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(core.calls.total).toBe(0);
  });

  it('of another district are not told', async () => {
    const { errors } = await subsidy.ask(page, { ...march, in: '440305' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', departmentCode: 'LB1005' } }]);
  });
});

describe('one request', () => {
  it('asks the system once for each distinct thing', async () => {
    const request = subsidy.request();
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename
      ... on Resident {
        a: disabilityCertificate { number } b: disabilityCertificate { grade }
        subsidyEnrolments { type } again: subsidyEnrolments { state }
        subsidyApplications { number }
        subsidyPayments(from: "2026-01", to: "2026-03") { month } same: subsidyPayments(to: "2026-03", from: "2026-01") { number }
        other: subsidyPayments(from: "2025-12", to: "2026-03") { number }
      }
      ... on Case { subsidyApplication { status } }
    } }`;
    await request(query, {
      r: [resident(ZHANG, [GRANTED]), resident(ZHANG, [GRANTED]), caseWith('1', GRANTED.number)],
    });
    await request(`{ subsidyApplication(number: "${GRANTED.number}") { status } }`);
    expect(asked()).toEqual({ LB01: 1, LB02: 1, LB04: 1, LB08: 2 });
  });
});

describe('a system that fails', () => {
  it.each([
    ['busy', 'DEPARTMENT_BUSY'],
    ['drop-before-work', 'DEPARTMENT_UNREACHABLE'],
    ['html-error', 'DEPARTMENT_UNREACHABLE'],
    ['garbage', 'DEPARTMENT_PROTOCOL'],
  ] as const)('by %s costs the field that asked: %s', async (kind, code) => {
    core.addFault({ match: 'LB02', kind });
    const { data, errors } = await subsidy.entities(
      [resident(ZHANG, [GRANTED])],
      'disabilityCertificate { grade } subsidyEnrolments { type } subsidyApplications { status }',
    );
    expect(data._entities).toEqual([
      {
        __typename: 'Resident',
        disabilityCertificate: { grade: 1 },
        subsidyEnrolments: null,
        subsidyApplications: [{ status: 'PAID_MONTHLY' }],
      },
    ]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'subsidyEnrolments'],
        extensions: { code, department: 'disability-subsidy', reference: expect.stringMatching(/^421202\d{14}$/) },
      },
    ]);
  });

  it('is not waited for when the client has left', async () => {
    core.addFault({ match: 'LB04', kind: 'late-answer', delayMs: 60_000 });
    const leaving = new AbortController();
    const waiting = subsidy.request(leaving.signal)(`{ subsidyApplication(number: "${GRANTED.number}") { status } }`);
    await vi.waitFor(() => expect(asked()).toEqual({ LB04: 1 }));
    leaving.abort();
    expect((await waiting).data).toEqual({ subsidyApplication: null });
  });
});
