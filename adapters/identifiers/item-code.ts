import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { isProvince } from './province.ts';
import { serialDigits } from './serial.ts';
import { isSocialCreditCode, type SocialCreditCode } from './social-credit-code.ts';

/** Basic code of a government service item (基本编码, catalogCode), 12 digits (unified-acceptance.md 3.1). */
export type BasicCode = string & { readonly __brand: 'BasicCode' };

/**
 * Implementation code (实施编码, taskCode), 31 characters: a body, a level and a basic code (unified-acceptance.md
 * 3.1).
 */
export type ImplementationCode = string & { readonly __brand: 'ImplementationCode' };

/**
 * Business handling item (业务办理项编码, taskHandleItem), 33 characters: an implementation code and 01–99
 * (unified-acceptance.md 3.1).
 */
export type HandlingItem = string & { readonly __brand: 'HandlingItem' };

/** The parts of a basic code, each as its digits (unified-acceptance.md 3.1). */
export interface BasicCodeParts {
  /** `00` for a national item, else the province. */
  readonly origin: string;
  /** Item type (事项类型), for example `20` public service (公共服务). */
  readonly itemType: string;
  readonly departmentGroup: string;
  readonly mainItem: string;
  /** `000` when the item has no sub-items. */
  readonly subItem: string;
}

/**
 * Exercise level (行使层级) that may be written: nation, province, city, county, township. `6` is read but means two
 * things.
 */
export type WrittenLevel = '1' | '2' | '3' | '4' | '5';

/** The parts of an implementation code (unified-acceptance.md 3.1). */
export interface ImplementationCodeParts {
  /** The body that handles the item (实施主体). */
  readonly body: SocialCreditCode;
  readonly level: WrittenLevel | '6';
  readonly basicCode: BasicCode;
}

/**
 * Takes a basic code as typed. Throws `InvalidIdentifier` (unified-acceptance.md 3.1).
 *
 * @example parseBasicCode('000117051000') // '000117051000'
 */
export function parseBasicCode(text: string): BasicCode {
  const value = upperInputForm(text);
  return accepted<BasicCode>('BasicCode', value, basicFaultOf(value));
}

/**
 * True for a basic code exactly as the wire carries it (unified-acceptance.md 3.1).
 *
 * @example isBasicCode('420711004000') // true
 */
export function isBasicCode(text: string): text is BasicCode {
  return basicFaultOf(text) === undefined;
}

/**
 * Takes a basic code apart (unified-acceptance.md 3.1).
 *
 * @example splitBasicCode(parseBasicCode('000117051000')).departmentGroup // '17'
 */
export function splitBasicCode(code: BasicCode): BasicCodeParts {
  return {
    origin: code.slice(0, 2),
    itemType: code.slice(2, 4),
    departmentGroup: code.slice(4, 6),
    mainItem: code.slice(6, 9),
    subItem: code.slice(9, 12),
  };
}

/**
 * Takes an implementation code as typed. Throws `InvalidIdentifier` (unified-acceptance.md 3.1).
 *
 * @example parseImplementationCode('11440232MB2D06811W4000117051000') // the same
 */
export function parseImplementationCode(text: string): ImplementationCode {
  const value = upperInputForm(text);
  return accepted<ImplementationCode>('ImplementationCode', value, implementationFaultOf(value));
}

/**
 * True for an implementation code exactly as the wire carries it (unified-acceptance.md 3.1).
 *
 * @example isImplementationCode('11421202MB2A91048P9420711004000') // false, no level 9
 */
export function isImplementationCode(text: string): text is ImplementationCode {
  return implementationFaultOf(text) === undefined;
}

/**
 * Takes an implementation code apart (unified-acceptance.md 3.1).
 *
 * @example splitImplementationCode(parseImplementationCode('11440232MB2D06811W4000117051000')).level // '4'
 */
export function splitImplementationCode(code: ImplementationCode): ImplementationCodeParts {
  return {
    body: code.slice(0, 18) as SocialCreditCode,
    level: code.slice(18, 19) as ImplementationCodeParts['level'],
    basicCode: code.slice(19) as BasicCode,
  };
}

/**
 * Puts an implementation code together; level 6 cannot be written (unified-acceptance.md 3.1).
 *
 * @example composeImplementationCode({
 *   body: parseSocialCreditCode('11421202MB2A91048P'), level: '5', basicCode: parseBasicCode('420711004000'),
 * }) // '11421202MB2A91048P5420711004000'
 */
export function composeImplementationCode(parts: {
  readonly body: SocialCreditCode;
  readonly level: WrittenLevel;
  readonly basicCode: BasicCode;
}): ImplementationCode {
  return `${parts.body}${parts.level}${parts.basicCode}` as ImplementationCode;
}

/**
 * Takes a business handling item as typed. Throws `InvalidIdentifier` (unified-acceptance.md 3.1).
 *
 * @example parseHandlingItem('11421202MB2A91048P542071100400001') // the same
 */
export function parseHandlingItem(text: string): HandlingItem {
  const value = upperInputForm(text);
  return accepted<HandlingItem>('HandlingItem', value, handlingFaultOf(value));
}

/**
 * True for a business handling item exactly as the wire carries it (unified-acceptance.md 3.1).
 *
 * @example isHandlingItem('11421202MB2A91048P542071100400000') // false, numbers begin with 01
 */
export function isHandlingItem(text: string): text is HandlingItem {
  return handlingFaultOf(text) === undefined;
}

/**
 * The implementation code that a handling item belongs to (unified-acceptance.md 3.1).
 *
 * @example implementationCodeOf(parseHandlingItem('11421202MB2A91048P542071100400001')) // '11421202MB2A91048P5420711004000'
 */
export function implementationCodeOf(item: HandlingItem): ImplementationCode {
  return item.slice(0, 31) as ImplementationCode;
}

/**
 * The handling item of a number from 1 to 99 under an implementation code. Throws `InvalidIdentifier` for other numbers
 * (unified-acceptance.md 3.1).
 *
 * @example composeHandlingItem(parseImplementationCode('11421202MB2A91048P5420711004000'), 1) // '…400001'
 */
export function composeHandlingItem(code: ImplementationCode, number: number): HandlingItem {
  return `${code}${serialDigits('HandlingItem', number, 2)}` as HandlingItem;
}

function basicFaultOf(text: string): Fault | undefined {
  if (!/^\d{12}$/.test(text)) return { reason: 'must be 12 digits', reasonZh: '应为12位数字' };
  const origin = text.slice(0, 2);
  if (origin !== '00' && !isProvince(origin)) return { reason: 'no such origin', reasonZh: '事项来源代码不存在' };
  if (!/^(?:0[1-9]|10|20)$/.test(text.slice(2, 4))) {
    return { reason: 'no such item type', reasonZh: '事项类型代码不存在' };
  }
  return undefined;
}

function implementationFaultOf(text: string): Fault | undefined {
  if (text.length !== 31) return { reason: 'must have 31 characters', reasonZh: '应为31位' };
  if (!isSocialCreditCode(text.slice(0, 18))) {
    return { reason: 'social credit code wrong', reasonZh: '前18位不是有效的统一社会信用代码' };
  }
  if (!/[1-6]/.test(text.charAt(18))) return { reason: 'no such exercise level', reasonZh: '行使层级代码不存在' };
  return basicFaultOf(text.slice(19));
}

function handlingFaultOf(text: string): Fault | undefined {
  if (text.length !== 33) return { reason: 'must have 33 characters', reasonZh: '应为33位' };
  if (!/^(?!00)\d{2}$/.test(text.slice(31))) return { reason: 'number must be 01 to 99', reasonZh: '末两位应为01至99' };
  return implementationFaultOf(text.slice(0, 31));
}
