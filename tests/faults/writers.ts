import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../journeys/services/variants.ts';
import type { Acknowledged, Clerk } from './clerk.ts';
import type { HospitalDocument } from './documents.ts';
import type { Scene } from './scene.ts';

/** What became of a document, as far as its hospital was told. */
export interface Written {
  readonly document: HospitalDocument;
  /** What each copy of it was answered; empty where the hospital never learned anything. */
  readonly answers: readonly Acknowledged[];
  /** It was taken back, or was to be. */
  readonly cancelled: boolean;
}

export interface WritingAmongKills {
  readonly kills: number;
  /** The same seed draws the same kinds of documents and the same pauses; where the program stands then is the machine's to say. */
  readonly seed: number;
  /** Kills something, by the number of the kill, and resolves when it is back. */
  kill(number: number): Promise<void>;
}

const WRITERS = 6;
const LONGEST_PAUSE_MS = 250;
/** What is written for each kill at most: the platform has to do all of it. */
const MOST_WRITTEN = 40;
const LONGEST_LIFE_MS = 2_000;
const LARGEST_BATCH = 6;
const COPIES = 3;
/** Other than the platform works out: the visit has to be undone. */
const WRONG_EXPECTATION = { cashPaid: 1 };

const CANCEL = `mutation ($input: CancelPostingInput!) { cancelPosting(input: $input) { posting { id } } }`;

/** Writers post, each one thing after the other, until so many kills have passed and all that they sent is acknowledged. */
export async function writersAmongKills(
  { clerk, documents }: Scene,
  { kills, seed, kill }: WritingAmongKills,
): Promise<readonly Written[]> {
  const random = randomFrom(seed);
  const written: Written[] = [];
  let killing = true;
  let killed = 1;
  const newDocument = () => {
    const chance = random();
    if (chance < 0.6) return documents.referral();
    return documents.settlement(chance < 0.7 ? WRONG_EXPECTATION : undefined);
  };
  const write = async () => {
    while (killing) {
      await sleep(random() * LONGEST_PAUSE_MS);
      if (written.length >= MOST_WRITTEN * killed) continue;
      const chance = random();
      if (chance < 0.15) written.push(...(await batch(clerk, referralsOfOne(documents, random))));
      else if (chance < 0.25) written.push(await dropped(clerk, newDocument(), random() * 20));
      else if (chance < 0.6) written.push(await copies(clerk, newDocument(), random() < 0.5));
      else if (chance < 0.7) written.push(await takenBack(clerk, documents.referral()));
      else written.push(await copies(clerk, newDocument(), random() < 0.5, 1));
    }
  };
  const killAll = async () => {
    for (let number = 1; number <= kills; number += 1) {
      await sleep(random() * LONGEST_LIFE_MS);
      await kill(number);
      killed += 1;
    }
  };
  await Promise.all([
    killAll().finally(() => {
      killing = false;
    }),
    ...Array.from({ length: WRITERS }, write),
  ]);
  return written;
}

function referralsOfOne(documents: Scene['documents'], random: () => number): readonly HospitalDocument[] {
  const { hospital, operator, ...first } = documents.referral();
  const count = Math.floor(random() * LARGEST_BATCH);
  return [
    { hospital, operator, ...first },
    ...Array.from({ length: count }, () => documents.referral({ hospital, operator })),
  ];
}

/** The same document several times at once, under one key or under none. */
async function copies(clerk: Clerk, document: HospitalDocument, keyed: boolean, count = COPIES): Promise<Written> {
  const key = keyed ? `key-of-${document.number}` : undefined;
  const answers = await Promise.all(Array.from({ length: count }, () => clerk.post(document, key)));
  return { document, answers, cancelled: false };
}

/** The same batch twice at once. */
async function batch(clerk: Clerk, documents: readonly HospitalDocument[]): Promise<readonly Written[]> {
  const [one = [], other = []] = await Promise.all([clerk.postBatch(documents), clerk.postBatch(documents)]);
  return documents.map((document, index) => ({
    document,
    answers: [one[index], other[index]].filter((answer) => answer !== undefined),
    cancelled: false,
  }));
}

/** Whoever sent it has gone away before the answer came. */
async function dropped(clerk: Clerk, document: HospitalDocument, afterMs: number): Promise<Written> {
  await clerk.drop(document, afterMs);
  return { document, answers: [], cancelled: false };
}

/** Posted, and taken back at once; while it is being sent it cannot be, and then it stands. */
async function takenBack(clerk: Clerk, document: HospitalDocument): Promise<Written> {
  const answer = await clerk.post(document);
  const { operator, number } = document;
  const input = { operator, posting: answer.id, reason: '患者改变主意', idempotencyKey: `cancel-${number}` };
  await clerk.ask(CANCEL, { input }).catch(() => undefined);
  return { document, answers: [answer], cancelled: true };
}
