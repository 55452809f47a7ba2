import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PostingState } from '../../adapters/database/postings.ts';
import type { InsuredPersonSeed } from '../../seeds/model.ts';
import { PostingLines } from '../../subgraphs/medical/postings/engine/lines.ts';
import { referralContent } from './fixture/posting-contents.ts';
import { FIRST, openPostingDesk, type PostingDesk, SECOND } from './fixture/posting-desk.ts';
import type { Incident, SentCall } from './fixture/scripted-line.ts';

const CONCURRENCY = 4;

let desk: PostingDesk;
const running: PostingLines[] = [];

beforeEach(async () => {
  desk = await openPostingDesk();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((lines) => lines.stop()));
  await desk.tidy();
  await desk.close();
});

function start(): void {
  const { store, core, engine, reported } = desk;
  const hospitals = [FIRST, SECOND].map((provider) => ({ provider, concurrency: CONCURRENCY }));
  const report = (error: unknown) => void reported.push(error);
  const lines = new PostingLines({ store, clock: core.now, report }, engine, hospitals);
  running.push(lines);
  lines.start();
}

/** Stores referrals of as many people. Their ids. */
async function flood(provider: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await desk.post(referralContent(desk.patient()), provider));
  return ids;
}

async function inState(ids: readonly string[], state: PostingState): Promise<number> {
  const found = await desk.store.postings.byIds(ids);
  return [...found.values()].filter((posting) => posting.state === state).length;
}

/** Everything is settled. */
async function allSettled(ids: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await inState(ids, 'settled')).toBe(ids.length), {
    timeout: 25_000,
    interval: 20,
  });
}

/** What the platform or the line does whenever it is about one person. */
const POISONS: readonly Incident[] = [
  'cut',
  { body: JSON.stringify({ code: 500_159, success: false, message: '系统繁忙' }) },
  { status: 403, body: '{}' },
  { status: 502, body: '' },
  { type: 'text/plain', body: '系统维护中' },
];

function isAbout({ input }: SentCall, { idNumber, psnNo }: InsuredPersonSeed): boolean {
  const sent = JSON.stringify(input);
  return sent.includes(idNumber) || sent.includes(psnNo);
}

describe('a poisoned posting', { timeout: 60_000 }, () => {
  const others = async () => {
    const ids = await flood(FIRST, 25);
    start();
    await allSettled(ids);
    expect(desk.core.ledger).toHaveLength(ids.length);
  };

  it('whose connection is always cut, as if the platform were away, does not hold up the others', async () => {
    const poisoned = [desk.patient(), desk.patient()];
    desk.script((call) => (poisoned.some((person) => isAbout(call, person)) ? 'cut' : undefined));
    // Oldest first: they stand before all others.
    for (const person of poisoned) await desk.post(referralContent(person));
    await others();
  });

  it('of any other kind, and many of each at once, do not either; stomached at last, they are done like any other', async () => {
    // Many of a kind in a row: whoever only tries the first of the line finds no end of them.
    const many = POISONS.flatMap((incident) => [incident, incident, incident]);
    const poisoned = many.map((incident) => ({ person: desk.patient(), incident }));
    desk.script((call) => poisoned.find(({ person }) => isAbout(call, person))?.incident);
    const stuck: string[] = [];
    for (const { person } of poisoned) stuck.push(await desk.post(referralContent(person)));
    await others();
    expect(await inState(stuck, 'settled')).toBe(0);
    desk.script(() => undefined);
    // Their next turn is some time off.
    desk.jump(300_000);
    await allSettled(stuck);
  });
});
