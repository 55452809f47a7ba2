import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { isOrganisationCode, type OrganisationCode } from './organisation-code.ts';

/**
 * Unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters with two check characters (identifiers.md
 * 2).
 */
export type SocialCreditCode = string & { readonly __brand: 'SocialCreditCode' };

/** The parts of a unified social credit code that say who registered what (identifiers.md 2). */
export interface SocialCreditCodeParts {
  /** Registering department (登记管理部门), one character. */
  readonly department: string;
  /** Category of organisation (机构类别), one character, counted per department. */
  readonly category: string;
  /** Division of the registering body (登记管理机关行政区划), 6 digits, not the seat of the organisation. */
  readonly division: string;
  /** Organisation code (组织机构代码) without its hyphen. */
  readonly organisationCode: OrganisationCode;
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/**
 * Categories by department. The standard's lists for the departments not met in the sources are not known: any digit
 * but 0.
 */
const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['1', '1239'],
  ['5', '1239'],
  ['9', '123'],
  ...['2', '3', '4', '6', '7', '8', 'A', 'N', 'Y'].map((department) => [department, '123456789'] as const),
]);

/**
 * Takes a unified social credit code as typed. Throws `InvalidIdentifier` (identifiers.md 2).
 *
 * @example parseSocialCreditCode('91421202ma4b1c2d1w') // '91421202MA4B1C2D1W'
 */
export function parseSocialCreditCode(text: string): SocialCreditCode {
  const value = upperInputForm(text);
  return accepted<SocialCreditCode>('SocialCreditCode', value, faultOf(value));
}

/**
 * True for a unified social credit code exactly as the wire carries it (identifiers.md 2).
 *
 * @example isSocialCreditCode('11421202MB2A91048P') // true
 */
export function isSocialCreditCode(text: string): text is SocialCreditCode {
  return faultOf(text) === undefined;
}

/**
 * Takes the code apart (identifiers.md 2).
 *
 * @example splitSocialCreditCode(parseSocialCreditCode('11421202MB2A91048P')).organisationCode // 'MB2A91048'
 */
export function splitSocialCreditCode(code: SocialCreditCode): SocialCreditCodeParts {
  return {
    department: code.slice(0, 1),
    category: code.slice(1, 2),
    division: code.slice(2, 8),
    organisationCode: code.slice(8, 17) as OrganisationCode,
  };
}

function faultOf(text: string): Fault | undefined {
  if (text.length !== 18) return { reason: 'must have 18 characters', reasonZh: '应为18位' };
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text)) {
    return {
      reason: 'must be digits and capitals other than I O S V Z',
      reasonZh: '应为数字或大写字母（不含I、O、S、V、Z）',
    };
  }
  const categories = CATEGORIES.get(text.charAt(0));
  if (categories === undefined) return { reason: 'no such registering department', reasonZh: '登记管理部门代码不存在' };
  if (!categories.includes(text.charAt(1))) return { reason: 'no such category', reasonZh: '机构类别代码不存在' };
  if (!/^\d{6}$/.test(text.slice(2, 8))) {
    return { reason: 'division must be 6 digits', reasonZh: '登记管理机关行政区划码应为6位数字' };
  }
  if (text.charAt(17) !== checkCharacter(text)) return { reason: 'check character wrong', reasonZh: '校验码不正确' };
  if (!isOrganisationCode(text.slice(8, 17))) {
    return { reason: 'organisation check character wrong', reasonZh: '组织机构代码校验码不正确' };
  }
  return undefined;
}

function checkCharacter(text: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * ALPHABET.indexOf(text.charAt(index)), 0);
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}
