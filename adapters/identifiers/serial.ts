import { InvalidIdentifier } from './invalid-identifier.ts';

/**
 * A running number (流水号) as zero-padded digits, for the identifiers that this side numbers itself. Throws
 * `InvalidIdentifier` in the name of the identifier being made when the serial is not a whole number from 1 to what
 * `width` digits can hold: a counter that has run over must stop the call, not repeat numbers.
 *
 * @example serialDigits('CaseNumber', 17, 4) // '0017'
 */
export function serialDigits(identifier: string, serial: number, width: number): string {
  if (!Number.isSafeInteger(serial) || serial < 1 || serial >= 10 ** width) {
    throw new InvalidIdentifier(identifier, { reason: 'serial out of range', reasonZh: '流水号超出范围' });
  }
  return serial.toString().padStart(width, '0');
}
