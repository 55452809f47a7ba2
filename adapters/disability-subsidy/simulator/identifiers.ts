import { isBankCard } from '../../identifiers/bank-card.ts';
import { isDisabilityCertificate } from '../../identifiers/disability-certificate.ts';
import { isIdNumber } from '../../identifiers/id-number.ts';
import { Refusal } from './refusal.ts';

/** The identity number, or LB1002. */
export function checkIdNumber(text: string, now: number): string {
  if (!isIdNumber(text, { asOf: new Date(now) })) throw new Refusal('LB1002');
  return text;
}

/** The certificate number of this person, or LB1003. */
export function checkCertificateNumber(text: string, idNumber: string, now: number): string {
  const fits = isDisabilityCertificate(text, { asOf: new Date(now) }) && text.startsWith(idNumber);
  if (!fits) throw new Refusal('LB1003');
  return text;
}

/** Luhn, or LB2007. */
export function checkCardNumber(text: string): void {
  if (!isBankCard(text)) throw new Refusal('LB2007');
}
