import { upperInputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Code of a designated provider of medical insurance (定点医药机构编号, fixmedins_code), 12 characters: H hospital or P
 * pharmacy, region, serial (medical-insurance.md 2.1).
 */
export type MedicalProvider = string & { readonly __brand: 'MedicalProvider' };

/**
 * Takes a provider code as typed. Throws `InvalidIdentifier` (medical-insurance.md 2.1).
 *
 * @example parseMedicalProvider('h42120200137') // 'H42120200137'
 */
export function parseMedicalProvider(text: string): MedicalProvider {
  const value = upperInputForm(text);
  return accepted<MedicalProvider>('MedicalProvider', value, faultOf(value));
}

/**
 * True for a provider code exactly as the wire carries it (medical-insurance.md 2.1).
 *
 * @example isMedicalProvider('H42120200137') // true
 */
export function isMedicalProvider(text: string): text is MedicalProvider {
  return faultOf(text) === undefined;
}

/**
 * What the provider is (medical-insurance.md 2.1).
 *
 * @example providerKind(parseMedicalProvider('H42120200137')) // 'hospital'
 */
export function providerKind(provider: MedicalProvider): 'hospital' | 'pharmacy' {
  return provider.startsWith('H') ? 'hospital' : 'pharmacy';
}

function faultOf(text: string): Fault | undefined {
  return /^[HP]\d{11}$/.test(text)
    ? undefined
    : { reason: 'must be H or P and 11 digits', reasonZh: '应为H或P加11位数字' };
}
