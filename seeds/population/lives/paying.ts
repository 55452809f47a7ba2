import { type Day, dayOfMoment, dayOfMonth, type Month, monthOf, WORKING_DAYS, workingDayIndex } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { FEES, type Fee, openNotice, type PayMode, paidEnd, paymentReference } from '../payments.ts';
import { AS_OF_DAY, NOW } from '../people.ts';
import type { Random } from '../random.ts';
import { type Channel, momentOf, officeOf, recentDay } from './occasions.ts';

/** Through which channel a fee comes in, and how it is paid there (non-tax 3.3). */
const WAYS: readonly (readonly [number, { readonly channel: Channel; readonly modes: readonly PayMode[] }])[] = [
  [50, { channel: 'online', modes: ['50', '50', '51', '52', '12'] }],
  [20, { channel: 'kiosk', modes: ['14'] }],
  [12, { channel: 'bank', modes: ['11', '14'] }],
  [18, { channel: 'window', modes: ['13', '50', '51'] }],
];

/** A channel and a way to pay there. */
export function wayToPay(random: Random): { readonly channel: Channel; readonly mode: PayMode } {
  const { channel, modes } = random.weighted(WAYS);
  return { channel, mode: random.pick(modes) };
}

/** Some months of rent for a public rental flat: one notice and one case a month. Most are paid. */
export function paysRent(life: Life): void {
  const { random } = life;
  const monthlyFen = random.whole(160, 620) * 100 + random.pick([0, 50]);
  const flat = `${random.whole(1, 12)}栋${random.whole(1, 6)}0${random.whole(1, 4)}室`;
  const current = monthOf(AS_OF_DAY);
  const first = current - random.whole(3, 9);
  const stopsPaying = random.chance(0.15) ? current - random.whole(0, 2) : current + 1;
  for (let month = first; month <= current; month += 1) {
    rentOf(life, { month, monthlyFen, flat, paid: month < stopsPaying && (month < current || random.chance(0.7)) });
  }
}

interface Rent {
  readonly month: Month;
  readonly monthlyFen: number;
  readonly flat: string;
  readonly paid: boolean;
}

function rentOf(life: Life, { month, monthlyFen, flat, paid }: Rent): void {
  const { random } = life;
  const { channel, mode } = wayToPay(random);
  const billedOn = WORKING_DAYS[workingDayIndex(dayOfMonth(month, random.whole(9, 14)))] as Day;
  const dueOn = dayOfMonth(month + 1, 10);
  const overdue = !paid && dueOn < AS_OF_DAY;
  payFee(life, {
    fee: FEES.rent,
    amountFen: monthlyFen,
    lateFeeFen: overdue ? Math.round(monthlyFen * 0.01) : 0,
    billedOn,
    // Extended: past its day a notice can be neither paid nor read (non-tax 4, 11003).
    dueOn: overdue ? dayOfMonth(monthOf(AS_OF_DAY) + 1, 30) : dueOn,
    memo: ['青枫公租房（虚构）', flat, ' ', Math.floor(month / 12), '年', (month % 12) + 1, '月租金'].join(''),
    channel,
    mode,
    paidAfterDays: paid ? (AT_ONCE.has(channel) ? 0 : random.whole(0, 9)) : null,
  });
}

/** Where one stands at the counter the fee is paid there and then. */
const AT_ONCE: ReadonlySet<Channel> = new Set(['window', 'bank', 'kiosk']);

/** A new identity card: renewed, or lost. */
export function paysForIdCard(life: Life): void {
  const { random } = life;
  const { channel, mode } = wayToPay(random);
  const lost = random.chance(0.45);
  payFee(life, {
    fee: lost ? FEES.idCardLost : FEES.idCardRenewal,
    billedOn: recentDay(random),
    memo: lost ? '居民身份证丢失补领' : '居民身份证期满换领',
    channel,
    mode,
    paidAfterDays: random.chance(0.93) ? (AT_ONCE.has(channel) ? 0 : random.whole(0, 2)) : null,
  });
}

export interface FeePlan {
  readonly fee: Fee;
  readonly amountFen?: number;
  readonly lateFeeFen?: number;
  readonly billedOn: Day;
  readonly dueOn?: Day;
  readonly memo: string;
  readonly channel: Channel;
  readonly mode: PayMode;
  /** Null: not paid. */
  readonly paidAfterDays: number | null;
}

/** One notice with its case: opened, perhaps paid, perhaps with its e-receipt. */
function payFee(life: Life, plan: FeePlan): void {
  const { random } = life;
  const acceptedAt = Math.min(momentOf(random, plan.billedOn, plan.channel), NOW - 3600);
  const paidAt = plan.paidAfterDays === null ? null : acceptedAt + 240 + plan.paidAfterDays * 86_400;
  const paid = paidAt !== null && paidAt + 1800 <= NOW;
  const voided = !paid && random.chance(0.15);
  const notice = openNotice(life, {
    fee: plan.fee,
    ...(plan.amountFen !== undefined && { amountFen: plan.amountFen }),
    ...(plan.lateFeeFen !== undefined && !voided && { lateFeeFen: plan.lateFeeFen }),
    billedOn: plan.billedOn,
    ...(plan.dueOn !== undefined && { dueOn: plan.dueOn }),
    memo: plan.memo,
    checkCode: random.chance(0.7),
    void: voided,
    ...(paid && {
      paid: { at: paidAt, mode: plan.mode },
      ...(random.chance(0.85) && { receiptOn: dayOfMoment(paidAt) }),
    }),
  });
  openCase(life, {
    itemId: 'S01',
    channel: plan.channel,
    office: officeOf(life, 'S01', plan.channel),
    acceptedAt,
    visitsMade: plan.channel === 'online' ? 0 : 1,
    references: [paymentReference(notice)],
    ...(paid && { end: paidEnd(notice, paidAt + random.whole(20, 900)) }),
    ...(voided && { end: { as: 'void', at: Math.min(acceptedAt + 5400, NOW), explanation: '缴款书开具有误，已作废' } }),
  });
}
