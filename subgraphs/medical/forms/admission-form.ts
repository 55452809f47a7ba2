import type { Admission, MaternityAdmission } from '../../../adapters/medical-insurance/records/settlement.ts';
import { formInput, invalidInput } from '../../invalid-input.ts';
import { code, day, departmentTime, entry, flag, type Moment, moment, text, whole } from './readers.ts';
import { type Faults, list, optional, placeIn, type Read, shape, withDefault } from './shape.ts';

const MOST_DIAGNOSES = 20;
/** diag_type of the golden admission (medical-insurance 3.9). */
const DIAGNOSIS_TYPE = '1';

const diagnosis = entry({ code: 20, name: 100 });

/** What an admission for a birth says besides whose it is (2401, medical-insurance 3.9). */
export const ADMISSION_FORM = shape({
  admittedAt: moment,
  admissionNumber: code(30),
  recordNumber: optional(text(30)),
  department: entry({ code: 30, name: 100 }),
  doctor: entry({ code: 30, name: 50 }),
  bed: text(30),
  diagnosis,
  diagnosisText: text(200),
  otherDiagnoses: withDefault(list(diagnosis, 0, MOST_DIAGNOSES), []),
  maternity: shape({
    type: withDefault(code(6), '1'),
    birthControlType: optional(text(6)),
    weeks: whole(0, 45),
    parity: whole(1, 30),
    fetuses: withDefault(whole(0, 10), 1),
    premature: withDefault(flag, false),
    late: withDefault(flag, false),
    serviceCertificate: optional(text(50)),
    on: optional(day),
  }),
  contactName: optional(text(50)),
});

export type AdmissionForm = Read<typeof ADMISSION_FORM>;

/** What of an admission does not depend on who the patient is. */
export type AdmissionOfForm = Omit<
  Admission,
  'personNumber' | 'insuredRegion' | 'insuranceKind' | 'certificate' | 'medType' | 'maternity'
> & { readonly maternity: MaternityAdmission };

export function checkAdmission({ admittedAt }: Partial<AdmissionForm>, at: string, now: Moment, faults: Faults): void {
  if (admittedAt === undefined || admittedAt <= now) return;
  faults.add(invalidInput(placeIn(at, 'admittedAt'), { en: 'must not lie in the future.', zh: '不应晚于当前时间。' }));
}

export function admissionOf(form: AdmissionForm): AdmissionOfForm {
  const { department, doctor, diagnosis: main, otherDiagnoses, recordNumber, contactName } = form;
  const admittedAt = departmentTime(form.admittedAt);
  return {
    admittedAt,
    admissionNumber: form.admissionNumber,
    doctorCode: doctor.code,
    doctorName: doctor.name,
    departmentCode: department.code,
    departmentName: department.name,
    bed: form.bed,
    mainDiagnosis: main,
    diagnosisText: form.diagnosisText,
    diagnoses: [main, ...otherDiagnoses].map((one, index) => ({
      ...one,
      type: DIAGNOSIS_TYPE,
      main: index === 0,
      department: department.code,
      doctorCode: doctor.code,
      doctorName: doctor.name,
      at: admittedAt,
    })),
    maternity: form.maternity,
    ...(recordNumber !== undefined && { recordNumber }),
    ...(contactName !== undefined && { contactName }),
  };
}

/** Maternity inpatient, with the longer local codes that begin with it (medical-insurance 3.11); the others are not admitted. */
export function maternityTreatment(field: string, treatment: string): string {
  return formInput(field, treatment, /^52\d{0,4}$/, {
    en: 'must be maternity inpatient: 52, or a local code that begins with it.',
    zh: '应为生育住院：52或以52开头的地方代码。',
  });
}
