import { z } from 'zod';
import { birthDate, type IdNumber, sex } from '../../identifiers/id-number.ts';
import type { Material, SubmissionReceipt, SubsidyApplication } from '../records.ts';
import {
  applicationMode,
  applicationNumber,
  applicationStatus,
  bankAccount,
  category,
  certificateNumber,
  division,
  economicStatus,
  flag,
  grade,
  hukouType,
  idNumber,
  materialCode,
  materialForm,
  subsidyTypes,
  text,
} from './codes.ts';
import type { Transaction } from './transaction.ts';

export const materials = z.array(z.object({ code: materialCode, name: text, form: materialForm, fileId: text }));

const application = z
  .object({
    clientSerial: text.max(40),
    mode: applicationMode,
    acceptDivision: division,
    hukouDivision: division,
    residenceDivision: division,
    subsidyTypes: subsidyTypes.min(1),
    applicant: z.object({ name: text, idNumber, nation: z.string().regex(/^\d{2}$/), phone: text, address: text }),
    certificate: z.object({ number: certificateNumber, category, grade }),
    household: z
      .object({ hukouType, economicStatus, dibaoNumber: text.nullable() })
      .refine((household) => household.economicStatus !== '1' || household.dibaoNumber !== null, {
        path: ['dibaoNumber'],
        message: 'needed for a minimum-living-allowance household',
      }),
    exclusions: z.object({
      specialHardship: z.boolean(),
      orphan: z.boolean(),
      workInjuryNursing: z.boolean(),
      elderlyNursing: z.boolean(),
    }),
    bank: z.object({ code: text, name: text, accountName: text, account: bankAccount }),
    agent: z.object({ name: text, idNumber: idNumber.nullable(), relation: text, phone: text }).nullable(),
    materials,
  })
  .refine(({ certificate, applicant }) => certificate.number.startsWith(applicant.idNumber), {
    path: ['certificate', 'number'],
    message: 'must be the certificate of the applicant',
  })
  .refine(({ mode, acceptDivision, hukouDivision }) => mode !== '1' || sameDistrict(acceptDivision, hukouDivision), {
    path: ['acceptDivision'],
    message: 'must be in the hukou district with mode 1',
  });

/** LB03 submission (申请提交), wire spec 3.3; `clientSerial` is the idempotency key. */
export const submission: Transaction<SubsidyApplication, SubmissionReceipt> = {
  code: 'LB03',
  mode: 'write',
  input: application,
  body: (input) => ({
    clientSerialNo: input.clientSerial,
    applyMode: input.mode,
    acceptDivision: input.acceptDivision,
    hukouDivision: input.hukouDivision,
    residenceDivision: input.residenceDivision,
    subsidyTypes: input.subsidyTypes,
    applicant: encodeApplicant(input.applicant),
    certificate: {
      certNo: input.certificate.number,
      category: input.certificate.category,
      grade: input.certificate.grade,
    },
    household: {
      hukouType: input.household.hukouType,
      economicStatus: input.household.economicStatus,
      dibaoNo: input.household.dibaoNumber,
    },
    exclusions: {
      tekun: digit(input.exclusions.specialHardship),
      orphan: digit(input.exclusions.orphan),
      workInjuryNursing: digit(input.exclusions.workInjuryNursing),
      elderlyNursing: digit(input.exclusions.elderlyNursing),
    },
    bank: {
      bankCode: input.bank.code,
      bankName: input.bank.name,
      accountName: input.bank.accountName,
      accountNo: input.bank.account,
    },
    agent: input.agent && {
      name: input.agent.name,
      idCard: input.agent.idNumber,
      relation: input.agent.relation,
      phone: input.agent.phone,
    },
    materials: encodeMaterials(input.materials),
  }),
  answer: z
    .object({
      applicationNo: applicationNumber,
      status: applicationStatus,
      duplicate: flag,
      nextDivision: division,
    })
    .transform(({ applicationNo, ...receipt }) => ({ number: applicationNo, ...receipt })),
};

/** Materials as LB03 and LB05 carry them. */
export function encodeMaterials(list: readonly Material[]): object[] {
  return list.map(({ code, name, form, fileId }) => ({ materialCode: code, name, form, fileId }));
}

/** GB/T 2261.1 sex and the birth date, which must agree with the number, are taken from it. */
function encodeApplicant(applicant: SubsidyApplication['applicant']): object {
  const id = applicant.idNumber as IdNumber; // checked by `application`
  return {
    name: applicant.name,
    sex: sex(id) === 'male' ? '1' : '2',
    birthDate: birthDate(id),
    nation: applicant.nation,
    idCard: id,
    phone: applicant.phone,
    address: applicant.address,
  };
}

function digit(value: boolean): '0' | '1' {
  return value ? '1' : '0';
}

function sameDistrict(one: string, other: string): boolean {
  return one.slice(0, 6) === other.slice(0, 6);
}
