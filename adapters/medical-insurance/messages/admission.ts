import { z } from 'zod';
import { invalidInput } from '../../values/checked.ts';
import type { Admission, Diagnosis, Visit } from '../records/settlement.ts';
import { list, optionalDay, optionalMoment, optionalNumber, optionalText, text } from './answer-fields.ts';
import { agentFields } from './filing.ts';
import { count, flag, moment, type Node, optional, optionalDay as optionalDayInput, required } from './input-fields.ts';

/** 2401 入院办理 (wire spec 3.9): nodes `mdtrtinfo`, `agnterinfo` (may be blank) and `diseinfo`. */
export function admissionInput(admission: Admission): Node {
  if (admission.diagnoses.length === 0) throw invalidInput('diagnoses', 'must name one diagnosis at least');
  return {
    mdtrtinfo: { ...visitFields(admission), ...maternityFields(admission) },
    agnterinfo: { ...agentFields(admission.agent), agnter_photo: '' },
    diseinfo: admission.diagnoses.map(diagnosisRow),
  };
}

function visitFields(admission: Admission): Node {
  const { certificate, disease, operation, mainDiagnosis } = admission;
  return {
    psn_no: required('personNumber', admission.personNumber, 30),
    insutype: required('insuranceKind', admission.insuranceKind, 6),
    coner_name: optional('contactName', admission.contactName, 50),
    tel: optional('phone', admission.phone, 50),
    begntime: moment('admittedAt', admission.admittedAt),
    mdtrt_cert_type: required('certificate.type', certificate.type, 3),
    mdtrt_cert_no: required('certificate.number', certificate.number, 50),
    med_type: required('medType', admission.medType, 6),
    ipt_otp_no: required('admissionNumber', admission.admissionNumber, 30),
    medrcdno: optional('recordNumber', admission.recordNumber, 30),
    atddr_no: required('doctorCode', admission.doctorCode, 30),
    chfpdr_name: required('doctorName', admission.doctorName, 50),
    adm_diag_dscr: required('diagnosisText', admission.diagnosisText, 200),
    adm_dept_codg: required('departmentCode', admission.departmentCode, 30),
    adm_dept_name: required('departmentName', admission.departmentName, 100),
    adm_bed: required('bed', admission.bed, 30),
    dscg_maindiag_code: required('mainDiagnosis.code', mainDiagnosis.code, 20),
    dscg_maindiag_name: required('mainDiagnosis.name', mainDiagnosis.name, 100),
    main_cond_dscr: optional('mainCondition', admission.mainCondition, 2_000),
    dise_codg: optional('disease.code', disease?.code, 30),
    dise_name: optional('disease.name', disease?.name, 500),
    oprn_oprt_code: optional('operation.code', operation?.code, 30),
    oprn_oprt_name: optional('operation.name', operation?.name, 500),
  };
}

/** The maternity part; every field is there and empty for other admissions (wire spec 2.4). */
function maternityFields({ maternity }: Admission): Node {
  return {
    fpsc_no: optional('maternity.serviceCertificate', maternity?.serviceCertificate, 50),
    matn_type: maternity ? required('maternity.type', maternity.type, 6) : '',
    birctrl_type: optional('maternity.birthControlType', maternity?.birthControlType, 6),
    latechb_flag: maternity ? flag(maternity.late) : '',
    geso_val: maternity ? count('maternity.weeks', maternity.weeks, 2) : '',
    fetts: maternity ? count('maternity.parity', maternity.parity, 3) : '',
    fetus_cnt: maternity ? count('maternity.fetuses', maternity.fetuses, 3) : '',
    pret_flag: maternity ? flag(maternity.premature) : '',
    birctrl_matn_date: optionalDayInput('maternity.on', maternity?.on),
  };
}

function diagnosisRow(diagnosis: Diagnosis, index: number): Node {
  const at = `diagnoses.${index}`;
  return {
    diag_type: required(`${at}.type`, diagnosis.type, 3),
    maindiag_flag: flag(diagnosis.main),
    diag_srt_no: index + 1,
    diag_code: required(`${at}.code`, diagnosis.code, 20),
    diag_name: required(`${at}.name`, diagnosis.name, 100),
    adm_cond: optional(`${at}.admissionCondition`, diagnosis.admissionCondition, 500),
    diag_dept: optional(`${at}.department`, diagnosis.department, 50),
    dise_dor_no: required(`${at}.doctorCode`, diagnosis.doctorCode, 30),
    dise_dor_name: required(`${at}.doctorName`, diagnosis.doctorName, 50),
    diag_time: moment(`${at}.at`, diagnosis.at),
    vali_flag: '1',
  };
}

/** The visit's id (就诊ID). */
export const admitted = z.object({ result: z.object({ mdtrt_id: text }) }).transform(({ result }) => result.mdtrt_id);

const visit = z
  .object({
    mdtrt_id: text,
    psn_no: text,
    psn_cert_type: optionalText,
    certno: optionalText,
    psn_name: optionalText,
    gend: optionalText,
    naty: optionalText,
    brdy: optionalDay,
    age: optionalNumber,
    insutype: optionalText,
    psn_type: optionalText,
    begntime: optionalMoment,
    med_type: optionalText,
    ipt_otp_no: optionalText,
    fixmedins_code: optionalText,
    fixmedins_name: optionalText,
    adm_dept_name: optionalText,
    adm_bed: optionalText,
  })
  .transform(
    (row): Visit => ({
      id: row.mdtrt_id,
      personNumber: row.psn_no,
      idType: row.psn_cert_type,
      idNumber: row.certno,
      name: row.psn_name,
      sex: row.gend,
      nation: row.naty,
      birthDate: row.brdy,
      age: row.age,
      insuranceKind: row.insutype,
      personType: row.psn_type,
      admittedAt: row.begntime,
      medType: row.med_type,
      admissionNumber: row.ipt_otp_no,
      providerCode: row.fixmedins_code,
      providerName: row.fixmedins_name,
      departmentName: row.adm_dept_name,
      bed: row.adm_bed,
    }),
  );

/** 5303 在院信息查询 (wire spec 3.14). */
export const visits = z.object({ data: list(visit) }).transform(({ data }) => data);
