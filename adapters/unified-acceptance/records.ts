/**
 * What the platform tells, in the domain's words. Times are ISO 8601 with +08:00; codes are text of the lists in `codes.ts`. What
 * callers report is typed by the schemas under `messages/`.
 */

/** A case number and what the applicant asks for its progress with. */
export interface CaseNumberAllotment {
  /** 办件编号 (projectNo), 43 characters. */
  readonly number: string;
  /** 查询密码, 6 digits. */
  readonly password: string;
}

/** How far a case has come (办件进度, wire spec 3.3 `query`). */
export interface CaseProgress {
  readonly number: string;
  readonly itemName: string;
  /** The first character and stars, as the platform masks it. */
  readonly maskedApplicantName: string;
  /** `CASE_STATUSES`. */
  readonly status: string;
  /** The platform's own Chinese name of the status. */
  readonly statusName: string;
  readonly acceptedAt: string;
  /** 承诺办结时间; null for an immediate case. */
  readonly promiseDate: string | null;
  /** 办结时间; null while the case is open. */
  readonly resultAt: string | null;
  /** `CLOSE_RESULTS`; null while the case is open. */
  readonly resultType: string | null;
  readonly overdue: boolean;
  readonly steps: readonly ProgressStep[];
}

/** One step of a case (办件环节) as the platform tells it. */
export interface ProgressStep {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  /** `NODE_RESULTS`; empty while the step is to do. */
  readonly result: string;
  /** An unfinished step repeats its start here (wire spec 3.3). */
  readonly endedAt: string;
}

/** An item of the implementation list (实施清单) as the platform tells it (wire spec 3.3, `item`). */
export interface ItemGuide {
  /** 实施编码, 31 characters. */
  readonly implementationCode: string;
  /** 基本编码, 12 digits. */
  readonly basicCode: string;
  readonly name: string;
  /** 事项类型, `ITEM_TYPES`. */
  readonly itemType: string;
  /** 事项状态, `ITEM_STATES`. */
  readonly state: string;
  readonly version: number;
  /** 行使层级, `EXERCISE_LEVELS` or `6`. */
  readonly level: string;
  readonly departmentCode: string;
  readonly departmentName: string;
  /** 办件类型, `PROJECT_TYPES`. */
  readonly caseType: string;
  /** 服务对象, `APPLICANT_TYPES`. */
  readonly servedApplicants: readonly string[];
  /** 法定时限; null when the platform does not know it. */
  readonly statutoryLimit: TimeLimit | null;
  /** The statutory limit in days, whatever days they are; null when it is none or counted otherwise. */
  readonly statutoryDays: number | null;
  /** 承诺时限; null when the platform does not know it. */
  readonly promise: TimeLimit | null;
  /** The promise in days, whatever days they are; null when it is none or counted otherwise. */
  readonly promiseDays: number | null;
  /** 到办事现场次数: `0` is 零跑腿; null when the platform does not know it. */
  readonly visits: number | null;
  /** 办理形式, `HANDLING_FORMS`. */
  readonly handlingForms: readonly string[];
  /** 通办范围, `HANDLING_RANGES`. */
  readonly range: string;
  readonly hasFee: boolean;
  readonly online: boolean;
  /** 审批结果类型, `ITEM_RESULT_TYPES`. */
  readonly resultType: string;
  /** 业务办理项. */
  readonly handlingItems: readonly { readonly code: string; readonly name: string }[];
  readonly materials: readonly ItemMaterial[];
}

/** A time limit as an item states it. */
export interface TimeLimit {
  readonly amount: number;
  /** `PROMISE_UNITS`. */
  readonly unit: string;
}

/** A material that an item asks for (申请材料). */
export interface ItemMaterial {
  readonly name: string;
  readonly required: boolean;
  /** `MATERIAL_SOURCES`. */
  readonly source: string;
}

/** What the platform knows of the payment of a fee order. */
export interface FeeState {
  readonly payCode: string;
  /** `PAY_STATES`: `0` unpaid, `1` paid, `2` void. */
  readonly payState: string;
}

/** What the platform did with the records of a report. */
export interface ReportOutcome {
  /** How many it holds now: taken by this report, or held before with the same content (`2106`). */
  readonly accepted: number;
  readonly rejected: readonly RejectedRecord[];
}

/** A record that the platform did not take; the others of its message were taken. */
export interface RejectedRecord {
  readonly rowGuid: string;
  /** Wire spec section 4: `2101` … `2204`. `dutyOf` of `errors.ts` tells what it asks of the caller. */
  readonly code: string;
  /** The platform's own words, Chinese. */
  readonly message: string;
}
