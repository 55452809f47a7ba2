import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Organisation code (组织机构代码), GB 11714-1997: eight characters, a hyphen and a check character; the hyphen is left
 * out inside a unified social credit code. Both forms are valid and parsing keeps the one given: compare by
 * `withoutHyphen` (identifiers.md 3).
 */
export type OrganisationCode = string & { readonly __brand: 'OrganisationCode' };

const WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/**
 * Takes an organisation code as typed, with or without its hyphen. Throws `InvalidIdentifier` (identifiers.md 3).
 *
 * @example parseOrganisationCode('mb2a9104-8') // 'MB2A9104-8'
 */
export function parseOrganisationCode(text: string): OrganisationCode {
  const value = upperInputForm(text);
  return accepted<OrganisationCode>('OrganisationCode', value, faultOf(value));
}

/**
 * True for an organisation code exactly as the wire carries it, with or without hyphen (identifiers.md 3).
 *
 * @example isOrganisationCode('D2143569-X') // true
 */
export function isOrganisationCode(text: string): text is OrganisationCode {
  return faultOf(text) === undefined;
}

/**
 * The nine characters as they stand inside a unified social credit code (identifiers.md 2, 3).
 *
 * @example withoutHyphen(parseOrganisationCode('MB2A9104-8')) // 'MB2A91048'
 */
export function withoutHyphen(code: OrganisationCode): OrganisationCode {
  return code.replace('-', '') as OrganisationCode;
}

/**
 * The form printed on the old certificates (identifiers.md 3).
 *
 * @example withHyphen(parseOrganisationCode('MB2A91048')) // 'MB2A9104-8'
 */
export function withHyphen(code: OrganisationCode): OrganisationCode {
  return `${code.slice(0, 8)}-${code.slice(-1)}` as OrganisationCode;
}

function faultOf(text: string): Fault | undefined {
  if (!/^[0-9A-Z]{8}-?[0-9X]$/.test(text)) {
    return {
      reason: 'must be eight digits or capitals, a hyphen or none, and a check digit or X',
      reasonZh: '应为8位数字或大写字母加1位校验码（数字或X），中间可有连字符',
    };
  }
  if (text.slice(-1) !== checkCharacter(text)) return { reason: 'check character wrong', reasonZh: '校验码不正确' };
  return undefined;
}

function checkCharacter(text: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number.parseInt(text.charAt(index), 36), 0);
  return '0X987654321'.charAt(sum % 11);
}
