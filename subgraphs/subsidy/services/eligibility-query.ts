import type { Store } from '../../../adapters/database/store.ts';
import type { CertificateRecord } from '../../../adapters/disability-subsidy/records.ts';
import { type Clock, chinaDate } from '../../../adapters/values/china-time.ts';
import { readCase } from '../../services/case-for.ts';
import { SUBSIDY_TYPE } from '../codes.ts';
import type { SubsidyContext } from '../loaders.ts';
import { type CircumstancesInput, declaredOf } from './application-form.ts';
import { ITEM } from './application-of-case.ts';
import { assessSubsidy, type SubsidyAssessment } from './eligibility.ts';

/** What is asked before an application. */
export interface EligibilityInput {
  readonly caseId: string;
  readonly certificateNumber?: string | null;
  readonly hukouDivision?: string | null;
  /** `yyyyMM`; this month when left out. */
  readonly month?: string | null;
  readonly circumstances: CircumstancesInput;
}

export interface Eligibility {
  readonly certificate: CertificateRecord | null;
  readonly month: string;
  /** The district whose rules these are and which will decide, 12 digits. */
  readonly decidedBy: string | null;
  readonly living: SubsidyAssessment;
  readonly nursing: SubsidyAssessment;
}

/** Judges both subsidies for the applicant of a case. Throws as `readCase` and the two questions to the system do. */
export async function eligibility(
  { store, clock }: { readonly store: Pick<Store, 'registry'>; readonly clock: Clock },
  input: EligibilityInput,
  context: Pick<SubsidyContext, 'certificate' | 'enrolments'>,
): Promise<Eligibility> {
  const { applicant } = await readCase(store, input.caseId, { items: [ITEM] });
  const { certificateNumber, hukouDivision } = input;
  const [certificate, enrolments] = await Promise.all([
    context.certificate({ ...applicant, ...(certificateNumber != null && { certificateNumber }) }),
    context.enrolments(applicant.idNumber),
  ]);
  const month = input.month ?? chinaDate(clock()).slice(0, 7).replace('-', '');
  const known = {
    month,
    certificate,
    enrolments,
    declared: declaredOf(input.circumstances),
    hukouDivision: hukouDivision ?? undefined,
  };
  return {
    certificate,
    month,
    decidedBy: certificate && `${certificate.hukouDivision.slice(0, 6)}000000`,
    living: assessSubsidy(SUBSIDY_TYPE.LIVING, known),
    nursing: assessSubsidy(SUBSIDY_TYPE.NURSING, known),
  };
}
