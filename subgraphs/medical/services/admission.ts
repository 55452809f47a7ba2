import { type IdNumber, sex } from '../../../adapters/identifiers/id-number.ts';
import { maskPersonalText } from '../../../adapters/identifiers/personal-text.ts';
import { findAdmission } from '../../../adapters/medical-insurance/finding-out/admission.ts';
import type {
  Benefit,
  BenefitQuestion,
  Certificate,
  CodedName,
} from '../../../adapters/medical-insurance/records/person.ts';
import type { Admission } from '../../../adapters/medical-insurance/records/settlement.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { type CaseAtWork, caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { SubmissionKind } from '../../services/submissions.ts';
import { certificateOf, type MedicalCredential } from '../credential.ts';
import {
  ADMISSION_FORM,
  type AdmissionForm,
  type AdmissionOfForm,
  admissionOf,
  checkAdmission,
  maternityTreatment,
} from '../forms/admission-form.ts';
import { type AgentInput, agentInput, optionalText, phoneInput } from '../forms/form-fields.ts';
import { momentAt } from '../forms/readers.ts';
import { type Reader, readForm } from '../forms/shape.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import { earlierWrites } from './earlier-writes.ts';
import type { Prepared } from './handling.ts';
import { type InsuredApplicant, insuredApplicant } from './insured-applicant.ts';
import { type AdmissionInput, type AdmissionOutcome, courseOf, MATERNITY } from './maternity-course.ts';
import { ITEMS, type ServiceSurroundings } from './surroundings.ts';

export interface CheckBenefitInput {
  readonly operator: string;
  readonly caseId: string;
  readonly treatmentType: string;
  readonly insuranceKind?: string | null;
  readonly on?: string | null;
  readonly maternityType?: string | null;
  readonly birthControlType?: string | null;
}

export interface AdmitInput extends MutationInput {
  readonly caseId: string;
  readonly admittedAt: number;
  readonly admissionNumber: string;
  readonly recordNumber?: string | null;
  readonly treatmentType: string;
  readonly insuranceKind?: string | null;
  readonly credential?: MedicalCredential | null;
  readonly department: CodedName;
  readonly doctor: CodedName;
  readonly bed: string;
  readonly diagnosis: CodedName;
  readonly diagnosisText: string;
  readonly otherDiagnoses: readonly CodedName[];
  readonly maternity: {
    readonly type: string;
    readonly birthControlType?: string | null;
    readonly weeks: number;
    readonly parity: number;
    readonly fetuses: number;
    readonly premature: boolean;
    readonly late: boolean;
    readonly serviceCertificate?: string | null;
    readonly on?: string | null;
  };
  readonly contactName?: string | null;
  readonly phone?: string | null;
  readonly agent?: AgentInput | null;
}

const WANTED = { items: ITEMS.maternity };

/** What a patient shows: a credential, or else the identity card (就诊凭证类型 02). */
export function shownBy(idNumber: IdNumber, credential: MedicalCredential | null | undefined): Certificate {
  return credential == null ? { type: '02', number: idNumber } : certificateOf('input.credential', credential);
}

/** 2001 for the applicant of a case (medical-insurance 3.7): whether the fund would pay. */
export async function checkBenefit(
  surroundings: ServiceSurroundings,
  given: CheckBenefitInput,
  signal: AbortSignal,
): Promise<readonly Benefit[]> {
  const { institution } = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const medType = maternityTreatment('input.treatmentType', given.treatmentType);
  const day = given.on ?? chinaDate(surroundings.clock());
  const work = await readCase(surroundings.store, given.caseId, WANTED);
  const asking = { institution, signal };
  const insured = await insuredApplicant(surroundings, work, given.insuranceKind, asking);
  const maternityType = optionalText('input.maternityType', given.maternityType, 6);
  const birthControlType = optionalText('input.birthControlType', given.birthControlType, 6);
  const question = benefitQuestion(insured, medType, `${day} 00:00:00`, { maternityType, birthControlType });
  return surroundings.client.benefitCheck(question, asking);
}

/** 2401 as a write. */
export function admissionKind(surroundings: ServiceSurroundings): SubmissionKind<AdmissionInput, AdmissionOutcome> {
  const { client, store } = surroundings;
  return {
    name: MATERNITY.admission,
    async send({ institution, admission }, { remember }) {
      const { visitId } = await client.admit(admission, { institution, beforeSending: remember });
      return { visitId };
    },
    async settle({ institution, admission }, { messageReference }) {
      const found = await findAdmission(client, admission, messageReference, { institution });
      return found.state === 'done' ? { state: 'done', outcome: { visitId: found.outcome.visitId } } : found;
    },
    async found({ institution, admission }, _, reference) {
      const { personNumber, insuredRegion, admittedAt, admissionNumber } = admission;
      const period = { from: admittedAt, to: admittedAt };
      const stays = await client.visits({ personNumber, insuredRegion, ...period }, { institution });
      const own = stays.filter(({ providerCode }) => providerCode === institution.code);
      const found = own.find((one) => one.id === reference || one.admissionNumber === admissionNumber);
      return found && { visitId: found.id };
    },
    async recorded(tx, { caseId, operator, changedAt }) {
      if (caseId === null) throw new Error('an admission without a case');
      const event = { caseId, at: changedAt, operator } as const;
      // Nobody is admitted whose benefit was not checked before.
      await tellCase(tx, store.tasks, { ...event, kind: 'maternity-checked' });
      await tellCase(tx, store.tasks, { ...event, kind: 'maternity-admitted' });
    },
  };
}

/** Checks the form, looks the patient up, and makes sure that the fund would pay for the stay. */
export async function prepareAdmission(
  surroundings: ServiceSurroundings,
  given: AdmitInput,
  signal: AbortSignal,
): Promise<Prepared<AdmissionInput>> {
  const { client, store, clock } = surroundings;
  const { caseId } = given;
  const delegate = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const form = admissionForm(given, clock());
  const work = await readCase(store, caseId, WANTED);
  checkHandler(delegate, work);
  checkPatient(work);
  const certificate = shownBy(work.applicant.idNumber, given.credential);
  const check = async (done: ReturnType<typeof earlierWrites>) => {
    if (courseOf(await done).visit) {
      throw invalidInput('input.caseId', { en: 'is of a patient who is admitted already.', zh: '该办件已办理入院。' });
    }
  };
  await check(earlierWrites(store, caseId));

  const { institution } = delegate;
  const asking = { institution, signal };
  const insured = await insuredApplicant(surroundings, work, given.insuranceKind, asking);
  const { type: maternityType, birthControlType } = form.maternity;
  const question = benefitQuestion(insured, form.medType, form.admittedAt, { maternityType, birthControlType });
  checkEntitled(await client.benefitCheck(question, asking), work);
  return {
    input: {
      institution,
      admission: { ...insured.reference, ...form, certificate, insuranceKind: insured.insurance.kind },
    },
    async check(tx) {
      await caseFor(tx, store, caseId, WANTED);
      await check(earlierWrites(store, caseId, tx));
    },
  };
}

function admissionForm(given: AdmitInput, now: number): AdmissionOfForm & Pick<Admission, 'medType' | 'agent'> {
  const { admissionNumber, recordNumber, department, doctor, bed, contactName } = given;
  const { diagnosis, diagnosisText, otherDiagnoses, maternity } = given;
  const checked: Reader<AdmissionForm> = (value, at, faults) => {
    const form = ADMISSION_FORM(value, at, faults);
    checkAdmission(form, at, momentAt(now), faults);
    return form;
  };
  const stay = { admittedAt: momentAt(given.admittedAt), admissionNumber, recordNumber, department, doctor, bed };
  const members = { ...stay, diagnosis, diagnosisText, otherDiagnoses, maternity, contactName };
  return {
    ...admissionOf(readForm(checked, members, 'input')),
    medType: maternityTreatment('input.treatmentType', given.treatmentType),
    ...(given.phone != null && { phone: phoneInput('input.phone', given.phone) }),
    ...(given.agent && { agent: agentInput('input.agent', given.agent) }),
  };
}

function checkPatient({ applicant }: CaseAtWork): void {
  if (sex(applicant.idNumber) === 'female') return;
  throw invalidInput('input.caseId', {
    en: 'has an applicant who is not a woman, and is not admitted for maternity.',
    zh: '申请人为男性，不能办理生育住院。',
  });
}

function benefitQuestion(
  { reference, insurance }: InsuredApplicant,
  medType: string,
  from: string,
  { maternityType, birthControlType }: { maternityType?: string | undefined; birthControlType?: string | undefined },
): BenefitQuestion {
  return {
    ...reference,
    insuranceKind: insurance.kind,
    medType,
    from,
    ...(maternityType !== undefined && { maternityType }),
    ...(birthControlType !== undefined && { birthControlType }),
  };
}

function checkEntitled(benefits: readonly Benefit[], { applicant }: CaseAtWork): void {
  if (benefits.some(({ enjoyed }) => enjoyed)) return;
  const told = benefits.map(({ result }) => result ?? '').join(' ');
  const words = maskPersonalText(told.trim(), [applicant.idNumber, applicant.name]);
  throw invalidInput('input.caseId', {
    en: `the platform entitles the applicant to no maternity benefit${words && ` (${words})`}.`,
    zh: `申请人不享受生育医疗待遇${words && `（${words}）`}。`,
  });
}
