import type { CaseSeed } from '../model.ts';
import { addWorkingDays, compactDate, dateText, dayOfMoment, type Moment, timeText } from './calendar.ts';
import type { CaseCourse, Ending, Standing } from './case-course.ts';
import { stepsOf } from './case-steps.ts';
import { type Item, itemById } from './items.ts';
import type { Life } from './life.ts';
import { handlerAt } from './offices.ts';

const ENDINGS: Readonly<Record<Ending, { readonly status: string; readonly type: string }>> = {
  granted: { status: '3', type: '0' },
  'not-granted': { status: '44', type: '1' },
  refused: { status: '47', type: '6' },
  returned: { status: '5', type: '5' },
  void: { status: '-1', type: '2' },
};

const STANDINGS: Readonly<Record<Standing, string>> = {
  received: '1',
  'in-progress': '2',
  waiting: '21',
  suspended: '22',
};

const NO_REFERENCES: CaseSeed['references'] = [];

/** Opens a case for the resident of a life and tells its course. */
export function openCase(life: Life, course: CaseCourse): CaseSeed {
  const { books, resident, random } = life;
  const { end, office, acceptedAt } = course;
  const item = itemById(course.itemId);
  const { steps, pausedWorkingDays } = stepsOf(item, course, random);
  const seed: CaseSeed = {
    number: caseNumber(life, item, acceptedAt),
    password: random.digits(6),
    itemId: item.id,
    applicantIdNumber: resident.idNumber,
    applicantName: resident.name,
    applicantPhone: resident.phone,
    channel: course.channel,
    organisation: office,
    appliedAt: timeText(course.appliedAt ?? acceptedAt - random.whole(120, 900)),
    acceptedAt: timeText(acceptedAt),
    projectType: item.projectType,
    promiseDays: item.promiseDays,
    promiseDate: promiseDate(item, acceptedAt, pausedWorkingDays),
    status: end ? ENDINGS[end.as].status : STANDINGS[course.standing ?? 'in-progress'],
    visitsPromised: item.visits,
    visitsMade: course.visitsMade ?? item.visits,
    steps,
    references: course.references ?? NO_REFERENCES,
    ...(end && {
      result: {
        type: ENDINGS[end.as].type,
        at: timeText(end.at),
        explanation: end.explanation,
        certificateName: end.certificateName ?? '',
        certificateNumber: end.certificateNumber ?? '',
        handler: steps.at(-1)?.handler ?? handlerAt(random, office),
      },
    }),
  };
  books.cases.push(seed);
  return seed;
}

/** Implementation code, day, and a serial that counts per item and day (unified-acceptance 3.1). */
function caseNumber({ books }: Life, item: Item, acceptedAt: Moment): string {
  const day = compactDate(dayOfMoment(acceptedAt));
  return [item.taskCode, day, String(books.next(item.id + day)).padStart(4, '0')].join('');
}

/** Working days after the day of acceptance; a supplement stops the clock from its notice to its arrival (unified-acceptance 3.2). */
function promiseDate(item: Item, acceptedAt: Moment, pausedWorkingDays: number): string {
  if (item.projectType === '1') return '';
  return `${dateText(addWorkingDays(dayOfMoment(acceptedAt), item.promiseDays + pausedWorkingDays))} 23:59:59`;
}
