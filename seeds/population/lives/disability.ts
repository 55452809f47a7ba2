import type { DisabilityCertificateSeed } from '../../model.ts';
import { at, type Day, dayOf, dayOfMoment, type Moment, monthOf, yearOf, yearsLater } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { inventRelative, surnameOf } from '../names.ts';
import { FEDERATION_OFFICE, townOffice } from '../offices.ts';
import { AS_OF_DAY, inventPhone, NOW, spouseOf } from '../people.ts';
import { XIANAN } from '../places.ts';
import { Random, STREAMS } from '../random.ts';
import {
  type ApplicationStep,
  apply,
  type Circumstances,
  certify,
  draw,
  entitlements,
  firstPayDay,
  note,
  type SubsidyType,
} from '../subsidies.ts';
import { everydayCase } from './everyday-cases.ts';
import { momentOf, recentDay } from './occasions.ts';
import { workingMoment } from './outcomes.ts';

/** A resident with a disability: the certificate, what it entitles to, and the cases about both. */
export function livesWithDisability(life: Life, circumstances: Circumstances): void {
  const { random } = life;
  const certificate = random.chance(0.25) ? newlyCertified(life) : longCertified(life);
  if (!certificate) return;
  if (circumstances.economicStatus !== '0' || circumstances.needsLongTermCare) note(life, circumstances);
  if (random.chance(0.2)) everydayCase(life, 'O02');

  const types = entitlements(certificate, circumstances);
  const hasApplied = random.chance(0.8);
  if (types.length > 0 && hasApplied && random.chance(0.35)) drawsForYears(life, types);
  else if (types.length > 0 && hasApplied) appliesForSubsidy(life, certificate, types, circumstances);
  else if (types.length === 0 && certificate.status === '1' && random.chance(0.1))
    isRefused(life, certificate, circumstances);
}

const CATEGORIES: readonly (readonly [number, string])[] = [
  [13, '1'],
  [16, '2'],
  [2, '3'],
  [52, '4'],
  [6, '5'],
  [8, '6'],
  [3, '7'],
];
const GRADES: readonly (readonly [number, string])[] = [
  [14, '1'],
  [22, '2'],
  [32, '3'],
  [32, '4'],
];

function traits(life: Life) {
  const { random } = life;
  const category = random.weighted(CATEGORIES);
  const grade = random.weighted(GRADES);
  const guarded = category === '5' || category === '6' || life.person.age < 18;
  return {
    category,
    grade,
    guardian: guarded ? guardianOf(life) : null,
    subCategories:
      category === '7'
        ? [
            { category: '4', grade },
            { category: random.pick(['2', '5']), grade: '3' },
          ]
        : [],
  };
}

function guardianOf(life: Life): DisabilityCertificateSeed['guardian'] {
  const { person, random, seed, index } = life;
  if (person.age >= 30 && random.chance(0.5)) {
    return {
      name: spouseOf(person, new Random(seed, index, STREAMS.spouse)).name,
      relation: '配偶',
      phone: inventPhone(random),
    };
  }
  const name = inventRelative(random, surnameOf(person.name), 'male', yearOf(person.born) - 28);
  return { name, relation: person.age < 50 ? '父母' : '兄弟姐妹', phone: inventPhone(random) };
}

function longCertified(life: Life): DisabilityCertificateSeed {
  const { random, person } = life;
  const earliest = Math.max(dayOf('2012-01-04'), person.born + 240);
  const firstIssuedOn = Math.min(earliest + random.whole(0, 4300), dayOf('2024-12-20'));
  // Most renew before the ten years are over; some lose theirs.
  const renewedOn = yearsLater(firstIssuedOn, 10) - random.whole(20, 90);
  const lapses = renewedOn + 90 < AS_OF_DAY;
  const again = random.chance(lapses ? 0.85 : 0.07);
  return certify(life, {
    ...traits(life),
    firstIssuedOn,
    ...(again && { reissues: 1, issuedOn: lapses ? renewedOn : dayOf('2025-01-06') + random.whole(0, 400) }),
    status: random.weighted([
      [94, '1'],
      [3, '2'],
      [2, '3'],
      [1, '5'],
    ]),
  });
}

/** Certified since 2025, by a case of O01; undefined while, or because, there is no certificate. */
function newlyCertified(life: Life): DisabilityCertificateSeed | undefined {
  const { random } = life;
  const acceptedAt = momentOf(random, recentDay(random), 'window');
  const closedAt = workingMoment(life, acceptedAt, random.whole(9, 20));
  const common = { itemId: 'O01', channel: 'window', office: FEDERATION_OFFICE, acceptedAt } as const;
  if (closedAt > NOW) {
    const publicNotice = random.chance(0.3);
    openCase(life, publicNotice ? { ...common, standing: 'suspended', suspendedFor: '公示' } : common);
    return undefined;
  }
  if (random.chance(0.08)) {
    openCase(life, { ...common, end: { as: 'not-granted', at: closedAt, explanation: '评定结果未达到残疾标准' } });
    return undefined;
  }
  const certificate = certify(life, { ...traits(life), firstIssuedOn: dayOfMoment(closedAt) });
  openCase(life, {
    ...common,
    end: {
      as: 'granted',
      at: closedAt,
      explanation: '公示无异议，准予发证',
      certificateName: '残疾人证',
      certificateNumber: certificate.number,
    },
  });
  return certificate;
}

/** Granted before 2025, on paper: no application is on record. */
function drawsForYears(life: Life, types: readonly SubsidyType[]): void {
  const { random } = life;
  const startMonth = 2021 * 12 + random.whole(0, 46);
  const current = monthOf(AS_OF_DAY);
  const stopped = random.chance(0.07);
  for (const type of types) {
    draw(life, {
      type,
      startMonth,
      decidedOn: 0,
      ...(stopped && { endMonth: current - random.whole(2, 12) }),
      ...(random.chance(0.04) && { failedMonth: current - random.whole(1, 10) }),
    });
  }
}

/** An application since 2025 with its case, as far as it got by the population's day. */
function appliesForSubsidy(
  life: Life,
  certificate: DisabilityCertificateSeed,
  types: readonly SubsidyType[],
  { economicStatus }: Circumstances,
): void {
  const { random, resident } = life;
  const acceptDivision = acceptingDivision(life);
  const certifiedOn = dayOf(certificate.issuedOn);
  const acceptedAt = momentOf(random, laterOf(recentDay(random), certifiedOn), 'window');
  if (acceptedAt > NOW) return;
  const elsewhere = !resident.hukouDivision.startsWith(XIANAN);
  const steps = stepsUntilNow(life, acceptedAt, elsewhere);
  const asked = steps.length === 2 && random.chance(0.25);
  const all: readonly ApplicationStep[] = asked
    ? [
        ...steps,
        { status: '11', at: Math.min((steps[1] as ApplicationStep).at + 5400, NOW), opinion: '请补交低保证明' },
      ]
    : steps;
  const { application, reference } = apply(life, {
    certificate,
    types,
    economicStatus,
    acceptedAt,
    acceptDivision,
    steps: all,
  });
  const granted = steps.find(({ status }) => status === '50');
  if (granted) {
    for (const type of types) {
      draw(life, { type, startMonth: monthOf(dayOfMoment(acceptedAt)) + 1, decidedOn: dayOfMoment(granted.at) });
    }
  }
  openCase(life, {
    itemId: 'O03',
    channel: 'window',
    office: townOffice(acceptDivision),
    acceptedAt,
    references: [reference],
    ...(application.status === '11' && { standing: 'waiting', supplement: '缺低保证明' }),
    ...(granted && { end: { as: 'granted', at: granted.at, explanation: '准予发放' } }),
  });
}

/** Applied without being entitled: refused by the federation for the grade, or by civil affairs for the income. */
function isRefused(life: Life, certificate: DisabilityCertificateSeed, { economicStatus }: Circumstances): void {
  const { random } = life;
  const acceptedAt = momentOf(random, laterOf(recentDay(random), dayOf(certificate.issuedOn)), 'window');
  const reviewedAt = workingMoment(life, acceptedAt, 2);
  const refusedAt = workingMoment(life, reviewedAt, 3);
  if (refusedAt > NOW) return;
  const forGrade = certificate.grade > '2' && random.chance(0.5);
  const opinion = forGrade ? '残疾等级不符合护理补贴条件' : '不属于低保家庭';
  const { reference } = apply(life, {
    certificate,
    types: [forGrade ? '2' : '1'],
    economicStatus,
    acceptedAt,
    acceptDivision: acceptingDivision(life),
    steps: [
      { status: '10', at: acceptedAt },
      { status: '30', at: reviewedAt },
      ...(forGrade ? [] : [{ status: '40', at: reviewedAt + 86_400 }]),
      { status: forGrade ? '32' : '42', at: refusedAt, opinion },
    ],
  });
  openCase(life, {
    itemId: 'O03',
    channel: 'window',
    office: townOffice(acceptingDivision(life)),
    acceptedAt,
    references: [reference],
    end: { as: 'not-granted', at: refusedAt, explanation: opinion },
  });
}

/** The states an application has come through by the population's day (disability-subsidy 3.0). */
function stepsUntilNow(life: Life, acceptedAt: Moment, elsewhere: boolean): ApplicationStep[] {
  const { random } = life;
  const passed = acceptedAt + 2;
  const reviewed = workingMoment(life, acceptedAt, random.whole(1, 3));
  const agreed = workingMoment(life, reviewed, random.whole(2, 5));
  const decided = workingMoment(life, agreed, random.whole(2, 6));
  const drawn = at(firstPayDay(monthOf(dayOfMoment(acceptedAt)) + 1, dayOfMoment(decided)), 9, 30);
  const steps: ApplicationStep[] = [
    { status: '10', at: acceptedAt },
    ...(elsewhere ? [{ status: '20', at: passed, opinion: '' }] : []),
    { status: '30', at: reviewed },
    { status: '40', at: agreed },
    { status: '50', at: decided },
    { status: '51', at: drawn },
  ];
  return steps.filter((step) => step.at <= NOW);
}

function acceptingDivision({ resident }: Life): string {
  const local = resident.residenceDivision.startsWith(XIANAN) ? resident.residenceDivision : resident.hukouDivision;
  return townOffice(local).division;
}

function laterOf(day: Day, other: Day): Day {
  return Math.max(day, Math.min(other + 1, AS_OF_DAY));
}
