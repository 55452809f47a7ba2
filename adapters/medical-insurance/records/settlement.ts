import type { Fen } from '../../values/fen.ts';
import type { Agent } from './filing.ts';
import type { Certificate, CodedName, PersonReference } from './person.ts';

/** 2401 入院办理 (wire spec 3.9). Times are `yyyy-MM-dd HH:mm:ss`. */
export interface Admission extends PersonReference {
  readonly insuranceKind: string;
  readonly contactName?: string;
  readonly phone?: string;
  readonly admittedAt: string;
  readonly certificate: Certificate;
  /** med_type: `52` maternity inpatient. */
  readonly medType: string;
  /** ipt_otp_no 住院号. */
  readonly admissionNumber: string;
  /** medrcdno 病历号. */
  readonly recordNumber?: string;
  readonly doctorCode: string;
  readonly doctorName: string;
  readonly diagnosisText: string;
  readonly departmentCode: string;
  readonly departmentName: string;
  readonly bed: string;
  readonly mainDiagnosis: CodedName;
  readonly mainCondition?: string;
  readonly disease?: CodedName;
  readonly operation?: CodedName;
  readonly maternity?: MaternityAdmission;
  readonly diagnoses: readonly Diagnosis[];
  readonly agent?: Agent;
}

export interface MaternityAdmission {
  /** fpsc_no. */
  readonly serviceCertificate?: string;
  /** matn_type. */
  readonly type: string;
  /** birctrl_type. */
  readonly birthControlType?: string;
  readonly late: boolean;
  readonly weeks: number;
  readonly parity: number;
  readonly fetuses: number;
  readonly premature: boolean;
  /** Day of the birth or of the family-planning operation. */
  readonly on?: string;
}

export interface Diagnosis extends CodedName {
  readonly type: string;
  readonly main: boolean;
  readonly admissionCondition?: string;
  readonly department?: string;
  readonly doctorCode: string;
  readonly doctorName: string;
  readonly at: string;
}

export interface Admitted {
  /** mdtrt_id 就诊ID. */
  readonly visitId: string;
  /** msgid of the call: what a reversal names. */
  readonly messageId: string;
}

export interface FeeUpload extends PersonReference {
  readonly visitId: string;
  readonly medType: string;
  readonly rows: readonly FeeRow[];
}

/** One row of 2301 (wire spec 3.10). */
export interface FeeRow {
  /** feedetl_sn, unique in the visit. */
  readonly serial: string;
  /** The row that a negative row takes back. */
  readonly originalSerial?: string;
  /** drord_no 医嘱号. */
  readonly orderNumber?: string;
  readonly at: string;
  /** med_list_codg, the national catalogue's code. */
  readonly catalogueCode: string;
  /** medins_list_codg, the hospital's own. */
  readonly hospitalCode: string;
  readonly totalFen: number;
  /** Decimal text, up to four decimals. */
  readonly quantity: string;
  /** Decimal text in yuan, up to six decimals: a unit price may be finer than a fen. */
  readonly unitPriceYuan: string;
  /** 开单科室, 开单医生. */
  readonly orderedBy: { readonly department: CodedName; readonly doctor: CodedName };
  /** 受单科室, 受单医生. */
  readonly performedBy?: { readonly department: CodedName; readonly doctor: CodedName };
  /** hosp_appr_flag; `1` when absent. */
  readonly approval?: string;
  readonly herbUse?: string;
  readonly external?: { readonly hospitalCode: string };
  readonly takeHome?: boolean;
  readonly maternity?: boolean;
  readonly memo?: string;
}

/** How the platform divided one fee row. */
export interface FeeResult {
  readonly serial: string;
  readonly totalFen: Fen;
  readonly quantity: string | null;
  readonly unitPriceYuan: string | null;
  readonly priceCeilingYuan: string | null;
  /** Fraction, 0 to 1. */
  readonly selfPaidShare: number | null;
  readonly fullySelfPaidFen: Fen;
  readonly overLimitFen: Fen;
  readonly firstSelfPaidFen: Fen;
  readonly inScopeFen: Fen;
  /** chrgitm_lv: `01`, `02`, `03`. */
  readonly chargeLevel: string | null;
  readonly chargeType: string | null;
  readonly memo: string | null;
}

export interface FeesUploaded {
  readonly rows: readonly FeeResult[];
  /** One for each slice sent. */
  readonly messageIds: readonly string[];
}

/** 2303 and 2304 (wire spec 3.11). */
export interface SettlementRequest extends PersonReference {
  readonly certificate: Certificate;
  readonly visitId: string;
  readonly insuranceKind: string;
  /** Must equal the sum of the uploaded fees. */
  readonly totalFen: number;
  /** psn_setlway; `01` by item when absent. */
  readonly way?: string;
  /** acct_used_flag. */
  readonly useAccount: boolean;
  readonly invoice?: string;
  /** mid_setl_flag 中途结算; no when absent. */
  readonly midway?: boolean;
  readonly fullySelfPaidFen?: number;
  readonly overLimitFen?: number;
  readonly firstSelfPaidFen?: number;
  readonly inScopeFen?: number;
}

/**
 * The sums of wire spec 3.11 that a settlement should keep: `payers` total = funds + person + hospital; `person` person = account +
 * cash + shared account; `scope` total = fully self-paid + over limit + first self-paid + in scope.
 */
export type SettlementSum = 'payers' | 'person' | 'scope';

/** A settlement before it is booked (预结算). Negative amounts on a cancellation. */
export interface TrialSettlement {
  readonly visitId: string;
  readonly personNumber: string;
  readonly name: string | null;
  /** psn_cert_type: `01` resident identity card. */
  readonly idType: string | null;
  readonly idNumber: string | null;
  /** gend: `1` male, `2` female, `9` not stated. */
  readonly sex: string | null;
  /** naty, two digits. */
  readonly nation: string | null;
  readonly birthDate: string | null;
  /** Years with one decimal. */
  readonly age: number | null;
  readonly insuranceKind: string | null;
  readonly personType: string | null;
  /** cvlserv_flag 公务员标志. */
  readonly civilServantFlag: boolean | null;
  /** mdtrt_cert_type 就诊凭证类型. */
  readonly certificateType: string | null;
  readonly medType: string;
  readonly totalFen: Fen;
  readonly fullySelfPaidFen: Fen;
  readonly overLimitFen: Fen;
  readonly firstSelfPaidFen: Fen;
  readonly inScopeFen: Fen;
  /** act_pay_dedc 实际支付起付线. */
  readonly deductibleFen: Fen;
  /** hifp_pay 统筹基金支出. */
  readonly poolFen: Fen;
  /** pool_prop_selfpay, fraction. */
  readonly poolShare: number | null;
  readonly civilServantFen: Fen;
  readonly enterpriseFen: Fen;
  readonly seriousIllnessFen: Fen;
  readonly largeSumFen: Fen;
  readonly medicalAidFen: Fen;
  readonly hospitalFen: Fen;
  readonly otherFen: Fen;
  readonly fundTotalFen: Fen;
  readonly personTotalFen: Fen;
  readonly accountFen: Fen;
  readonly cashFen: Fen;
  readonly sharedAccountFen: Fen;
  readonly balanceFen: Fen | null;
  /** medins_setl_id: the msgid of the settling call. */
  readonly providerSettlementId: string | null;
  readonly clearingOffice: string | null;
  readonly clearingWay: string | null;
  readonly clearingType: string | null;
  /** setldetail, the personal account among them: their sum is larger than `fundTotalFen`. */
  readonly funds: readonly FundPayment[];
  /** Sums that do not hold. To be reported; nothing is reversed for it. */
  readonly sumsDisagree: readonly SettlementSum[];
  readonly messageId: string;
}

export interface FundPayment {
  /** fund_pay_type: `310100`, `310200`, `510100` … */
  readonly type: string;
  readonly name: string | null;
  readonly amountFen: Fen;
  readonly inScopeFen: Fen | null;
  readonly limitFen: Fen | null;
}

/** A booked settlement, or the negative one that cancelled it. */
export interface Settlement extends TrialSettlement {
  /** setl_id. */
  readonly id: string;
  readonly settledAt: string | null;
}

/** 5203: a settlement as it stands in the platform. */
export interface SettlementRecord extends Settlement {
  readonly refunded: boolean;
  readonly providerCode: string | null;
  readonly providerName: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** insu_optins 参保机构医保区划. */
  readonly insuredRegion: string | null;
  /** 年度. */
  readonly year: string | null;
  /** invono 发票号. */
  readonly invoice: string | null;
  readonly operatorNumber: string | null;
  readonly operatorName: string | null;
  readonly operatedAt: string | null;
}

export interface SettlementReference extends PersonReference {
  readonly visitId: string;
  readonly settlementId: string;
}

/** What 5203 is asked. */
export interface SettlementQuestion extends PersonReference {
  readonly visitId: string;
  /**
   * Left out by a caller who lost the answer of a settlement and knows no id: what the platform has of the visit is then compared by
   * `providerSettlementId`, which is the message id of the settling call.
   */
  readonly settlementId?: string;
}

/** 2601 冲正 (wire spec 3.12). Filings cannot be reversed. */
export interface Reversal extends PersonReference {
  /** What the original call was. */
  readonly of: 'settlement' | 'settlement-cancellation' | 'admission';
  /** msgid of the original call. */
  readonly originalMessageId: string;
}

export interface Reversed {
  /** `reversed`: the original is void. `nothing-there`: the platform never had it, which comes to the same. */
  readonly outcome: 'reversed' | 'nothing-there';
  readonly messageId: string;
}

/** 5303 在院信息. */
export interface Visit {
  readonly id: string;
  readonly personNumber: string;
  /** psn_cert_type: `01` resident identity card. */
  readonly idType: string | null;
  readonly idNumber: string | null;
  readonly name: string | null;
  /** gend: `1` male, `2` female, `9` not stated. */
  readonly sex: string | null;
  /** naty, two digits. */
  readonly nation: string | null;
  readonly birthDate: string | null;
  /** Years with one decimal. */
  readonly age: number | null;
  readonly insuranceKind: string | null;
  readonly personType: string | null;
  readonly admittedAt: string | null;
  readonly medType: string | null;
  readonly admissionNumber: string | null;
  readonly providerCode: string | null;
  readonly providerName: string | null;
  readonly departmentName: string | null;
  readonly bed: string | null;
}
