import { agent, date, form, node, required, text } from '../fields.ts';
import { CANCELLATION } from '../filing-index.ts';
import { basicInsuranceOf, checkPeriod, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { type Transactions, transaction } from '../transaction.ts';

const FIXED_PROVIDER = {
  data: node({
    psn_no: required(text(30)),
    tel: text(50),
    addr: text(200),
    biz_appy_type: required(text(3)),
    begndate: required(date),
    enddate: date,
    ...agent,
    fix_srt_no: required(text(6)),
    fixmedins_code: required(form(12, /^[HP]\d{11}$/)),
    fixmedins_name: required(text(200)),
    memo: text(500),
  }),
};

const FIXED_PROVIDER_QUERY = {
  data: node({ psn_no: required(text(30)), biz_appy_type: required(text(3)) }),
};

/** 2505 fixed provider filing (人员定点备案), 2506 its cancellation, 5302 the query (wire spec 3.6, 3.14). */
export function fixedProviderTransactions({ core, register, serials }: Platform): Transactions {
  return {
    '2505': transaction(FIXED_PROVIDER, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const insurance = basicInsuranceOf(person, envelope);
      checkPeriod(data.begndate, data.enddate);
      const serial = serials.filing('fixed-provider-filing', insurance.region, core.now());
      register.fixedProviders.add({
        serial,
        psnNo: person.psnNo,
        insuranceKind: insurance.kind,
        businessType: data.biz_appy_type,
        rank: data.fix_srt_no,
        providerCode: data.fixmedins_code,
        providerName: data.fixmedins_name,
        from: data.begndate,
        to: data.enddate,
        memo: data.memo,
      });
      core.record({
        kind: 'fixed-provider-filing',
        reference: serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
        target: data.fixmedins_code,
      });
      return { result: { trt_dcla_detl_sn: serial } };
    }),
    '2506': transaction(CANCELLATION, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const filing = register.fixedProviders.named(data);
      register.fixedProviders.remove(filing);
      core.record({
        kind: 'fixed-provider-filing-cancelled',
        reference: filing.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
      });
      return {};
    }),
    '5302': transaction(FIXED_PROVIDER_QUERY, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const filed = register.fixedProviders
        .of(person.psnNo)
        .filter((filing) => filing.businessType === data.biz_appy_type);
      return {
        psnfixmedin: filed.map((filing) => ({
          psn_no: person.psnNo,
          insutype: filing.insuranceKind,
          fix_srt_no: filing.rank,
          fixmedins_code: filing.providerCode,
          fixmedins_name: filing.providerName,
          begndate: filing.from,
          enddate: filing.to,
          memo: filing.memo,
        })),
      };
    }),
  };
}
