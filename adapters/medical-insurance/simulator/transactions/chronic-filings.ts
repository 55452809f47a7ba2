import { date, node, region, required, text } from '../fields.ts';
import { CANCELLATION } from '../filing-index.ts';
import { checkPeriod, insuranceOf, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { refusal } from '../refusal.ts';
import type { ChronicFiling } from '../register.ts';
import { type Transactions, transaction } from '../transaction.ts';

const CHRONIC_FILING = {
  data: node({
    psn_no: required(text(30)),
    insutype: required(text(6)),
    opsp_dise_code: required(text(30)),
    opsp_dise_name: required(text(300)),
    tel: text(50),
    addr: text(200),
    insu_optins: required(region),
    ide_fixmedins_no: required(text(30)),
    ide_fixmedins_name: required(text(200)),
    hosp_ide_date: required(date),
    diag_dr_codg: required(text(30)),
    diag_dr_name: required(text(50)),
    begndate: required(date),
    enddate: date,
  }),
};

const CHRONIC_QUERY = { data: node({ psn_no: required(text(30)) }) };

/**
 * 2503 chronic disease filing (慢特病备案), 2504 its cancellation, 5301 the query (wire spec 3.5, 3.14). A filing is listed as soon as
 * it is made, which is how a sender finds one whose answer was lost (section 4), and until the agency refuses it; once the agency has
 * reviewed it, it cannot be cancelled any more.
 */
export function chronicFilingTransactions({ core, register, serials }: Platform): Transactions {
  return {
    '2503': transaction(CHRONIC_FILING, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const insurance = insuranceOf(person, data.insutype, envelope);
      if (data.insu_optins !== insurance.region) throw refusal('regionWrong');
      checkPeriod(data.begndate, data.enddate);
      const filing: ChronicFiling = {
        serial: serials.filing('chronic-filing', insurance.region, core.now()),
        psnNo: person.psnNo,
        insuranceKind: insurance.kind,
        diseaseCode: data.opsp_dise_code,
        diseaseName: data.opsp_dise_name,
        providerCode: data.ide_fixmedins_no,
        providerName: data.ide_fixmedins_name,
        identifiedOn: data.hosp_ide_date,
        doctorCode: data.diag_dr_codg,
        doctorName: data.diag_dr_name,
        from: data.begndate,
        to: data.enddate,
        review: 'pending',
      };
      register.chronicFilings.add(filing);
      core.record({
        kind: 'chronic-filing',
        reference: filing.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
        disease: filing.diseaseCode,
      });
      return { result: { trt_dcla_detl_sn: filing.serial } };
    }),
    '2504': transaction(CANCELLATION, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const filing = register.chronicFilings.named(data);
      if (filing.review !== 'pending') throw refusal('filingReviewed');
      register.chronicFilings.remove(filing);
      core.record({
        kind: 'chronic-filing-cancelled',
        reference: filing.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
      });
      return {};
    }),
    '5301': transaction(CHRONIC_QUERY, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const listed = register.chronicFilings.of(person.psnNo).filter(({ review }) => review !== 'refused');
      return {
        // The platform calls the list so (wire spec 3.14).
        feedetail: listed.map((filing) => ({
          opsp_dise_code: filing.diseaseCode,
          opsp_dise_name: filing.diseaseName,
          begndate: filing.from,
          enddate: filing.to,
          exp_content: null,
        })),
      };
    }),
  };
}
