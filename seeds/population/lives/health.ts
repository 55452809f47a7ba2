import { addWorkingDays, at, type Day, dateText, dayOf, dayOfMoment, yearsLater } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import {
  HOSPITALS,
  type Hospital,
  MATERNAL_AND_CHILD,
  NEIGHBOURHOOD_PROVIDERS,
  RECEIVING_HOSPITALS,
} from '../hospitals.ts';
import type { Life } from '../life.ts';
import { inventBill, type MaternityFund, settle, stay } from '../maternity.ts';
import {
  bindProvider,
  CHRONIC_DISEASES,
  fileOutOfArea,
  type Insured,
  type InsuredAs,
  insure,
  insuredSince,
  itemOfCategory,
  type OutOfAreaCategory,
  recogniseChronicDisease,
  refer,
} from '../medical.ts';
import { NOW } from '../people.ts';
import type { Elsewhere } from '../places.ts';
import { momentOf, officeOf, recentDay } from './occasions.ts';
import { soon, workingMoment } from './outcomes.ts';

const EMPLOYERS = [
  '咸安桂花纺织有限公司（虚构）',
  '咸宁青枫机械厂（虚构）',
  '咸安区示例小学（虚构）',
  '咸宁竹海食品有限公司（虚构）',
  '咸安温塘旅游公司（虚构）',
  '咸宁淦水建筑工程公司（虚构）',
] as const;

export interface HealthPlan {
  readonly insuredAs: InsuredAs;
  readonly mother: boolean;
  readonly chronic: boolean;
  readonly referred: boolean;
  readonly away: { readonly category: OutOfAreaCategory; readonly place: Elsewhere; readonly address: string } | null;
  readonly medicalAid: boolean;
}

/** What the medical insurance platform knows of an ordinary resident, with the cases that made it known. */
export function insuredLife(life: Life, plan: HealthPlan): void {
  const { random } = life;
  const working = plan.insuredAs !== 'resident';
  const balanceFen = working ? random.whole(20_000, 480_000) : 0;
  const fund: MaternityFund = working ? (random.chance(0.3) ? 'own' : 'employee-pool') : 'resident-pool';
  const suspended =
    plan.insuredAs === 'employee' && !plan.mother && !plan.away && !plan.referred && random.chance(0.04);
  const insured = insure(life, {
    as: plan.insuredAs,
    since: insuredSince(life, plan.insuredAs),
    employer: working ? random.pick(EMPLOYERS) : '',
    balanceFen,
    ownMaternity: plan.mother && fund === 'own',
    medicalAid: plan.medicalAid,
    ...(suspended && { status: '2', pausedOn: dateText(recentDay(random)) }),
  });
  if (plan.away) livesElsewhere(life, insured, plan.away);
  if (plan.chronic) hasChronicDisease(life, insured);
  if (plan.referred) isReferred(life, insured);
  if (plan.mother) givesBirth(life, insured, fund);
}

function livesElsewhere(life: Life, insured: Insured, away: NonNullable<HealthPlan['away']>): void {
  const { random } = life;
  const itemId = itemOfCategory(away.category);
  const channel = random.chance(0.6) ? 'village' : 'online';
  const acceptedAt = momentOf(random, recentDay(random), channel);
  const closedAt = random.chance(0.8) ? soon(life, acceptedAt) : workingMoment(life, acceptedAt, 1);
  const pending = closedAt > NOW;
  const from = dayOfMoment(acceptedAt);
  const filing = fileOutOfArea(life, insured, {
    category: away.category,
    destination: away.place.code,
    address: away.address,
    filedAt: acceptedAt,
    from,
    to: away.category === 'posted-worker' ? yearsLater(from, 1) - 1 : null,
    pending,
  });
  openCase(life, {
    itemId,
    channel,
    office: officeOf(life, itemId, channel),
    acceptedAt,
    visitsMade: channel === 'online' ? 0 : 1,
    references: [filing],
    ...(!pending && { end: { as: 'granted', at: closedAt, explanation: '备案成功，可在备案地直接结算' } }),
  });
}

function hasChronicDisease(life: Life, insured: Insured): void {
  const { random } = life;
  const acceptedAt = momentOf(random, recentDay(random), 'village');
  const closedAt = workingMoment(life, acceptedAt, random.whole(4, 14));
  const luck = random.next();
  const common = {
    itemId: 'S10',
    channel: 'village',
    office: officeOf(life, 'S10', 'village'),
    acceptedAt,
  } as const;
  if (closedAt > NOW) {
    openCase(life, luck < 0.2 ? { ...common, standing: 'waiting', supplement: '缺近一年检查报告' } : common);
    return;
  }
  if (luck < 0.06) {
    openCase(life, { ...common, end: { as: 'not-granted', at: closedAt, explanation: '检查结果未达到认定标准' } });
    return;
  }
  const from = dayOfMoment(closedAt);
  const filing = recogniseChronicDisease(life, insured, {
    disease: random.pick(Object.values(CHRONIC_DISEASES)),
    hospital: random.pick(HOSPITALS),
    identifiedOn: dayOfMoment(acceptedAt) - random.whole(2, 20),
    filedAt: closedAt,
    from,
    to: random.chance(0.5) ? null : yearsLater(from, 2) - 1,
  });
  openCase(life, {
    ...common,
    references: [filing],
    end: { as: 'granted', at: closedAt, explanation: '准予享受门诊慢特病待遇' },
  });
  if (random.chance(0.6)) {
    const provider = random.pick([...HOSPITALS, ...NEIGHBOURHOOD_PROVIDERS]);
    bindProvider(life, insured, { provider, rank: '1', from, to: dayOf('2026-12-31') });
  }
}

const DIAGNOSES = [
  ['I25.103', '冠状动脉粥样硬化性心脏病'],
  ['C34.900', '支气管或肺恶性肿瘤'],
  ['C50.900', '乳房恶性肿瘤'],
  ['N18.900', '慢性肾脏病'],
  ['M51.202', '腰椎间盘突出'],
  ['K74.600', '肝硬化'],
] as const;

function isReferred(life: Life, insured: Insured): void {
  const { random } = life;
  const hospital = random.pick(HOSPITALS);
  const acceptedAt = momentOf(random, recentDay(random), 'hospital');
  const on = dayOfMoment(acceptedAt);
  stay(life, insured, {
    hospital,
    admittedAt: at(on - random.whole(2, 6), 10, random.whole(0, 59)),
    dischargedAt: acceptedAt + 1200 > NOW ? null : acceptedAt + 1200,
    medType: '21',
    departmentName: random.pick(['心血管内科', '肿瘤科', '肾病内科', '普通外科']),
  });
  const referral = refer(life, insured, {
    hospital,
    to: random.pick(RECEIVING_HOSPITALS),
    diagnosis: random.pick(DIAGNOSES),
    at: acceptedAt,
    from: on,
    until: on + 183,
  });
  openCase(life, {
    itemId: 'S11',
    channel: 'hospital',
    office: hospital.organisation,
    acceptedAt,
    visitsMade: 0,
    references: [referral],
    end: { as: 'granted', at: soon(life, acceptedAt), explanation: '转诊备案已办理' },
  });
}

/** A birth, its stay, and in most cases the settlement that the hospital checks and pays. */
function givesBirth(life: Life, insured: Insured, fund: MaternityFund): void {
  const { random } = life;
  const hospital: Hospital = random.chance(0.6) ? MATERNAL_AND_CHILD : random.pick(HOSPITALS);
  const admittedOn: Day = recentDay(random);
  const settledOn = addWorkingDays(admittedOn, random.whole(2, 4));
  const settledAt = at(settledOn, random.whole(9, 16), random.whole(0, 59), random.whole(0, 59));
  const inHospital = settledAt > NOW;
  const visit = stay(life, insured, {
    hospital,
    admittedAt: at(admittedOn, random.whole(0, 16), random.whole(0, 59)),
    dischargedAt: inHospital ? null : settledAt + 1800,
    medType: '52',
    departmentName: '产科',
  });
  if (inHospital) return;
  const settlement = settle(life, insured, visit, {
    hospital,
    fund,
    bill: inventBill(life, fund),
    settledAt,
    balanceFen: insured.balanceFen,
  });
  const closedAt = workingMoment(life, settledAt, random.whole(1, 9));
  openCase(life, {
    itemId: 'S12',
    channel: 'hospital',
    office: hospital.organisation,
    acceptedAt: settledAt,
    visitsMade: 0,
    references: [settlement],
    ...(closedAt <= NOW && { end: { as: 'granted', at: closedAt, explanation: '生育医疗费已拨付' } }),
  });
}
