import { z } from 'zod';
import type { OutOfAreaCategory, OutOfAreaFiling, OutOfAreaFilingRequest } from '../records/filing.ts';
import type { MedicalInsuranceSettings } from '../settings.ts';
import { list, optionalDay, optionalFlag, optionalText, text } from './answer-fields.ts';
import { agentFields } from './filing.ts';
import { day, type Node, optional, optionalDay as optionalDayInput, region, required } from './input-fields.ts';

/** Codes of the three categories: two public lists disagree, so they are a setting (wire spec 3.4). */
export type CategoryCodes = MedicalInsuranceSettings['assumedTransactions']['categories'];

/** ASSUMED application of people who live outside their insured region, with the names of OUT_APPY_D (wire spec 3.4). */
export function outOfAreaInput(filing: OutOfAreaFilingRequest, codes: CategoryCodes): Node {
  const { reason, memo } = codeOf(filing.category, codes);
  return {
    data: {
      psn_no: required('personNumber', filing.personNumber, 30),
      insutype: required('insuranceKind', filing.insuranceKind, 6),
      psn_cert_type: '01',
      certno: required('idNumber', filing.idNumber, 50),
      psn_name: required('name', filing.name, 50),
      gend: required('sex', filing.sex, 6),
      naty: required('nation', filing.nation, 3),
      brdy: day('birthDate', filing.birthDate),
      tel: required('phone', filing.phone, 50),
      insu_admdvs: region('insuredRegion', filing.insuredRegion),
      emp_name: optional('employer', filing.employer, 200),
      rloc_admdvs: region('destination', filing.destination),
      rloc_coty_type: '',
      rloc_hsorg_name: '',
      rloc_hsorg_coner: '',
      rloc_hsorg_tel: '',
      out_onln_way: '',
      rloc_rea: reason,
      resout_addr: required('destinationAddress', filing.destinationAddress, 200),
      dcla_souc: '',
      begndate: day('from', filing.from),
      enddate: optionalDayInput('to', filing.to),
      ...agentFields(filing.agent),
      memo: optional('memo', memo + (filing.memo ?? ''), 500),
    },
  };
}

/** ASSUMED query. */
export function outOfAreaFilings(codes: CategoryCodes) {
  const filing = z
    .object({
      trt_dcla_detl_sn: text,
      insutype: optionalText,
      psn_no: text,
      psn_cert_type: optionalText,
      certno: optionalText,
      psn_name: optionalText,
      rloc_admdvs: text,
      rloc_rea: text,
      memo: optionalText,
      resout_addr: optionalText,
      begndate: z.iso.date(),
      enddate: optionalDay,
      out_fil_upld_stas: optionalFlag,
      vali_flag: optionalFlag,
      rchk_flag: optionalFlag,
    })
    .transform(
      (row): OutOfAreaFiling => ({
        serial: row.trt_dcla_detl_sn,
        insuranceKind: row.insutype,
        personNumber: row.psn_no,
        idType: row.psn_cert_type,
        idNumber: row.certno,
        name: row.psn_name,
        destination: row.rloc_admdvs,
        destinationAddress: row.resout_addr,
        reasonCode: row.rloc_rea,
        category: categoryOf(row.rloc_rea, row.memo, codes),
        from: row.begndate,
        to: row.enddate,
        uploaded: row.out_fil_upld_stas,
        valid: row.vali_flag,
        reviewed: row.rchk_flag,
      }),
    );
  return z.object({ outappy: list(filing) }).transform(({ outappy }) => outappy);
}

function codeOf(category: OutOfAreaCategory, codes: CategoryCodes): { reason: string; memo: string } {
  switch (category) {
    case 'settled-retiree':
      return codes.settledRetiree;
    case 'long-term-resident':
      return codes.longTermResident;
    case 'posted-worker':
      return codes.postedWorker;
  }
}

/** Where two categories share a reason, the memo's beginning tells them apart; "any other memo" is the posted worker's (wire spec 3.4). */
function categoryOf(reason: string, memo: string | null, codes: CategoryCodes): OutOfAreaCategory | null {
  const categories = ['settled-retiree', 'long-term-resident', 'posted-worker'] as const;
  const candidates = categories.filter((category) => codeOf(category, codes).reason === reason);
  if (candidates.length === 1) return candidates[0] ?? null;
  if (memo === null) return null;
  const told = candidates.find((category) => {
    const beginning = codeOf(category, codes).memo;
    return beginning !== '' && memo.startsWith(beginning);
  });
  return told ?? (candidates.includes('posted-worker') ? 'posted-worker' : null);
}
