/** A resident as the registry knows it. */
export interface RegisteredResident {
  readonly handle: string;
  readonly idNumber: string;
  readonly name: string | null;
  /** 12 digits. */
  readonly hukouDivision: string | null;
  readonly residenceDivision: string | null;
}

export interface RegisteredOrganisation {
  readonly code: string;
  readonly name: string;
  readonly division: string;
}

/** Who applies for the applicant (代理人). */
export interface Agent {
  readonly name: string;
  readonly idNumber: string;
}

/** How a case ended. */
export interface RegisteredResult {
  readonly type: string;
  readonly at: number;
  readonly explanation: string | null;
  readonly certificateName: string | null;
  readonly certificateNumber: string | null;
}

/** A case as the registry knows it. Moments are milliseconds since 1970; codes are those of the unified acceptance platform. */
export interface RegisteredCase {
  readonly id: string;
  /** Null, and the password with it, until the platform has allotted them. */
  readonly number: string | null;
  readonly password: string | null;
  readonly itemId: string;
  readonly applicantHandle: string;
  /** The name as it stands on the application; null where only the resident's own name is known. */
  readonly applicantName: string | null;
  readonly agent: Agent | null;
  readonly mobile: string | null;
  readonly channel: string;
  /** The account that opened the case; null where none of ours did. */
  readonly operator: string | null;
  readonly organisation: RegisteredOrganisation;
  readonly status: string;
  /** `1` decided on the spot (即办件), `2` within a promised time (承诺件); null where not known. */
  readonly projectType: string | null;
  readonly promiseDays: number | null;
  readonly appliedAt: number;
  /** Null until the case is accepted. */
  readonly acceptedAt: number | null;
  /** When it was accepted, or else applied for: lists of cases are in this order. */
  readonly listedAt: number;
  readonly promiseAt: number | null;
  readonly visitsPromised: number | null;
  readonly visitsMade: number;
  readonly result: RegisteredResult | null;
  /** Counts the changes. */
  readonly version: number;
}

export interface RegisteredStep {
  readonly number: number;
  readonly name: string;
  /** Null while the step is to do. */
  readonly outcome: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly handler: string;
  readonly explanation: string | null;
  readonly organisation: RegisteredOrganisation;
  /** Where it stands in the process (环节类型): first, middle, last, the only one; null where not known. */
  readonly nodeType: string | null;
  /** The action's code, `1` to `8` (环节操作); null where not known. */
  readonly action: string | null;
  /** The account that took the step; null where none of ours did. */
  readonly operator: string | null;
}

export interface RegisteredReference {
  readonly system: string;
  readonly kind: string;
  readonly reference: string;
  readonly values: Readonly<Record<string, string>>;
}

/** A time during which a case's clock stands still (特别程序). */
export interface SpecialProcedure {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly startedAt: number;
  /** Null while it lasts, and the outcome with it. */
  readonly endedAt: number | null;
  readonly outcome: string | null;
}

/** A paper of the application (申请材料). */
export interface CaseMaterial {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  /** How it came: the platform's code (收取方式). */
  readonly way: string;
  readonly copies: number;
}

/** A resident to be written. */
export type NewResident = Omit<RegisteredResident, 'handle'>;

/** What is known of a case when it is opened. */
export interface OpenedCase
  extends Pick<
    RegisteredCase,
    | 'id'
    | 'itemId'
    | 'applicantHandle'
    | 'applicantName'
    | 'agent'
    | 'mobile'
    | 'channel'
    | 'operator'
    | 'organisation'
    | 'status'
    | 'projectType'
    | 'promiseDays'
    | 'appliedAt'
    | 'visitsPromised'
    | 'visitsMade'
  > {}

/** What can change about an open case. */
export type CaseChanges = Partial<
  Pick<
    RegisteredCase,
    | 'status'
    | 'organisation'
    | 'projectType'
    | 'promiseDays'
    | 'acceptedAt'
    | 'promiseAt'
    | 'visitsPromised'
    | 'visitsMade'
    | 'mobile'
    | 'result'
  >
>;

/** A case with its whole history, as a registry is filled with at once. */
export interface NewCase
  extends Pick<
    RegisteredCase,
    | 'itemId'
    | 'channel'
    | 'organisation'
    | 'status'
    | 'appliedAt'
    | 'promiseAt'
    | 'visitsPromised'
    | 'visitsMade'
    | 'result'
  > {
  readonly number: string;
  readonly password: string;
  readonly applicantIdNumber: string;
  readonly acceptedAt: number | null;
  readonly steps: readonly Omit<RegisteredStep, 'nodeType' | 'action' | 'operator'>[];
  readonly references: readonly RegisteredReference[];
}
