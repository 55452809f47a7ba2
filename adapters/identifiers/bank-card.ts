import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Bank card number (银行卡号), 16 to 19 digits with a Luhn check digit; subsidies are paid to it (identifiers.md 8).
 */
export type BankCard = string & { readonly __brand: 'BankCard' };

/**
 * Account number of an older passbook (存折), which looks like a card number but has no check digit (identifiers.md 8).
 */
export type Passbook = string & { readonly __brand: 'Passbook' };

/**
 * Takes a bank card number as typed. Throws `InvalidIdentifier`; spaces between groups are refused (identifiers.md 8).
 *
 * @example parseBankCard('6217002870001234564') // '6217002870001234564'
 */
export function parseBankCard(text: string): BankCard {
  const value = inputForm(text);
  return accepted<BankCard>('BankCard', value, faultOf(value) ?? luhnFaultOf(value));
}

/**
 * True for a bank card number exactly as the wire carries it (identifiers.md 8).
 *
 * @example isBankCard('6217002870001234565') // false, Luhn digit wrong
 */
export function isBankCard(text: string): text is BankCard {
  return (faultOf(text) ?? luhnFaultOf(text)) === undefined;
}

/**
 * Takes a passbook's account number as typed; a failing Luhn check is no reason to refuse it, see `passbookWarning`.
 * Throws `InvalidIdentifier` (identifiers.md 8).
 *
 * @example parsePassbook('6217002870001234565') // '6217002870001234565'
 */
export function parsePassbook(text: string): Passbook {
  const value = inputForm(text);
  return accepted<Passbook>('Passbook', value, faultOf(value));
}

/**
 * True for a passbook's account number exactly as the wire carries it (identifiers.md 8).
 *
 * @example isPassbook('6217002870001234565') // true
 */
export function isPassbook(text: string): text is Passbook {
  return faultOf(text) === undefined;
}

/**
 * What to tell the clerk about a passbook's number that fails the Luhn check: it may be right, it may be a mistyped
 * card (identifiers.md 8). Undefined when there is nothing to tell.
 *
 * @example passbookWarning(parsePassbook('6217002870001234565'))?.reason // 'check digit wrong'
 */
export function passbookWarning(passbook: Passbook): Fault | undefined {
  return luhnFaultOf(passbook);
}

function faultOf(text: string): Fault | undefined {
  return /^\d{16,19}$/.test(text) ? undefined : { reason: 'must be 16 to 19 digits', reasonZh: '应为16至19位数字' };
}

function luhnFaultOf(digits: string): Fault | undefined {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 ? undefined : { reason: 'check digit wrong', reasonZh: '校验位不正确' };
}
