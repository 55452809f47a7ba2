import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEntry, Books } from '../../subgraphs/medical/postings/reconciliation/account.ts';
import { compareBooks } from '../../subgraphs/medical/postings/reconciliation/compare.ts';

const DAY = '2026-03-22';

function entry(number: number, changed: Partial<AccountEntry> = {}): AccountEntry {
  return {
    settlementId: `S${String(number).padStart(6, '0')}`,
    document: `D${number}`,
    visitId: `V${number}`,
    day: DAY,
    totalFen: 685_000,
    fundTotalFen: 580_000,
    accountFen: 60_000,
    refunded: false,
    place: null,
    ...changed,
  };
}

/** The same settlements in every book. */
function books(count: number): { hospital: AccountEntry[]; store: AccountEntry[]; platform: AccountEntry[] } {
  const all = Array.from({ length: count }, (_, index) => entry(index));
  const platform = all.map((one) => ({ ...one, document: null }));
  return { hospital: [...all], store: [...all], platform };
}

async function told(
  all: Books,
  days?: ReadonlySet<string>,
): Promise<readonly (readonly [string, string, string | null])[]> {
  return (await compareBooks(all, days)).map(({ kind, sides, settlementId }) => [kind, sides.join('+'), settlementId]);
}

describe('the books of hospital, store and platform', () => {
  it('have no difference when they agree, in whatever order', async () => {
    const all = books(50);
    expect(await compareBooks({ ...all, store: all.store.toReversed() })).toEqual([]);
    expect(await compareBooks({ ...all, hospital: null })).toEqual([]);
    expect(await compareBooks({ hospital: [], store: [], platform: [] })).toEqual([]);
  });

  it('name what is missing, doubled, altered by a fen, on another day or cancelled on one side', async () => {
    const all = books(20);
    all.hospital.push(entry(7));
    all.hospital[9] = entry(9, { totalFen: 685_001 });
    all.store[11] = entry(11, { day: '2026-03-23' });
    all.hospital[13] = entry(13, { refunded: true });
    all.hospital.push(entry(99, { settlementId: 'S000099', place: '第21行' }));
    all.store.splice(3, 1);
    all.platform.splice(5, 1);
    expect(await told(all)).toEqual([
      ['missing', 'store', 'S000003'],
      ['missing', 'platform', 'S000005'],
      ['doubled', 'hospital', 'S000007'],
      ['amount', 'hospital', 'S000009'],
      ['day', 'store', 'S000011'],
      ['refund', 'hospital', 'S000013'],
      ['missing', 'store+platform', 'S000099'],
    ]);
  });

  it('find a settlement of the hospital without its id by the document, else by the visit', async () => {
    const all = books(4);
    all.hospital[1] = entry(1, { settlementId: null });
    all.hospital[2] = entry(2, { settlementId: null, document: null });
    expect(await told(all)).toEqual([]);
    all.hospital[3] = entry(3, { settlementId: null, document: 'elsewhere', visitId: null, place: '第4行' });
    expect(await told(all)).toEqual([
      ['missing', 'hospital', 'S000003'],
      ['missing', 'store+platform', null],
    ]);
  });

  it('keep a settlement and its refund apart, also where the hospital names the document only', async () => {
    const refund = { totalFen: -685_000, fundTotalFen: -580_000, accountFen: -60_000, refunded: true };
    const both = (place: Partial<AccountEntry>) => [
      entry(1, { refunded: true, ...place }),
      entry(2, { ...refund, document: 'D1', visitId: 'V1', ...place }),
    ];
    const platform = both({ document: null });
    expect(await told({ store: both({}), platform, hospital: both({ settlementId: null }) })).toEqual([]);
    expect(await told({ store: both({}), platform, hospital: both({ settlementId: null }).slice(0, 1) })).toEqual([
      ['missing', 'hospital', 'S000002'],
    ]);
  });

  it('put the versions of one document where they belong, also where the hospital names the document only', async () => {
    const first = entry(1, { refunded: true });
    const taken = { totalFen: -685_000, fundTotalFen: -580_000, accountFen: -60_000, refunded: true };
    const refund = entry(2, { ...taken, document: 'D1', visitId: 'V1' });
    const corrected = entry(3, { document: 'D1', visitId: 'V1', totalFen: 700_000, day: '2026-03-24' });
    const store = [first, refund, corrected];
    const platform = store.map((one) => ({ ...one, document: null }));
    const hospital = [corrected, first, refund].map((one) => ({ ...one, settlementId: null, visitId: null }));
    expect(await told({ store, platform, hospital })).toEqual([]);
    const wrong = hospital.map((one) => (one.totalFen === 700_000 ? { ...one, totalFen: 700_001 } : one));
    expect(await told({ store, platform, hospital: wrong })).toEqual([['amount', 'hospital', 'S000003']]);
    expect(await told({ store, platform, hospital: [...hospital, ...hospital.slice(0, 1)] })).toEqual([
      ['doubled', 'hospital', 'S000003'],
    ]);
  });

  it('find the refund whose answer was lost by its visit, beside another of the same visit', async () => {
    const taken = { totalFen: -685_000, fundTotalFen: -580_000, accountFen: -60_000, refunded: true, visitId: 'V1' };
    const platform = [
      entry(5, { ...taken, document: null }),
      entry(6, { ...taken, document: null, day: '2026-03-25' }),
    ];
    const store = [
      entry(6, { ...taken, document: 'D1', settlementId: null, day: '2026-03-25' }),
      entry(5, { ...taken, document: 'D1' }),
    ];
    expect(await told({ store, platform, hospital: null })).toEqual([]);
  });

  it('count what lies on other days only where the platform has it on these', async () => {
    const all = books(3);
    all.hospital[1] = entry(1, { day: '2026-03-23' });
    all.hospital.push(entry(7, { day: '2026-03-21' }));
    all.store.push(entry(8, { day: '2026-03-23' }));
    expect(await told(all, new Set([DAY]))).toEqual([['day', 'hospital', 'S000001']]);
  });

  it('name a second settlement that nobody knows of once, and not also as missing', async () => {
    const all = books(3);
    all.platform.unshift({ ...entry(8, { visitId: 'V2', day: '2026-03-01' }), document: null });
    expect(await told(all)).toEqual([['second', 'platform', 'S000008']]);
  });

  it('name a second settlement of one visit that stands at the platform', async () => {
    const all = books(3);
    const second = entry(8, { visitId: 'V2' });
    all.platform.push({ ...second, document: null });
    all.store.push(second);
    all.hospital.push(second);
    expect(await told(all)).toEqual([['second', 'platform', 'S000008']]);
  });

  it('find whatever single thing is done to one of the books', async () => {
    const sides = ['hospital', 'store', 'platform'] as const;
    const deeds = ['missing', 'doubled', 'amount', 'day'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sides),
        fc.constantFrom(...deeds),
        fc.integer({ min: 0, max: 29 }),
        fc.integer({ min: 1, max: 9 }),
        async (side, deed, place, fen) => {
          const all = books(30);
          const book = all[side];
          const old = book[place] as AccountEntry;
          if (deed === 'missing') book.splice(place, 1);
          if (deed === 'doubled') book.push(old);
          if (deed === 'amount') book[place] = { ...old, accountFen: old.accountFen + fen };
          if (deed === 'day') book[place] = { ...old, day: '2026-03-21' };
          const differing = side === 'platform' && (deed === 'amount' || deed === 'day') ? 'hospital+store' : side;
          expect(await told(all)).toEqual([[deed, differing, old.settlementId]]);
        },
      ),
    );
  });
});
