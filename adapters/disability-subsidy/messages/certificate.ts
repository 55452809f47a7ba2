import { z } from 'zod';
import type { CertificateQuery, CertificateRecord } from '../records.ts';
import {
  category,
  certificateNumber,
  certificateStatus,
  day,
  division,
  grade,
  idNumber,
  optional,
  text,
} from './codes.ts';
import type { Transaction } from './transaction.ts';

/** LB01 certificate check (残疾人证核验), wire spec 3.1. The answer is null when nothing matches; it does not say what differs. */
export const certificateCheck: Transaction<CertificateQuery, CertificateRecord | null> = {
  code: 'LB01',
  mode: 'read',
  input: z.object({ name: text, idNumber, certificateNumber: certificateNumber.optional() }),
  body: (query) => ({
    name: query.name,
    idCard: query.idNumber,
    ...(query.certificateNumber !== undefined && { certNo: query.certificateNumber }),
  }),
  answer: z.discriminatedUnion('matched', [
    z.object({ matched: z.literal('0') }).transform(() => null),
    z
      .object({
        matched: z.literal('1'),
        certNo: certificateNumber,
        category,
        grade,
        certStatus: certificateStatus,
        firstIssueDate: day,
        issueDate: day,
        validTo: day,
        hukouDivision: division,
        guardian: optional(z.object({ name: text, relation: z.string(), phone: z.string() })),
        subCategories: optional(z.array(z.object({ category, grade }))),
      })
      .transform((data) => ({
        number: data.certNo,
        category: data.category,
        grade: data.grade,
        status: data.certStatus,
        firstIssuedOn: data.firstIssueDate,
        issuedOn: data.issueDate,
        validTo: data.validTo,
        hukouDivision: data.hukouDivision,
        guardian: data.guardian,
        subCategories: data.subCategories ?? [],
      })),
  ]),
  stranger: (certificate, query) =>
    certificate === null || certificate.number.startsWith(query.idNumber) ? undefined : 'data.certNo',
};
