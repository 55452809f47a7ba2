import { civilServantFlag, identityOf } from './insured.ts';
import type { Person } from './register.ts';
import type { Settlement } from './settlement-index.ts';

/** fund_pay_type of funds that have a column of their own in `setlinfo` (wire spec 3.11). */
const FUND_COLUMNS: Readonly<Record<string, string>> = {
  '320100': 'cvlserv_pay',
  '330100': 'hifob_pay',
  '390200': 'hifmi_pay',
  '610100': 'maf_pay',
};

/** 2304: what was booked. */
export function settlementAnswer(settlement: Settlement, person: Person, asOf: string): Record<string, unknown> {
  return { ...nodes(common(settlement, person, asOf), settlement), exp_content: null };
}

/** 2303: the same with nothing booked, so without id, time and clearing. */
export function trialAnswer(settlement: Settlement, person: Person, asOf: string): Record<string, unknown> {
  const unbooked = { setl_id: null, setl_time: null, clr_optins: null, clr_way: null };
  return { ...nodes({ ...common(settlement, person, asOf), ...unbooked }, settlement), exp_content: null };
}

/** 2305: the refund. */
export function cancelAnswer(refund: Settlement, person: Person, asOf: string): Record<string, unknown> {
  return nodes(common(refund, person, asOf), refund);
}

/** 5203: two members under other names, and more of them (wire spec 3.14). */
export function queryAnswer(settlement: Settlement, person: Person, asOf: string): Record<string, unknown> {
  const { psn_part_amt, psn_cash_pay, ...info } = common(settlement, person, asOf);
  const queried = {
    ...info,
    psn_pay: psn_part_amt,
    cash_payamt: psn_cash_pay,
    refd_setl_flag: settlement.refunded ? '1' : '0',
    fixmedins_code: settlement.providerCode,
    fixmedins_name: settlement.providerName,
    insu_optins: settlement.region,
    year: settlement.settledAt.slice(0, 4),
    begndate: settlement.from,
    enddate: settlement.to,
    invono: settlement.invoice,
    opter_id: settlement.operatorId,
    opter_name: settlement.operatorName,
    opt_time: settlement.settledAt,
  };
  return nodes(queried, settlement);
}

/** clr_type: 11 outpatient, 21 inpatient, 41 pharmacy (wire spec 3.11). */
export function clearingType(medType: string): string {
  if (medType.startsWith('41')) return '41';
  return /^(?:2|52|53)/.test(medType) ? '21' : '11';
}

function nodes(setlinfo: Record<string, unknown>, settlement: Settlement): Record<string, unknown> {
  const setldetail = settlement.funds.map((fund) => ({
    fund_pay_type: fund.type,
    inscp_scp_amt: settlement.inScopeFen / 100,
    crt_payb_lmt_amt: null,
    fund_payamt: fund.amountFen / 100,
    fund_pay_type_name: fund.name,
    setl_proc_info: null,
  }));
  return { setlinfo, setldetail };
}

function common(settlement: Settlement, person: Person, asOf: string) {
  return {
    setl_id: settlement.id,
    mdtrt_id: settlement.visitId,
    ...identityOf(person, asOf),
    insutype: settlement.insuranceKind,
    psn_type: settlement.personType,
    cvlserv_flag: civilServantFlag(person),
    setl_time: settlement.settledAt,
    mdtrt_cert_type: settlement.certificateType,
    med_type: settlement.medType,
    medfee_sumamt: settlement.totalFen / 100,
    fulamt_ownpay_amt: settlement.fullySelfPaidFen / 100,
    overlmt_selfpay: settlement.overLimitFen / 100,
    preselfpay_amt: settlement.firstSelfPaidFen / 100,
    inscp_scp_amt: settlement.inScopeFen / 100,
    act_pay_dedc: settlement.deductibleFen / 100,
    hifp_pay: settlement.poolFen / 100,
    pool_prop_selfpay: poolShare(settlement),
    ...fundColumns(settlement),
    hosp_part_amt: 0,
    fund_pay_sumamt: settlement.fundTotalFen / 100,
    psn_part_amt: settlement.personTotalFen / 100,
    acct_pay: settlement.accountFen / 100,
    psn_cash_pay: settlement.cashFen / 100,
    balc: settlement.balanceFen / 100,
    acct_mulaid_pay: 0,
    medins_setl_id: settlement.messageId,
    clr_optins: settlement.region,
    clr_way: '1',
    clr_type: clearingType(settlement.medType),
  };
}

/** The part of what is in scope that pool and maternity fund pay, four decimals. */
function poolShare({ poolFen, inScopeFen, funds }: Settlement): number {
  const maternity = funds.filter(({ type }) => type.startsWith('51')).reduce((sum, fund) => sum + fund.amountFen, 0);
  return inScopeFen === 0 ? 0 : Math.round(((poolFen + maternity) / inScopeFen) * 10_000) / 10_000;
}

/** Funds with a column of their own in it; what is left of the funds' total in oth_pay, as golden 2304 does with the maternity fund. */
function fundColumns({ funds, poolFen, fundTotalFen }: Settlement): Record<string, number> {
  const columns: Record<string, number> = { cvlserv_pay: 0, hifes_pay: 0, hifmi_pay: 0, hifob_pay: 0, maf_pay: 0 };
  let rest = fundTotalFen - poolFen;
  for (const { type, amountFen } of funds) {
    const column = FUND_COLUMNS[type];
    if (column === undefined) continue;
    columns[column] = (columns[column] ?? 0) + amountFen / 100;
    rest -= amountFen;
  }
  return { ...columns, oth_pay: rest / 100 };
}
