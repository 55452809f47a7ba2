import type { Books } from '../books.ts';
import type { Life } from '../life.ts';
import type { InsuredAs, OutOfAreaCategory } from '../medical.ts';
import { birthDate, type Person, personOf } from '../people.ts';
import { DESTINATIONS, type Elsewhere, type Home, homeOf } from '../places.ts';
import { Random, STREAMS } from '../random.ts';
import type { Circumstances } from '../subsidies.ts';
import { livesWithDisability } from './disability.ts';
import { everydayCase } from './everyday-cases.ts';
import { insuredLife } from './health.ts';
import { ownsProperty } from './owning.ts';
import { paysForIdCard, paysRent } from './paying.ts';

/** What a resident has to do with the departments. */
interface Traits {
  readonly insuredAs: InsuredAs | null;
  readonly away: { readonly category: OutOfAreaCategory; readonly place: Elsewhere; readonly address: string } | null;
  readonly mother: boolean;
  readonly chronic: boolean;
  readonly referred: boolean;
  readonly owner: boolean;
  readonly tenant: boolean;
  readonly disabled: boolean;
  readonly circumstances: Circumstances;
}

/** Writes resident `index` into the books. Who it is and what happens depends on seed and index alone. */
export function liveOrdinarily(books: Books, seed: number, index: number): void {
  const person = personOf(new Random(seed, index, STREAMS.person), seed, index);
  const home = homeOf(new Random(seed, index, STREAMS.home), index);
  const random = new Random(seed, index, STREAMS.life);
  const traits = traitsOf(random, person);
  const life: Life = { seed, index, person, home, random, books, resident: residentOf(person, home, traits) };
  books.residents.push(life.resident);

  if (traits.insuredAs !== null) {
    const medicalAid = traits.circumstances.economicStatus === '1';
    insuredLife(life, { ...traits, insuredAs: traits.insuredAs, medicalAid });
  }
  if (traits.owner) ownsProperty(life);
  if (traits.tenant) paysRent(life);
  if (traits.disabled) livesWithDisability(life, traits.circumstances);
  everydayMatters(life, traits);
}

function residentOf(person: Person, home: Home, { away }: Traits): Life['resident'] {
  const here = person.hukouCounty === home.division.slice(0, 6);
  return {
    idNumber: person.idNumber,
    name: person.name,
    sex: person.sex,
    birthDate: birthDate(person),
    nation: person.nation,
    phone: person.phone,
    hukouDivision: here ? home.division : `${person.hukouCounty}005000`,
    residenceDivision: away ? `${away.place.code}005000` : home.division,
    address: away ? away.address : home.location,
  };
}

function traitsOf(random: Random, { age, sex, hukouCounty }: Person): Traits {
  const adult = age >= 18;
  const mother = sex === 'female' && age >= 21 && age <= 42 && random.chance(0.2);
  const chronic = age >= 45 && random.chance(0.07);
  const referred = age >= 20 && random.chance(0.03);
  const away = adult && hukouCounty === '421202' && !mother ? awayOf(random, age) : null;
  const needed = mother || chronic || referred || away !== null;
  const owner = age >= 25 && random.chance(0.165);
  const disabled = age >= 2 && random.chance(age < 18 ? 0.035 : age < 60 ? 0.065 : 0.15);
  return {
    insuredAs: needed || random.chance(0.57) ? insuredAs(random, age, away?.category) : null,
    away,
    mother,
    chronic,
    referred,
    owner,
    tenant: !owner && !away && age >= 22 && random.chance(0.14),
    disabled,
    circumstances: circumstancesOf(random, age, disabled),
  };
}

function insuredAs(random: Random, age: number, away: OutOfAreaCategory | undefined): InsuredAs {
  if (away === 'settled-retiree') return 'retired';
  if (away === 'posted-worker') return 'employee';
  if (age >= 60) return random.chance(0.35) ? 'retired' : 'resident';
  return age >= 23 && random.chance(0.5) ? 'employee' : 'resident';
}

const ADDRESSES = ['海棠花园', '学府里', '滨江名苑', '幸福家园', '东湖小筑'];

function awayOf(random: Random, age: number): Traits['away'] {
  if (!random.chance(age >= 60 ? 0.075 : 0.027)) return null;
  const category: OutOfAreaCategory =
    age >= 60 ? random.pick(['settled-retiree', 'long-term-resident'] as const) : workerCategory(random, age);
  const place = random.pick(DESTINATIONS);
  const address = `${place.name}${random.pick(ADDRESSES)}（虚构）${random.whole(1, 30)}栋${random.whole(1, 18)}0${random.whole(1, 4)}室`;
  return { category, place, address };
}

function workerCategory(random: Random, age: number): OutOfAreaCategory {
  return age >= 23 && random.chance(0.75) ? 'posted-worker' : 'long-term-resident';
}

function circumstancesOf(random: Random, age: number, disabled: boolean): Circumstances {
  const hardship = random.next();
  return {
    economicStatus: hardship < (disabled ? 0.35 : 0.02) ? '1' : hardship < (disabled ? 0.42 : 0.03) ? '2' : '0',
    needsLongTermCare: disabled && random.chance(0.6),
    specialHardship: disabled && random.chance(0.02),
    orphan: disabled && age < 18 && random.chance(0.05),
    workInjuryNursing: disabled && age >= 18 && age < 65 && random.chance(0.02),
    elderlyNursing: disabled && age >= 80 && random.chance(0.3),
  };
}

/** Matters that only the case registry knows of. */
function everydayMatters(life: Life, { mother, insuredAs: as, circumstances }: Traits): void {
  const { random, person } = life;
  const { age } = person;
  const matters: readonly (readonly [probability: number, itemId: string])[] = [
    [age >= 18 ? 0.03 : 0, 'S02'],
    [age >= 60 ? 0.05 : 0, 'S04'],
    [age >= 80 ? 0.8 : age >= 70 ? 0.15 : 0, 'S05'],
    [circumstances.economicStatus === '2' ? 0.6 : 0.015, 'S06'],
    [as === 'employee' ? 0.3 : 0, 'S13'],
    [mother ? 0.7 : age >= 22 && age <= 45 ? 0.06 : 0, 'O04'],
    [age >= 40 && age < 60 ? 0.08 : 0, 'O05'],
    [age >= 18 && age < 60 ? 0.1 : 0, 'O06'],
    [age >= 18 && age < 60 ? 0.15 : 0, 'O07'],
  ];
  for (const [probability, itemId] of matters) {
    if (random.chance(probability)) everydayCase(life, itemId);
  }
  if (age >= 16 && random.chance(0.12)) paysForIdCard(life);
}
