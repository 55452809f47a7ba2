import { chinaDateTime } from '../../../values/china-time.ts';
import { agent, code, date, dateTime, node, region, required, text, type Values } from '../fields.ts';
import { CANCELLATION } from '../filing-index.ts';
import { checkPeriod, genderCode, insuranceOf, overlaps, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { refusal } from '../refusal.ts';
import type { OutOfAreaFiling, Person } from '../register.ts';
import { type Transactions, transaction } from '../transaction.ts';

const OUT_OF_AREA_FILING = {
  data: node({
    psn_no: required(text(30)),
    insutype: required(text(6)),
    psn_cert_type: code('01', '1'),
    certno: text(50),
    psn_name: text(50),
    gend: text(6),
    naty: text(3),
    brdy: date,
    tel: text(50),
    insu_admdvs: required(region),
    emp_no: text(40),
    emp_name: text(200),
    rloc_admdvs: required(region),
    rloc_coty_type: text(6),
    rloc_hsorg_name: text(200),
    rloc_hsorg_coner: text(50),
    rloc_hsorg_tel: text(50),
    out_onln_way: text(6),
    rloc_rea: required(code('02', '07')),
    resout_addr: text(200),
    dcla_souc: text(6),
    begndate: required(date),
    enddate: date,
    ...agent,
    memo: text(500),
  }),
};

type OutOfAreaInput = Values<typeof OUT_OF_AREA_FILING>['data'];

const OUT_OF_AREA_QUERY = {
  data: node({ psn_no: required(text(30)), begntime: dateTime, endtime: dateTime }),
};

/**
 * Z501, Z502, Z503: filing of people who live outside their insured region, its cancellation and query. Placeholders of the wire
 * specification (3.4, mark A) with the categories of its first list: `rloc_rea` 02 and 07. A filing waits for review
 * (`out_fil_upld_stas` and `rchk_flag` 0, `vali_flag` 1); the act `review` uploads it or makes it invalid.
 */
export function outOfAreaFilingTransactions({ core, register, serials }: Platform): Transactions {
  return {
    Z501: transaction(OUT_OF_AREA_FILING, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const insurance = insuranceOf(person, data.insutype, envelope);
      if (data.insu_admdvs !== insurance.region) throw refusal('regionWrong');
      checkPersonData(person, data);
      checkPeriod(data.begndate, data.enddate);
      const filing: OutOfAreaFiling = {
        serial: serials.filing('out-of-area-filing', insurance.region, core.now()),
        psnNo: person.psnNo,
        insuranceKind: insurance.kind,
        reason: data.rloc_rea,
        memo: data.memo,
        destination: data.rloc_admdvs,
        destinationAddress: data.resout_addr,
        employer: data.emp_name,
        phone: data.tel,
        filedAt: chinaDateTime(core.now()),
        from: data.begndate,
        to: data.enddate,
        uploaded: false,
        valid: true,
        reviewed: false,
      };
      register.outOfAreaFilings.add(filing);
      core.record({
        kind: 'out-of-area-filing',
        reference: filing.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
        reason: filing.reason,
        target: filing.destination,
        from: filing.from,
        to: filing.to,
      });
      return { result: { trt_dcla_detl_sn: filing.serial } };
    }),
    Z502: transaction(CANCELLATION, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const filing = register.outOfAreaFilings.named(data);
      register.outOfAreaFilings.remove(filing);
      core.record({
        kind: 'out-of-area-filing-cancelled',
        reference: filing.serial,
        subject: person.psnNo,
        msgid: envelope.msgid,
      });
      return {};
    }),
    Z503: transaction(OUT_OF_AREA_QUERY, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      checkPeriod(data.begntime, data.endtime);
      const period = [data.begntime?.slice(0, 10) ?? null, data.endtime?.slice(0, 10) ?? null] as const;
      const found = register.outOfAreaFilings.of(person.psnNo).filter(({ from, to }) => overlaps([from, to], period));
      return { outappy: found.map((filing) => filingRow(person, filing)) };
    }),
  };
}

/** What the applicant says of itself must be what the platform knows. */
function checkPersonData(person: Person, data: OutOfAreaInput): void {
  const agrees = (given: string | null, known: string) => given === null || given === '' || given === known;
  if (
    !agrees(data.certno, person.idNumber) ||
    !agrees(data.psn_name, person.name) ||
    !agrees(data.gend, genderCode(person)) ||
    !agrees(data.brdy, person.birthDate)
  ) {
    throw refusal('personDataWrong');
  }
}

function filingRow(person: Person, filing: OutOfAreaFiling): Record<string, unknown> {
  const flag = (set: boolean) => (set ? '1' : '0');
  return {
    trt_dcla_detl_sn: filing.serial,
    insutype: filing.insuranceKind,
    psn_no: person.psnNo,
    psn_cert_type: '01',
    certno: person.idNumber,
    psn_name: person.name,
    rloc_admdvs: filing.destination,
    rloc_rea: filing.reason,
    resout_addr: filing.destinationAddress,
    // Told where there is one: for reason 07 it is what the category is read from (wire spec 3.4).
    ...(filing.memo === '' ? {} : { memo: filing.memo }),
    begndate: filing.from,
    enddate: filing.to,
    out_fil_upld_stas: flag(filing.uploaded),
    vali_flag: flag(filing.valid),
    rchk_flag: flag(filing.reviewed),
  };
}
