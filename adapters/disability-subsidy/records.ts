import type { Fen } from '../values/fen.ts';

/**
 * What the client gives and takes, in the domain's words. Codes of national lists stay the wire's own text (wire spec 3.0), money is
 * fen, days are `yyyy-MM-dd`, times `yyyy-MM-dd HH:mm:ss` in China time, months `yyyyMM`, divisions 12 digits.
 */

// ---- LB01 certificate check (残疾人证核验), 3.1 ----

export interface CertificateQuery {
  readonly name: string;
  readonly idNumber: string;
  readonly certificateNumber?: string | undefined;
}

export interface CertificateRecord {
  /** 残疾人证号, 20 or 22 characters. */
  readonly number: string;
  /** 残疾类别 `1` … `7`, the current one, which may differ from the number's. */
  readonly category: string;
  /** 残疾等级 `1` (the gravest) … `4`, the current one. */
  readonly grade: string;
  /** 证件状态 `1` valid, `2` frozen, `3` cancelled, `4` expired, `5` moved away. */
  readonly status: string;
  readonly firstIssuedOn: string;
  readonly issuedOn: string;
  readonly validTo: string;
  readonly hukouDivision: string;
  readonly guardian: { readonly name: string; readonly relation: string; readonly phone: string } | null;
  /** Only for category 7 (multiple). */
  readonly subCategories: readonly { readonly category: string; readonly grade: string }[];
}

// ---- LB02 current enrolments (享受状态), 3.2 ----

export interface Enrolment {
  /** `1` living subsidy (生活补贴), `2` nursing subsidy (护理补贴). */
  readonly subsidyType: string;
  readonly payDivision: string;
  readonly startMonth: string;
  readonly endMonth: string | null;
  readonly monthlyFen: Fen;
  /** `50` granted, `51` being paid, `52` stopped. */
  readonly state: string;
}

// ---- LB03 submission (申请提交), 3.3 ----

export interface Material {
  /** 材料 `01` … `07`. */
  readonly code: string;
  readonly name: string;
  /** `1` paper, `2` electronic, `3` shared data (免提交). */
  readonly form: string;
  readonly fileId: string;
}

export interface SubsidyApplication {
  /** The idempotency key (clientSerialNo), 1–40 characters: the same one again never files twice. */
  readonly clientSerial: string;
  /** `1` at the hukou place, `2` elsewhere (跨省通办). */
  readonly mode: string;
  readonly acceptDivision: string;
  readonly hukouDivision: string;
  readonly residenceDivision: string;
  /** Non-empty subset of `1`, `2`. */
  readonly subsidyTypes: readonly string[];
  /** Sex and birth date are read from the identity number, with which the wire wants them to agree. */
  readonly applicant: {
    readonly name: string;
    readonly idNumber: string;
    /** GB/T 3304, `01` Han. */
    readonly nation: string;
    readonly phone: string;
    readonly address: string;
  };
  /** Category and grade as LB01 gives them now. */
  readonly certificate: { readonly number: string; readonly category: string; readonly grade: string };
  readonly household: {
    /** `1` urban, `2` rural. */
    readonly hukouType: string;
    /** `0` none, `1` 低保, `2` 低保边缘. */
    readonly economicStatus: string;
    /** 低保证号, needed with status `1`. */
    readonly dibaoNumber: string | null;
  };
  readonly exclusions: {
    /** 特困供养. */
    readonly specialHardship: boolean;
    /** 孤儿基本生活保障. */
    readonly orphan: boolean;
    /** 工伤生活护理费. */
    readonly workInjuryNursing: boolean;
    /** 老年护理补贴. */
    readonly elderlyNursing: boolean;
  };
  readonly bank: {
    readonly code: string;
    readonly name: string;
    /** The applicant or the guardian. */
    readonly accountName: string;
    readonly account: string;
  };
  readonly agent: {
    readonly name: string;
    readonly idNumber: string | null;
    readonly relation: string;
    readonly phone: string;
  } | null;
  readonly materials: readonly Material[];
}

export interface SubmissionReceipt {
  /** applicationNo: `LB` + 6 digits + yyyyMMdd + 6 digits. */
  readonly number: string;
  readonly status: string;
  /** True when this clientSerial had been filed before: the earlier application is told and nothing new was made. */
  readonly duplicate: boolean;
  readonly nextDivision: string;
}

// ---- LB04 progress (进度), 3.4 ----

export interface ApplicationProgress {
  readonly number: string;
  /** 3.0: `10` … `60`. */
  readonly status: string;
  /** Chinese, as the system names it. */
  readonly statusName: string;
  readonly subsidyTypes: readonly string[];
  /** In order of `sequence`. */
  readonly steps: readonly ApplicationStep[];
}

export interface ApplicationStep {
  readonly sequence: number;
  readonly status: string;
  readonly division: string;
  readonly department: string;
  readonly handler: string;
  readonly at: string;
  readonly opinion: string;
}

// ---- LB05 supplement (补正), 3.5 ----

export interface Supplement {
  readonly number: string;
  /** From 1; the same round again is harmless. */
  readonly round: number;
  readonly materials: readonly Material[];
}

/** The application's state after a supplement or a decision. */
export interface ApplicationState {
  readonly number: string;
  readonly status: string;
}

// ---- LB06 pending for the hukou place (户籍地待办), 3.6 ----

export interface PendingQuery {
  /** 12 digits; zeros at the end mean the whole level. */
  readonly hukouDivision: string;
  readonly statuses: readonly string[];
  /** At most 31 days up to `updatedTo`. */
  readonly updatedFrom: string;
  readonly updatedTo: string;
  /** From 1. */
  readonly page: number;
  /** 1–100. */
  readonly pageSize: number;
}

/** Rows may move while paging: read again with ten minutes' overlap and drop repeated numbers. */
export interface PendingPage {
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
  readonly rows: readonly PendingApplication[];
}

export interface PendingApplication {
  readonly number: string;
  readonly acceptDivision: string;
  readonly name: string;
  readonly idNumber: string;
  readonly certificateNumber: string;
  readonly subsidyTypes: readonly string[];
  readonly status: string;
  readonly updatedAt: string;
}

// ---- LB07 decision (审核、审定意见), 3.7 ----

export interface Decision {
  readonly number: string;
  /** `1` township first check, `2` federation (残联), `3` civil affairs (民政). */
  readonly stage: string;
  /** `1` pass, `2` refuse, `3` ask for a supplement. */
  readonly decision: string;
  /** The subsidy types passed; empty unless the decision is to pass. */
  readonly subsidyTypes: readonly string[];
  readonly rejected?: readonly {
    readonly subsidyType: string;
    /** `R01` … `R10`. */
    readonly reasonCode: string;
    readonly reason: string;
  }[];
  readonly opinion: string;
  readonly reviewer: string;
  readonly reviewedAt: string;
  /** Needed when stage 3 passes; at the latest the month after the application was accepted. */
  readonly startMonth?: string | undefined;
}

// ---- LB08 payments (发放记录), 3.8 ----

export interface PaymentsQuery {
  readonly idNumber: string;
  /** First and last month, `yyyyMM`, at most 24 months. */
  readonly from: string;
  readonly to: string;
}

export interface SubsidyPaymentRecord {
  /** payNo. */
  readonly number: string;
  readonly subsidyType: string;
  readonly month: string;
  /** The month's own subsidy; what was transferred is this and the arrears. */
  readonly amountFen: Fen;
  /** Added for earlier months (补发). */
  readonly arrearsFen: Fen;
  readonly paidOn: string | null;
  /** First four and last four digits. */
  readonly maskedAccount: string;
  /** `0` pending, `1` paid, `2` failed, `3` returned. */
  readonly result: string;
  readonly failure: string | null;
}
