import {
  activeInsurance,
  type Insurance,
  type InsuredPerson,
  type PersonReference,
} from '../../../adapters/medical-insurance/records/person.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import type { CaseAtWork } from '../../services/case-for.ts';
import { type ServiceSurroundings, SYSTEM } from './surroundings.ts';

/** The applicant of a case as the platform knows them, with the insurance worked under. */
export interface InsuredApplicant {
  readonly person: InsuredPerson;
  readonly insurance: Insurance;
  /** What every call about them names: the region is that insurance's (medical-insurance 3.2). */
  readonly reference: PersonReference;
}

interface Asking {
  readonly institution: Institution;
  readonly signal: AbortSignal;
}

/**
 * Looks the applicant up (1101). `kind` is the insurance to work under; without it the basic insurance in force. Throws `NOT_FOUND` for
 * somebody whom the platform does not know, `INVALID_INPUT` where no such insurance is in force.
 */
export async function insuredApplicant(
  { client }: Pick<ServiceSurroundings, 'client'>,
  { applicant }: CaseAtWork,
  kind: string | null | undefined,
  asking: Asking,
  field = 'input.insuranceKind',
): Promise<InsuredApplicant> {
  const wanted = kind == null ? undefined : textInput(field, kind, 6);
  const person = await client.insuredPerson({ idNumber: applicant.idNumber, name: applicant.name }, asking);
  if (!person) {
    throw new CasegraphError('NOT_FOUND', 'The platform knows no insured person of this number and name.', {
      department: SYSTEM,
      detailZh: '医疗保障信息平台未查询到该申请人的参保信息。',
    });
  }
  const insurance = activeInsurance(person, wanted);
  if (!insurance) {
    const here = wanted === undefined ? 'input.caseId' : field;
    throw invalidInput(here, {
      en:
        wanted === undefined
          ? 'the applicant has no insurance in force.'
          : 'the applicant has no such insurance in force.',
      zh: wanted === undefined ? '申请人没有正常参保的险种。' : '申请人没有正常参保的该险种。',
    });
  }
  return { person, insurance, reference: { personNumber: person.personNumber, insuredRegion: insurance.region } };
}
