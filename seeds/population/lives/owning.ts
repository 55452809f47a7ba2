import { addWorkingDays, at, dayOf, dayOfMoment, type Moment, yearsLater } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { FEES, openNotice, paidEnd, paymentReference } from '../payments.ts';
import { NOW } from '../people.ts';
import { flatAt, type Home, TOWNS, type Town } from '../places.ts';
import {
  acceptRegistration,
  developerOwner,
  MORTGAGEES,
  mortgage,
  type PropertyPlan,
  preNotice,
  register,
  registrationReference,
  seizure,
  soleOwner,
  withSpouse,
} from '../property.ts';
import { queryProperty } from '../property-query.ts';
import { momentOf, officeOf, propertyChannel, recentDay } from './occasions.ts';
import { soon } from './outcomes.ts';
import { wayToPay } from './paying.ts';

/** What the registry holds in an ordinary owner's name. Two in five registered since 2025, and paid for it. */
export function ownsProperty(life: Life): void {
  const { random, home } = life;
  const kind = random.next();
  if (kind < 0.04) ownsByOldTitle(life);
  else if (kind < 0.1) awaitsHandover(life);
  else if (kind < 0.48) registersNow(life);
  else queriesPerhaps(life, register(life, longHeld(life, home)));
  if (random.chance(0.05)) soldAFlat(life);
  if (random.chance(0.03))
    register(life, {
      ...longHeld(life, secondUnit(life, 'shop')),
      use: '31',
      mortgages: [],
      areaSquareMetres: '42.60',
    });
}

/** Bought or built years ago. */
function longHeld(life: Life, home: Home): PropertyPlan {
  const { random } = life;
  const grownUp = yearsLater(life.person.born, 20);
  const registeredOn = random.whole(Math.max(dayOf('2016-03-01'), grownUp), dayOf('2024-12-20'));
  const registeredAt = at(registeredOn, random.whole(9, 16), random.whole(0, 59));
  return { ...ordinary(life, home, registeredAt), ...burdens(life, home, registeredAt) };
}

function ordinary(life: Life, home: Home, registeredAt: Moment): PropertyPlan {
  const { random, person } = life;
  const squareMetres = home.rural ? random.whole(96, 260) : random.whole(62, 148);
  return {
    home,
    registeredAt,
    owners: person.age > 26 && random.chance(0.45) ? withSpouse(life) : soleOwner(life),
    areaSquareMetres: `${squareMetres}.${random.digits(2)}`,
    priceFen: home.rural ? null : squareMetres * random.whole(34, 62) * 10_000,
  };
}

function burdens(life: Life, home: Home, registeredAt: Moment): Partial<PropertyPlan> {
  const { random } = life;
  if (home.rural) return {};
  return {
    ...loanPerhaps(life, home, registeredAt),
    ...(random.chance(0.03) && {
      seizures: [
        seizure({
          kind: random.pick(['1', '1', '2', '5']),
          number: random.whole(20, 999),
          registeredAt: momentOf(random, recentDay(random), 'window'),
        }),
      ],
    }),
    ...(random.chance(0.01) && {
      objections: [{ matter: '对登记的权利人有异议', registeredAt: '2026-01-20 10:30:00' }],
    }),
  };
}

function loanPerhaps(life: Life, home: Home, registeredAt: Moment): Partial<PropertyPlan> {
  return !home.rural && life.random.chance(0.45) ? { mortgages: [homeLoan(life, registeredAt)] } : {};
}

function homeLoan(life: Life, registeredAt: Moment) {
  const { random } = life;
  return mortgage(life, {
    mortgagee: random.pick(MORTGAGEES),
    securedFen: random.whole(12, 70) * 1_000_000,
    unit: random.chance(0.8) ? '万元' : '元',
    maximumAmount: random.chance(0.1),
    registeredAt: registeredAt + 1_200,
    years: random.pick([10, 15, 20, 30]),
  });
}

/** A registration since 2025: accepted by the registry, its fee paid through non-tax, then the certificate. */
function registersNow(life: Life): void {
  const { random } = life;
  const shop = random.chance(0.08);
  const home = shop ? secondUnit(life, 'new-shop') : life.home;
  const fee = shop ? FEES.registrationOfOther : FEES.registrationOfDwelling;
  const acceptedAt = momentOf(random, recentDay(random), 'window');
  const { channel, mode } = wayToPay(random);
  const paidAt = acceptedAt + random.whole(600, 10_000);
  const paid = paidAt + 3600 <= NOW && random.chance(0.93);
  const notice = openNotice(life, {
    fee,
    billedOn: dayOfMoment(acceptedAt),
    memo: home.location,
    checkCode: random.chance(0.7),
    ...(paid && { paid: { at: paidAt, mode }, ...(random.chance(0.9) && { receiptOn: dayOfMoment(paidAt) }) }),
  });
  const registration = acceptRegistration(life, { acceptedAt, residential: !shop, feeFen: fee.amountFen, notice });
  const property = register(life, {
    ...unitOfRegistration(life, home, acceptedAt, paid),
    ...(shop && { use: '31' }),
  });
  openCase(life, {
    itemId: 'S01',
    channel,
    office: officeOf(life, 'S01', channel),
    acceptedAt: acceptedAt + 300,
    visitsMade: channel === 'online' ? 0 : 1,
    references: [registrationReference(registration, property), paymentReference(notice)],
    ...(paid && { end: paidEnd(notice, paidAt + random.whole(20, 900)) }),
  });
}

/** The unit with its new certificate, or as it stands until that is made: a flat with the developer, a village house with its owner. */
function unitOfRegistration(life: Life, home: Home, acceptedAt: Moment, paid: boolean): PropertyPlan {
  const { random } = life;
  const registeredAt = at(addWorkingDays(dayOfMoment(acceptedAt), 3), random.whole(9, 16), random.whole(0, 59));
  if (paid && registeredAt <= NOW) {
    return { ...ordinary(life, home, registeredAt), ...loanPerhaps(life, home, registeredAt) };
  }
  if (home.rural) return ordinary(life, home, at(dayOf('2018-04-11') + random.whole(0, 900), 10));
  return notYetHandedOver(life, home, acceptedAt - 40 * 86_400);
}

/** Bought from the developer, not yet registered: only a pre-notice stands in the buyer's name. */
function awaitsHandover(life: Life): void {
  const { random } = life;
  const home = life.home.rural ? secondUnit(life, 'off-plan') : life.home;
  register(life, notYetHandedOver(life, home, momentOf(random, recentDay(random), 'window')));
}

function notYetHandedOver(life: Life, home: Home, noticedAt: Moment): PropertyPlan {
  const { random } = life;
  return {
    ...ordinary(life, home, at(dayOf('2023-05-08') + random.whole(0, 400), 10)),
    owners: developerOwner(),
    priceFen: null,
    preNotices: [preNotice(life, noticedAt)],
  };
}

function ownsByOldTitle(life: Life): void {
  const { random, home } = life;
  const registeredAt = at(dayOf('1998-06-01') + random.whole(0, 4000), 0);
  register(life, {
    ...ordinary(life, home, registeredAt),
    owners: soleOwner(life),
    priceFen: null,
    // Old records end in a stray mark (real-estate 3.2).
    oldTitle: `房产证号:咸房权证${home.town.name.slice(0, 2)}字第${random.digits(8)}号、`,
  });
}

/** A right of the past: the flat belongs to others now. */
function soldAFlat(life: Life): void {
  register(life, {
    ...longHeld(life, secondUnit(life, 'sold')),
    owners: soleOwner(life),
    mortgages: [],
    seizures: [],
    historical: true,
  });
}

/** Where the parcels of each kind of second unit begin; a resident has one of each at most. */
const SECOND_UNITS = { shop: 30_001, 'off-plan': 47_001, sold: 64_001, 'new-shop': 81_001 } as const;

/** A second unit that is nobody's home: its parcel numbers lie above those of the dwellings. */
function secondUnit({ index, random }: Life, which: keyof typeof SECOND_UNITS): Home {
  return flatAt({
    home: random.pick(STREETS),
    village: random.whole(1, 12),
    parcel: SECOND_UNITS[which] + (index % 17_000),
    building: 1 + Math.floor(index / 17_000) * 2 + random.whole(0, 1),
    floor: random.whole(1, 6),
    door: random.whole(1, 4),
  });
}

const STREETS: readonly Town[] = TOWNS.filter(({ kind }) => kind === 'street');

/** One in three asks the registry about the own property, most of them at a machine. */
function queriesPerhaps(life: Life, property: ReturnType<typeof register>): void {
  const { random } = life;
  if (!random.chance(0.6)) return;
  const channel = propertyChannel(life);
  const acceptedAt = momentOf(random, recentDay(random), channel);
  queryProperty(life, {
    property,
    channel,
    office: officeOf(life, 'S03', channel),
    acceptedAt,
    visitsMade: channel === 'online' ? 0 : 1,
    printedAt: soon(life, acceptedAt),
  });
}
