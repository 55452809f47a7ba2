import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';
import { isParcelCode, type ParcelCode } from './parcel-code.ts';

/**
 * Real-estate unit number (不动产单元号), GB/T 37346: 28 characters, parcel code and fixture, no check digit
 * (real-estate.md 6.1).
 */
export type RealEstateUnit = string & { readonly __brand: 'RealEstateUnit' };

/** What stands on the parcel (定着物): a dwelling or other room of a building, forest, something else, or nothing. */
export type Fixture =
  | {
      readonly kind: 'building';
      /** Four digits; `9999` means the whole project. */
      readonly building: string;
      /** Four digits. */
      readonly room: string;
    }
  | { readonly kind: 'forest' | 'other'; readonly serial: string }
  | { readonly kind: 'none' };

/**
 * Takes a unit number as typed, also with the spaces of its display form. Throws `InvalidIdentifier` (real-estate.md
 * 6.1).
 *
 * @example parseRealEstateUnit('421202 001002 GB00012 F00030402') // '421202001002GB00012F00030402'
 */
export function parseRealEstateUnit(text: string): RealEstateUnit {
  const value = upperInputForm(text).replace(/\s+/g, '');
  return accepted<RealEstateUnit>('RealEstateUnit', value, faultOf(value));
}

/**
 * True for a unit number exactly as the wire carries it, without spaces (real-estate.md 6.1).
 *
 * @example isRealEstateUnit('421202001002GB00012W00000001') // false, W has zeros behind it
 */
export function isRealEstateUnit(text: string): text is RealEstateUnit {
  return faultOf(text) === undefined;
}

/**
 * The unit number in the four groups people read (real-estate.md 6.1).
 *
 * @example displayForm(parseRealEstateUnit('421202001002GB00012F00030402')) // '421202 001002 GB00012 F00030402'
 */
export function displayForm(unit: RealEstateUnit): string {
  return `${unit.slice(0, 6)} ${unit.slice(6, 12)} ${unit.slice(12, 19)} ${unit.slice(19)}`;
}

/**
 * The parcel a unit lies on (real-estate.md 6.1).
 *
 * @example parcelOf(parseRealEstateUnit('421202001002GB00012F00030402')) // '421202001002GB00012'
 */
export function parcelOf(unit: RealEstateUnit): ParcelCode {
  return unit.slice(0, 19) as ParcelCode;
}

/**
 * What stands on the parcel (real-estate.md 6.1).
 *
 * @example fixtureOf(parseRealEstateUnit('421202001002GB00012F00030402')) // { kind: 'building', building: '0003', room: '0402' }
 */
export function fixtureOf(unit: RealEstateUnit): Fixture {
  switch (unit.charAt(19)) {
    case 'F':
      return {
        kind: 'building',
        building: unit.slice(20, 24),
        room: unit.slice(24),
      };
    case 'L':
      return { kind: 'forest', serial: unit.slice(20) };
    case 'Q':
      return { kind: 'other', serial: unit.slice(20) };
    default:
      return { kind: 'none' };
  }
}

/**
 * True for a virtual unit number: land in no cadastral district. Sea (H) and islands (G) lie in none either and are
 * real (real-estate.md 6.1).
 *
 * @example isVirtualUnit(parseRealEstateUnit('421202000000GB00012F00030402')) // true
 */
export function isVirtualUnit(unit: RealEstateUnit): boolean {
  return /^\d{6}0{6}.[^GH]/.test(unit);
}

function faultOf(text: string): Fault | undefined {
  if (text.length !== 28) return { reason: 'must have 28 characters', reasonZh: '应为28位' };
  if (!isParcelCode(text.slice(0, 19))) return { reason: 'parcel code wrong', reasonZh: '前19位不是有效的宗地代码' };
  if (!/^(?:[FLQ]\d{8}|W0{8})$/.test(text.slice(19))) {
    return {
      reason: 'fixture must be F, L or Q and 8 digits, or W and zeros',
      reasonZh: '定着物单元号应为F、L、Q加8位数字，或W00000000',
    };
  }
  return undefined;
}
