import { type IdNumber, sex } from '../../../adapters/identifiers/id-number.ts';
import { maskPersonalText } from '../../../adapters/identifiers/personal-text.ts';
import type {
  Benefit,
  BenefitQuestion,
  Certificate,
  CodedName,
} from '../../../adapters/medical-insurance/records/person.ts';
import type { Admission, MaternityAdmission } from '../../../adapters/medical-insurance/records/settlement.ts';
import { chinaDate, chinaDateTime } from '../../../adapters/values/china-time.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { type CaseAtWork, caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { Settled, SubmissionKind } from '../../services/submissions.ts';
import { certificateOf, type MedicalCredential } from '../credential.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import { earlierWrites } from './earlier-writes.ts';
import { type AgentInput, agentInput, codeInput, entryInput, optionalText, phoneInput } from './form-fields.ts';
import type { Prepared } from './handling.ts';
import { type InsuredApplicant, insuredApplicant } from './insured-applicant.ts';
import { type AdmissionInput, type AdmissionOutcome, courseOf, MATERNITY } from './maternity-course.ts';
import { reversed } from './reversing.ts';
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
const MOST_DIAGNOSES = 20;
/** diag_type of the golden admission (medical-insurance 3.9). */
const DIAGNOSIS_TYPE = '1';

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
  const medType = maternityTreatment(given.treatmentType);
  const day = given.on ?? chinaDate(surroundings.clock());
  const work = await readCase(surroundings.store, given.caseId, WANTED);
  const asking = { institution, signal };
  const insured = await insuredApplicant(surroundings, work, given.insuranceKind, asking);
  const maternityType = optionalText('input.maternityType', given.maternityType, 6);
  const birthControlType = optionalText('input.birthControlType', given.birthControlType, 6);
  const question = benefitQuestion(insured, medType, `${day} 00:00:00`, { maternityType, birthControlType });
  return surroundings.client.benefitCheck(question, asking);
}

/**
 * 2401 as a write. One of unknown outcome is looked for among the stays by the hospital's own admission number (5303), and else reversed
 * (medical-insurance 4).
 */
export function admissionKind(surroundings: ServiceSurroundings): SubmissionKind<AdmissionInput, AdmissionOutcome> {
  const { client, store } = surroundings;
  const stay = async ({ institution, admission }: AdmissionInput): Promise<AdmissionOutcome | undefined> => {
    const { personNumber, insuredRegion, admittedAt, admissionNumber } = admission;
    const period = { from: admittedAt, to: admittedAt };
    const stays = await client.visits({ personNumber, insuredRegion, ...period }, { institution });
    const found = stays.find((one) => one.admissionNumber === admissionNumber && one.providerCode === institution.code);
    return found && { visitId: found.id };
  };
  return {
    name: MATERNITY.admission,
    async send({ institution, admission }, { remember }) {
      const { visitId } = await client.admit(admission, { institution, beforeSending: remember });
      return { visitId };
    },
    async settle(input, { messageReference }): Promise<Settled<AdmissionOutcome>> {
      if (messageReference === null) return { state: 'not-done' };
      const found = await stay(input);
      if (found) return { state: 'done', outcome: found };
      const { personNumber, insuredRegion } = input.admission;
      const reversal = { personNumber, insuredRegion, of: 'admission', originalMessageId: messageReference } as const;
      if (await reversed(surroundings, reversal, input.institution)) return { state: 'not-done' };
      const stands = await stay(input);
      return stands ? { state: 'done', outcome: stands } : { state: 'unknown' };
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

/** What of an admission does not depend on who the patient is. */
type AdmissionForm = Omit<
  Admission,
  'personNumber' | 'insuredRegion' | 'insuranceKind' | 'certificate' | 'maternity'
> & {
  readonly maternity: MaternityAdmission;
};

function admissionForm(given: AdmitInput, now: number): AdmissionForm {
  if (given.admittedAt > now)
    throw invalidInput('input.admittedAt', { en: 'must not lie in the future.', zh: '不应晚于当前时间。' });
  if (given.otherDiagnoses.length > MOST_DIAGNOSES) {
    throw invalidInput('input.otherDiagnoses', {
      en: `must be ${MOST_DIAGNOSES} at most.`,
      zh: `最多${MOST_DIAGNOSES}项。`,
    });
  }
  const longest = { code: 20, name: 100 };
  const admittedAt = chinaDateTime(given.admittedAt);
  const department = entryInput('input.department', given.department, { code: 30, name: 100 });
  const doctor = entryInput('input.doctor', given.doctor, { code: 30, name: 50 });
  const main = entryInput('input.diagnosis', given.diagnosis, longest);
  const others = given.otherDiagnoses.map((entry, index) =>
    entryInput(`input.otherDiagnoses.${index}`, entry, longest),
  );
  const recordNumber = optionalText('input.recordNumber', given.recordNumber, 30);
  const contactName = optionalText('input.contactName', given.contactName, 50);
  return {
    admittedAt,
    medType: maternityTreatment(given.treatmentType),
    admissionNumber: codeInput('input.admissionNumber', given.admissionNumber, 30),
    doctorCode: doctor.code,
    doctorName: doctor.name,
    departmentCode: department.code,
    departmentName: department.name,
    bed: textInput('input.bed', given.bed, 30),
    mainDiagnosis: main,
    diagnosisText: textInput('input.diagnosisText', given.diagnosisText, 200),
    diagnoses: [main, ...others].map((entry, index) => ({
      ...entry,
      type: DIAGNOSIS_TYPE,
      main: index === 0,
      department: department.code,
      doctorCode: doctor.code,
      doctorName: doctor.name,
      at: admittedAt,
    })),
    maternity: maternityForm(given.maternity),
    ...(recordNumber !== undefined && { recordNumber }),
    ...(contactName !== undefined && { contactName }),
    ...(given.phone != null && { phone: phoneInput('input.phone', given.phone) }),
    ...(given.agent && { agent: agentInput('input.agent', given.agent) }),
  };
}

function maternityForm(given: AdmitInput['maternity']): MaternityAdmission {
  const birthControlType = optionalText('input.maternity.birthControlType', given.birthControlType, 6);
  const serviceCertificate = optionalText('input.maternity.serviceCertificate', given.serviceCertificate, 50);
  return {
    type: codeInput('input.maternity.type', given.type, 6),
    weeks: between('input.maternity.weeks', given.weeks, 0, 45),
    parity: between('input.maternity.parity', given.parity, 1, 30),
    fetuses: between('input.maternity.fetuses', given.fetuses, 0, 10),
    premature: given.premature,
    late: given.late,
    ...(birthControlType !== undefined && { birthControlType }),
    ...(serviceCertificate !== undefined && { serviceCertificate }),
    ...(given.on != null && { on: given.on }),
  };
}

/** Maternity inpatient, with the longer local codes that begin with it (medical-insurance 3.11); the others are not admitted. */
function maternityTreatment(code: string): string {
  if (/^52\d{0,4}$/.test(code)) return code;
  throw invalidInput('input.treatmentType', {
    en: 'must be maternity inpatient: 52, or a local code that begins with it.',
    zh: '应为生育住院：52或以52开头的地方代码。',
  });
}

function between(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw invalidInput(field, { en: `must be from ${least} to ${most}.`, zh: `应为${least}至${most}。` });
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
