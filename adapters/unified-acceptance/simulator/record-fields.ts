import {
  code,
  date,
  integer,
  list,
  pattern,
  type RecordRules,
  required,
  text,
  time,
  timeAhead,
} from './record-rules.ts';

/** Fields, lengths, required marks and code lists of wire spec 2, 3.1, 3.2 and 3.3, written down from the specification. */

const COMMON: RecordRules = {
  rowGuid: required(text('记录唯一标识', 50)),
  projectNo: required(text('办件编号', 50)),
  dataVer: required(integer('数据版本号', 1)),
  cdOperation: required(code('同步类型', 'I', 'U', 'D')),
  cdTime: required(time('同步时间')),
  cdBatch: pattern('批次号', /^\d{20}$/),
  dataSource: pattern('数据来源', /^\d{6}$/),
};

const DOCUMENT_TYPES = ['111', '01', '02', '113', '414', '511', '516', '553'];

export const ALLOC_FIELDS: RecordRules = {
  taskCode: required(text('实施编码', 36)),
  taskHandleItem: text('业务办理项编码', 50),
  areaCode: pattern('行政区划', /^\d{6}$/),
  applyDate: required(time('申请时间')),
};

export const ACCEPT_FIELDS: RecordRules = {
  ...COMMON,
  projectPwd: required(pattern('查询密码', /^\d{6}$/)),
  catalogCode: text('基本编码', 12),
  localCatalogCode: text('地方基本编码', 50),
  taskCode: text('实施编码', 36),
  localTaskCode: text('地方实施编码', 50),
  taskHandleItem: text('业务办理项编码', 50),
  taskName: required(text('事项名称', 1000)),
  taskVersion: required(integer('事项版本', 1)),
  projectName: text('办件摘要', 1000),
  projectType: required(code('办件类型', '1', '2')),
  applyType: required(code('申请类型', '0', '1', '2', '3', '4', '5', '6', '7', '8')),
  applyerType: required(code('申请人类型', '1', '2', '3', '4', '5', '6', '7')),
  applyerName: required(text('申请人名称', 100)),
  applyerPageType: required(code('申请人证件类型', ...DOCUMENT_TYPES)),
  applyerPageCode: required(text('申请人证件号码', 500)),
  legal: text('法定代表人', 100),
  contactName: text('联系人', 100),
  contactType: code('联系人证件类型', ...DOCUMENT_TYPES),
  contactCode: text('联系人证件号码', 50),
  contactMobile: text('联系人手机号码', 11),
  address: text('通讯地址', 1000),
  zipCode: text('邮编', 6),
  orgCode: required(text('受理部门编码', 64)),
  orgName: required(text('受理部门名称', 100)),
  handleUserName: text('受理人员', 100),
  applyDate: required(time('申请时间')),
  acceptDate: required(time('受理时间')),
  acceptDocNo: text('受理文书编号', 50),
  timeLimit: integer('法定时限', 0),
  timeUnit: code('法定时限单位', 'G', 'Z'),
  promiseTimeLimit: integer('承诺时限', 0),
  promiseTimeUnit: code('承诺时限单位', '1', '2', '3', '4', '5'),
  promiseDate: timeAhead('承诺办结时间'),
  limitSceneNum: integer('跑动次数', 0),
};

export const PROCESS_FIELDS: RecordRules = {
  ...COMMON,
  sn: required(integer('步骤号', 1)),
  processName: required(text('环节名称', 1000)),
  nodeType: required(code('环节类型', '1', '2', '3', '4')),
  nodeState: required(code('环节状态', '01', '02')),
  nodeResult: code('环节处理结果', '0', '1', '2', '3', '4', '5', '6', '7'),
  eventName: required(code('业务动作', '1', '2', '3', '4', '5', '6', '7', '8')),
  eventStartTime: required(time('开始时间')),
  eventEndTime: required(time('结束时间')),
  handleUserName: text('办理人员', 100),
  handleExplain: text('办理意见', 2000),
  orgCode: required(text('办理部门编码', 64)),
  orgName: required(text('办理部门名称', 100)),
  regionCode: required(pattern('行政区划', /^\d{12}$/)),
};

export const RESULT_FIELDS: RecordRules = {
  ...COMMON,
  resultType: required(code('办结结果', '0', '1', '2', '3', '4', '5', '6')),
  resultDate: required(time('办结时间')),
  resultExplain: text('办结说明', 2000),
  resultCertName: text('证照名称', 256),
  resultCertNo: text('证照编号', 2000),
  handleUserName: text('办结人员', 100),
  orgCode: text('办结部门编码', 64),
  orgName: text('办结部门名称', 100),
  isDeliveryResults: code('是否送达', '0', '1'),
  isFee: code('是否收费', '0', '1'),
  fee: pattern('收费金额', /^\d{1,12}\.\d{2}$/),
  satisfaction: text('满意度', 2),
};

export const SPECIAL_FIELDS: RecordRules = {
  ...COMMON,
  specialType: required(code('特别程序种类', '1', '2', '3', '4', '5', '9')),
  specialName: required(text('特别程序名称', 1000)),
  specialReason: required(text('特别程序启动理由', 2000)),
  specialTime: required(time('特别程序开始时间')),
  endTime: time('特别程序结束时间'),
  result: text('特别程序结果', 2000),
  handleUser: text('办理人员', 100),
  applyerUserName: text('申请人员', 100),
  specialExplain: text('特别程序说明', 2000),
};

export const MATERIAL_FIELDS: RecordRules = {
  ...COMMON,
  materialName: required(text('材料名称', 200)),
  materialAttachName: text('材料附件名称', 200),
  getType: required(code('收取方式', '0', '1', '2', '3', '6')),
  getNum: required(pattern('收取数量', /^\d{1,5}$/)),
  isNeed: code('是否必要', '0', '1'),
  certTypeCode: text('证照类型代码', 50),
};

export const FEE_FIELDS: RecordRules = {
  ...COMMON,
  payCode: required(pattern('缴款码', /^\d{20}$/)),
  payerName: required(text('缴款人', 100)),
  items: required(list('收费项目')),
  totalAmount: required(pattern('总金额', /^\d{1,12}\.\d{2}$/)),
  dueDate: required(date('缴款期限')),
};

export const FEE_ITEM_FIELDS: RecordRules = {
  itemCode: required(text('项目编码', 50)),
  itemName: required(text('项目名称', 200)),
  standard: required(pattern('收费标准', /^\d{1,12}\.\d{2}$/)),
  quantity: required(integer('数量', 1)),
  amount: required(pattern('金额', /^\d{1,12}\.\d{2}$/)),
};

export const QUERY_FIELDS: RecordRules = {
  projectNo: required(text('办件编号', 50)),
  projectPwd: required(pattern('查询密码', /^\d{6}$/)),
};

export const ITEM_FIELDS: RecordRules = { taskCode: required(text('实施编码', 36)) };
