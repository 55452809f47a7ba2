import catalogue from '../../seeds/catalogue.json' with { type: 'json' };
import codes from '../../seeds/items.json' with { type: 'json' };
import { invalidInput } from '../invalid-input.ts';
import { PROMISE_UNIT, type TimeLimit } from './time-limit.ts';

/** 补正: the step in which a supplement is waited for and comes in. It stands beside the item's process. */
export const SUPPLEMENT_STEP = '补正';
/** 特别程序: the step that ends a suspension. It stands beside the item's process. */
export const SPECIAL_PROCEDURE_STEP = '特别程序';

/** 业务动作 (eventName, unified-acceptance 3.2). */
export const STEP_ACTION = {
  ACCEPT: '1',
  REVIEW: '2',
  ASK_FOR_SUPPLEMENT: '3',
  RECEIVE_SUPPLEMENT: '4',
  DECIDE: '5',
  DELIVER: '6',
  SUSPEND: '7',
  RESUME: '8',
} as const;

export type StepAction = (typeof STEP_ACTION)[keyof typeof STEP_ACTION];

/** What a step of a process is for. */
export type StepRole = 'apply' | 'accept' | 'review' | 'decide' | 'deliver';

/** A step of an item's process, as the catalogue names it. */
export interface ProcessStep {
  readonly name: string;
  readonly role: StepRole;
}

/** How a service item's cases go. */
export interface ItemProcess {
  readonly itemId: string;
  readonly itemName: string;
  /** In order; names do not repeat. */
  readonly steps: readonly ProcessStep[];
  /**
   * The review that may follow an acceptance with which the catalogue ends (O02, O03: "申请→受理", reviewed by the body all the same);
   * null for an item whose process goes on by itself.
   */
  readonly furtherReview: ProcessStep | null;
  /** Null for an item that is handled on the spot (即办件). */
  readonly promise: TimeLimit | null;
  /** 0 for 零跑腿, 1 for 跑一次, null where the plan does not say. */
  readonly visits: number | null;
}

/** What the catalogue's steps are for. */
const ROLES: Readonly<Record<string, StepRole>> = {
  申请: 'apply',
  受理: 'accept',
  自助受理: 'accept',
  '村（社区）受理': 'accept',
  扫码窗口动态二维码: 'accept',
  审核: 'review',
  审查: 'review',
  '乡镇（街道）确认': 'review',
  审批: 'decide',
  决定: 'decide',
  拨付: 'decide',
  办结: 'deliver',
  出件: 'deliver',
  区民政局统一发放: 'deliver',
};

/** 业务动作 of a step that goes as it should. */
export const ACTION_OF_ROLE: Readonly<Record<StepRole, StepAction>> = {
  apply: STEP_ACTION.ACCEPT,
  accept: STEP_ACTION.ACCEPT,
  review: STEP_ACTION.REVIEW,
  decide: STEP_ACTION.DECIDE,
  deliver: STEP_ACTION.DELIVER,
};

const FURTHER_REVIEW: ProcessStep = { name: '审核', role: 'review' };

const PROCESSES: ReadonlyMap<string, ItemProcess> = new Map(
  catalogue.items.map((item) => [item.id, readProcess(item)]),
);

/** Every item's process, in the catalogue's order. */
export const ITEM_PROCESSES: readonly ItemProcess[] = [...PROCESSES.values()];

/** The process of an item, `S01` … `O07`. Throws `INVALID_INPUT` naming `field` for an item that the catalogue does not have. */
export function processOf(itemId: string, field = 'input.itemId'): ItemProcess {
  const process = PROCESSES.get(itemId);
  if (process) return process;
  throw invalidInput(field, { en: 'is no item of the catalogue.', zh: '不是目录中的事项。' });
}

function readProcess(item: (typeof catalogue.items)[number]): ItemProcess {
  const entry = codes.items.find(({ id }) => id === item.id);
  if (!entry) throw new Error(`seeds/items.json: no codes for ${item.id}`);
  const steps = item.processSteps.map((name): ProcessStep => {
    const role = ROLES[name];
    if (!role) throw new Error(`seeds/catalogue.json: ${item.id}: no role is known for the step ${name}`);
    return { name, role };
  });
  return {
    itemId: item.id,
    itemName: item.name,
    steps,
    furtherReview: steps.at(-1)?.role === 'accept' ? FURTHER_REVIEW : null,
    promise: entry.projectType === '1' ? null : { amount: entry.promiseDays, unit: PROMISE_UNIT.WORKING_DAY },
    visits: item.visits,
  };
}
