import { compactDate, type Day, dayOfMoment, yearOf } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { XIANAN } from '../places.ts';
import { type Channel, momentOf, officeOf, recentDay } from './occasions.ts';
import { chanceOutcome } from './outcomes.ts';

/** How the items that no simulated department keeps records of come in, and with which numbered paper they end. */
const EVERYDAY: Readonly<
  Record<string, { readonly channels: readonly Channel[]; readonly paper?: (life: Life, day: Day) => string }>
> = {
  S02: { channels: ['window'], paper: serialPaper('DA', 5) },
  S04: { channels: ['village'] },
  S05: { channels: ['village', 'village', 'online'] },
  S06: { channels: ['village'] },
  S13: { channels: ['kiosk'], paper: serialPaper('GJJ', 6) },
  O02: { channels: ['window', 'village'] },
  O04: { channels: ['online', 'window', 'village'], paper: serialPaper('SYDJ', 5) },
  O05: { channels: ['window'] },
  O06: { channels: ['window', 'online'], paper: employmentCertificate },
  O07: { channels: ['online', 'window'], paper: employmentCertificate },
};

/** One case of an item that lives in the case registry alone. */
export function everydayCase(life: Life, itemId: string, on: Day = recentDay(life.random)): void {
  const { channels, paper } = EVERYDAY[itemId] ?? { channels: ['window' as const] };
  const channel = life.random.pick(channels);
  const acceptedAt = momentOf(life.random, on, channel);
  const outcome = chanceOutcome(life, itemId, acceptedAt, paper && (() => paper(life, dayOfMoment(acceptedAt))));
  openCase(life, {
    itemId,
    channel,
    office: officeOf(life, itemId, channel),
    acceptedAt,
    ...(channel !== 'window' && channel !== 'kiosk' && { visitsMade: 0 }),
    ...outcome,
  });
}

function serialPaper(letters: string, width: number): (life: Life, day: Day) => string {
  return ({ books }, day) => {
    const date = compactDate(day);
    return `${letters}${date}${String(books.next(letters + date)).padStart(width, '0')}`;
  };
}

/** 就业创业证编号: division, year, serial (identifiers 7). */
function employmentCertificate({ books }: Life, day: Day): string {
  const year = String(yearOf(day)).slice(2);
  return `${XIANAN}00${year}${String(books.next(`employment certificate ${year}`)).padStart(6, '0')}`;
}
