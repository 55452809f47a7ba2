import type { Posting, PostingWithProgress } from '../../../../adapters/database/postings.ts';
import type { Store } from '../../../../adapters/database/store.ts';
import { instantFromChina } from '../../../../adapters/values/china-time.ts';
import type { Progress } from '../engine/progress.ts';
import { type Booked, bookingOfRefund, bookingsOf } from './booked.ts';
import { type CounterCancellation, counterBookings } from './counter.ts';
import { dayAfter } from './days.ts';

/** A posting that has come as far as a visit and to no end: the platform may have settled it, and nobody here knows. */
export interface OpenVisit {
  readonly visitId: string;
  readonly document: string;
}

/** What a hospital has booked through us. */
export interface StoreBooks {
  readonly booked: readonly Booked[];
  readonly open: readonly OpenVisit[];
}

/** So long after its day a settlement may come to be known here: its answer was lost, and a person had to find it out. */
const DAYS_LATE = 14;
/** Not `stored`, which has sent nothing: what may have been settled, and is not yet booked as it. */
const OPEN = ['sending', 'unknown', 'undoing', 'manual'] as const;
const PAGE = 200;

/**
 * What was settled for a hospital, and refunded, on some China days and the days beside them: posted, or at the counter. The day is the
 * platform's own.
 */
export async function bookedBetween(
  store: Pick<Store, 'postings' | 'submissions'>,
  provider: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<StoreBooks> {
  const [first, last] = [dayAfter(from, -1), dayAfter(to, 1)];
  const period = { from: instantFromChina(first), before: instantFromChina(dayAfter(to, DAYS_LATE)) };
  const counter = await counterBookings(store, provider, period);
  const atCounter = new Map(counter.cancelled.map((cancellation) => [cancellation.settlementId, cancellation]));
  const booked: Booked[] = [];
  const book = (bookings: readonly Booked[]) => {
    for (const one of bookings) if (one.day >= first && one.day <= last) booked.push(one);
  };

  for (const settled of counter.settled) book(bookingsOf(settled));
  for await (const page of store.postings.settledBetween(provider, period.from, period.before)) {
    for (const posting of page) book(postedBookings(posting, atCounter));
  }
  const open: OpenVisit[] = [];
  for await (const posting of openPostings(store, provider)) {
    const { visit } = progressOf(posting);
    // What was settled before it was taken up again is read above.
    if (posting.settledAt === null && posting.undoneAt === null) book(postedBookings(posting, atCounter));
    if (visit) open.push({ visitId: visit.id, document: posting.documentNumber });
  }
  for (const { refund, at } of atCounter.values()) if (refund) book([bookingOfRefund(refund, at)]);
  return { booked, open };
}

/** @param atCounter what was cancelled at the counter; what is booked with its posting is taken out. */
function postedBookings(posting: PostingWithProgress, atCounter: Map<string, CounterCancellation>): readonly Booked[] {
  const { settlement, refunded } = progressOf(posting);
  if (!settlement) return [];
  const cancellation = atCounter.get(settlement.id);
  atCounter.delete(settlement.id);
  const undone = refunded ?? cancellation;
  return bookingsOf({
    document: posting.documentNumber,
    settlement,
    settledAt: posting.settledAt ?? posting.changedAt,
    undoneAt: undone?.at ?? null,
    refund: undone?.refund ?? null,
  });
}

async function* openPostings({ postings }: Pick<Store, 'postings'>, provider: string) {
  const filter = { provider, kind: 'maternity-settlement' as const, states: OPEN };
  for (let after: string | undefined; ; ) {
    const page: readonly Posting[] = await postings.list(filter, { after, limit: PAGE });
    yield* (await postings.contents(page.map(({ id }) => id))).values();
    const end = page.at(-1);
    if (!end || page.length < PAGE) return;
    after = end.id;
  }
}

function progressOf({ kind, progress }: PostingWithProgress): Progress {
  return kind === 'maternity-settlement' ? ((progress ?? {}) as Progress) : {};
}
