/** What the registry says for each code of wire spec section 4. */
export const WORDS = {
  '0000': '成功',
  '1001': '数字签名验证失败',
  '1002': '报文格式错误或缺少必填元素',
  '1003': '不动产单元号格式错误',
  '1004': '不动产权证号格式错误',
  '1005': '证件种类或证件号码格式错误',
  '1006': '业务报文ID已使用',
  '1007': '创建时间与登记机构时间相差超过10分钟',
  '1101': '无权进行该类查询',
  '1102': '当日查询次数已达上限',
  '1103': '缺少查询目的或查询申请书编号',
  '2001': '姓名与证件号码不一致',
  '2002': '查询结果过大，请缩小查询范围',
  '2003': '查询编号不存在或已过期',
  '2004': '收费合计与明细不符',
  '2005': '受理编号不存在',
  '2006': '缴款码已关联其他业务',
  '3001': '证明正在生成',
  '9001': '数据库无法连接',
  '9999': '系统未知错误',
} as const;

export type RegistryCode = keyof typeof WORDS;

/** Told by a SOAP Fault and not by a message (wire spec section 4). */
const FAULTS: Partial<Record<RegistryCode, 'Client' | 'Server'>> = {
  '1001': 'Client',
  '1002': 'Client',
  '1006': 'Client',
  '9001': 'Server',
  '9999': 'Server',
};

/** The registry will not do what it was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RegistryCode;

  constructor(code: RegistryCode) {
    super(`${code} ${WORDS[code]}`);
    this.code = code;
  }

  /** Whose fault a SOAP Fault says it is; undefined for a code that a message tells. */
  get fault(): 'Client' | 'Server' | undefined {
    return FAULTS[this.code];
  }
}
