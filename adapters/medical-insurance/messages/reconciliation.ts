import { z } from 'zod';
import { invalidInput } from '../../values/checked.ts';
import { fen, sumFen } from '../../values/fen.ts';
import type { ReconciliationDetails, ReconciliationTotals, TotalsCompared } from '../records/reconciliation.ts';
import { optionalText, text } from './answer-fields.ts';
import { count, day, flag, type Node, region, required, yuan } from './input-fields.ts';

/** 3201 对总账 (wire spec 3.13). */
export function totalsInput(totals: ReconciliationTotals): Node {
  return {
    data: {
      insutype: required('insuranceKind', totals.insuranceKind, 6),
      clr_type: required('clearingType', totals.clearingType, 6),
      setl_optins: region('clearingOffice', totals.clearingOffice),
      stmt_begndate: day('from', totals.from),
      stmt_enddate: day('to', totals.to),
      medfee_sumamt: yuan('totalFen', totals.totalFen),
      fund_pay_sumamt: yuan('fundTotalFen', totals.fundTotalFen),
      acct_pay: yuan('accountFen', totals.accountFen),
      fixmedins_setl_cnt: count('count', totals.count, 9),
      refd_setl_flag: flag(totals.refunded),
    },
  };
}

/** A mismatch is an answer: `infcode` is 0 then too (wire spec 3.13). */
export const totalsCompared = z
  .object({ stmtinfo: z.object({ setl_optins: optionalText, stmt_rslt: text, stmt_rslt_dscr: optionalText }) })
  .transform(
    ({ stmtinfo }): Omit<TotalsCompared, 'messageId'> => ({
      clearingOffice: stmtinfo.setl_optins,
      result: stmtinfo.stmt_rslt,
      agrees: stmtinfo.stmt_rslt === '0',
      description: stmtinfo.stmt_rslt_dscr,
    }),
  );

/** 3202 对明细账; the amounts are those of the rows in the uploaded file (wire spec 3.13). */
export function detailsInput(details: ReconciliationDetails, fileQueryNumber: string): Node {
  return {
    data: {
      setl_optins: region('clearingOffice', details.clearingOffice),
      file_qury_no: fileQueryNumber,
      stmt_begndate: day('from', details.from),
      stmt_enddate: day('to', details.to),
      medfee_sumamt: yuan('totalFen', sumOf(details, 'totalFen')),
      fund_pay_sumamt: yuan('fundTotalFen', sumOf(details, 'fundTotalFen')),
      cash_payamt: yuan('cashFen', details.cashFen),
      fixmedins_setl_cnt: count('rows', details.rows.length, 9),
      clr_type: required('clearingType', details.clearingType, 6),
      refd_setl_flag: flag(details.refunded),
    },
  };
}

function sumOf(details: ReconciliationDetails, member: 'totalFen' | 'fundTotalFen'): number {
  try {
    return sumFen(details.rows.map((row) => fen(row[member])));
  } catch {
    throw invalidInput(`rows.${member}`, 'must be whole numbers of fen');
  }
}

export const resultFile = z
  .object({ fileinfo: z.object({ file_qury_no: text, filename: text, dld_endtime: optionalText }) })
  .transform(({ fileinfo }) => ({
    fileQueryNumber: fileinfo.file_qury_no,
    fileName: fileinfo.filename,
    downloadUntil: fileinfo.dld_endtime,
  }));
