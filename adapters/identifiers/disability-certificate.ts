import { type IdNumber, type IdNumberOptions, isIdNumber } from './id-number.ts';
import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Disability certificate number (残疾人证号): the holder's identity number, category and grade, 20 characters; 22 with
 * the count of re-issues (identifiers.md 6).
 */
export type DisabilityCertificate = string & { readonly __brand: 'DisabilityCertificate' };

/** What a disability certificate number says (identifiers.md 6). */
export interface DisabilityCertificateParts {
  readonly holder: IdNumber;
  /** Category of disability (残疾类别), 1–7. */
  readonly category: number;
  /** Grade (残疾等级), 1 the gravest to 4. */
  readonly grade: number;
  /** How often the certificate was issued again (补办次数), 0–9. */
  readonly reissues: number;
}

/**
 * Takes a disability certificate number as typed. Throws `InvalidIdentifier`. The 21-character form that one system
 * writes is refused (identifiers.md 6).
 *
 * @example parseDisabilityCertificate('42120219870605991x63') // '42120219870605991X63'
 */
export function parseDisabilityCertificate(text: string, options: IdNumberOptions = {}): DisabilityCertificate {
  const value = upperInputForm(text);
  return accepted<DisabilityCertificate>('DisabilityCertificate', value, faultOf(value, options));
}

/**
 * True for a disability certificate number exactly as the wire carries it (identifiers.md 6).
 *
 * @example isDisabilityCertificate('44030519820609996371B1') // true
 */
export function isDisabilityCertificate(text: string, options: IdNumberOptions = {}): text is DisabilityCertificate {
  return faultOf(text, options) === undefined;
}

/**
 * Takes a certificate number apart (identifiers.md 6).
 *
 * @example splitDisabilityCertificate(parseDisabilityCertificate('42120219780315992642')).grade // 2
 */
export function splitDisabilityCertificate(certificate: DisabilityCertificate): DisabilityCertificateParts {
  return {
    holder: certificate.slice(0, 18) as IdNumber,
    category: Number(certificate.charAt(18)),
    grade: Number(certificate.charAt(19)),
    reissues: Number(certificate.slice(21)),
  };
}

function faultOf(text: string, options: IdNumberOptions): Fault | undefined {
  if (text.length !== 20 && text.length !== 22) {
    return { reason: 'must have 20 or 22 characters', reasonZh: '应为20位或22位' };
  }
  if (!isIdNumber(text.slice(0, 18), options)) {
    return { reason: 'identity number wrong', reasonZh: '前18位不是有效的身份号码' };
  }
  if (!/[1-7]/.test(text.charAt(18))) return { reason: 'category must be 1 to 7', reasonZh: '残疾类别应为1至7' };
  if (!/[1-4]/.test(text.charAt(19))) return { reason: 'grade must be 1 to 4', reasonZh: '残疾等级应为1至4' };
  if (!/^(?:B[1-9])?$/.test(text.slice(20))) {
    return { reason: 'suffix must be B1 to B9', reasonZh: '补办标识应为B1至B9' };
  }
  return undefined;
}
