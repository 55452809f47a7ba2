import { chinaDate } from '../../../values/china-time.ts';
import { code, dateTime, node, required, text, type Values } from '../fields.ts';
import { fundOf } from '../funds.ts';
import { civilServantFlag, hasMaternityInsurance, identityOf, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { fieldRefusal, refusal } from '../refusal.ts';
import type { Insurance, Person, Register } from '../register.ts';
import { type Transactions, transaction } from '../transaction.ts';

const PERSON_QUERY = {
  data: node({
    mdtrt_cert_type: required(code('01', '02', '03')),
    mdtrt_cert_no: required(text(50)),
    card_sn: text(32),
    begntime: dateTime,
    // Some clients send `1` (wire spec 3.2).
    psn_cert_type: code('01', '1'),
    certno: text(50),
    psn_name: text(50),
  }),
};

type PersonQuery = Values<typeof PERSON_QUERY>['data'];

const BENEFIT_CHECK = {
  data: node({
    psn_no: required(text(30)),
    insutype: required(text(6)),
    fixmedins_code: text(12),
    med_type: required(text(6)),
    begntime: required(dateTime),
    endtime: dateTime,
    dise_codg: text(30),
    dise_name: text(500),
    oprn_oprt_code: text(30),
    oprn_oprt_name: text(500),
    matn_type: text(6),
    birctrl_type: text(6),
  }),
};

/**
 * 1101 person information (wire spec 3.2) and 2001 benefit check (3.7). The region of the envelope is not asked in 1101, which is
 * where senders learn it from.
 */
export function personTransactions({ core, register, asOf }: Platform): Transactions {
  return {
    '1101': transaction(PERSON_QUERY, ({ data }) => {
      const person = findPerson(register, data);
      const day = (data.begntime ?? chinaDate(core.now())).slice(0, 10);
      const insurances = person.insurances.filter(({ since }) => since <= day);
      if (insurances.length === 0) throw refusal('personNotFound');
      return {
        baseinfo: { ...identityOf(person, asOf), exp_content: null },
        insuinfo: insurances.map((insurance) => insuranceRow(person, insurance, day)),
        idetinfo: person.identities.map((identity) => ({
          psn_idet_type: identity.type,
          psn_type_lv: identity.level,
          memo: identity.memo,
          begntime: atTime(identity.from, '00:00:00'),
          endtime: atTime(identity.to, '23:59:59'),
        })),
      };
    }),
    '2001': transaction(BENEFIT_CHECK, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const day = data.begntime.slice(0, 10);
      const entitled = person.insurances.some(
        (row) => row.kind === data.insutype && row.region === envelope.insuplc_admdvs && statusOn(row, day) === '1',
      );
      const fund = fundOf(data.insutype, data.med_type, hasMaternityInsurance(person));
      if (!fund) throw refusal('kindNotSettled');
      return {
        trtinfo: [
          {
            psn_no: person.psnNo,
            trt_chk_type: '1',
            fund_pay_type: fund.type,
            trt_enjymnt_flag: entitled ? '1' : '0',
            begndate: `${day.slice(0, 4)}-01-01`,
            enddate: null,
            trt_chk_rslt: entitled ? '' : '参保状态不正常',
          },
        ],
      };
    }),
  };
}

/** By the certificate shown; what else is given of the person must agree with it. Throws `Refusal`. */
function findPerson(register: Register, query: PersonQuery): Person {
  const person = byCertificate(register, query);
  if (
    !person ||
    (query.certno !== '' && query.certno !== person.idNumber) ||
    (query.psn_name !== '' && query.psn_name !== person.name)
  ) {
    throw refusal('personNotFound');
  }
  if (query.certno !== '' && query.psn_cert_type === '') throw fieldRefusal('data.psn_cert_type', '不能为空');
  return person;
}

function byCertificate(register: Register, query: PersonQuery): Person | undefined {
  const { mdtrt_cert_type: type, mdtrt_cert_no: number, card_sn } = query;
  if (type === '02') return register.personsByIdNumber.get(number);
  if (type === '03' && card_sn === '') throw fieldRefusal('data.card_sn', '不能为空');
  const certificate = register.certificates.get(number);
  if (certificate?.type !== type || (type === '03' && certificate.cardSerial !== card_sn)) return undefined;
  return register.persons.get(certificate.psnNo);
}

function insuranceRow(person: Person, insurance: Insurance, day: string): Record<string, unknown> {
  const status = statusOn(insurance, day);
  return {
    balc: insurance.balanceFen / 100,
    insutype: insurance.kind,
    psn_type: insurance.personType,
    psn_insu_stas: status,
    psn_insu_date: insurance.since,
    paus_insu_date: status === '1' ? null : insurance.pausedOn,
    cvlserv_flag: civilServantFlag(person),
    insuplc_admdvs: insurance.region,
    emp_name: insurance.employer,
  };
}

/** The state of a row on the day asked for, which may lie before its suspension (wire spec 3.2, begntime). */
function statusOn({ status, pausedOn }: Insurance, day: string): string {
  return pausedOn !== null && day < pausedOn ? '1' : status;
}

function atTime(day: string, time: string): string {
  return day.length === 10 ? `${day} ${time}` : day;
}
