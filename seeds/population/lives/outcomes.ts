import { addWorkingDays, at, dayOfMoment, type Moment } from '../calendar.ts';
import type { CaseCourse, CaseEnd } from '../case-course.ts';
import { type Item, itemById } from '../items.ts';
import type { Life } from '../life.ts';
import { AS_OF_DAY, NOW } from '../people.ts';

/** What an office writes about the cases of an item. */
interface Wording {
  readonly granted: string;
  readonly missing: string;
  readonly notGranted: string;
  readonly refused: string;
  readonly certificate?: string;
}

const DEFAULT_WORDING: Wording = {
  granted: '予以办结',
  missing: '申请材料不齐，请补交',
  notGranted: '经审查不符合条件',
  refused: '不属于本事项受理范围',
};

const WORDINGS: Readonly<Record<string, Partial<Wording>>> = {
  S02: {
    granted: '档案查询结果已出具',
    certificate: '市场主体档案查询单',
    missing: '缺有效身份证明',
    notGranted: '查询对象不属于下沉的三类市场主体',
  },
  S04: { granted: '确认为特困人员', missing: '缺家庭经济状况核对授权书', notGranted: '有法定赡养义务人且有赡养能力' },
  S05: { granted: '高龄津贴已发放', missing: '缺银行卡复印件', refused: '户籍不在本区' },
  S06: { granted: '确认为低保边缘家庭', missing: '缺家庭收入证明', notGranted: '家庭人均收入高于规定标准' },
  S13: { granted: '已打印公积金明细', certificate: '住房公积金缴存明细' },
  O01: {
    granted: '公示无异议，准予发证',
    certificate: '残疾人证',
    missing: '缺近期免冠照片',
    notGranted: '评定结果未达到残疾标准',
  },
  O02: { granted: '辅具已发放', missing: '缺适配评估表', notGranted: '同类辅具使用年限未满' },
  O04: { granted: '登记完成', certificate: '生育登记服务单' },
  O05: { granted: '认定为就业困难人员', missing: '缺失业登记凭证', notGranted: '失业时间不满一年' },
  O06: { granted: '登记完成', certificate: '就业创业证', refused: '仍有在职参保记录' },
  O07: { granted: '登记完成', certificate: '就业创业证' },
};

function wordingOf(itemId: string): Wording {
  return { ...DEFAULT_WORDING, ...WORDINGS[itemId] };
}

type Outcome = Pick<CaseCourse, 'end' | 'standing' | 'supplement' | 'suspendedFor' | 'visitsMade'>;

/** How an ordinary case went, from its item's promise and chance. What would end after the population's day is still open. */
export function chanceOutcome(
  life: Life,
  itemId: string,
  acceptedAt: Moment,
  certificateNumber?: () => string,
): Outcome {
  const { random } = life;
  const item = itemById(itemId);
  const wording = wordingOf(itemId);
  const end = (as: CaseEnd['as'], moment: Moment, explanation: string): Outcome => ({
    end: { as, at: moment, explanation },
  });
  const luck = random.next();
  if (luck < 0.02) return end('refused', acceptedAt, wording.refused);
  if (luck < 0.032) return end('void', soon(life, acceptedAt), '申请人要求作废，已重新申请');

  const closedAt = closingOf(life, item, acceptedAt);
  if (closedAt > NOW) return openOutcome(life, acceptedAt, wording);
  const slow = item.projectType === '2';
  if (slow && luck < 0.08) return end('not-granted', closedAt, wording.notGranted);
  if (slow && luck < 0.12) return { ...end('returned', closedAt, '逾期未补正，退件'), supplement: wording.missing };
  return {
    end: {
      as: 'granted',
      at: closedAt,
      explanation: wording.granted,
      ...(wording.certificate !== undefined && { certificateName: wording.certificate }),
      ...(certificateNumber && { certificateNumber: certificateNumber() }),
    },
    ...(slow && luck > 0.93 && { supplement: wording.missing, visitsMade: item.visits + 1 }),
  };
}

/** Within the promise; one in twenty takes some days longer. An item handled on the spot is closed within the hour. */
function closingOf(life: Life, { projectType, promiseDays }: Item, acceptedAt: Moment): Moment {
  const { random } = life;
  if (projectType === '1') return soon(life, acceptedAt);
  const days = random.chance(0.05)
    ? promiseDays + random.whole(1, 3)
    : random.whole(Math.ceil(promiseDays / 3), promiseDays);
  return workingMoment(life, acceptedAt, days);
}

/** Half an hour later at most. */
export function soon({ random }: Life, from: Moment): Moment {
  return Math.min(from + random.whole(180, 1500), Math.max(NOW, from));
}

/** In office hours, so many working days later; may lie after the population's day. */
export function workingMoment({ random }: Life, from: Moment, workingDays: number): Moment {
  const day = addWorkingDays(dayOfMoment(from), workingDays);
  return Math.max(at(day, random.whole(9, 16), random.whole(0, 59), random.whole(0, 59)), from + 900);
}

function openOutcome({ random }: Life, acceptedAt: Moment, wording: Wording): Outcome {
  if (dayOfMoment(acceptedAt) === AS_OF_DAY && random.chance(0.3)) return { standing: 'received' };
  const stage = random.next();
  if (stage < 0.25) return { standing: 'waiting', supplement: wording.missing };
  if (stage < 0.35) return { standing: 'suspended', suspendedFor: random.pick(['公示', '现场勘验', '经济状况核对']) };
  return { standing: 'in-progress' };
}
