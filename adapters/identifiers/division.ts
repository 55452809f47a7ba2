import { inputForm } from './input-form.ts';
import { accepted, type Fault, InvalidIdentifier } from './invalid-identifier.ts';
import type { NationalDivision } from './national-division.ts';

/**
 * Administrative division code (行政区划代码) of Xian'an district or a place in it: 6, 9 or 12 digits, the levels below
 * the one meant left out or padded with zeros (identifiers.md 5).
 */
export type Division = string & { readonly __brand: 'Division' };

/**
 * A division whose office may take a case (受理机构所在区划): the district, a legal street, town or township, or a
 * place in one.
 */
export type AcceptingOffice = Division & { readonly __acceptingOffice: true };

/** How deep a code goes: 省, 地, 县, 乡, 村. */
export type DivisionLevel = 'province' | 'prefecture' | 'county' | 'town' | 'village';

/** What a division of Xian'an is by law: 市辖区, 街道, 镇, 乡, 类似乡级单位, 社区, 村, 类似村级单位. */
export type DivisionKind =
  | 'district'
  | 'street'
  | 'town'
  | 'township'
  | 'township-like'
  | 'community'
  | 'village'
  | 'village-like';

/** One row of the table of Xian'an's town-level divisions. */
export interface Town {
  /** 9 digits. */
  readonly code: Division;
  readonly name: string;
  readonly kind: 'street' | 'town' | 'township' | 'township-like';
}

/** Xian'an district (咸安区), the 6-digit code. */
export const XIANAN = '421202' as Division;

/** The district's streets, towns, township, and the zones and farm treated like townships (identifiers.md 5). */
export const TOWNS: readonly Town[] = [
  town('421202001', '温泉街道', 'street'),
  town('421202002', '浮山街道', 'street'),
  town('421202003', '永安街道', 'street'),
  town('421202100', '汀泗桥镇', 'town'),
  town('421202101', '向阳湖镇', 'town'),
  town('421202102', '官埠桥镇', 'town'),
  town('421202103', '横沟桥镇', 'town'),
  town('421202104', '贺胜桥镇', 'town'),
  town('421202105', '双溪桥镇', 'town'),
  town('421202106', '马桥镇', 'town'),
  town('421202107', '桂花镇', 'town'),
  town('421202108', '高桥镇', 'town'),
  town('421202200', '大幕乡', 'township'),
  town('421202450', '向阳湖奶牛良种场', 'township-like'),
  town('421202451', '咸安商贸物流区', 'township-like'),
  town('421202570', '咸宁市经济技术开发区', 'township-like'),
  town('421202571', '湖北咸安经济开发区', 'township-like'),
];

const TOWN_BY_CODE: ReadonlyMap<string, Town> = new Map(TOWNS.map((row) => [row.code, row]));

/**
 * Takes a division code of Xian'an as typed. Throws `InvalidIdentifier`, also for towns the district does not have;
 * villages and communities are not in the table and only need their town (identifiers.md 5).
 *
 * @example parseDivision('421202001') // '421202001'
 */
export function parseDivision(text: string): Division {
  const value = inputForm(text);
  return accepted<Division>('Division', value, faultOf(value));
}

/**
 * True for a division code of Xian'an exactly as the wire carries it (identifiers.md 5).
 *
 * @example isDivision('421202999000') // false, no such town
 */
export function isDivision(text: string): text is Division {
  return faultOf(text) === undefined;
}

/**
 * Takes the division of an office that is to accept a case. Throws `InvalidIdentifier` also for the development zones
 * and the farm, which occur in addresses but are no legal townships and have no office (identifiers.md 5).
 *
 * @example parseAcceptingOffice('421202106') // '421202106'
 */
export function parseAcceptingOffice(text: string): AcceptingOffice {
  const value = inputForm(text);
  const fault = faultOf(value) ?? officeFaultOf(value);
  if (fault) throw new InvalidIdentifier('AcceptingOffice', fault);
  return value as AcceptingOffice;
}

/**
 * True for the code of a division whose office may accept cases, exactly as the wire carries it (identifiers.md 5).
 *
 * @example isAcceptingOffice('421202571000') // false, a development zone
 */
export function isAcceptingOffice(text: string): text is AcceptingOffice {
  return (faultOf(text) ?? officeFaultOf(text)) === undefined;
}

/**
 * The level a code means, zeros at the end being padding (identifiers.md 5).
 *
 * @example divisionLevel(parseDivision('421202001000')) // 'town'
 */
export function divisionLevel(division: Division | NationalDivision): DivisionLevel {
  switch (significantDigits(division).length) {
    case 2:
      return 'province';
    case 4:
      return 'prefecture';
    case 6:
      return 'county';
    case 9:
      return 'town';
    default:
      return 'village';
  }
}

/**
 * Whether one division is, or lies in, another. Compares prefixes by level, so that codes of different length and
 * padding agree: the only right way to ask about jurisdiction (管辖), never equality (identifiers.md 5).
 *
 * @example isWithin(parseDivision('421202001003'), parseDivision('421202001000')) // true
 */
export function isWithin(inner: Division | NationalDivision, outer: Division | NationalDivision): boolean {
  return significantDigits(inner).startsWith(significantDigits(outer));
}

/**
 * The code with all its 12 digits, as messages about persons carry it (identifiers.md 5).
 *
 * @example twelveDigits(parseDivision('421202')) // '421202000000'
 */
export function twelveDigits<Code extends Division | NationalDivision>(division: Code): Code {
  return division.padEnd(12, '0') as Code;
}

/**
 * The town-level division that a code means or lies in; undefined for the district itself (identifiers.md 5).
 *
 * @example townOf(parseDivision('421202106003'))?.name // '马桥镇'
 */
export function townOf(division: Division): Town | undefined {
  return TOWN_BY_CODE.get(division.slice(0, 9));
}

/**
 * The name of the district or of a town-level division; undefined for villages and communities, which the table does
 * not list (identifiers.md 5).
 *
 * @example divisionName(parseDivision('421202106')) // '马桥镇'
 */
export function divisionName(division: Division): string | undefined {
  switch (divisionLevel(division)) {
    case 'county':
      return '咸安区';
    case 'town':
      return townOf(division)?.name;
    default:
      return undefined;
  }
}

/**
 * What a division is: read off the table for town level, off the number's range for villages and communities
 * (identifiers.md 5).
 *
 * @example divisionKind(parseDivision('421202106201')) // 'village'
 */
export function divisionKind(division: Division): DivisionKind {
  const row = townOf(division);
  if (!row) return 'district';
  if (divisionLevel(division) === 'town') return row.kind;
  const number = Number(division.slice(9));
  if (number < 200) return 'community';
  return number < 400 ? 'village' : 'village-like';
}

function town(code: string, name: string, kind: Town['kind']): Town {
  return { code: code as Division, name, kind };
}

function faultOf(text: string): Fault | undefined {
  if (!/^\d{6}(?:\d{3}){0,2}$/.test(text)) {
    return { reason: 'must be 6, 9 or 12 digits', reasonZh: '应为6、9或12位数字' };
  }
  if (!text.startsWith(XIANAN)) return { reason: "outside Xian'an", reasonZh: '不在咸安区范围内' };
  const townDigits = text.slice(6, 9) || '000';
  const villageDigits = text.slice(9) || '000';
  if (townDigits === '000') {
    return villageDigits === '000'
      ? undefined
      : { reason: 'village without a town', reasonZh: '有村级代码而无乡级代码' };
  }
  if (!TOWN_BY_CODE.has(text.slice(0, 9))) return { reason: 'no such town', reasonZh: '乡镇街道代码不存在' };
  return undefined;
}

function officeFaultOf(text: string): Fault | undefined {
  return TOWN_BY_CODE.get(text.slice(0, 9))?.kind === 'township-like'
    ? { reason: 'zone or farm without an accepting office', reasonZh: '该区域不设受理机构' }
    : undefined;
}

/**
 * The code without the zeros that only pad it: all that lies in a division begins with these digits (identifiers.md 5).
 *
 * @example significantDigits('421202001000') // '421202001'
 */
export function significantDigits(division: string): string {
  const padded = division.padEnd(12, '0');
  if (!padded.endsWith('000')) return padded;
  if (padded.slice(6, 9) !== '000') return padded.slice(0, 9);
  if (padded.slice(4, 6) !== '00') return padded.slice(0, 6);
  return padded.slice(2, 4) === '00' ? padded.slice(0, 2) : padded.slice(0, 4);
}
