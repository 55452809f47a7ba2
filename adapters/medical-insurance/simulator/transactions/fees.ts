import { classOf, divide, type Fee } from '../fees.ts';
import { code, dateTime, decimal, flag, type Given, list, money, node, required, text } from '../fields.ts';
import { personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { refusal } from '../refusal.ts';
import { type Transactions, transaction } from '../transaction.ts';

/** Rows of one call (wire spec 5). */
const MOST_ROWS = 100;

/** A price without a limit, as the golden answer writes it. */
const NO_PRICE_LIMIT = 999_999;

const FEE_ROW = node({
  feedetl_sn: required(text(30)),
  init_feedetl_sn: text(30),
  mdtrt_id: required(text(30)),
  drord_no: text(30),
  psn_no: required(text(30)),
  med_type: required(text(6)),
  fee_ocur_time: required(dateTime),
  med_list_codg: required(text(50)),
  medins_list_codg: required(text(150)),
  det_item_fee_sumamt: required(money),
  cnt: required(decimal),
  pric: required(decimal),
  bilg_dept_codg: text(30),
  bilg_dept_name: text(100),
  bilg_dr_codg: text(30),
  bilg_dr_name: text(50),
  acord_dept_codg: text(30),
  acord_dept_name: text(100),
  orders_dr_code: text(30),
  orders_dr_name: text(50),
  hosp_appr_flag: text(3),
  tcmdrug_used_way: code('1', '2'),
  etip_flag: flag,
  etip_hosp_code: text(30),
  dscg_tkdrug_flag: flag,
  matn_fee_flag: flag,
  memo: text(500),
});

type FeeRow = Given<typeof FEE_ROW>;

const FEE_UPLOAD = { feedetail: list(FEE_ROW, 1, MOST_ROWS) };

/** 2301 fee detail upload (费用明细上传, wire spec 3.10): all rows of a call, of one visit, or none. */
export function feeTransactions({ core, register }: Platform): Transactions {
  return {
    '2301': transaction(FEE_UPLOAD, ({ feedetail }, envelope) => {
      const [first] = feedetail;
      const visit = register.visits.get(first?.mdtrt_id ?? '');
      if (!visit) throw refusal('visitNotFound');
      if (feedetail.some((row) => row.mdtrt_id !== visit.id || row.med_type !== visit.medType)) {
        throw refusal('visitDataWrong');
      }
      if (feedetail.some((row) => row.psn_no !== visit.psnNo)) throw refusal('visitNotFound');
      const person = personOf(register, visit.psnNo, envelope);
      if (register.settlements.standing(visit.id)) throw refusal('visitSettled');
      const fees = withRows(register.fees.get(visit.id), feedetail);
      register.fees.set(visit.id, fees);
      core.record({
        kind: 'fee-upload',
        reference: visit.id,
        subject: person.psnNo,
        msgid: envelope.msgid,
        rows: feedetail.length,
        amountFen: feedetail.reduce((sum, row) => sum + row.det_item_fee_sumamt, 0),
      });
      return { result: feedetail.map((row) => feeAnswer(row, fees.get(row.feedetl_sn) as Fee)) };
    }),
  };
}

/** The visit's fees with the new rows among them. Throws `Refusal` for a serial that is taken or a negative row without its original. */
function withRows(known: ReadonlyMap<string, Fee> | undefined, rows: readonly FeeRow[]): Map<string, Fee> {
  const fees = new Map(known);
  for (const row of rows) {
    if (fees.has(row.feedetl_sn)) throw refusal('feeRepeated');
    const amountFen = row.det_item_fee_sumamt;
    if (amountFen < 0) checkOriginal(fees, row.init_feedetl_sn, amountFen);
    fees.set(row.feedetl_sn, {
      serial: row.feedetl_sn,
      amountFen,
      parts: divide(amountFen, classOf(row.med_list_codg).level),
      original: row.init_feedetl_sn,
    });
  }
  return fees;
}

/** A negative row names the row it takes back and takes back no more than is left of it (init_feedetl_sn). */
function checkOriginal(fees: ReadonlyMap<string, Fee>, original: string, amountFen: number): void {
  const left = [...fees.values()]
    .filter((fee) => fee.serial === original || fee.original === original)
    .reduce((sum, fee) => sum + fee.amountFen, 0);
  if (original === '' || !fees.has(original) || left + amountFen < 0) throw refusal('feeOriginalWrong');
}

function feeAnswer(row: FeeRow, fee: Fee): Record<string, unknown> {
  const { level, chargeType } = classOf(row.med_list_codg);
  const { fullySelfPaidFen, overLimitFen, firstSelfPaidFen, inScopeFen } = fee.parts;
  return {
    feedetl_sn: row.feedetl_sn,
    det_item_fee_sumamt: fee.amountFen / 100,
    cnt: row.cnt,
    pric: row.pric,
    pric_uplmt_amt: NO_PRICE_LIMIT,
    selfpay_prop: fee.amountFen === 0 ? 0 : Math.round((firstSelfPaidFen / fee.amountFen) * 10_000) / 10_000,
    fulamt_ownpay_amt: fullySelfPaidFen / 100,
    overlmt_amt: overLimitFen / 100,
    preselfpay_amt: firstSelfPaidFen / 100,
    inscp_scp_amt: inScopeFen / 100,
    chrgitm_lv: level,
    med_chrgitm_type: chargeType,
    bas_medn_flag: '0',
    hi_nego_drug_flag: '0',
    chld_medc_flag: null,
    list_sp_item_flag: null,
    lmt_used_flag: '0',
    drt_reim_flag: '0',
    memo: null,
    exp_content: null,
  };
}
