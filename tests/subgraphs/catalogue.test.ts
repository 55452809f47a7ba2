import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import published from '../../seeds/catalogue.json' with { type: 'json' };
import { coversItsSchema, type RunningSubgraph, runSubgraph } from './fixture/running-subgraph.ts';

const EVERYTHING_OF_AN_ITEM = `
  id list number name domain process measure visitsPromised type levels venues leadDepartment responsibleDepartments deadline
  deadlineText standard systems codes { implementation basic handlingItem implementingBody implementingBodyCode invented }`;

let catalogue: RunningSubgraph;

beforeAll(async () => {
  catalogue = await runSubgraph('catalogue', {});
});

afterAll(() => catalogue.stop());

coversItsSchema(() => catalogue);

describe('the plan', () => {
  it('is told as it was published', async () => {
    const { data } = await catalogue.ask('{ plan { title number issuer annexes division } }');
    expect(data.plan).toEqual({
      title: '咸安区关于深化优化资源服务平台下沉的工作方案',
      number: '咸安职转办发〔2022〕1号',
      issuer: '咸安区推进政府职能转变和 “放管服”改革协调小组办公室',
      annexes: ['咸安区下沉便民服务事项清单（第二批）', '咸安区优化一批服务流程事项清单'],
      division: '421202',
    });
  });
});

describe('a service item', () => {
  it('has every field as the plan has it', async () => {
    const { data } = await catalogue.ask(`{ serviceItem(id: "S01") { ${EVERYTHING_OF_AN_ITEM} } }`);
    expect(data.serviceItem).toEqual({
      id: 'S01',
      list: 'SECOND_BATCH',
      number: 1,
      name: '非税缴纳',
      domain: '财政',
      process: ['扫码窗口动态二维码', '出件'],
      measure:
        '打通区非税系统与咸宁市统一综合受理平台数据连接，将公租房租金、不动产登记费、身份证补换领等实现线上支付功能。公租房租金通过鄂汇办、咸安微家园居家缴纳，在街道或银行网点自助设备缴纳。零跑腿。',
      visitsPromised: 0,
      type: 'PUBLIC_SERVICE',
      levels: ['乡镇（街道）', '银行网点'],
      venues: ['街道或银行网点'],
      leadDepartment: '区财政局',
      responsibleDepartments: ['区住建局', '区自然资源和规划局', '区公安分局', '区政数局', '街道'],
      deadline: '2022-12-31',
      deadlineText: '2022年12月31日',
      standard: false,
      systems: ['区非税系统', '咸宁市统一综合受理平台', '鄂汇办', '咸安微家园'],
      codes: {
        implementation: '11421202MB2A9101354422014001000',
        basic: '422014001000',
        handlingItem: '11421202MB2A910135442201400100001',
        implementingBody: '咸安区财政局',
        implementingBodyCode: '11421202MB2A910135',
        invented: false,
      },
    });
  });

  it('has null where the plan does not say: visits, lead department, a permanent duty’s deadline', async () => {
    const { data } = await catalogue.ask(`{
      chronic: serviceItem(id: "S10") { visitsPromised leadDepartment deadline type standard codes { invented } }
      registration: serviceItem(id: "O01") { list number type standard }
    }`);
    expect(data.chronic).toEqual({
      visitsPromised: null,
      leadDepartment: null,
      deadline: null,
      type: 'PUBLIC_SERVICE',
      standard: true,
      codes: { invented: true },
    });
    expect(data.registration).toEqual({
      list: 'OPTIMISED',
      number: 1,
      type: 'ADMINISTRATIVE_CONFIRMATION',
      standard: true,
    });
  });

  it('is null for an id that the plan does not have', async () => {
    expect(await catalogue.ask('{ serviceItem(id: "S99") { id } }')).toEqual({ data: { serviceItem: null } });
  });
});

describe('the service items', () => {
  it('come all twenty in the order of the plan, each whole', async () => {
    const { data, errors } = await catalogue.ask(`{ serviceItems { ${EVERYTHING_OF_AN_ITEM} } }`);
    expect(errors).toBeUndefined();
    expect(data.serviceItems.map(({ id, name }: { id: string; name: string }) => [id, name])).toEqual(
      published.items.map(({ id, name }) => [id, name]),
    );
    expect(data.serviceItems).toHaveLength(20);
  });

  it.each([
    ['list: OPTIMISED', ['O01', 'O02', 'O03', 'O04', 'O05', 'O06', 'O07']],
    ['domain: "民政"', ['S04', 'S05', 'S06', 'O03']],
    ['level: "银行网点"', ['S01']],
    ['list: SECOND_BATCH, domain: "民政", level: "村（社区）"', ['S04', 'S05', 'S06']],
    ['list: OPTIMISED, level: "银行网点"', []],
  ])('narrowed by %s are those that fit every argument', async (conditions, ids) => {
    const { data } = await catalogue.ask(`{ serviceItems(${conditions}) { id } }`);
    expect(data.serviceItems.map(({ id }: { id: string }) => id)).toEqual(ids);
  });
});

describe('as entities', () => {
  it('items are found by id, each as often as it is named; an unknown one is null', async () => {
    const items = ['O03', 'S99', 'O03'].map((id) => ({ __typename: 'ServiceItem', id }));
    const { data, errors } = await catalogue.entities(items, 'id codes { implementation }');
    const found = {
      __typename: 'ServiceItem',
      id: 'O03',
      codes: { implementation: '11421202MB2A91048P5420511008000' },
    };
    expect(data._entities).toEqual([found, null, found]);
    expect(errors).toBeUndefined();
  });
});
