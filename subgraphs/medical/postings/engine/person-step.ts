import { activeInsurance } from '../../../../adapters/medical-insurance/records/person.ts';
import type { PostingContent } from '../content.ts';
import { standing } from './progress.ts';
import { CannotGoOn, type Step } from './step.ts';

/** 1101 参保人员查询 (medical-insurance 3.2): every call names the number and the region that it tells. */
export const PERSON: Step<PostingContent> = {
  name: 'PERSON',
  isDue: ({ progress }) => progress.person === undefined,
  async send({ client, content, institution, signal }) {
    const { idNumber, name } = content.patient;
    const person = await client.insuredPerson({ idNumber, name }, { institution, signal });
    if (!person) {
      throw new CannotGoOn(
        'NOT_INSURED',
        'The platform knows no insured person of this number and name.',
        '医疗保障信息平台未查询到该患者的参保信息。',
      );
    }
    const insurance = activeInsurance(person, content.insuranceKind);
    if (!insurance) {
      throw new CannotGoOn(
        'NOT_INSURED',
        content.insuranceKind === undefined
          ? 'The patient has no insurance in force.'
          : 'The patient has no such insurance in force.',
        content.insuranceKind === undefined ? '患者没有正常参保的险种。' : '患者没有正常参保的该险种。',
      );
    }
    const { personNumber } = person;
    return { person: { personNumber, insuredRegion: insurance.region, insuranceKind: insurance.kind } };
  },
};

/** The same before something is undone, where they were found to be insured elsewhere by now. */
export const PERSON_AGAIN: Step<PostingContent> = {
  ...PERSON,
  isDue: ({ progress }) => progress.person === undefined && standing(progress).length > 0,
};
