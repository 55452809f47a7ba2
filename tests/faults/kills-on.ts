import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place } from '../../adapters/database/home.ts';
import type { Acknowledged } from './clerk.ts';
import { Person } from './person.ts';
import { allEnded, stateOf } from './postings.ts';
import { expectKept } from './promise.ts';
import { type Scene, startScene } from './scene.ts';
import { troubles } from './troubles.ts';
import { type Written, writersAmongKills } from './writers.ts';

const KILLS = Number(process.env.KILLS ?? 3);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** A kill costs a start, which takes longer while other tests run. */
const PATIENCE_MS = 240_000 + KILLS * 8_000;
const FEW_RESTARTS_MS = 180_000;
/** People enough for a short run, and for a long one. */
const RESIDENTS = KILLS > 20 ? 20_000 : 4_000;

/**
 * So little patience with the platform that a lost answer is asked for soon; and how long a platform may at most be at work, without a word,
 * when it is no longer waited for: twice the patience with a write.
 */
const LINE = 'CASEGRAPH_SUBGRAPHS__MEDICAL__LINE__';
const IMPATIENT = {
  [`${LINE}READ_TIMEOUT_MS`]: '900',
  [`${LINE}DEADLINE__READ_MS`]: '1500',
  [`${LINE}DEADLINE__WRITE_MS`]: '950',
};
const DAWDLING_MS = 1_800;

export interface KilledHome {
  readonly place: Place;
  /** Kills the database too, and brings it back. */
  killDatabase?(): Promise<void>;
  stop?(): Promise<void>;
}

/** Proves that what hospitals post happens once, whatever dies meanwhile (issue 5, section 4). */
export function proveThroughKills(name: string, open: () => Promise<KilledHome>): void {
  describe(`what hospitals post on ${name}`, () => {
    let home: KilledHome;
    let scene: Scene;
    const written: Written[] = [];
    beforeAll(async () => {
      console.info(`SEED=${SEED} KILLS=${KILLS} on ${name}`);
      home = await open();
      scene = await startScene(home.place, RESIDENTS, IMPATIENT);
    }, PATIENCE_MS);
    afterAll(async () => {
      await scene?.stop();
      await home?.stop?.();
    }, 120_000);

    it(
      'has one effect and one answer in 20 copies over 3 restarts',
      async () => {
        const { clerk, documents, gateways } = scene;
        const document = documents.referral();
        const answers: Acknowledged[] = [];
        for (let round = 0; round <= 3; round += 1) {
          const copies = Promise.all(Array.from({ length: 5 }, () => clerk.post(document)));
          if (round < 3) await gateways.killAndRestart();
          answers.push(...(await copies));
        }
        written.push({ document, answers, cancelled: false });
        const { id } = answers[0] as Acknowledged;
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        await expect.poll(() => stateOf(clerk, id), { timeout: 60_000 }).toBe('SETTLED');
        expect((await scene.platform.ledger()).map(({ kind }) => kind)).toEqual(['referral']);
      },
      FEW_RESTARTS_MS,
    );

    it(
      'is not sent again while the platform dawdles over what a killed gateway sent',
      async () => {
        const { clerk, documents, gateways, platform } = scene;
        const before = { lines: (await platform.ledger()).length, sent: (await platform.calls()).calls['2501'] ?? 0 };
        await platform.fault({ kind: 'delay', match: '2501', times: 1, delayMs: DAWDLING_MS });
        const document = documents.referral();
        const { id, token } = await clerk.post(document);
        written.push({ document, answers: [{ id, token }], cancelled: false });
        await expect
          .poll(async () => (await platform.calls()).calls['2501'], { timeout: 20_000 })
          .toBe(before.sent + 1);
        // Whichever of two sent it.
        await gateways.killAndRestart();
        if (home.place.url !== undefined) await gateways.killAndRestart();
        await expect.poll(() => stateOf(clerk, id), { timeout: 60_000 }).toBe('SETTLED');
        expect((await platform.ledger()).slice(before.lines).map(({ kind }) => kind)).toEqual(['referral']);
      },
      FEW_RESTARTS_MS,
    );

    it(
      `is done once each through ${KILLS} kills at random moments, whatever befalls the platform’s answers`,
      async () => {
        const { platform, clerk, gateways } = scene;
        for (const fault of troubles()) await platform.fault(fault);
        const byWriters = await writersAmongKills(scene, {
          kills: KILLS,
          seed: SEED,
          kill: async (number) => {
            if (home.killDatabase && number % 3 === 0) await home.killDatabase();
            else await gateways.killAndRestart();
          },
        });
        written.push(...byWriters);
        await platform.clearFaults();
        const person = new Person(clerk, platform);
        const postings = await allEnded(clerk, PATIENCE_MS - 30_000, () => person.workOff());
        const ledger = await platform.ledger();
        const counted = expectKept({ written, postings, ledger, personNumbers: personNumbersOf(scene) });
        console.info(`${name}: ${JSON.stringify({ ...counted, resolvedByHand: person.resolved })}`);
        expect(counted.acknowledged).toBeGreaterThan(KILLS);
      },
      PATIENCE_MS,
    );
  });
}

/** What the platform calls each resident. */
function personNumbersOf({ platform: { population } }: Scene): ReadonlyMap<string, string> {
  return new Map(population.medical.persons.map(({ idNumber, psnNo }) => [idNumber, psnNo]));
}
