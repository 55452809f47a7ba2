import type { MaternityFiling } from '../records/filing.ts';
import { agentFields } from './filing.ts';
import { count, day, type Node, optional, optionalDay, required } from './input-fields.ts';

/**
 * 生育备案 (wire spec 3.8): not national, the fields are those of Guangzhou's 90201. Number and node are settings; lengths are the
 * envelope's and the other filings'.
 */
export function maternityFilingInput(
  filing: MaternityFiling,
  provider: { readonly code: string; readonly name: string },
  node: string,
): Node {
  const { spouse } = filing;
  return {
    [node]: {
      psn_no: required('personNumber', filing.personNumber, 30),
      fixmedins_code: provider.code,
      fixmedins_name: provider.name,
      tel: required('phone', filing.phone, 50),
      geso_val: filing.weeks === undefined ? '' : count('weeks', filing.weeks, 2),
      fetts: filing.parity === undefined ? '' : count('parity', filing.parity, 3),
      matn_type: required('maternityType', filing.maternityType, 6),
      matn_trt_dclaer_type: optional('applicantType', filing.applicantType, 6),
      fpsc_no: optional('serviceCertificate', filing.serviceCertificate, 50),
      last_mena_date: optionalDay('lastMenstruation', filing.lastMenstruation),
      plan_matn_date: optionalDay('expectedOn', filing.expectedOn),
      begndate: day('from', filing.from),
      enddate: day('to', filing.to),
      ...agentFields(filing.agent),
      spus_name: optional('spouse.name', spouse?.name, 50),
      spus_cert_type: optional('spouse.idType', spouse?.idType, 6),
      spus_certno: optional('spouse.idNumber', spouse?.idNumber, 50),
    },
  };
}
