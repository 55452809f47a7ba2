import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulateRealEstate } from '../../adapters/real-estate/simulator.ts';
import { SimulatorCore } from '../../adapters/simulator/core.ts';
import { LI, populationOf, referenceOf, STRANGER, SUN, XIONG } from './fixture/people.ts';
import { PROOFS, REGISTRATION_FEES } from './fixture/property-desk.ts';
import {
  COMPANY,
  FLAT,
  MANY_FLATS,
  OLD_RECORD,
  propertyReference,
  SHARED_HOUSE,
  SHOP,
} from './fixture/property-records.ts';
import { coversItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

const key = (name: string) =>
  readFileSync(new URL(`../../seeds/sandbox-keys/real-estate-${name}.pem`, import.meta.url), 'utf8');

const core = new SimulatorCore('real-estate');
const properties = [FLAT, SHARED_HOUSE, OLD_RECORD, SHOP, ...MANY_FLATS];
const registry = simulateRealEstate(core, populationOf({ realEstate: { properties, registrations: [] } }), {});
let address: string;
let settings: object;
let realestate: RunningSubgraph;

beforeAll(async () => {
  address = await registry.listen(0);
  settings = {
    url: address,
    privateKey: key('gateway.private'),
    registryPublicKey: key('registry.public'),
    unavailablePausesMs: [],
    line: {
      rates: [{ calls: 1_000_000, perMs: 1_000 }],
      retry: { attempts: 1, backoffMs: 1 },
      breaker: { failures: 1_000 },
    },
  };
  realestate = await runSubgraph('realestate', settings);
});

afterEach(() => {
  core.reset();
  registry.reset();
  expect(realestate.faults).toEqual([]);
});

afterAll(async () => {
  await realestate.stop();
  await registry.close();
});

coversItsSchema(() => realestate, [PROOFS, REGISTRATION_FEES]);

const resident = ({ idNumber, name }: { idNumber: string; name?: string | null }) => ({
  __typename: 'Resident',
  idNumber,
  ...(name !== undefined && { name }),
});
const caseWith = (id: string, ...references: Parameters<typeof referenceOf>[0][]) => ({
  __typename: 'Case',
  id,
  references: references.map(referenceOf),
});

const EVERYTHING = `
  unitNumber certificateNumber olderPaper rightType rightTypeName rightNature location areaSquareMetres use useName
  structure structureName floor floors registeredAt price landUseEnd
  current mortgaged seized preNoticed objected
  owners { sequence name idType maskedIdNumber ownership share holdsCertificate }
  mortgages { certificateNumber mortgagee kind rank securedAmount securedText maximumAmount maximumText registeredAt from to current }
  seizures { authority documentNumber kind kindName registeredAt from to current }
  preNotices { kind holder obligor certificateNumber registeredAt }
  objections { matter registeredAt }
  queryNumber queriedAt`;
const ASKED = { queryNumber: expect.stringMatching(/^CX\d{13}$/), queriedAt: expect.stringMatching(/\+08:00$/) };
const page = (given = '') => `idNumber properties${given} {
  queryNumber queriedAt registryEntries totalCount edges { cursor node { certificateNumber current } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
}`;

interface Connection {
  readonly edges: readonly { readonly node: { readonly certificateNumber: string } }[];
}
const certificatesOf = ({ edges }: Connection) => edges.map(({ node }) => node.certificateNumber);

describe('a property', () => {
  it('has every field as the registry has it', async () => {
    const { data, errors } = await realestate.ask(
      `query ($unit: RealEstateUnitNumber!) { propertiesByUnit(unitNumber: $unit) { ${EVERYTHING} } }`,
      { unit: FLAT.unitNumber },
    );
    expect(errors).toBeUndefined();
    expect(data.propertiesByUnit).toEqual([
      {
        unitNumber: '421202001002GB00012F00030402',
        certificateNumber: '鄂(2022)咸安区不动产权第0001234号',
        olderPaper: false,
        rightType: '4',
        rightTypeName: '国有建设用地使用权/房屋所有权',
        rightNature: '102',
        location: '湖北省咸宁市咸安区浮山街道㙍头路8号泉山苑3栋1204室',
        areaSquareMetres: 118.36,
        use: '11',
        useName: '成套住宅',
        structure: '3',
        structureName: '钢筋混凝土',
        floor: '12',
        floors: 18,
        registeredAt: '2022-05-18T10:12:33+08:00',
        price: 56_800_000,
        landUseEnd: '2082-03-01',
        current: true,
        mortgaged: true,
        seized: true,
        preNoticed: true,
        objected: true,
        owners: [
          {
            sequence: 1,
            name: '孙䶮',
            idType: '1',
            maskedIdNumber: '421202**********19',
            ownership: '0',
            share: '100%',
            holdsCertificate: true,
          },
        ],
        mortgages: [
          {
            certificateNumber: '鄂(2022)咸安区不动产证明第0002210号',
            mortgagee: '中国工商银行股份有限公司咸宁咸安支行',
            kind: '1',
            rank: '1',
            securedAmount: 52_000_000,
            securedText: '52万元',
            maximumAmount: null,
            maximumText: null,
            registeredAt: '2022-05-18T10:30:00+08:00',
            from: '2022-05-18',
            to: '2042-05-17',
            current: true,
          },
          {
            certificateNumber: null,
            mortgagee: '湖北咸宁农村商业银行',
            kind: '2',
            rank: '2',
            securedAmount: null,
            securedText: null,
            maximumAmount: 12_345_678,
            maximumText: '123456.78元',
            registeredAt: '2023-09-04T15:20:00+08:00',
            from: null,
            to: null,
            current: false,
          },
        ],
        seizures: [
          {
            authority: '咸宁市咸安区人民法院',
            documentNumber: '(2025)鄂1202执保118号',
            kind: '2',
            kindName: '轮候查封',
            registeredAt: '2025-11-02T15:00:00+08:00',
            from: '2025-11-02',
            to: '2028-11-01',
            current: true,
          },
          // A code that the list does not have is shown as a code only.
          {
            authority: '咸宁市咸安区人民法院',
            documentNumber: '(2020)鄂1202执保7号',
            kind: '9',
            kindName: null,
            registeredAt: '2020-01-02T15:00:00+08:00',
            from: null,
            to: null,
            current: false,
          },
        ],
        preNotices: [
          {
            kind: '77',
            holder: '祝晨阳',
            obligor: '孙䶮',
            certificateNumber: '鄂(2025)咸安区不动产证明第0003377号',
            registeredAt: '2025-07-08T14:25:00+08:00',
          },
        ],
        objections: [{ matter: '权属有争议', registeredAt: '2025-12-01T09:00:00+08:00' }],
        ...ASKED,
      },
    ]);
  });

  it('of an old record has null for what the record does not say, and codes without names', async () => {
    const { data, errors } = await realestate.entities(
      [resident(SUN)],
      `properties(includeHistorical: true) { edges { node { ${EVERYTHING} } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data._entities[0].properties.edges.at(-1).node).toEqual({
      unitNumber: null,
      certificateNumber: '房产证号:咸房权证永安字第10023456号、',
      olderPaper: true,
      rightType: '88',
      rightTypeName: null,
      rightNature: null,
      location: '咸宁市咸安区永安街道某巷2号',
      areaSquareMetres: null,
      use: '77',
      useName: null,
      structure: '7',
      structureName: null,
      floor: null,
      floors: null,
      registeredAt: '1999-09-15T00:00:00+08:00',
      price: null,
      landUseEnd: null,
      current: false,
      mortgaged: false,
      seized: false,
      preNoticed: false,
      objected: false,
      owners: [
        {
          sequence: 1,
          name: '孙䶮',
          idType: '1',
          maskedIdNumber: '421202**********19',
          ownership: '0',
          share: '100%',
          holdsCertificate: true,
        },
      ],
      mortgages: [],
      seizures: [],
      preNotices: [],
      objections: [],
      ...ASKED,
    });
  });

  it('held by shares is one, with all its owners; their numbers are masked alike, whoever masked them', async () => {
    const { data } = await realestate.entities(
      [resident(XIONG)],
      'properties { totalCount edges { node { owners { sequence name maskedIdNumber ownership share holdsCertificate } } } }',
    );
    expect(data._entities[0].properties).toEqual({
      totalCount: 1,
      edges: [
        {
          node: {
            owners: [
              {
                sequence: 1,
                name: '孙䶮',
                maskedIdNumber: '421202**********19',
                ownership: '2',
                share: '50%',
                holdsCertificate: true,
              },
              {
                sequence: 2,
                name: '熊志远',
                maskedIdNumber: '421202**********73',
                ownership: '2',
                share: '50%',
                holdsCertificate: false,
              },
            ],
          },
        },
      ],
    });
  });

  it('mortgaged for an amount whose unit the registry left out secures no amount that could be told', async () => {
    await registry.acts.mortgage?.run({
      unitNumber: SHARED_HOUSE.unitNumber,
      mortgagee: '示例银行（虚构）',
      amountFen: 100_000,
      unit: '',
    });
    const { data, errors } = await realestate.ask(
      `{ propertiesByUnit(unitNumber: "${SHARED_HOUSE.unitNumber}") { mortgages { mortgagee securedAmount securedText maximumAmount } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.propertiesByUnit[0].mortgages).toEqual([
      { mortgagee: '示例银行（虚构）', securedAmount: null, securedText: '0.1', maximumAmount: null },
    ]);
  });
});

describe('properties of a unit', () => {
  it('that nobody owns are none', async () => {
    const unit = '421202001002GB00012F00039999';
    expect(await realestate.ask(`{ propertiesByUnit(unitNumber: "${unit}") { location } }`)).toEqual({
      data: { propertiesByUnit: [] },
    });
  });

  it('are found by the display form of its number, for every purpose', async () => {
    for (const purpose of ['OWN_USE', 'LOAN', 'HOUSING_SUPPORT', 'SCHOOL', 'DEPARTMENT']) {
      const { data } = await realestate.ask(
        `{ propertiesByUnit(unitNumber: "421202 001002 GB00012 F00030402", purpose: ${purpose}) { unitNumber } }`,
      );
      expect(data.propertiesByUnit).toEqual([{ unitNumber: FLAT.unitNumber }]);
    }
  });
});

describe('properties of a certificate', () => {
  const byCertificate = `query ($number: String!, $owner: String!, $purpose: PropertyQueryPurpose! = LOAN) {
    propertiesByCertificate(certificateNumber: $number, ownerName: $owner, purpose: $purpose) { unitNumber }
  }`;

  it.each(['鄂(2022)咸安区不动产权第0001234号', '鄂（2022）咸安区不动产权第0001234号'])(
    'are found by %s and an owner’s name',
    async (number) => {
      const { data, errors } = await realestate.ask(byCertificate, { number, owner: SUN.name });
      expect({ data, errors }).toEqual({ data: { propertiesByCertificate: [{ unitNumber: FLAT.unitNumber }] } });
    },
  );

  it.each([
    ['owner', { owner: '' }],
    ['owner', { owner: '某'.repeat(101) }],
  ])('are not asked for under a wrong %s', async (_, wrong) => {
    const { data, errors } = await realestate.ask(byCertificate, { number: FLAT.certificateNumber, ...wrong });
    expect(data).toEqual({ propertiesByCertificate: null });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'ownerName' } }]);
    expect(core.calls.total).toBe(0);
  });

  it('are none under somebody else’s name', async () => {
    const { data } = await realestate.ask(byCertificate, { number: FLAT.certificateNumber, owner: LI.name });
    expect(data).toEqual({ propertiesByCertificate: [] });
  });

  it('are not asked for by a malformed number, which the message does not repeat', async () => {
    const { data, errors } = await realestate.ask(byCertificate, { number: '咸房权证10023456', owner: SUN.name });
    expect(data).toEqual({ propertiesByCertificate: null });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'INVALID_INPUT',
          field: 'certificateNumber',
          messageZh: expect.stringMatching(/^输入不合规范。certificateNumber：[^A-Za-z]+。$/),
        },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('10023456');
    expect(core.calls.total).toBe(0);
  });
});

describe('the property of a resident', () => {
  it('is what is in force now', async () => {
    const { data, errors } = await realestate.entities([resident(SUN)], page());
    expect(errors).toBeUndefined();
    const { properties, idNumber } = data._entities[0];
    expect(idNumber).toBe(SUN.idNumber);
    expect(certificatesOf(properties)).toEqual([FLAT.certificateNumber, SHARED_HOUSE.certificateNumber]);
    expect(properties.totalCount).toBe(2);
    // The village house stands there for each of its owners, and the record of the past counts.
    expect(properties.registryEntries).toBe(4);
    expect(properties.queryNumber).toMatch(/^CX\d{13}$/);
    expect(properties.queriedAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/);
  });

  it('is with the past what was too', async () => {
    const { data } = await realestate.entities([resident(SUN)], page('(includeHistorical: true, purpose: SCHOOL)'));
    const { totalCount, edges } = data._entities[0].properties;
    expect([totalCount, edges.map(({ node }: { node: { current: boolean } }) => node.current)]).toEqual([
      3,
      [true, true, false],
    ]);
  });

  it('is none for a resident who owns nothing', async () => {
    const nobody = populationOf().residents[0] ?? LI;
    const { data } = await realestate.entities([resident(nobody)], page());
    expect(data._entities[0].properties).toEqual({
      queryNumber: expect.stringMatching(/^CX\d{13}$/),
      queriedAt: expect.stringMatching(/\+08:00$/),
      registryEntries: 0,
      totalCount: 0,
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it.each([1, 3, 7, 8, 50])('is paged by %i without loss or repeat', async (first) => {
    const certificates: string[] = [];
    let pages = 0;
    let after: string | null = null;
    do {
      const given: string = after === null ? '' : `, after: "${after}"`;
      const { data } = await realestate.entities([resident(LI)], page(`(first: ${first}${given})`));
      const { totalCount, edges, pageInfo } = data._entities[0].properties;
      expect(totalCount).toBe(7);
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0].cursor,
        endCursor: edges.at(-1).cursor,
      });
      certificates.push(...certificatesOf({ edges }));
      pages += 1;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(certificates).toEqual(MANY_FLATS.map(({ certificateNumber }) => certificateNumber));
    expect(pages).toBe(Math.ceil(7 / first));
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 51', 'first'],
    ['after: "nonsense"', 'after'],
  ])('refuses %s', async (given, field) => {
    const { data, errors } = await realestate.entities([resident(LI)], page(`(${given})`));
    expect(data._entities[0].properties).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });

  it.each([null, undefined, ''])('needs a name: %j is refused, saying where to give it', async (name) => {
    const { data, errors } = await realestate.entities(
      [resident({ idNumber: SUN.idNumber, ...(name !== undefined && { name }) })],
      page(),
    );
    expect(data._entities).toEqual([{ __typename: 'Resident', idNumber: SUN.idNumber, properties: null }]);
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'properties'], extensions: { code: 'INVALID_INPUT', field: 'resident.name' } },
    ]);
    expect(core.calls.total).toBe(0);
  });

  it('is not told to a name that does not go with the number; neither stands in the message', async () => {
    const { data, errors } = await realestate.entities(
      [resident({ ...SUN, name: '别人某' }), resident(STRANGER), resident(SUN)],
      'properties { totalCount }',
    );
    expect(data._entities.map((one: { properties: unknown }) => one.properties)).toEqual([
      null,
      { totalCount: 0 },
      { totalCount: 2 },
    ]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'properties'],
        extensions: { code: 'DEPARTMENT_REJECTED', department: 'real-estate', departmentCode: '2001' },
      },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`别人某|${SUN.idNumber}|${STRANGER.name}`));
  });

  it('is asked for once a request and purpose, however many pages and places want it', async () => {
    const request = realestate.request();
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Resident {
      a: properties(first: 1) { totalCount } b: properties(includeHistorical: true) { totalCount }
      loan: properties(purpose: LOAN) { totalCount }
    } } }`;
    await request(query, { r: [resident(SUN), resident(SUN)] });
    await request(query, { r: [resident(SUN)] });
    expect(core.calls.calls).toEqual({ QueryByOwner: 2 });
  });
});

describe('the property of any owner', () => {
  const byOwner = `query (
    $name: String!, $type: OwnerDocumentType!, $number: String!, $purpose: PropertyQueryPurpose! = LOAN,
    $past: Boolean! = false, $first: Int! = 20, $after: String
  ) {
    propertiesByOwner(
      name: $name, documentType: $type, documentNumber: $number, purpose: $purpose, includeHistorical: $past, first: $first, after: $after
    ) { totalCount registryEntries edges { cursor node { certificateNumber } } pageInfo { hasNextPage } }
  }`;
  const company = { name: COMPANY.name, type: 'BUSINESS_LICENCE', number: COMPANY.idNumber };
  const person = { name: SUN.name, type: 'IDENTITY_CARD', number: SUN.idNumber };

  it('is a company’s, by its licence', async () => {
    const { data, errors } = await realestate.ask(byOwner, company);
    expect(errors).toBeUndefined();
    expect(data.propertiesByOwner.totalCount).toBe(1);
    expect(certificatesOf(data.propertiesByOwner)).toEqual([SHOP.certificateNumber]);
  });

  it('is a person’s, as under the resident, page by page', async () => {
    const { data: first } = await realestate.ask(byOwner, { ...person, past: true, first: 2 });
    const after = first.propertiesByOwner.edges.at(-1).cursor;
    const { data: rest } = await realestate.ask(byOwner, { ...person, past: true, first: 2, after });
    expect([...certificatesOf(first.propertiesByOwner), ...certificatesOf(rest.propertiesByOwner)]).toEqual([
      FLAT.certificateNumber,
      SHARED_HOUSE.certificateNumber,
      OLD_RECORD.certificateNumber,
    ]);
    expect([first.propertiesByOwner, rest.propertiesByOwner].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([
      true,
      false,
    ]);
  });

  it('is asked for by the registry’s code of the document', async () => {
    const line = await tapLine(address);
    const tapped = await runSubgraph('realestate', { ...settings, url: line.url });
    const types = [
      'HONG_KONG_MACAO_TAIWAN_CARD',
      'PASSPORT',
      'HOUSEHOLD_REGISTER',
      'MILITARY_CARD',
      'ORGANISATION_CODE',
      'BUSINESS_LICENCE',
      'OTHER',
    ];
    for (const type of types) await tapped.ask(byOwner, { name: '某人', type, number: 'H00000001' });
    const told = line.requests.map((request) => /ZJZL=(?:&quot;|")(\d+)/.exec(request.toString('utf8'))?.[1]);
    expect(told).toEqual(['2', '3', '4', '5', '6', '7', '99']);
    await tapped.stop();
    await line.close();
  });

  it.each([
    ['name', { ...person, name: ' ' }],
    ['documentNumber', { ...person, number: '421202198803056218' }],
    ['documentNumber', { ...company, number: '' }],
    ['documentNumber', { ...company, number: '9'.repeat(51) }],
    ['first', { ...person, first: 51 }],
    ['after', { ...person, after: 'nonsense' }],
  ])('is refused for a wrong %s, without repeating it', async (field, variables) => {
    const { data, errors } = await realestate.ask(byOwner, variables);
    expect(data).toEqual({ propertiesByOwner: null });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
    expect(JSON.stringify(errors)).not.toContain('42120219880305');
  });
});

describe('the property of a case', () => {
  const unitNumber = FLAT.unitNumber;

  it('is that of the units it names, each once; without a unit, or of units that are gone, none', async () => {
    const representations = [
      caseWith(
        '1',
        propertyReference('registration', '202603160007', { unitNumber }),
        propertyReference('property-query', 'SQ202603310001', { unitNumber, ownerName: SUN.name }),
        propertyReference('registration', '202603160008', { unitNumber: SHARED_HOUSE.unitNumber }),
      ),
      caseWith('2', propertyReference('registration', '202603160009', { unitNumber: '421202001002GB00012F00039999' })),
      caseWith('3', propertyReference('property-query', 'SQ202603310002', { certificateNumber: '旧证' })),
      caseWith('4'),
    ];
    const { data, errors } = await realestate.entities(representations, 'id properties { unitNumber }');
    expect({ data, errors }).toEqual({
      data: {
        _entities: [
          { __typename: 'Case', id: '1', properties: [{ unitNumber }, { unitNumber: SHARED_HOUSE.unitNumber }] },
          { __typename: 'Case', id: '2', properties: [] },
          { __typename: 'Case', id: '3', properties: [] },
          { __typename: 'Case', id: '4', properties: [] },
        ],
      },
    });
    expect(core.calls.calls).toEqual({ QueryByUnit: 3 });
  });

  it('is asked for under the case’s own application form, for a department; other queries under ours, for own use', async () => {
    const line = await tapLine(address);
    const tapped = await runSubgraph('realestate', { ...settings, url: line.url, applicationForm: 'XA-FORM-1' });
    await tapped.entities(
      [caseWith('1', propertyReference('property-query', 'SQ202603310001', { unitNumber }))],
      'properties { location }',
    );
    await tapped.entities([resident(SUN)], 'properties { totalCount }');
    const told = line.requests.map((request) =>
      ['CXSQSBH', 'CXMD'].map(
        (name) => new RegExp(`${name}=(?:&quot;|")(.*?)(?:&quot;|")`).exec(request.toString('utf8'))?.[1],
      ),
    );
    expect(told).toEqual([
      ['SQ202603310001', '5'],
      ['XA-FORM-1', '1'],
    ]);
    await tapped.stop();
    await line.close();
  });
});

describe('a registry that fails', () => {
  it.each([
    ['busy', 'DEPARTMENT_BUSY'],
    ['drop-before-work', 'DEPARTMENT_UNREACHABLE'],
    ['html-error', 'DEPARTMENT_PROTOCOL'],
    ['bad-signature', 'DEPARTMENT_PROTOCOL'],
  ] as const)('by %s costs the field that asked: %s', async (kind, code) => {
    core.addFault({ match: 'QueryByOwner', kind });
    const representations = [resident(SUN), resident(LI)];
    const { data, errors } = await realestate.entities(representations, 'idNumber properties { totalCount }');
    expect(data._entities).toEqual(
      [SUN, LI].map(({ idNumber }) => ({ __typename: 'Resident', idNumber, properties: null })),
    );
    const extensions = { code, department: 'real-estate', reference: expect.stringMatching(/^421202\d{12,}$/) };
    expect(errors).toHaveLength(2);
    for (const index of [0, 1]) {
      const path = ['_entities', index, 'properties'];
      expect(errors).toContainEqual(expect.objectContaining({ path, extensions: expect.objectContaining(extensions) }));
    }
  });

  it('is not waited for when the client has left', async () => {
    core.addFault({ match: 'QueryByUnit', kind: 'late-answer', delayMs: 60_000 });
    const leaving = new AbortController();
    const asked = realestate.request(leaving.signal)(
      `{ propertiesByUnit(unitNumber: "${FLAT.unitNumber}") { floor } }`,
    );
    await vi.waitFor(() => expect(core.calls.total).toBe(1));
    leaving.abort();
    expect((await asked).data).toEqual({ propertiesByUnit: null });
  });
});
