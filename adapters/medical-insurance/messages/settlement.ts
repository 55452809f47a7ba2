import { z } from 'zod';
import { type Fen, fen } from '../../values/fen.ts';
import type {
  FundPayment,
  Reversal,
  Settlement,
  SettlementQuestion,
  SettlementRecord,
  SettlementReference,
  SettlementRequest,
  TrialSettlement,
} from '../records/settlement.ts';
import { disagreeingSums } from '../settlement-sums.ts';
import {
  list,
  money,
  optionalDay,
  optionalFlag,
  optionalMoment,
  optionalMoney,
  optionalNumber,
  optionalText,
  share,
  text,
} from './answer-fields.ts';
import { flag, type Node, optional, required, yuan } from './input-fields.ts';

/** Input of 2303 住院预结算 and 2304 住院结算 (wire spec 3.11). */
export function settlementInput(request: SettlementRequest): Node {
  const { certificate } = request;
  return {
    data: {
      psn_no: required('personNumber', request.personNumber, 30),
      mdtrt_cert_type: required('certificate.type', certificate.type, 3),
      mdtrt_cert_no: required('certificate.number', certificate.number, 50),
      medfee_sumamt: yuan('totalFen', request.totalFen),
      psn_setlway: required('way', request.way ?? '01', 6),
      mdtrt_id: required('visitId', request.visitId, 30),
      insutype: required('insuranceKind', request.insuranceKind, 6),
      acct_used_flag: flag(request.useAccount),
      invono: optional('invoice', request.invoice, 20),
      mid_setl_flag: flag(request.midway),
      ...scopeFields(request),
    },
  };
}

/** The four optional amounts; none is sent that the caller does not know. */
function scopeFields(request: SettlementRequest): Node {
  const { fullySelfPaidFen, overLimitFen, firstSelfPaidFen, inScopeFen } = request;
  return {
    ...(fullySelfPaidFen !== undefined && { fulamt_ownpay_amt: yuan('fullySelfPaidFen', fullySelfPaidFen) }),
    ...(overLimitFen !== undefined && { overlmt_selfpay: yuan('overLimitFen', overLimitFen) }),
    ...(firstSelfPaidFen !== undefined && { preselfpay_amt: yuan('firstSelfPaidFen', firstSelfPaidFen) }),
    ...(inScopeFen !== undefined && { inscp_scp_amt: yuan('inScopeFen', inScopeFen) }),
  };
}

/** Input of 2305 住院结算撤销 (wire spec 3.11). */
export function settlementCancellationInput(reference: SettlementReference): Node {
  return {
    data: {
      psn_no: required('personNumber', reference.personNumber, 30),
      setl_id: required('settlementId', reference.settlementId, 30),
      mdtrt_id: required('visitId', reference.visitId, 30),
    },
  };
}

/** Input of 5203 结算信息查询 (wire spec 3.14). */
export function settlementQuestionInput(question: SettlementQuestion): Node {
  return {
    data: {
      psn_no: required('personNumber', question.personNumber, 30),
      setl_id: optional('settlementId', question.settlementId, 30),
      mdtrt_id: required('visitId', question.visitId, 30),
    },
  };
}

/** Original transactions that 2601 takes from a hospital's inpatient side (wire spec 3.12). */
const REVERSIBLE = { settlement: '2304', 'settlement-cancellation': '2305', admission: '2401' } as const;

/** 2601 冲正交易 (wire spec 3.12): names the message id and the number of the original call. */
export function reversalInput(reversal: Reversal): Node {
  return {
    data: {
      psn_no: required('personNumber', reversal.personNumber, 30),
      omsgid: required('originalMessageId', reversal.originalMessageId, 30),
      oinfno: REVERSIBLE[reversal.of],
    },
  };
}

const fund = z
  .object({
    fund_pay_type: text,
    fund_pay_type_name: optionalText,
    fund_payamt: money,
    inscp_scp_amt: optionalMoney,
    crt_payb_lmt_amt: optionalMoney,
  })
  .transform(
    (row): FundPayment => ({
      type: row.fund_pay_type,
      name: row.fund_pay_type_name,
      amountFen: row.fund_payamt,
      inScopeFen: row.inscp_scp_amt,
      limitFen: row.crt_payb_lmt_amt,
    }),
  );

/** What 2303, 2304, 2305 and 5203 have in common in `setlinfo` (wire spec 3.11). */
const common = {
  mdtrt_id: text,
  psn_no: text,
  psn_name: optionalText,
  psn_cert_type: optionalText,
  certno: optionalText,
  gend: optionalText,
  naty: optionalText,
  brdy: optionalDay,
  age: optionalNumber,
  insutype: optionalText,
  psn_type: optionalText,
  cvlserv_flag: optionalFlag,
  mdtrt_cert_type: optionalText,
  med_type: text,
  medfee_sumamt: money,
  fulamt_ownpay_amt: optionalMoney,
  overlmt_selfpay: optionalMoney,
  preselfpay_amt: optionalMoney,
  inscp_scp_amt: optionalMoney,
  act_pay_dedc: share,
  hifp_pay: share,
  pool_prop_selfpay: optionalNumber,
  cvlserv_pay: share,
  hifes_pay: share,
  hifmi_pay: share,
  hifob_pay: share,
  maf_pay: share,
  hosp_part_amt: share,
  oth_pay: share,
  fund_pay_sumamt: money,
  acct_pay: share,
  balc: optionalMoney,
  acct_mulaid_pay: share,
  medins_setl_id: optionalText,
  clr_optins: optionalText,
  clr_way: optionalText,
  clr_type: optionalText,
};

/** The person's part, under the names of 2303 to 2305. */
const settling = { psn_part_amt: money, psn_cash_pay: money };

type Common = z.output<z.ZodObject<typeof common>>;

function trial(info: Common, person: { whole: Fen; cash: Fen }, funds: readonly FundPayment[]) {
  const amounts = {
    totalFen: info.medfee_sumamt,
    fullySelfPaidFen: info.fulamt_ownpay_amt,
    overLimitFen: info.overlmt_selfpay,
    firstSelfPaidFen: info.preselfpay_amt,
    inScopeFen: info.inscp_scp_amt,
    hospitalFen: info.hosp_part_amt,
    fundTotalFen: info.fund_pay_sumamt,
    personTotalFen: person.whole,
    accountFen: info.acct_pay,
    cashFen: person.cash,
    sharedAccountFen: info.acct_mulaid_pay,
  };
  return {
    visitId: info.mdtrt_id,
    personNumber: info.psn_no,
    name: info.psn_name,
    idType: info.psn_cert_type,
    idNumber: info.certno,
    sex: info.gend,
    nation: info.naty,
    birthDate: info.brdy,
    age: info.age,
    civilServantFlag: info.cvlserv_flag,
    certificateType: info.mdtrt_cert_type,
    insuranceKind: info.insutype,
    personType: info.psn_type,
    medType: info.med_type,
    ...amounts,
    fullySelfPaidFen: amounts.fullySelfPaidFen ?? fen(0),
    overLimitFen: amounts.overLimitFen ?? fen(0),
    firstSelfPaidFen: amounts.firstSelfPaidFen ?? fen(0),
    inScopeFen: amounts.inScopeFen ?? fen(0),
    deductibleFen: info.act_pay_dedc,
    poolFen: info.hifp_pay,
    poolShare: info.pool_prop_selfpay,
    civilServantFen: info.cvlserv_pay,
    enterpriseFen: info.hifes_pay,
    seriousIllnessFen: info.hifmi_pay,
    largeSumFen: info.hifob_pay,
    medicalAidFen: info.maf_pay,
    otherFen: info.oth_pay,
    balanceFen: info.balc,
    providerSettlementId: info.medins_setl_id,
    clearingOffice: info.clr_optins,
    clearingWay: info.clr_way,
    clearingType: info.clr_type,
    funds,
    sumsDisagree: disagreeingSums(amounts),
  } satisfies Omit<TrialSettlement, 'messageId'>;
}

/** Answer of 2303: nothing is booked, there is no `setl_id` yet. */
export const trialSettlement = z
  .object({ setlinfo: z.object({ ...common, ...settling }), setldetail: list(fund) })
  .transform(({ setlinfo, setldetail }) =>
    trial(setlinfo, { whole: setlinfo.psn_part_amt, cash: setlinfo.psn_cash_pay }, setldetail),
  );

/** Answer of 2304 and, with negative amounts and a `setl_id` of its own, of 2305. */
export const settlement = z
  .object({
    setlinfo: z.object({ ...common, ...settling, setl_id: text, setl_time: optionalMoment }),
    setldetail: list(fund),
  })
  .transform(
    ({ setlinfo, setldetail }): Omit<Settlement, 'messageId'> => ({
      ...trial(setlinfo, { whole: setlinfo.psn_part_amt, cash: setlinfo.psn_cash_pay }, setldetail),
      id: setlinfo.setl_id,
      settledAt: setlinfo.setl_time,
    }),
  );

const recorded = z.object({
  ...common,
  setl_id: text,
  setl_time: optionalMoment,
  // 5203 names these two otherwise than 2304 does (wire spec 3.14).
  psn_pay: money,
  cash_payamt: money,
  refd_setl_flag: optionalFlag,
  fixmedins_code: optionalText,
  fixmedins_name: optionalText,
  begndate: optionalDay,
  enddate: optionalDay,
  insu_optins: optionalText,
  year: optionalText,
  invono: optionalText,
  opter_id: optionalText,
  opter_name: optionalText,
  opt_time: optionalMoment,
});

/** Answer of 5203: `null` when there is no such settlement (wire spec 3.14, a missing node). */
export const settlementRecord = z
  .object({ setlinfo: recorded.nullish(), setldetail: list(fund) })
  .transform(({ setlinfo, setldetail }): Omit<SettlementRecord, 'messageId'> | null =>
    setlinfo
      ? {
          ...trial(setlinfo, { whole: setlinfo.psn_pay, cash: setlinfo.cash_payamt }, setldetail),
          id: setlinfo.setl_id,
          settledAt: setlinfo.setl_time,
          refunded: setlinfo.refd_setl_flag ?? false,
          providerCode: setlinfo.fixmedins_code,
          providerName: setlinfo.fixmedins_name,
          from: setlinfo.begndate,
          to: setlinfo.enddate,
          insuredRegion: setlinfo.insu_optins,
          year: setlinfo.year,
          invoice: setlinfo.invono,
          operatorNumber: setlinfo.opter_id,
          operatorName: setlinfo.opter_name,
          operatedAt: setlinfo.opt_time,
        }
      : null,
  );
