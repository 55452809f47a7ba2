/** The application's states and the arrows between them (wire spec 3.0, `state-transitions.json`). */

export const STATUS_NAMES = {
  '10': '已受理',
  '11': '待补正',
  '12': '不予受理',
  '20': '已转户籍地',
  '21': '户籍地乡镇（街道）初审',
  '30': '残联审核中',
  '32': '残联审核不通过',
  '40': '民政审定中',
  '42': '审定不通过',
  '50': '待发放',
  '51': '发放中',
  '52': '停发',
  '60': '已撤回',
} as const;

export type Status = keyof typeof STATUS_NAMES;

/** Out of `11` only the state that asked for the supplement, and `60`, are open. */
export const ARROWS: Readonly<Record<Status, readonly Status[]>> = {
  '10': ['20', '30', '11', '12', '60'],
  '11': ['10', '20', '21', '30', '40', '60'],
  '12': [],
  '20': ['21', '30', '11', '60'],
  '21': ['30', '11', '12'],
  '30': ['40', '32', '11'],
  '32': [],
  '40': ['50', '42', '11'],
  '42': [],
  '50': ['51'],
  '51': ['52'],
  '52': ['51'],
  '60': [],
};

/** States in which an application stands in the way of another for the same person and type (LB3001). */
export const OPEN: ReadonlySet<Status> = new Set(['10', '11', '20', '21', '30', '40', '50', '51']);

export type Stage = '1' | '2' | '3';
export type Verdict = '1' | '2' | '3';

/** Which stage decides in a state. */
export const STAGE_OF: { readonly [S in Status]?: Stage } = {
  '10': '1',
  '20': '1',
  '21': '1',
  '30': '2',
  '40': '3',
};

/** Where a stage's decision to pass (`1`) or refuse (`2`) leads. */
export const LEADS_TO: Readonly<Record<Stage, Readonly<Record<'1' | '2', Status>>>> = {
  '1': { '1': '30', '2': '12' },
  '2': { '1': '40', '2': '32' },
  '3': { '1': '50', '2': '42' },
};

/** The decisions that a state shows to have been made, for applications the population brings along. */
export const MADE_BY: { readonly [S in Status]?: Readonly<Partial<Record<Stage, Verdict>>> } = {
  '12': { '1': '2' },
  '30': { '1': '1' },
  '32': { '1': '1', '2': '2' },
  '40': { '1': '1', '2': '1' },
  '42': { '1': '1', '2': '1', '3': '2' },
  '50': { '1': '1', '2': '1', '3': '1' },
  '51': { '1': '1', '2': '1', '3': '1' },
  '52': { '1': '1', '2': '1', '3': '1' },
};

export function isStatus(text: string): text is Status {
  return Object.hasOwn(STATUS_NAMES, text);
}
