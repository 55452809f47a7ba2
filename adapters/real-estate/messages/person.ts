import { parseIdNumber } from '../../identifiers/id-number.ts';
import { formInput, identifierInput, textInput } from './input-fields.ts';

/** The person that a query or a print is about (QLRMC, ZJZL, ZJH). */
export interface Person {
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
}

/** ZJZL of the resident ID card (wire spec 3.1). */
export const RESIDENT_ID_CARD = '1';

/**
 * The person's attributes. A resident's number is sent with 18 characters in upper case (wire spec 3.2), its 15-digit form only where
 * the client repeats a query with it. Throws `INVALID_INPUT`.
 */
export function personAttributes({ name, idType, idNumber }: Person): Record<'QLRMC' | 'ZJZL' | 'ZJH', string> {
  return {
    QLRMC: textInput('name', name, 100),
    ZJZL: formInput('idType', idType, /^(?:[1-7]|99)$/, 'must be an ID type code 1 to 7 or 99'),
    ZJH: idType === RESIDENT_ID_CARD ? residentNumber(idNumber) : textInput('idNumber', idNumber, 50),
  };
}

function residentNumber(idNumber: string): string {
  if (/^\d{15}$/.test(idNumber)) return idNumber;
  return identifierInput('idNumber', idNumber, parseIdNumber);
}

/**
 * The number's 15-digit form of before 1999: no century, no check character. Undefined for those born since 2000, who never had
 * one.
 */
export function fifteenDigits(idNumber: string): string | undefined {
  return /^\d{6}19\d{9}[\dX]$/.test(idNumber) ? idNumber.slice(0, 6) + idNumber.slice(8, 17) : undefined;
}
