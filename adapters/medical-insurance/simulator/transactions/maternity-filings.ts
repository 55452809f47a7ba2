import { agent, date, form, node, required, text, whole } from '../fields.ts';
import { basicInsuranceOf, checkPeriod, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { type Transactions, transaction } from '../transaction.ts';

const MATERNITY_FILING = {
  data: node({
    psn_no: required(text(30)),
    fixmedins_code: required(form(12, /^[HP]\d{11}$/)),
    fixmedins_name: required(text(200)),
    tel: required(text(50)),
    geso_val: whole(2),
    fetts: whole(3),
    matn_type: required(text(6)),
    matn_trt_dclaer_type: text(6),
    fpsc_no: text(50),
    last_mena_date: date,
    plan_matn_date: date,
    begndate: required(date),
    enddate: required(date),
    ...agent,
    spus_name: text(50),
    spus_cert_type: text(6),
    spus_certno: text(50),
  }),
};

/** 2699 maternity filing (生育备案), one vendor's number with another city's fields (wire spec 3.8). No admission asks for it. */
export function maternityFilingTransactions({ core, register, serials }: Platform): Transactions {
  return {
    '2699': transaction(MATERNITY_FILING, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const insurance = basicInsuranceOf(person, envelope);
      checkPeriod(data.begndate, data.enddate);
      const serial = serials.filing('maternity-filing', insurance.region, core.now());
      register.maternityFilings.add({ serial, psnNo: person.psnNo });
      core.record({
        kind: 'maternity-filing',
        reference: serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
        from: data.begndate,
        to: data.enddate,
      });
      return { result: { trt_dcla_detl_sn: serial } };
    }),
  };
}
