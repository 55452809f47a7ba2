import { z } from 'zod';
import type { Benefit, BenefitQuestion, Certificate, InsuredPerson, PersonQuestion } from '../records/person.ts';
import {
  list,
  optionalDay,
  optionalFlag,
  optionalMoment,
  optionalMoney,
  optionalNumber,
  optionalText,
  text,
} from './answer-fields.ts';
import { moment, type Node, optional, required } from './input-fields.ts';

/**
 * 1101 人员基本信息获取 (wire spec 3.2). `now` is what is asked about unless the question names a moment. Without an identity number its
 * two fields stay empty: the certificate alone tells who is meant.
 */
export function personInput(question: PersonQuestion, now: string): Node {
  const { idNumber, certificate } = question;
  const { type, number, cardSerial } = idNumber === undefined ? certificate : (certificate ?? identityCard(idNumber));
  return {
    data: {
      mdtrt_cert_type: required('certificate.type', type, 3),
      mdtrt_cert_no: required('certificate.number', number, 50),
      card_sn: optional('certificate.cardSerial', cardSerial, 32),
      begntime: moment('at', question.at ?? now),
      psn_cert_type: idNumber === undefined ? '' : '01',
      certno: idNumber === undefined ? '' : required('idNumber', idNumber, 50),
      psn_name: optional('name', question.name, 50),
    },
  };
}

function identityCard(idNumber: string): Certificate {
  return { type: '02', number: idNumber };
}

const insurance = z
  .object({
    insutype: text,
    psn_type: optionalText,
    psn_insu_stas: text,
    psn_insu_date: optionalDay,
    paus_insu_date: optionalDay,
    cvlserv_flag: optionalFlag,
    insuplc_admdvs: z.string().regex(/^\d{6}$/),
    emp_name: optionalText,
    balc: optionalMoney,
  })
  .transform((row) => ({
    kind: row.insutype,
    personType: row.psn_type,
    status: row.psn_insu_stas,
    since: row.psn_insu_date,
    pausedOn: row.paus_insu_date,
    civilServant: row.cvlserv_flag,
    region: row.insuplc_admdvs,
    employer: row.emp_name,
    balanceFen: row.balc,
  }));

const identity = z
  .object({
    psn_idet_type: text,
    psn_type_lv: optionalText,
    memo: optionalText,
    begntime: optionalMoment,
    endtime: optionalMoment,
  })
  .transform((row) => ({
    type: row.psn_idet_type,
    level: row.psn_type_lv,
    memo: row.memo,
    from: row.begntime,
    to: row.endtime,
  }));

export const insuredPerson = z
  .object({
    baseinfo: z.object({
      psn_no: text,
      psn_cert_type: optionalText,
      certno: text,
      psn_name: text,
      gend: optionalText,
      naty: optionalText,
      brdy: optionalDay,
      age: optionalNumber,
    }),
    insuinfo: list(insurance),
    idetinfo: list(identity),
  })
  .transform(
    ({ baseinfo, insuinfo, idetinfo }): InsuredPerson => ({
      personNumber: baseinfo.psn_no,
      idType: baseinfo.psn_cert_type,
      idNumber: baseinfo.certno,
      name: baseinfo.psn_name,
      sex: baseinfo.gend,
      nation: baseinfo.naty,
      birthDate: baseinfo.brdy,
      age: baseinfo.age,
      insurances: insuinfo,
      identities: idetinfo,
    }),
  );

/** 2001 人员待遇享受检查 (wire spec 3.7). */
export function benefitInput(question: BenefitQuestion, providerCode: string): Node {
  const { disease, operation } = question;
  return {
    data: {
      psn_no: required('personNumber', question.personNumber, 30),
      insutype: required('insuranceKind', question.insuranceKind, 6),
      fixmedins_code: providerCode,
      med_type: required('medType', question.medType, 6),
      begntime: moment('from', question.from),
      endtime: question.to === undefined ? '' : moment('to', question.to),
      dise_codg: optional('disease.code', disease?.code, 30),
      dise_name: optional('disease.name', disease?.name, 500),
      oprn_oprt_code: optional('operation.code', operation?.code, 30),
      oprn_oprt_name: optional('operation.name', operation?.name, 500),
      matn_type: optional('maternityType', question.maternityType, 6),
      birctrl_type: optional('birthControlType', question.birthControlType, 6),
    },
  };
}

const benefit = z
  .object({
    psn_no: text,
    trt_chk_type: optionalText,
    fund_pay_type: optionalText,
    trt_enjymnt_flag: optionalFlag,
    begndate: optionalDay,
    enddate: optionalDay,
    trt_chk_rslt: optionalText,
  })
  .transform(
    (row): Benefit => ({
      personNumber: row.psn_no,
      checkType: row.trt_chk_type,
      fundType: row.fund_pay_type,
      enjoyed: row.trt_enjymnt_flag ?? false,
      from: row.begndate,
      to: row.enddate,
      result: row.trt_chk_rslt,
    }),
  );

/** The node's name is inferred (wire spec 3.7). */
export const benefits = z.object({ trtinfo: list(benefit) }).transform(({ trtinfo }) => trtinfo);
