/**
 * The platform's refusals. It has no numbered catalogue: `infcode` is -1 and the meaning is a text that begins with a service mark
 * and ends with a code locator in brackets (wire spec 4). The texts are invented, apart from the two that golden answers hold.
 */
const REFUSALS = {
  personNotFound: ['未查询到人员参保信息', 'demoPsnBO_0001'],
  regionWrong: ['参保地医保区划与人员参保信息不符', 'demoPsnBO_0002'],
  insuranceMissing: ['人员没有该险种的参保信息', 'demoPsnBO_0003'],
  insuranceNotActive: ['人员参保状态不正常，不能办理', 'demoPsnBO_0004'],
  certificateWrong: ['就诊凭证与人员不符', 'demoPsnBO_0005'],
  personDataWrong: ['人员基本信息与参保信息不符', 'demoPsnBO_0006'],
  signInMissing: ['未签到或签到编号已失效，请重新签到', 'demoSignBO_0010'],
  providerUnknown: ['未查询到定点医药机构信息', 'demoFixBO_0020'],
  transactionUnknown: ['交易编号未开通', 'demoCommBO_0021'],
  notAnEnvelope: ['报文不是有效的JSON交易报文', 'demoCommBO_0022'],
  filingNotFound: ['未查询到有效的备案记录', 'demoDclaBO_0030'],
  filingReviewed: ['备案已审核，不能撤销', 'demoDclaBO_0031'],
  settlementRefunded: ['原结算已退费，不能办理冲正', 'demoSetlBO_0040'],
  settlementNotFound: ['未查询到结算信息', 'demoSetlBO_0041'],
  alreadyRefunded: ['结算已退费，不能重复撤销', 'demoSetlBO_0042'],
  visitSettled: ['就诊已结算，不能办理', 'demoSetlBO_0043'],
  nothingToSettle: ['没有已上传的费用明细，不能结算', 'demoSetlBO_0044'],
  amountsDiffer: ['费用金额与已上传的费用明细不符', 'demoSetlBO_0045'],
  kindNotSettled: ['该险种不能办理结算', 'demoSetlBO_0046'],
  reversalNotOffered: ['该交易不支持冲正', 'demoRevsBO_0050'],
  originalNotFound: ['未查询到原交易，不能办理冲正', 'demoRevsBO_0051'],
  settledSince: ['原交易之后已重新结算，不能办理冲正', 'demoRevsBO_0052'],
  visitNotFound: ['未查询到就诊信息', 'demoMdtrtBO_0060'],
  visitDataWrong: ['交易内容与就诊登记不符', 'demoMdtrtBO_0061'],
  visitHasFees: ['就诊有未撤销的费用明细，不能撤销入院', 'demoMdtrtBO_0062'],
  visitDischarged: ['就诊已办理出院，不能撤销入院', 'demoMdtrtBO_0063'],
  feeRepeated: ['费用明细流水号重复', 'demoFeeBO_0070'],
  feeOriginalWrong: ['冲减明细的原费用流水号或金额不正确', 'demoFeeBO_0071'],
  feesNotFound: ['未查询到费用明细', 'demoFeeBO_0072'],
  fileNotFound: ['未查询到文件', 'demoFileBO_0080'],
  fileExpired: ['文件已超过下载截止时间', 'demoFileBO_0081'],
  fileMalformed: ['对账明细文件格式不正确', 'demoFileBO_0082'],
  datesReversed: ['结束日期早于开始日期', 'demoCheckBO_0091'],
} as const satisfies Record<string, readonly [text: string, locator: string]>;

export type RefusalName = keyof typeof REFUSALS;

/** Ends a transaction with `infcode` -1 and this text; nothing was done. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The refusal of that name, to be thrown. */
export function refusal(name: RefusalName): Refusal {
  const [text, locator] = REFUSALS[name];
  return new Refusal(`FSI-示例：${text}[${locator}]`);
}

/** The refusal of one field of the request, by its path (`refmedin.psn_no`) and what is wrong with it. Never shows the value. */
export function fieldRefusal(path: string, fault: string): Refusal {
  return new Refusal(`FSI-示例：入参校验失败，${path}${fault}[demoCheckBO_0090]`);
}
