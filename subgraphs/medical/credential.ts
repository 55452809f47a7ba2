import type { Certificate } from '../../adapters/medical-insurance/records/person.ts';
import { formInput, invalidInput } from '../invalid-input.ts';

/** What a person shows in place of the identity card; exactly one of the two. */
export interface MedicalCredential {
  readonly electronicCredential?: string | null;
  readonly socialSecurityCard?: { readonly number: string; readonly serial: string } | null;
}

/**
 * The certificate (就诊凭证) that the platform is asked by: type 01 for a credential's token, 03 for a card with its serial
 * (medical-insurance 3.2). Throws `INVALID_INPUT` naming the place below `field`; no error repeats what was shown.
 */
export function certificateOf(
  field: string,
  { electronicCredential, socialSecurityCard }: MedicalCredential,
): Certificate {
  if (electronicCredential != null && socialSecurityCard == null) {
    return { type: '01', number: shown(`${field}.electronicCredential`, electronicCredential, 50) };
  }
  if (electronicCredential == null && socialSecurityCard != null) {
    const at = `${field}.socialSecurityCard`;
    return {
      type: '03',
      number: shown(`${at}.number`, socialSecurityCard.number, 50),
      cardSerial: shown(`${at}.serial`, socialSecurityCard.serial, 32),
    };
  }
  throw invalidInput(field, {
    en: 'must be exactly one of electronicCredential and socialSecurityCard.',
    zh: '应填写且仅填写电子凭证、社会保障卡之一。',
  });
}

/** What a reader or scanner read: never with white space in it. */
function shown(field: string, text: string, longest: number): string {
  return formInput(field, text, new RegExp(`^\\S{1,${longest}}$`, 'u'), {
    en: `must have 1 to ${longest} characters and no white space.`,
    zh: `应为1至${longest}个字符，不应含空白。`,
  });
}
