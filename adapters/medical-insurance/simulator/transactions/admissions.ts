import { code, date, dateTime, flag, form, list, maybe, node, required, text, whole } from '../fields.ts';
import { checkCertificate, checkPeriod, identityOf, insuranceOf, overlaps, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { type Transactions, transaction } from '../transaction.ts';

/** Known kinds of visit, by prefix, since local codes extend the first two digits (wire spec 3.11). */
const MED_TYPE = /^(?:1[1234]|2[123458]|41|5[123])\d{0,4}$/;

const ADMISSION = {
  mdtrtinfo: node({
    psn_no: required(text(30)),
    insutype: required(text(6)),
    coner_name: text(50),
    tel: text(50),
    begntime: required(dateTime),
    mdtrt_cert_type: required(code('01', '02', '03')),
    mdtrt_cert_no: text(50),
    med_type: required(form(6, MED_TYPE)),
    ipt_otp_no: required(text(30)),
    medrcdno: text(30),
    atddr_no: required(text(30)),
    chfpdr_name: required(text(50)),
    adm_diag_dscr: required(text(200)),
    adm_dept_codg: required(text(30)),
    adm_dept_name: required(text(100)),
    adm_bed: required(text(30)),
    dscg_maindiag_code: required(text(20)),
    dscg_maindiag_name: required(text(100)),
    main_cond_dscr: text(1000),
    // The spelling of one client (wire spec 3.9).
    main_cond_desc: text(1000),
    dise_codg: text(30),
    dise_name: text(500),
    oprn_oprt_code: text(30),
    oprn_oprt_name: text(500),
    fpsc_no: text(50),
    matn_type: text(6),
    birctrl_type: text(6),
    latechb_flag: flag,
    geso_val: whole(2),
    fetts: whole(3),
    fetus_cnt: whole(3),
    pret_flag: flag,
    birctrl_matn_date: date,
    // Local additions that were seen (wire spec 3.9).
    advpay: text(16),
    repeat_ipt_flag: text(3),
    ttp_resp: text(3),
    merg_setl_flag: text(3),
  }),
  agnterinfo: maybe(
    node({
      agnter_name: text(50),
      agnter_rlts: text(6),
      agnter_cert_type: text(6),
      agnter_certno: text(50),
      agnter_tel: text(50),
      agnter_addr: text(200),
      agnter_photo: text(200),
    }),
  ),
  diseinfo: list(
    node({
      diag_type: required(text(3)),
      maindiag_flag: required(flag),
      diag_srt_no: required(whole(2)),
      diag_code: required(text(20)),
      diag_name: required(text(100)),
      adm_cond: text(500),
      diag_dept: text(50),
      dise_dor_no: text(30),
      dise_dor_name: text(50),
      diag_time: dateTime,
      vali_flag: flag,
    }),
    0,
    100,
  ),
};

const ADMISSION_QUERY = {
  data: node({ psn_no: required(text(30)), begntime: dateTime, endtime: dateTime }),
};

/** 2401 admission (入院办理) and 5303, which gives the stays that share a moment with the period asked for (wire spec 3.9, 3.14). */
export function admissionTransactions({ core, register, serials, asOf }: Platform): Transactions {
  return {
    '2401': transaction(ADMISSION, ({ mdtrtinfo: stay }, envelope) => {
      const person = personOf(register, stay.psn_no, envelope);
      const insurance = insuranceOf(person, stay.insutype, envelope);
      if (stay.mdtrt_cert_no !== '') checkCertificate(register, person, stay.mdtrt_cert_type, stay.mdtrt_cert_no);
      const id = serials.visit(envelope.mdtrtarea_admvs, (taken) => register.visits.has(taken));
      register.addVisit({
        id,
        psnNo: person.psnNo,
        insuranceKind: insurance.kind,
        medType: stay.med_type,
        admittedAt: stay.begntime,
        dischargedAt: null,
        admissionNumber: stay.ipt_otp_no,
        providerCode: envelope.fixmedins_code,
        providerName: envelope.fixmedins_name,
        departmentName: stay.adm_dept_name,
        bed: stay.adm_bed,
      });
      const { psnNo } = person;
      register.addOperation(envelope.msgid, { transaction: '2401', psnNo, reference: id, reversed: false });
      core.record({
        kind: 'admission',
        reference: id,
        subject: psnNo,
        msgid: envelope.msgid,
        provider: envelope.fixmedins_code,
        medType: stay.med_type,
      });
      return { result: { mdtrt_id: id } };
    }),
    '5303': transaction(ADMISSION_QUERY, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      checkPeriod(data.begntime, data.endtime);
      const stays = (register.visitsByPerson.get(person.psnNo) ?? []).filter((visit) =>
        overlaps([visit.admittedAt, visit.dischargedAt], [data.begntime, data.endtime]),
      );
      return {
        data: stays.map((visit) => ({
          ...identityOf(person, asOf),
          mdtrt_id: visit.id,
          insutype: visit.insuranceKind,
          psn_type: person.insurances.find(({ kind }) => kind === visit.insuranceKind)?.personType ?? '',
          begntime: visit.admittedAt,
          med_type: visit.medType,
          ipt_otp_no: visit.admissionNumber,
          fixmedins_code: visit.providerCode,
          fixmedins_name: visit.providerName,
          adm_dept_name: visit.departmentName,
          adm_bed: visit.bed,
        })),
      };
    }),
  };
}
