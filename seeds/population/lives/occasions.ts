import type { CaseSeed, OrganisationSeed } from '../../model.ts';
import { at, type Day, type Moment, WORKING_DAYS, workingDayIndex } from '../calendar.ts';
import { itemById } from '../items.ts';
import type { Life } from '../life.ts';
import { BANK_OUTLETS, townOffice, villageOffice } from '../offices.ts';
import { AS_OF_DAY } from '../people.ts';
import { townOf } from '../places.ts';
import type { Random } from '../random.ts';

/** Through what a case comes in. */
export type Channel = CaseSeed['channel'];

const FIRST = 0;
const LAST = workingDayIndex(AS_OF_DAY);

/** A working day between the first of 2025 and the population's day; recent ones are likelier, since open cases are recent. */
export function recentDay(random: Random): Day {
  return WORKING_DAYS[LAST - Math.floor(random.next() ** 2 * (LAST - FIRST + 1))] as Day;
}

/** A moment of a day at which something can be handed in through a channel. */
export function momentOf(random: Random, day: Day, channel: Channel): Moment {
  const anyHour = (channel === 'online' || channel === 'kiosk') && day < AS_OF_DAY;
  const hour = anyHour ? random.whole(7, 21) : random.whole(9, 16);
  return at(day, hour, random.whole(0, 59), random.whole(0, 59));
}

/** Where a case of an item is accepted when it comes through a channel. Hospitals are named by who tells the case. */
export function officeOf({ resident, random }: Life, itemId: string, channel: Channel): OrganisationSeed {
  const local = resident.residenceDivision.startsWith('421202') ? resident.residenceDivision : resident.hukouDivision;
  switch (channel) {
    case 'village':
      return villageOffice(local);
    case 'bank':
      return random.pick(BANK_OUTLETS);
    case 'online':
      return itemById(itemId).body;
    default:
      return ON_DISTRICT_LEVEL.has(itemId) ? itemById(itemId).body : townOffice(local);
  }
}

/** Housing fund and disability certificates are handled at the district's own counter. */
const ON_DISTRICT_LEVEL = new Set(['S13', 'O01']);

/** Self-service machines for property stand in the streets; elsewhere people ask online (the plan, item 3). */
export function propertyChannel({ resident, random }: Life): Channel {
  return townOf(resident.residenceDivision).kind === 'street' && random.chance(0.7) ? 'kiosk' : 'online';
}
