import { isWithin } from '../../../adapters/identifiers/division.ts';
import { birthDate, type IdNumber } from '../../../adapters/identifiers/id-number.ts';
import {
  type MedicalProvider,
  parseMedicalProvider,
  providerKind,
} from '../../../adapters/identifiers/medical-provider.ts';
import { type NationalDivision, parseNationalDivision } from '../../../adapters/identifiers/national-division.ts';
import type { Agent } from '../../../adapters/medical-insurance/records/filing.ts';
import type { CodedName } from '../../../adapters/medical-insurance/records/person.ts';
import { formInput, identifierInput, invalidInput, isAtMost, periodInput, textInput } from '../../invalid-input.ts';

/** Readers of what forms of several services have in common. Each throws `INVALID_INPUT` naming the place; none repeats a value. */

/** A text that may be missing; one that is there must say something. */
export function optionalText(field: string, text: string | null | undefined, longest: number): string | undefined {
  return text == null ? undefined : textInput(field, text, longest);
}

/** A mobile or landline number. */
export function phoneInput(field: string, text: string): string {
  return formInput(field, text.trim(), /^(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?)$/, {
    en: 'must be a mobile or landline number.',
    zh: '应为手机号码或固定电话号码。',
  });
}

/** A code without white space, as the lists of the platform have them. */
export function codeInput(field: string, text: string, longest: number): string {
  if (/^\S+$/u.test(text) && isAtMost(text, longest)) return text;
  throw invalidInput(field, {
    en: `must have 1 to ${longest} characters and no white space.`,
    zh: `应为1至${longest}个字符，不含空白。`,
  });
}

/** An entry of one of the platform's catalogues. */
export function entryInput(
  field: string,
  { code, name }: CodedName,
  longest: { readonly code: number; readonly name: number },
): CodedName {
  return {
    code: codeInput(`${field}.code`, code, longest.code),
    name: textInput(`${field}.name`, name, longest.name),
  };
}

export interface AgentInput {
  readonly name: string;
  readonly idNumber: IdNumber;
  readonly phone?: string | null;
  readonly address?: string | null;
  readonly relation?: string | null;
}

/** Who acts for the applicant (代办人). */
export function agentInput(field: string, { name, idNumber, phone, address, relation }: AgentInput): Agent {
  return {
    name: textInput(`${field}.name`, name, 50),
    idType: '01',
    idNumber,
    ...(phone != null && { phone: phoneInput(`${field}.phone`, phone) }),
    ...(address != null && { address: textInput(`${field}.address`, address, 200) }),
    ...(relation != null && { relation: codeInput(`${field}.relation`, relation, 6) }),
  };
}

/** A period of validity; open when it has no end. */
export function validityInput(
  field: string,
  { from, to }: { readonly from: string; readonly to?: string | null },
): { readonly from: string; readonly to?: string } {
  if (to == null) return { from };
  periodInput(`${field}.to`, { from, to });
  return { from, to };
}

/** A day that has come. */
export function pastDay(field: string, day: string, today: string): string {
  if (day > today) throw invalidInput(field, { en: 'must not lie in the future.', zh: '不应晚于今天。' });
  return day;
}

/** Provinces of which the national platform settles nothing: Taiwan, Hong Kong, Macao, and the code of residence permits. */
const OUTSIDE_THE_PLATFORM = /^(?:71|8[123])/;

/**
 * Where treatment outside the insured region is to be had, six digits: a county or prefecture of the mainland that neither is nor holds
 * nor lies in the insured region.
 */
export function regionElsewhere(field: string, division: string, insuredRegion: string): string {
  const region = identifierInput(field, division.slice(0, 6), parseNationalDivision);
  if (OUTSIDE_THE_PLATFORM.test(region)) {
    throw invalidInput(field, {
      en: 'lies outside the mainland, where the insurance settles nothing.',
      zh: '位于境外，不属于医保异地就医范围。',
    });
  }
  if (region.endsWith('0000')) {
    throw invalidInput(field, { en: 'must name a prefecture or county.', zh: '应填写到地市或区县。' });
  }
  const home = parseNationalDivision(insuredRegion);
  if (isWithin(region, home) || isWithin(home, region)) {
    throw invalidInput(field, {
      en: 'is the region in which the applicant is insured; nothing needs to be filed for it.',
      zh: '为申请人的参保地，无需异地备案。',
    });
  }
  return region;
}

/** A hospital's provider code (定点医药机构编号). */
export function hospitalInput(
  field: string,
  text: string,
): { readonly code: MedicalProvider; readonly region: NationalDivision } {
  const code = identifierInput(field, text, parseMedicalProvider);
  if (providerKind(code) !== 'hospital')
    throw invalidInput(field, { en: 'must be the code of a hospital.', zh: '应为医院的定点医药机构编号。' });
  // The six digits after the first are its region (medical-insurance 2.1).
  return { code, region: identifierInput(field, code.slice(1, 7), parseNationalDivision) };
}

/** Whole years that somebody has lived on a day. */
export function ageOn(idNumber: IdNumber, day: string): number {
  const born = birthDate(idNumber);
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}
