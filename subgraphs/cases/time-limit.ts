/** 承诺时限单位 (unified-acceptance 3.1). */
export const PROMISE_UNIT = {
  WORKING_DAY: '1',
  CALENDAR_DAY: '2',
  HOUR: '3',
  MINUTE: '4',
  MONTH: '5',
} as const;

/** 承诺时限: how long a decision may take. */
export interface TimeLimit {
  readonly amount: number;
  readonly unit: (typeof PROMISE_UNIT)[keyof typeof PROMISE_UNIT];
}
