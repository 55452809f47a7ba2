import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Employment and entrepreneurship certificate number (就业创业证编号): 16 digits, division, year part and serial,
 * without a check digit (identifiers.md 7).
 */
export type EmploymentCertificate = string & { readonly __brand: 'EmploymentCertificate' };

export interface EmploymentCertificateOptions {
  /**
   * Where the certificate must come from: Xianning (咸宁市) and its counties, unless told that another region's is
   * welcome.
   */
  readonly issuedIn?: 'Xianning' | 'anywhere';
}

const XIANNING = /^42(?:120[0-2]|122[1-4]|1281)/;

/**
 * Takes a certificate number as typed. Throws `InvalidIdentifier`, for certificates from outside Xianning too unless
 * the options allow them (identifiers.md 7).
 *
 * @example parseEmploymentCertificate('4403050021000017', { issuedIn: 'anywhere' }) // '4403050021000017'
 */
export function parseEmploymentCertificate(
  text: string,
  options: EmploymentCertificateOptions = {},
): EmploymentCertificate {
  const value = inputForm(text);
  return accepted<EmploymentCertificate>('EmploymentCertificate', value, faultOf(value, options));
}

/**
 * True for a certificate number exactly as the wire carries it (identifiers.md 7).
 *
 * @example isEmploymentCertificate('4212020022000017') // true
 */
export function isEmploymentCertificate(
  text: string,
  options: EmploymentCertificateOptions = {},
): text is EmploymentCertificate {
  return faultOf(text, options) === undefined;
}

function faultOf(text: string, options: EmploymentCertificateOptions): Fault | undefined {
  if (!/^\d{16}$/.test(text)) return { reason: 'must be 16 digits', reasonZh: '应为16位数字' };
  if (options.issuedIn !== 'anywhere' && !XIANNING.test(text)) {
    return { reason: 'issued outside Xianning', reasonZh: '非咸宁市签发' };
  }
  return undefined;
}
