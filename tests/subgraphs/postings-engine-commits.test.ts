import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import type { PostingContent } from '../../subgraphs/medical/postings/content.ts';
import { FEE_ROWS, maternityContent, referralContent } from './fixture/posting-contents.ts';
import { openPostingDesk, type PostingDesk } from './fixture/posting-desk.ts';

let desk: PostingDesk;

beforeAll(async () => {
  desk = await openPostingDesk();
});

afterEach(() => desk.tidy());

afterAll(() => desk.close());

/** A store of which is counted how often it is written to. */
function counting(store: Store) {
  const seen = { writes: 0 };
  const write: Store['write'] = (work) => {
    seen.writes += 1;
    return store.write(work);
  };
  return { seen, store: { ...store, write } satisfies Store };
}

interface Journey {
  readonly name: string;
  content(person: ReturnType<PostingDesk['patient']>): PostingContent;
  /** What is done before the process begins that dies. */
  before?(id: string): Promise<void>;
  readonly ends: string;
  /** Referrals, visits, fee rows, settlements that stand then. */
  readonly standing: readonly number[];
  /** How often the engine writes on its way. */
  readonly writes: number;
}

async function settledAndCancelled(id: string): Promise<void> {
  expect((await desk.run(id)).state).toBe('settled');
  await desk.cancel(id);
}

const JOURNEYS: readonly Journey[] = [
  {
    name: 'a referral',
    content: (person) => referralContent(person),
    ends: 'settled',
    standing: [1, 0, 0, 0],
    writes: 2,
  },
  {
    name: 'a maternity settlement',
    content: (person) => maternityContent(person),
    ends: 'settled',
    standing: [0, 1, FEE_ROWS, 1],
    writes: 5,
  },
  {
    name: 'a referral that is taken back',
    content: (person) => referralContent(person),
    before: settledAndCancelled,
    ends: 'cancelled',
    standing: [0, 0, 0, 0],
    writes: 2,
  },
  {
    name: 'a maternity settlement that is taken back',
    content: (person) => maternityContent(person),
    before: settledAndCancelled,
    ends: 'cancelled',
    standing: [0, 0, 0, 0],
    writes: 4,
  },
  {
    name: 'a maternity settlement that is not what was expected',
    content: (person) => maternityContent(person, { expected: { cashFen: 1 } }),
    ends: 'rejected',
    standing: [0, 0, 0, 0],
    writes: 7,
  },
];

for (const { name, content, before, ends, standing, writes } of JOURNEYS) {
  describe(name, () => {
    const begun = async () => {
      const person = desk.patient();
      const id = await desk.post(content(person));
      await before?.(id);
      return { person, id };
    };

    it(`takes ${writes} commits besides the one in which it is taken`, async () => {
      const { person, id } = await begun();
      const { seen, store } = counting(desk.store);
      expect(await desk.run(id, desk.openProcess(store))).toMatchObject({ state: ends });
      expect(seen.writes).toBe(writes);
      expect(desk.standing(person)).toEqual(standing);
    });
  });
}
