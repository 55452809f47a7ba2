import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../store/homes.ts';
import { type HospitalDocument, POSTERS } from './documents.ts';
import { postingsOf, stateOf } from './postings.ts';
import { type Scene, startScene } from './scene.ts';

const folder = newFolder();
const [LARGE, SMALL] = POSTERS as [(typeof POSTERS)[number], (typeof POSTERS)[number]];
/** Postings of one provider that are worked on at once (medical-insurance 5). */
const AT_ONCE = 4;
const PATIENCE_MS = 120_000;

describe('the lines of the hospitals', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene({ path: join(folder, 'store.sqlite') }, 2_000);
  }, PATIENCE_MS);
  beforeEach(() => scene.platform.reset());
  afterAll(() => scene?.stop());

  const referrals = (count: number, poster = LARGE) =>
    Array.from({ length: count }, () => scene.documents.referral(poster));
  const inState = async (state: string, hospital = LARGE.hospital) =>
    (await postingsOf(scene.clerk, { hospital, states: [state] })).length;
  const filed = async () => {
    const ledger = await scene.platform.ledger();
    return ledger
      .filter(({ kind }) => kind === 'referral')
      .map(({ msgid, from, subject }) => ({ msgid, from, subject }));
  };

  it(
    'fill while the platform is away, then drain in order and at its pace, without a storm',
    async () => {
      const { platform, clerk, gateways } = scene;
      await platform.fault({ kind: 'refuse-connection' });
      const documents = referrals(60);
      for (let from = 0; from < documents.length; from += 20) await clerk.postBatch(documents.slice(from, from + 20));
      const before = await callsOf(await gateways.url);
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      expect((await callsOf(await gateways.url)) - before).toBeLessThanOrEqual(10);
      expect(await inState('STORED')).toBe(documents.length);
      await platform.clearFaults();
      await expect.poll(() => inState('SETTLED'), { timeout: 30_000, interval: 200 }).toBe(documents.length);
      const { total, highestInFlight } = await platform.calls();
      expect(highestInFlight).toBeLessThanOrEqual(AT_ONCE);
      // Three for each, and a sign-in.
      expect(total).toBeLessThanOrEqual(3 * documents.length + 5);
      expect(await displacement(documents)).toBeLessThan(2 * AT_ONCE);
    },
    PATIENCE_MS,
  );

  it(
    'let nobody wait behind an entry that always fails',
    async () => {
      const { platform, clerk, documents } = scene;
      const settledBefore = await inState('SETTLED');
      await platform.fault({ kind: 'garbage', match: '2001' });
      const poisoned = Array.from({ length: AT_ONCE + 2 }, () => documents.settlement(undefined, LARGE));
      const ids = (await clerk.postBatch(poisoned)).map(({ id }) => id);
      await clerk.postBatch(referrals(20));
      await expect.poll(() => inState('SETTLED'), { timeout: 40_000 }).toBe(settledBefore + 20);
      for (const id of ids) expect(['STORED', 'SENDING']).toContain(await stateOf(clerk, id));
      await platform.clearFaults();
      await expect.poll(() => stateOf(clerk, ids[0] as string), { timeout: 40_000 }).toBe('SETTLED');
    },
    PATIENCE_MS,
  );

  it(
    'let no hospital wait behind another’s flood',
    async () => {
      const { platform, clerk } = scene;
      await platform.fault({ kind: 'delay', delayMs: 100 });
      await clerk.postBatch(referrals(200));
      const [small] = referrals(1, SMALL);
      const { id } = await clerk.post(small as HospitalDocument);
      await expect.poll(() => stateOf(clerk, id), { timeout: 20_000 }).toBe('SETTLED');
      expect(await inState('STORED')).toBeGreaterThan(100);
    },
    PATIENCE_MS,
  );

  /** By how many places a referral was filed before or after its turn, at most. */
  async function displacement(documents: readonly HospitalDocument[]): Promise<number> {
    const numbers = new Map(scene.platform.population.medical.persons.map((one) => [one.idNumber, one.psnNo]));
    const subjects = (await filed()).map(({ subject }) => subject);
    return Math.max(
      ...documents.map(({ patient }, turn) => Math.abs(subjects.indexOf(numbers.get(patient.idNumber)) - turn)),
    );
  }
});

const AWAY_MS = 4_000;

/** How often the gateway has tried to call the platform. */
async function callsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('casegraph_department_call_seconds_count'));
  return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
}
