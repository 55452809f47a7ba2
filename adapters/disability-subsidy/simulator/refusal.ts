/** A refusal in the words of wire spec 4; caught where the answer is written. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  /** Further members of `data`. */
  readonly data: Readonly<Record<string, string>>;

  constructor(code: string, message = TEXTS[code] ?? '', data: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** LB1001 names the field. */
export function malformed(field: string): Refusal {
  return new Refusal('LB1001', `字段缺失或格式错误：${field}`);
}

/** Texts of the golden transcripts where there are any, else of the catalogue. */
const TEXTS: Readonly<Record<string, string>> = {
  '1': '请求参数错误',
  '-1': '接口调用失败',
  'E-106': '请求不在授权列表中',
  '-5': '签名参数校验失败',
  '-19': 'rtime超时',
  '-31': '刷新密钥参数错误',
  '-50': '密钥已失效，正在刷新，请20秒后再试',
  '12101': '访问频率超限',
  LB1002: '身份号码校验不通过',
  LB1003: '残疾人证号有误或与本人不符',
  LB1004: '申请不存在',
  LB1005: '无权访问该区划数据',
  LB2001: '残疾人证无效或已过期',
  LB2002: '户籍地与人口库不一致',
  LB2003: '残疾等级不符合护理补贴条件',
  LB2004: '不属于低保家庭',
  LB2005: '已享受特困供养、孤儿保障或工伤护理费',
  LB2006: '已在其他地区享受同类补贴',
  LB2007: '银行账户校验不通过',
  LB3001: '该人员同类补贴已有在办申请',
  LB3002: '当前状态不允许该操作',
};
