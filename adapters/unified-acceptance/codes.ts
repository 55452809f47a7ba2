/**
 * The code lists of wire spec 3.1 and 3.2 with their names. The adapter carries codes as text; whoever shows them translates here.
 * Only the lists that the specification gives: a code outside them is shown as it is.
 */

/** What a code is called. */
export interface CodeName {
  readonly en: string;
  readonly zh: string;
}

type CodeTable = Readonly<Record<string, CodeName>>;

/** 事项类型: the third and fourth digit of a basic code, and `taskType` of an item (wire spec 3.1). */
export const ITEM_TYPES = {
  '01': { en: 'licence', zh: '行政许可' },
  '02': { en: 'penalty', zh: '行政处罚' },
  '03': { en: 'coercion', zh: '行政强制' },
  '04': { en: 'levy', zh: '行政征收' },
  '05': { en: 'payment', zh: '行政给付' },
  '06': { en: 'inspection', zh: '行政检查' },
  '07': { en: 'confirmation', zh: '行政确认' },
  '08': { en: 'reward', zh: '行政奖励' },
  '09': { en: 'adjudication', zh: '行政裁决' },
  '10': { en: 'other powers', zh: '其他行政权力' },
  '20': { en: 'public service', zh: '公共服务' },
} as const satisfies CodeTable;

/** 行使层级. `6` is "by level" in one list and village in another: accepted, never written (wire spec 3.1). */
export const EXERCISE_LEVELS = {
  '1': { en: 'national', zh: '国家级' },
  '2': { en: 'provincial', zh: '省级' },
  '3': { en: 'city', zh: '市级' },
  '4': { en: 'county', zh: '县级' },
  '5': { en: 'township or street', zh: '乡镇（街道）级' },
} as const satisfies CodeTable;

/** 办件类型 (wire spec 3.1). */
export const PROJECT_TYPES = {
  '1': { en: 'immediate', zh: '即办件' },
  '2': { en: 'promised', zh: '承诺件' },
} as const satisfies CodeTable;

/** 承诺时限单位 (wire spec 3.1). */
export const PROMISE_UNITS = {
  '1': { en: 'working day', zh: '工作日' },
  '2': { en: 'calendar day', zh: '自然日' },
  '3': { en: 'hour', zh: '小时' },
  '4': { en: 'minute', zh: '分钟' },
  '5': { en: 'month', zh: '月' },
} as const satisfies CodeTable;

/** 法定时限单位 of an acceptance record (wire spec 3.1). An item's own statutory limit is written with `PROMISE_UNITS` (transcript 13). */
export const STATUTORY_UNITS = {
  G: { en: 'working day', zh: '工作日' },
  Z: { en: 'calendar day', zh: '自然日' },
} as const satisfies CodeTable;

/** 申请人类型 (wire spec 3.1). */
export const APPLICANT_TYPES = {
  '1': { en: 'natural person', zh: '自然人' },
  '2': { en: 'enterprise legal person', zh: '企业法人' },
  '3': { en: 'public institution', zh: '事业法人' },
  '4': { en: 'social organisation', zh: '社会组织法人' },
  '5': { en: 'unincorporated enterprise', zh: '非法人企业' },
  '6': { en: 'administrative body', zh: '行政机关' },
  '7': { en: 'other', zh: '其他组织' },
} as const satisfies CodeTable;

/** 证件类型 (wire spec 3.1). */
export const DOCUMENT_TYPES = {
  '111': { en: 'resident identity card', zh: '居民身份证' },
  '01': { en: 'unified social credit code', zh: '统一社会信用代码' },
  '02': { en: 'organisation code', zh: '组织机构代码' },
  '113': { en: 'household register', zh: '居民户口簿' },
  '414': { en: 'ordinary passport', zh: '普通护照' },
  '511': { en: 'Taiwan travel permit', zh: '台湾居民来往大陆通行证' },
  '516': { en: 'Hong Kong or Macao travel permit', zh: '港澳居民来往内地通行证' },
  '553': { en: "foreigner's permanent residence permit", zh: '外国人永久居留身份证' },
} as const satisfies CodeTable;

/** 提交方式 (applyType). Self-service machines report `8` (wire spec 3.1). */
export const SUBMISSION_WAYS = {
  '0': { en: 'window', zh: '窗口' },
  '1': { en: 'online', zh: '网上' },
  '2': { en: 'letter', zh: '信函' },
  '3': { en: 'telegram', zh: '电报' },
  '4': { en: 'telex', zh: '电传' },
  '5': { en: 'fax', zh: '传真' },
  '6': { en: 'e-mail', zh: '电子邮件' },
  '7': { en: 'data exchange', zh: '数据交换' },
  '8': { en: 'other', zh: '其他' },
} as const satisfies CodeTable;

/** 办理形式 (wire spec 3.1). */
export const HANDLING_FORMS = {
  '1': { en: 'window', zh: '窗口办理' },
  '2': { en: 'online', zh: '网上办理' },
  '3': { en: 'courier', zh: '快递申请' },
} as const satisfies CodeTable;

/** 通办范围 (wire spec 3.1). */
export const HANDLING_RANGES = {
  '1': { en: 'nation', zh: '全国' },
  '2': { en: 'province', zh: '全省' },
  '3': { en: 'city', zh: '全市' },
  '4': { en: 'county', zh: '全县' },
  '5': { en: 'township', zh: '全乡镇（街道）' },
  '6': { en: 'across villages', zh: '跨村（社区）' },
} as const satisfies CodeTable;

/** 事项状态 (wire spec 3.1). */
export const ITEM_STATES = {
  '1': { en: 'in use', zh: '在用' },
  '2': { en: 'suspended', zh: '暂停' },
  '3': { en: 'cancelled', zh: '取消' },
} as const satisfies CodeTable;

/** 审批结果类型 of an item (wire spec 3.1). */
export const ITEM_RESULT_TYPES = {
  '1': { en: 'certificate', zh: '证照' },
  '2': { en: 'approval document', zh: '批文' },
  '3': { en: 'other', zh: '其他' },
  '4': { en: 'none', zh: '无' },
} as const satisfies CodeTable;

/** 材料来源 of an item's material (wire spec 3.3, item answer). */
export const MATERIAL_SOURCES = {
  '10': { en: 'from the applicant', zh: '申请人自备' },
  '20': { en: 'issued by government', zh: '政府部门核发' },
  '99': { en: 'other', zh: '其他' },
} as const satisfies CodeTable;

/** 材料收取方式 (getType, wire spec 3.3). */
export const MATERIAL_WAYS = {
  '0': { en: 'paper', zh: '纸质收取' },
  '1': { en: 'upload', zh: '附件上传' },
  '2': { en: 'certificate library', zh: '证照库' },
  '3': { en: 'scan', zh: '扫描' },
  '6': { en: 'material library', zh: '材料库' },
} as const satisfies CodeTable;

/** 环节类型 (wire spec 3.2). */
export const NODE_TYPES = {
  '1': { en: 'first', zh: '起始环节' },
  '2': { en: 'middle', zh: '中间环节' },
  '3': { en: 'last', zh: '结束环节' },
  '4': { en: 'the only one', zh: '唯一环节' },
} as const satisfies CodeTable;

/** 环节状态 (wire spec 3.2). */
export const NODE_STATES = {
  '01': { en: 'to do', zh: '待办' },
  '02': { en: 'done', zh: '已办' },
} as const satisfies CodeTable;

/** 环节处理结果 (wire spec 3.2). */
export const NODE_RESULTS = {
  '0': { en: 'disagree', zh: '不同意' },
  '1': { en: 'agree', zh: '同意' },
  '2': { en: 'not accepted', zh: '不受理' },
  '3': { en: 'acceptance refused by a formal decision', zh: '不予受理' },
  '4': { en: 'accepted', zh: '受理' },
  '5': { en: 'supplement asked for', zh: '补齐补正' },
  '6': { en: 'special procedure', zh: '特别程序' },
  '7': { en: 'returned', zh: '退回' },
} as const satisfies CodeTable;

/** 业务动作 (eventName); numbered by this project (wire spec 3.2). */
export const ACTIONS = {
  '1': { en: 'accept', zh: '受理' },
  '2': { en: 'review', zh: '审查' },
  '3': { en: 'supplement notice', zh: '补正告知' },
  '4': { en: 'supplement received', zh: '补正受理' },
  '5': { en: 'decide', zh: '决定' },
  '6': { en: 'deliver', zh: '出件' },
  '7': { en: 'suspend', zh: '挂起' },
  '8': { en: 'resume', zh: '恢复' },
} as const satisfies CodeTable;

/** 办结结果 (resultType). A second list in use elsewhere gives 1, 5 and 6 other meanings: never mix the two (wire spec 3.2). */
export const CLOSE_RESULTS = {
  '0': { en: 'closed with grant or certificate', zh: '出证办结' },
  '1': { en: 'not granted', zh: '不予许可' },
  '2': { en: 'void', zh: '作废' },
  '3': { en: 'deleted', zh: '删除' },
  '4': { en: 'passed up', zh: '转报' },
  '5': { en: 'returned', zh: '退件' },
  '6': { en: 'acceptance refused', zh: '不予受理' },
} as const satisfies CodeTable;

/** 办件状态 (wire spec 3.2). */
export const CASE_STATUSES = {
  '1': { en: 'received', zh: '待受理' },
  '2': { en: 'in progress', zh: '办理中' },
  '21': { en: 'waiting for supplement', zh: '待补正' },
  '22': { en: 'suspended for a special procedure', zh: '特别程序' },
  '3': { en: 'closed', zh: '已办结' },
  '47': { en: 'acceptance refused', zh: '不予受理' },
  '44': { en: 'not granted', zh: '不予批准' },
  '5': { en: 'closed abnormally', zh: '异常办结' },
  '-1': { en: 'void', zh: '作废' },
} as const satisfies CodeTable;

/** 特别程序种类; numbered by this project (wire spec 3.2). */
export const SPECIAL_PROCEDURES = {
  '1': { en: 'hearing', zh: '听证' },
  '2': { en: 'inspection or test', zh: '检验检测' },
  '3': { en: 'expert review', zh: '专家评审' },
  '4': { en: 'public notice', zh: '公示' },
  '5': { en: 'on-site check', zh: '现场勘验' },
  '9': { en: 'other', zh: '其他' },
} as const satisfies CodeTable;

/** 缴费状态 of a fee order (payState, wire spec 3.3). */
export const PAY_STATES = {
  '0': { en: 'unpaid', zh: '未缴款' },
  '1': { en: 'paid', zh: '已缴款' },
  '2': { en: 'void', zh: '已作废' },
} as const satisfies CodeTable;

/** The codes of a table as text, for a schema. */
export function codesOf<Table extends CodeTable>(
  table: Table,
): readonly [keyof Table & string, ...(keyof Table & string)[]] {
  const [first, ...others] = Object.keys(table);
  if (first === undefined) throw new RangeError('a code table cannot be empty');
  return [first, ...others];
}

/**
 * The name of a code, undefined for a code that the list does not have.
 *
 * @example nameOf(CASE_STATUSES, '21')?.zh // '待补正'
 */
export function nameOf(table: CodeTable, code: string): CodeName | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}

/**
 * The platform's document type for one that other lists number differently: `51` and `10` are the resident identity card there
 * (wire spec 3.1). Other codes stay as they are.
 */
export function documentTypeOf(code: string): string {
  return code === '51' || code === '10' ? '111' : code;
}

/** The platform's applicant type for one of an older list, which writes `9` for other (wire spec 3.1). */
export function applicantTypeOf(code: string): string {
  return code === '9' ? '7' : code;
}
