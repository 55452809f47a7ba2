import catalogue from '../../../seeds/catalogue.json' with { type: 'json' };
import register from '../../../seeds/items.json' with { type: 'json' };

/** An item of the platform's own list: its codes (seeds/items.json) and its process (seeds/catalogue.json). */
export interface ListedItem {
  readonly taskCode: string;
  readonly catalogCode: string;
  readonly taskHandleItem: string;
  readonly name: string;
  readonly processSteps: readonly string[];
  /** The answer body of an `item` message (wire spec 3.3, transcript 13). */
  readonly guide: Readonly<Record<string, unknown>>;
}

/** What the register and the catalogue do not say of an item. Invented, in the manner of published guides. */
interface GuideSupplement {
  /** Name, `1` needed or `0`, source `10` applicant, `20` government, `99` other. */
  readonly materials: readonly (readonly [name: string, needed: '0' | '1', source: '10' | '20' | '99'])[];
  /** Applicant types served; natural persons when absent. */
  readonly serves?: readonly string[];
  /** Handling forms; window when absent. */
  readonly forms?: readonly string[];
  /** Range; the city when absent. */
  readonly range?: string;
  readonly charges?: boolean;
  readonly resultType: '1' | '2' | '3' | '4';
}

const IDENTITY_CARD = ['居民身份证', '1', '10'] as const;
const WINDOW_AND_ONLINE = ['1', '2'];

const SUPPLEMENTS: Readonly<Record<string, GuideSupplement>> = {
  S01: {
    materials: [['非税收入缴款通知书', '0', '20']],
    serves: ['1', '2'],
    forms: WINDOW_AND_ONLINE,
    charges: true,
    resultType: '3',
  },
  S02: { materials: [IDENTITY_CARD, ['营业执照', '0', '20']], serves: ['1', '5'], range: '4', resultType: '3' },
  S03: { materials: [IDENTITY_CARD], forms: WINDOW_AND_ONLINE, resultType: '3' },
  S04: {
    materials: [
      IDENTITY_CARD,
      ['居民户口簿', '1', '20'],
      ['特困人员救助供养申请书', '1', '10'],
      ['家庭经济状况核对授权书', '1', '10'],
    ],
    range: '4',
    resultType: '2',
  },
  S05: { materials: [IDENTITY_CARD, ['居民户口簿', '0', '20']], range: '4', resultType: '4' },
  S06: {
    materials: [
      IDENTITY_CARD,
      ['居民户口簿', '1', '20'],
      ['最低生活保障边缘家庭认定申请书', '1', '10'],
      ['家庭经济状况核对授权书', '1', '10'],
    ],
    range: '4',
    resultType: '2',
  },
  S07: {
    materials: [IDENTITY_CARD, ['居住证或异地户口簿', '1', '20']],
    forms: WINDOW_AND_ONLINE,
    range: '1',
    resultType: '4',
  },
  S08: { materials: [IDENTITY_CARD, ['居住证', '1', '20']], forms: WINDOW_AND_ONLINE, range: '1', resultType: '4' },
  S09: {
    materials: [IDENTITY_CARD, ['异地工作证明材料', '1', '10']],
    forms: WINDOW_AND_ONLINE,
    range: '1',
    resultType: '4',
  },
  S10: { materials: [IDENTITY_CARD, ['病历资料', '1', '99'], ['病种待遇认定申请表', '1', '10']], resultType: '2' },
  S11: { materials: [IDENTITY_CARD, ['转诊转院证明', '1', '99']], forms: WINDOW_AND_ONLINE, resultType: '4' },
  S12: {
    materials: [IDENTITY_CARD, ['生育登记证明', '0', '20'], ['医疗费用票据', '1', '99']],
    resultType: '4',
  },
  S13: { materials: [IDENTITY_CARD, ['提取事由证明材料', '0', '10']], forms: WINDOW_AND_ONLINE, resultType: '4' },
  O01: {
    materials: [IDENTITY_CARD, ['近期免冠照片', '1', '10'], ['残疾评定表', '1', '99']],
    range: '1',
    resultType: '1',
  },
  O02: { materials: [IDENTITY_CARD, ['残疾人证', '1', '20']], range: '4', resultType: '4' },
  O03: {
    materials: [IDENTITY_CARD, ['残疾人证', '1', '20']],
    forms: WINDOW_AND_ONLINE,
    range: '1',
    resultType: '4',
  },
  O04: { materials: [IDENTITY_CARD], forms: WINDOW_AND_ONLINE, range: '1', resultType: '3' },
  O05: {
    materials: [IDENTITY_CARD, ['就业困难人员认定申请表', '1', '10'], ['就业创业证', '0', '20']],
    resultType: '2',
  },
  O06: { materials: [IDENTITY_CARD, ['终止劳动关系证明', '0', '10']], forms: WINDOW_AND_ONLINE, resultType: '1' },
  O07: { materials: [IDENTITY_CARD, ['劳动合同', '0', '10']], forms: WINDOW_AND_ONLINE, resultType: '1' },
};

/** The platform's list of items by implementation code. */
export function listedItems(): ReadonlyMap<string, ListedItem> {
  return new Map(register.items.map((item) => [item.taskCode, listedItem(item)]));
}

function listedItem(item: (typeof register.items)[number]): ListedItem {
  const entry = catalogue.items.find(({ id }) => id === item.id);
  const supplement = SUPPLEMENTS[item.id];
  if (!entry || !supplement) throw new Error(`item ${item.id} is in one list only`);
  const { taskCode, catalogCode, taskHandleItem, name } = item;
  const forms = supplement.forms ?? ['1'];
  const guide = {
    taskCode,
    catalogCode,
    taskName: name,
    taskType: catalogCode.slice(2, 4),
    taskState: '1',
    taskVersion: 1,
    useLevel: item.level,
    deptCode: item.orgCode,
    deptName: item.orgName,
    projectType: item.projectType,
    serverType: supplement.serves ?? ['1'],
    // The law's limit is twice the promise where there is one; a day for what is handled at once. Invented.
    anticipateDay: item.promiseDays * 2 || 1,
    anticipateType: '1',
    promiseDay: item.promiseDays,
    promiseType: '1',
    limitSceneNum: visitsOf(entry),
    handleType: forms,
    handleArea: supplement.range ?? '3',
    isFee: supplement.charges ? '1' : '0',
    isOnline: forms.includes('2') ? '1' : '0',
    resultType: supplement.resultType,
    handleItems: [{ taskHandleItem, name }],
    materials: supplement.materials.map(([materialName, isNeed, sourceType]) => ({ materialName, isNeed, sourceType })),
  };
  return { taskCode, catalogCode, taskHandleItem, name, processSteps: entry.processSteps, guide };
}

/** The plan's visits; a cell cut off after 跑一 means one. Where the plan says nothing the platform leaves the field out (wire spec 2). */
function visitsOf(entry: { visits: number | null; visitsText: string | null }): number | undefined {
  return entry.visits ?? (entry.visitsText?.startsWith('跑一') ? 1 : undefined);
}
