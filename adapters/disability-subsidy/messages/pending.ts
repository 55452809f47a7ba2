import { z } from 'zod';
import { instantFromChina } from '../../values/china-time.ts';
import type { PendingPage, PendingQuery } from '../records.ts';
import {
  applicationNumber,
  applicationStatus,
  certificateNumber,
  count,
  division,
  idNumber,
  moment,
  subsidyTypes,
  text,
} from './codes.ts';
import type { Transaction } from './transaction.ts';

const LONGEST_SPAN_MS = 31 * 24 * 3_600_000;

/** LB06 applications waiting for the hukou place (户籍地待办), wire spec 3.6. */
export const pending: Transaction<PendingQuery, PendingPage> = {
  code: 'LB06',
  mode: 'read',
  input: z
    .object({
      hukouDivision: division,
      statuses: z.array(applicationStatus).min(1),
      updatedFrom: moment,
      updatedTo: moment,
      page: z.int().min(1),
      pageSize: z.int().min(1).max(100),
    })
    .refine(isShortSpan, { path: ['updatedTo'], message: 'must lie 0 to 31 days after updatedFrom' }),
  body: (query) => ({
    hukouDivision: query.hukouDivision,
    statusIn: query.statuses,
    updatedFrom: query.updatedFrom,
    updatedTo: query.updatedTo,
    pageNo: String(query.page),
    pageSize: String(query.pageSize),
  }),
  answer: z
    .object({
      total: count,
      pageNo: count,
      pageSize: count,
      rows: z.array(
        z.object({
          applicationNo: applicationNumber,
          acceptDivision: division,
          name: text,
          idCard: idNumber,
          certNo: certificateNumber,
          subsidyTypes,
          status: applicationStatus,
          updatedAt: moment,
        }),
      ),
    })
    .transform(({ pageNo, rows, ...page }) => ({
      ...page,
      page: pageNo,
      rows: rows.map(({ applicationNo, idCard, certNo, ...row }) => ({
        number: applicationNo,
        ...row,
        idNumber: idCard,
        certificateNumber: certNo,
      })),
    })),
};

function isShortSpan({ updatedFrom, updatedTo }: { updatedFrom: string; updatedTo: string }): boolean {
  const span = instantFromChina(updatedTo) - instantFromChina(updatedFrom);
  return span >= 0 && span <= LONGEST_SPAN_MS;
}
