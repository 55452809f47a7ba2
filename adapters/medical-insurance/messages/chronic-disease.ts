import { z } from 'zod';
import type { ChronicDiseaseFiling, ChronicDiseaseFilingRequest } from '../records/filing.ts';
import { list, optionalDay, optionalText, text } from './answer-fields.ts';
import { day, type Node, optional, optionalDay as optionalDayInput, region, required } from './input-fields.ts';

/** 2503 人员慢特病备案 (wire spec 3.5). */
export function chronicDiseaseInput(filing: ChronicDiseaseFilingRequest): Node {
  return {
    data: {
      psn_no: required('personNumber', filing.personNumber, 30),
      insutype: required('insuranceKind', filing.insuranceKind, 6),
      opsp_dise_code: required('diseaseCode', filing.diseaseCode, 30),
      opsp_dise_name: required('diseaseName', filing.diseaseName, 300),
      tel: optional('phone', filing.phone, 50),
      addr: optional('address', filing.address, 200),
      insu_optins: region('insuredRegion', filing.insuredRegion),
      ide_fixmedins_no: required('providerCode', filing.providerCode, 30),
      ide_fixmedins_name: required('providerName', filing.providerName, 200),
      hosp_ide_date: day('identifiedOn', filing.identifiedOn),
      diag_dr_codg: required('doctorCode', filing.doctorCode, 30),
      diag_dr_name: required('doctorName', filing.doctorName, 50),
      begndate: day('from', filing.from),
      enddate: optionalDayInput('to', filing.to),
    },
  };
}

/** 5301 (wire spec 3.14). */
export function chronicDiseaseQuestion(personNumber: string): Node {
  return { data: { psn_no: required('personNumber', personNumber, 30) } };
}

const filing = z
  .object({ opsp_dise_code: text, opsp_dise_name: optionalText, begndate: optionalDay, enddate: optionalDay })
  .transform(
    (row): ChronicDiseaseFiling => ({
      diseaseCode: row.opsp_dise_code,
      diseaseName: row.opsp_dise_name,
      from: row.begndate,
      to: row.enddate,
    }),
  );

/** The node is named `feedetail`, as the fee rows' is (wire spec 3.14). */
export const chronicDiseaseFilings = z.object({ feedetail: list(filing) }).transform(({ feedetail }) => feedetail);
