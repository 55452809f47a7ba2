import type { CaseStepSeed, OrganisationSeed } from '../model.ts';
import { at, dayOfMoment, type Moment, timeText, WORKING_DAYS, workingDayIndex } from './calendar.ts';
import type { CaseCourse } from './case-course.ts';
import type { Item } from './items.ts';
import { handlerAt } from './offices.ts';
import { NOW } from './people.ts';
import type { Random } from './random.ts';

/** Codes of unified-acceptance 3.2 for the steps that the catalogue's processes are made of. */
interface StepKind {
  readonly action: string;
  /** 环节处理结果 when all is well. */
  readonly result: string;
  readonly explanation: string;
  /** Taken where the case was accepted, and right then. */
  readonly atWindow: boolean;
}

const APPLYING: StepKind = { action: '1', result: '1', explanation: '', atWindow: true };
const ACCEPTING: StepKind = { action: '1', result: '4', explanation: '予以受理', atWindow: true };
const REVIEWING: StepKind = { action: '2', result: '1', explanation: '审核通过', atWindow: false };
const DECIDING: StepKind = { action: '5', result: '1', explanation: '同意', atWindow: false };
const DELIVERING: StepKind = { action: '6', result: '1', explanation: '办结', atWindow: false };

const KINDS: Readonly<Record<string, StepKind>> = {
  申请: APPLYING,
  受理: ACCEPTING,
  自助受理: ACCEPTING,
  '村（社区）受理': ACCEPTING,
  扫码窗口动态二维码: ACCEPTING,
  审核: REVIEWING,
  审查: REVIEWING,
  '乡镇（街道）确认': REVIEWING,
  审批: DECIDING,
  决定: DECIDING,
  拨付: DECIDING,
  办结: DELIVERING,
  出件: DELIVERING,
  区民政局统一发放: DELIVERING,
};

/** A step before its times; `result` is empty while it is to do. */
interface Draft extends StepKind {
  readonly name: string;
}

interface Span {
  readonly from: Moment;
  readonly to: Moment;
}

export interface StepsTaken {
  readonly steps: readonly CaseStepSeed[];
  /** Days on which the promise did not run. */
  readonly pausedWorkingDays: number;
}

/** The steps of a case so far: the item's process of the catalogue, cut or branched as its course tells. */
export function stepsOf(item: Item, course: CaseCourse, random: Random): StepsTaken {
  const drafts = draftsOf(item, course);
  const spans = spansOf(drafts, course);
  let lastEnd = { moment: Number.NaN, text: '' };
  const steps = drafts.map((draft, index): CaseStepSeed => {
    const { from, to } = spans[index] as Span;
    const done = draft.result !== '';
    // Most steps begin as the one before ends: one text for both.
    const startedAt = from === lastEnd.moment ? lastEnd.text : timeText(from);
    // An unfinished step repeats its start (unified-acceptance 3.3).
    const endedAt = done && to !== from ? timeText(to) : startedAt;
    lastEnd = { moment: to, text: endedAt };
    const organisation = draft.atWindow ? course.office : laterOffice(item, course);
    return {
      number: index + 1,
      name: draft.name,
      nodeType: nodeType(index, drafts.length),
      nodeState: done ? '02' : '01',
      nodeResult: draft.result,
      action: draft.action,
      startedAt,
      endedAt,
      handler: handlerAt(random, organisation),
      explanation: draft.explanation,
      organisation,
    };
  });
  return { steps, pausedWorkingDays: pausedWorkingDays(drafts, spans) };
}

/** The steps that belong to the course: the whole process when granted, else up to where it stopped or stands. */
function draftsOf(item: Item, course: CaseCourse): Draft[] {
  const process = item.process.map(agreed);
  const firstLater = process.findIndex(({ atWindow }) => !atWindow);
  const window = firstLater < 0 ? process : process.slice(0, firstLater);
  const later = process.slice(window.length);
  const before = window.slice(0, -1);
  const accepting = window[window.length - 1] as Draft;
  // O02 and O03 end with acceptance in the catalogue; what is asked afterwards comes from a review all the same.
  const review = later[0] ?? agreed('审核');
  const asking = [...window, { ...review, action: '3', result: '5', explanation: course.supplement ?? '' }];

  switch (course.end?.as ?? course.standing ?? 'in-progress') {
    case 'granted':
      return course.supplement === undefined ? process : [...asking, supplement('1', '补正材料已收到'), ...later];
    case 'not-granted':
      return [...window, { ...review, result: '0', explanation: course.end?.explanation ?? '' }];
    case 'refused':
      return [...before, { ...accepting, result: '3', explanation: course.end?.explanation ?? '' }];
    case 'returned':
      return [...asking, supplement('7', course.end?.explanation ?? '')];
    case 'void':
      return window;
    case 'received':
      return [...before, { ...accepting, result: '', explanation: '' }];
    case 'waiting':
      return [...asking, supplement('', course.supplement ?? '')];
    case 'suspended':
      return [...window, { ...review, action: '7', result: '6', explanation: course.suspendedFor ?? '' }];
    case 'in-progress':
      return later.length === 0 ? window : [...window, { ...review, result: '', explanation: '' }];
  }
}

function agreed(name: string): Draft {
  const kind = KINDS[name];
  if (!kind) throw new RangeError(`a step of the catalogue without codes: ${name}`);
  return { name, ...kind };
}

const SUPPLEMENT = '补正';

function supplement(result: string, explanation: string): Draft {
  return { name: SUPPLEMENT, action: '4', result, explanation, atWindow: true };
}

function nodeType(index: number, count: number): string {
  if (count === 1) return '4';
  if (index === 0) return '1';
  return index === count - 1 ? '3' : '2';
}

/** Hospitals review what they accepted themselves; elsewhere the body that implements the item does. */
function laterOffice(item: Item, { office, channel }: CaseCourse): OrganisationSeed {
  return channel === 'hospital' ? office : item.body;
}

/** Seconds that a step at the window takes. */
const AT_WINDOW = 45;

/** Steps at the window end with the acceptance; the others follow one another in working hours until the end of the case or today. */
function spansOf(drafts: readonly Draft[], course: CaseCourse): Span[] {
  const { acceptedAt } = course;
  const firstLater = drafts.findIndex(({ atWindow }) => !atWindow);
  const window = firstLater < 0 ? drafts.length : firstLater;
  const later = drafts.length - window;
  const spans: Span[] = [];
  for (let left = window; left > 0; left -= 1) {
    spans.push({ from: acceptedAt - left * AT_WINDOW, to: acceptedAt - (left - 1) * AT_WINDOW });
  }

  const until = course.end?.at ?? lastSeen(acceptedAt);
  let from = acceptedAt + Math.min(120, Math.floor((until - acceptedAt) / 2));
  for (let index = 0; index < later; index += 1) {
    const to = index === later - 1 ? until : between(from, until, later - index);
    spans.push({ from, to });
    from = to;
  }
  return spans;
}

/** When an open case was last worked on: some days after its acceptance. */
function lastSeen(acceptedAt: Moment): Moment {
  const day = WORKING_DAYS[workingDayIndex(dayOfMoment(acceptedAt)) + 2] as number;
  return Math.max(Math.min(at(day, 15, 20, acceptedAt % 60), NOW), acceptedAt + 300);
}

/** One of `parts` equal parts of the way, moved into working hours when the way takes days. */
function between(from: Moment, until: Moment, parts: number): Moment {
  const moment = from + Math.floor((until - from) / parts);
  if (dayOfMoment(from) === dayOfMoment(until)) return moment;
  const day = WORKING_DAYS[workingDayIndex(dayOfMoment(moment))] as number;
  const inHours = at(day, 9) + Math.floor(((moment % 86_400) / 86_400) * 27_000);
  return Math.min(Math.max(inHours, from + 60), until);
}

function pausedWorkingDays(drafts: readonly Draft[], spans: readonly Span[]): number {
  const place = drafts.findIndex(({ name, result }) => name === SUPPLEMENT && result === '1');
  if (place < 0) return 0;
  const { from, to } = spans[place] as Span;
  return workingDayIndex(dayOfMoment(to)) - workingDayIndex(dayOfMoment(from)) + 1;
}
