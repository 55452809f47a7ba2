import { z } from 'zod';
import type { FeeResult, FeeRow, FeeUpload } from '../records/settlement.ts';
import { money, optionalDecimal, optionalNumber, optionalText, share, text } from './answer-fields.ts';
import { decimal, flag, moment, type Node, optional, required, yuan } from './input-fields.ts';

/** 2301 住院费用明细上传, one slice of the rows (wire spec 3.10); `first` is the slice's place among them, for errors. */
export function feesInput(upload: FeeUpload, rows: readonly FeeRow[], first: number): Node {
  return { feedetail: rows.map((row, index) => feeRow(upload, row, `rows.${first + index}`)) };
}

function feeRow(upload: FeeUpload, row: FeeRow, at: string): Node {
  const { orderedBy, performedBy } = row;
  return {
    feedetl_sn: required(`${at}.serial`, row.serial, 30),
    init_feedetl_sn: optional(`${at}.originalSerial`, row.originalSerial, 30),
    mdtrt_id: required('visitId', upload.visitId, 30),
    drord_no: optional(`${at}.orderNumber`, row.orderNumber, 30),
    psn_no: required('personNumber', upload.personNumber, 30),
    med_type: required('medType', upload.medType, 6),
    fee_ocur_time: moment(`${at}.at`, row.at),
    med_list_codg: required(`${at}.catalogueCode`, row.catalogueCode, 50),
    medins_list_codg: required(`${at}.hospitalCode`, row.hospitalCode, 150),
    det_item_fee_sumamt: yuan(`${at}.totalFen`, row.totalFen),
    cnt: decimal(`${at}.quantity`, row.quantity, 4),
    pric: decimal(`${at}.unitPriceYuan`, row.unitPriceYuan, 6),
    bilg_dept_codg: required(`${at}.orderedBy.department.code`, orderedBy.department.code, 30),
    bilg_dept_name: required(`${at}.orderedBy.department.name`, orderedBy.department.name, 100),
    bilg_dr_codg: required(`${at}.orderedBy.doctor.code`, orderedBy.doctor.code, 30),
    bilg_dr_name: required(`${at}.orderedBy.doctor.name`, orderedBy.doctor.name, 50),
    acord_dept_codg: optional(`${at}.performedBy.department.code`, performedBy?.department.code, 30),
    acord_dept_name: optional(`${at}.performedBy.department.name`, performedBy?.department.name, 100),
    orders_dr_code: optional(`${at}.performedBy.doctor.code`, performedBy?.doctor.code, 30),
    orders_dr_name: optional(`${at}.performedBy.doctor.name`, performedBy?.doctor.name, 50),
    hosp_appr_flag: required(`${at}.approval`, row.approval ?? '1', 3),
    tcmdrug_used_way: optional(`${at}.herbUse`, row.herbUse, 6),
    etip_flag: flag(row.external !== undefined),
    etip_hosp_code: optional(`${at}.external.hospitalCode`, row.external?.hospitalCode, 30),
    dscg_tkdrug_flag: flag(row.takeHome),
    matn_fee_flag: flag(row.maternity),
    memo: optional(`${at}.memo`, row.memo, 500),
  };
}

const feeResult = z
  .object({
    feedetl_sn: text,
    det_item_fee_sumamt: money,
    cnt: optionalDecimal,
    pric: optionalDecimal,
    pric_uplmt_amt: optionalDecimal,
    selfpay_prop: optionalNumber,
    fulamt_ownpay_amt: share,
    overlmt_amt: share,
    preselfpay_amt: share,
    inscp_scp_amt: share,
    chrgitm_lv: optionalText,
    med_chrgitm_type: optionalText,
    memo: optionalText,
  })
  .transform(
    (row): FeeResult => ({
      serial: row.feedetl_sn,
      totalFen: row.det_item_fee_sumamt,
      quantity: row.cnt,
      unitPriceYuan: row.pric,
      priceCeilingYuan: row.pric_uplmt_amt,
      selfPaidShare: row.selfpay_prop,
      fullySelfPaidFen: row.fulamt_ownpay_amt,
      overLimitFen: row.overlmt_amt,
      firstSelfPaidFen: row.preselfpay_amt,
      inScopeFen: row.inscp_scp_amt,
      chargeLevel: row.chrgitm_lv,
      chargeType: row.med_chrgitm_type,
      memo: row.memo,
    }),
  );

export const feeResults = z.object({ result: z.array(feeResult) }).transform(({ result }) => result);
