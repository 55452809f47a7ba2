import { z } from 'zod';
import type { Referral, ReferralFiling } from '../records/filing.ts';
import { list, optionalDay, optionalFlag, optionalMoment, optionalText, text } from './answer-fields.ts';
import { day, flag, type Node, optional, optionalDay as optionalDayInput, region, required } from './input-fields.ts';

/** 2501 转院备案 (wire spec 3.3): node `refmedin`, not `data`; plain dates. */
export function referralInput(filing: ReferralFiling): Node {
  return {
    refmedin: {
      psn_no: required('personNumber', filing.personNumber, 30),
      insutype: required('insuranceKind', filing.insuranceKind, 6),
      tel: optional('phone', filing.phone, 50),
      addr: optional('address', filing.address, 200),
      insu_optins: region('insuredRegion', filing.insuredRegion),
      diag_code: required('diagnosisCode', filing.diagnosisCode, 20),
      diag_name: required('diagnosisName', filing.diagnosisName, 100),
      dise_cond_dscr: optional('condition', filing.condition, 2_000),
      reflin_medins_no: required('toProviderCode', filing.toProviderCode, 12),
      reflin_medins_name: required('toProviderName', filing.toProviderName, 200),
      mdtrtarea_admdvs: region('toRegion', filing.toRegion),
      hosp_agre_refl_flag: flag(filing.hospitalAgrees ?? true),
      refl_type: required('referralType', filing.referralType ?? '1', 30),
      refl_date: day('date', filing.date),
      refl_rea: required('reason', filing.reason, 100),
      refl_opnn: required('opinion', filing.opinion, 200),
      begndate: day('from', filing.from),
      enddate: optionalDayInput('to', filing.to),
    },
  };
}

const referral = z
  .object({
    psn_no: text,
    insutype: optionalText,
    dcla_souc: optionalText,
    psn_cert_type: optionalText,
    certno: optionalText,
    psn_name: optionalText,
    gend: optionalText,
    brdy: optionalDay,
    tel: optionalText,
    addr: optionalText,
    insu_optins: optionalText,
    emp_name: optionalText,
    diag_code: optionalText,
    diag_name: optionalText,
    dise_cond_dscr: optionalText,
    reflin_medins_no: text,
    reflin_medins_name: optionalText,
    out_flag: optionalFlag,
    refl_date: optionalDay,
    refl_rea: optionalText,
    begndate: optionalDay,
    enddate: optionalDay,
    hosp_agre_refl_flag: optionalFlag,
    opter_id: optionalText,
    opter_name: optionalText,
    opt_time: optionalMoment,
  })
  .transform(
    (row): Referral => ({
      personNumber: row.psn_no,
      insuranceKind: row.insutype,
      source: row.dcla_souc,
      idType: row.psn_cert_type,
      idNumber: row.certno,
      name: row.psn_name,
      sex: row.gend,
      birthDate: row.brdy,
      phone: row.tel,
      address: row.addr,
      insuredRegion: row.insu_optins,
      employer: row.emp_name,
      diagnosisCode: row.diag_code,
      diagnosisName: row.diag_name,
      condition: row.dise_cond_dscr,
      toProviderCode: row.reflin_medins_no,
      toProviderName: row.reflin_medins_name,
      outOfArea: row.out_flag,
      date: row.refl_date,
      reason: row.refl_rea,
      from: row.begndate,
      to: row.enddate,
      hospitalAgreed: row.hosp_agre_refl_flag,
      operatorNumber: row.opter_id,
      operatorName: row.opter_name,
      operatedAt: row.opt_time,
    }),
  );

/** 5304 转院信息查询 (wire spec 3.14). */
export const referrals = z.object({ refmedin: list(referral) }).transform(({ refmedin }) => refmedin);
