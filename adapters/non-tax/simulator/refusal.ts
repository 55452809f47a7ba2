/** A business refusal: a code of wire spec 4 and the text beside it. The text never repeats what the request held. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

/** Parameters break the message rules (10002); the field is named as the wire names it, nested ones with dots. */
export function badParameter(field: string): Refusal {
  return new Refusal('10002', `报文参数不符合规范：${field}`);
}

export const unknownPayCode = (): Refusal => new Refusal('11001', '不存在的缴款码');
export const wrongCheckCode = (): Refusal => new Refusal('11002', '缴款书校验码错误');
export const overdueNotice = (): Refusal => new Refusal('11003', '缴款书已过期');
export const voidNotice = (): Refusal => new Refusal('11004', '缴款书已作废');

/** What the state of a notice does not allow: the generic 99999 and a text, as wire spec 3.8, example 11. */
export function notNow(text: string): Refusal {
  return new Refusal('99999', text);
}
