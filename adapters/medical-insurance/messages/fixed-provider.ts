import { z } from 'zod';
import type { FixedProvider, FixedProviderFiling } from '../records/filing.ts';
import { list, optionalDay, optionalText, text } from './answer-fields.ts';
import { agentFields } from './filing.ts';
import { day, type Node, optional, optionalDay as optionalDayInput, required } from './input-fields.ts';

/** biz_appy_type of fixed-point filing: the only value seen (wire spec 3.6). */
const FIXED_POINT = '03';

/** 2505 人员定点备案 (wire spec 3.6). */
export function fixedProviderInput(filing: FixedProviderFiling): Node {
  return {
    data: {
      psn_no: required('personNumber', filing.personNumber, 30),
      tel: optional('phone', filing.phone, 50),
      addr: optional('address', filing.address, 200),
      biz_appy_type: required('businessType', filing.businessType ?? FIXED_POINT, 3),
      begndate: day('from', filing.from),
      enddate: optionalDayInput('to', filing.to),
      ...agentFields(filing.agent),
      fix_srt_no: required('rank', filing.rank, 6),
      fixmedins_code: required('providerCode', filing.providerCode, 12),
      fixmedins_name: required('providerName', filing.providerName, 200),
      memo: optional('memo', filing.memo, 500),
    },
  };
}

/** 5302 (wire spec 3.14). */
export function fixedProviderQuestion(personNumber: string, businessType: string | undefined): Node {
  return {
    data: {
      psn_no: required('personNumber', personNumber, 30),
      biz_appy_type: required('businessType', businessType ?? FIXED_POINT, 3),
    },
  };
}

const fixedProvider = z
  .object({
    psn_no: text,
    insutype: optionalText,
    fix_srt_no: optionalText,
    fixmedins_code: text,
    fixmedins_name: optionalText,
    begndate: optionalDay,
    enddate: optionalDay,
    memo: optionalText,
  })
  .transform(
    (row): FixedProvider => ({
      personNumber: row.psn_no,
      insuranceKind: row.insutype,
      rank: row.fix_srt_no,
      providerCode: row.fixmedins_code,
      providerName: row.fixmedins_name,
      from: row.begndate,
      to: row.enddate,
      memo: row.memo,
    }),
  );

export const fixedProviders = z
  .object({ psnfixmedin: list(fixedProvider) })
  .transform(({ psnfixmedin }) => psnfixmedin);
