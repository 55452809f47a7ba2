import { chinaDateTime } from '../../../values/china-time.ts';
import { date, dateTime, flag, node, region, required, text } from '../fields.ts';
import { CANCELLATION } from '../filing-index.ts';
import { checkPeriod, genderCode, insuranceOf, overlaps, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import type { Person, Referral } from '../register.ts';
import { type Transactions, transaction } from '../transaction.ts';

const REFERRAL = {
  refmedin: node({
    psn_no: required(text(30)),
    insutype: required(text(6)),
    tel: text(50),
    addr: text(200),
    insu_optins: region,
    diag_code: required(text(20)),
    diag_name: required(text(100)),
    dise_cond_dscr: text(2000),
    reflin_medins_no: required(text(12)),
    reflin_medins_name: required(text(200)),
    mdtrtarea_admdvs: required(region),
    hosp_agre_refl_flag: flag,
    refl_type: required(text(30)),
    refl_date: required(date),
    refl_rea: required(text(100)),
    refl_opnn: required(text(200)),
    begndate: date,
    enddate: date,
  }),
};

const REFERRAL_QUERY = {
  data: node({ psn_no: required(text(30)), begntime: required(dateTime), endtime: dateTime }),
};

/**
 * 2501 referral filing (转院备案), 2502 its cancellation, 5304 the query (wire spec 3.3, 3.14). A referral without dates of its own
 * begins on the day of the referral. 5304 gives the referrals whose validity shares a day with the period asked for.
 */
export function referralTransactions({ core, register, serials }: Platform): Transactions {
  return {
    '2501': transaction(REFERRAL, ({ refmedin }, envelope) => {
      const person = personOf(register, refmedin.psn_no, envelope);
      const insurance = insuranceOf(person, refmedin.insutype, envelope);
      const from = refmedin.begndate ?? refmedin.refl_date;
      checkPeriod(from, refmedin.enddate);
      const referral: Referral = {
        serial: serials.filing('referral', insurance.region, core.now()),
        psnNo: person.psnNo,
        insuranceKind: insurance.kind,
        phone: refmedin.tel,
        address: refmedin.addr,
        diagnosisCode: refmedin.diag_code,
        diagnosisName: refmedin.diag_name,
        condition: refmedin.dise_cond_dscr,
        fromProviderCode: envelope.fixmedins_code,
        toProviderCode: refmedin.reflin_medins_no,
        toProviderName: refmedin.reflin_medins_name,
        toRegion: refmedin.mdtrtarea_admdvs,
        date: refmedin.refl_date,
        reason: refmedin.refl_rea,
        opinion: refmedin.refl_opnn,
        from,
        to: refmedin.enddate,
        operatorId: envelope.opter,
        operatorName: envelope.opter_name,
        operatedAt: chinaDateTime(core.now()),
        agreed: refmedin.hosp_agre_refl_flag,
      };
      register.referrals.add(referral);
      core.record({
        kind: 'referral',
        reference: referral.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
        provider: referral.fromProviderCode,
        target: referral.toProviderCode,
        from: referral.from,
        to: referral.to,
      });
      return { result: { trt_dcla_detl_sn: referral.serial } };
    }),
    '2502': transaction(CANCELLATION, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const referral = register.referrals.named(data);
      register.referrals.remove(referral);
      core.record({
        kind: 'referral-cancelled',
        reference: referral.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
      });
      return {};
    }),
    '5304': transaction(REFERRAL_QUERY, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      checkPeriod(data.begntime, data.endtime);
      const period = [data.begntime.slice(0, 10), data.endtime?.slice(0, 10) ?? null] as const;
      const found = register.referrals.of(person.psnNo).filter(({ from, to }) => overlaps([from, to], period));
      return { refmedin: found.map((referral) => referralRow(person, referral)) };
    }),
  };
}

function referralRow(person: Person, referral: Referral): Record<string, unknown> {
  const insurance = person.insurances.find(({ kind }) => kind === referral.insuranceKind);
  const insuredRegion = insurance?.region ?? '';
  return {
    insutype: referral.insuranceKind,
    dcla_souc: '02',
    psn_no: person.psnNo,
    psn_cert_type: '01',
    certno: person.idNumber,
    psn_name: person.name,
    gend: genderCode(person),
    brdy: person.birthDate,
    tel: referral.phone,
    addr: referral.address,
    insu_optins: insuredRegion,
    emp_name: insurance?.employer ?? '',
    diag_code: referral.diagnosisCode,
    diag_name: referral.diagnosisName,
    dise_cond_dscr: referral.condition,
    reflin_medins_no: referral.toProviderCode,
    reflin_medins_name: referral.toProviderName,
    // Out of the area is out of the prefecture, within which funds are pooled.
    out_flag: referral.toRegion.slice(0, 4) === insuredRegion.slice(0, 4) ? '0' : '1',
    refl_date: referral.date,
    refl_rea: referral.reason,
    begndate: referral.from,
    enddate: referral.to,
    hosp_agre_refl_flag: referral.agreed,
    opter_id: referral.operatorId,
    opter_name: referral.operatorName,
    opt_time: referral.operatedAt,
  };
}
