import { ageOn, at, compactDate, type Day, dateText, dayOf, type Moment, yearOf } from './calendar.ts';
import { withIdCheck } from './check-digits.ts';
import { inventName } from './names.ts';
import { ORIGINS, XIANAN } from './places.ts';
import { folded, mixed, type Random } from './random.ts';

/** The day at which everything is told. */
export const AS_OF = '2026-03-31';
/** The same as a day. */
export const AS_OF_DAY: Day = dayOf(AS_OF);

/** Half past five on that day: nothing anywhere is later. */
export const NOW: Moment = at(AS_OF_DAY, 17, 30);

/** Who a resident is, apart from where. */
export interface Person {
  readonly idNumber: string;
  readonly name: string;
  readonly sex: 'male' | 'female';
  readonly born: Day;
  readonly age: number;
  /** GB/T 3304. */
  readonly nation: string;
  readonly phone: string;
  /** 6 digits of the household registration. */
  readonly hukouCounty: string;
}

/** Ages of the population: from an age on, how many of a hundred are younger than the next. */
const AGES: readonly (readonly [from: number, percent: number])[] = [
  [0, 4],
  [5, 12],
  [15, 11],
  [25, 14],
  [35, 15],
  [45, 16],
  [55, 14],
  [65, 9],
  [75, 4],
  [85, 1],
];
const OLDEST = 97;

/** Birthdays are dealt out of this many slots, each a day of its own, so that numbers stay unique without looking back. */
const SLOTS = 16_384;
const SEQUENCES = 113;

/** Xian'an became a district of Xianning on this day; numbers given before begin 422301 (identifiers 1). */
const DISTRICT_SINCE = dayOf('1999-01-01');

/** Who resident `index` is; `random` must be of the person's own stream. */
export function personOf(random: Random, seed: number, index: number): Person {
  const sex = random.chance(0.51) ? 'male' : 'female';
  const { born, sequence } = birthOf(seed, index);
  const hukouCounty = random.chance(0.05) ? random.pick(ORIGINS).code : XIANAN;
  const firstRegistered =
    hukouCounty === XIANAN && born < DISTRICT_SINCE && random.chance(0.4) ? '422301' : hukouCounty;
  return {
    idNumber: idNumberOf(firstRegistered, born, sequence + (sex === 'male' ? 1 : 0)),
    name: inventName(random, sex, yearOf(born)),
    sex,
    born,
    age: ageOn(AS_OF_DAY, born),
    nation: random.chance(0.97) ? '01' : random.pick(['15', '06', '03', '12']),
    phone: inventPhone(random),
    hukouCounty,
  };
}

/** A mobile number in a block that no operator has given out (0000). */
export function inventPhone(random: Random): string {
  return `${random.pick(['133', '135', '138', '139', '150', '158', '177', '186', '189', '199'])}0000${random.digits(4)}`;
}

/** @param sequence three digits, odd for men */
export function idNumberOf(division: string, born: Day, sequence: number): string {
  return withIdCheck(`${division}${compactDate(born)}${String(sequence).padStart(3, '0')}`);
}

/** The spouse whom the registers name and who is no resident of the population; always the same. */
export function spouseOf(person: Person, random: Random): { readonly name: string; readonly idNumber: string } {
  const sex = person.sex === 'male' ? 'female' : 'male';
  // A fixed distance in age and in sequence: two couples never share a spouse.
  const born = person.born + (person.sex === 'male' ? 617 : -617);
  const sequence = Number(person.idNumber.slice(14, 17)) - 270;
  const even = sequence - (sequence % 2);
  return {
    name: inventName(random, sex, yearOf(born)),
    idNumber: idNumberOf(person.idNumber.slice(0, 6), born, sex === 'male' ? even + 1 : even),
  };
}

/** `yyyy-MM-dd`. */
export function birthDate(person: Person): string {
  return dateText(person.born);
}

function birthOf(seed: number, index: number): { readonly born: Day; readonly sequence: number } {
  const bits = folded(seed);
  const slot = scrambled(index % SLOTS, bits);
  const round = Math.floor(index / SLOTS);
  // For each slot another sequence in every round: SEQUENCES is prime, and rounds stay below it up to 1.8 million residents.
  const sequence = (round * 29 + (mixed(slot ^ bits) >>> 1)) % SEQUENCES;
  return { born: birthdayOf(slot), sequence: 660 + 2 * sequence };
}

/** The birthday that stands at a slot's place in the age distribution. Neighbouring slots are more than a day apart. */
function birthdayOf(slot: number): Day {
  let percent = ((slot + 0.5) / SLOTS) * 100;
  for (const [place, [from, share]] of AGES.entries()) {
    const to = AGES[place + 1]?.[0] ?? OLDEST;
    if (percent < share) return AS_OF_DAY - 1 - Math.floor((from + ((to - from) * percent) / share) * 365.25);
    percent -= share;
  }
  return AS_OF_DAY - 1 - Math.floor(OLDEST * 365.25);
}

/** A permutation of the slots. */
function scrambled(slot: number, seedBits: number): number {
  let bits = slot ^ (seedBits & (SLOTS - 1));
  for (const factor of [0x2f35, 0x1b8d, 0x3a65]) {
    bits = Math.imul(bits, factor) & (SLOTS - 1);
    bits ^= bits >> 7;
  }
  return bits;
}
