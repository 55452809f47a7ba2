import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalogue from '../../../seeds/catalogue.json' with { type: 'json' };
import { type TestHome, testHomes } from '../../store/homes.ts';
import { allTold, arrivalOf, expectedArrival, totals } from './arrival.ts';
import { BY_HAND } from './by-hand.ts';
import { CANCELLATIONS } from './cancellations.ts';
import { type District, startDistrict } from './district.ts';
import { FILINGS } from './filings.ts';
import { MATERNITY } from './maternity.ts';
import { PAYMENTS } from './payments.ts';
import { PROOFS } from './proofs.ts';
import { REFUSALS } from './refusals.ts';
import { REGISTRATION_FEES } from './registration-fees.ts';
import { SUBSIDIES } from './subsidies.ts';
import { allTheWay, EVERY_FAULT, faultsOn, killedAtRandom, stepByStep, type Traveller } from './variants.ts';

const JOURNEYS = [
  ...BY_HAND,
  ...PAYMENTS,
  ...REGISTRATION_FEES,
  ...FILINGS,
  ...CANCELLATIONS,
  ...MATERNITY,
  ...SUBSIDIES,
  ...PROOFS,
];

/** Each department with the services that stand on it. */
const DEPARTMENTS = [
  { department: 'unified-acceptance', journeys: JOURNEYS },
  { department: 'non-tax', journeys: [...PAYMENTS, ...REGISTRATION_FEES] },
  { department: 'medical-insurance', journeys: [...FILINGS, ...CANCELLATIONS, ...MATERNITY] },
  { department: 'disability-subsidy', journeys: SUBSIDIES },
  { department: 'real-estate', journeys: [...PROOFS, ...REGISTRATION_FEES] },
] as const;

const KILLS = Number(process.env.KILLS ?? 6);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** A kill costs a start, which takes longer while other tests run. */
const PATIENCE_MS = 150_000 + KILLS * 8_000;

/** Proves every service on one of the store's homes; where this machine has none of that name, it is skipped. */
export async function proveServicesOn(name: TestHome['name']): Promise<void> {
  const home = (await testHomes()).find((one) => one.name === name);
  describe.skipIf(!home)(`services on ${name}`, () => {
    let district: District;
    let opened = 0;

    beforeAll(async () => {
      console.info(`SEED=${SEED} KILLS=${KILLS} on ${name}`);
      if (home) district = await startDistrict(await home.newPlace(), PATIENCE_MS - 10_000);
    }, PATIENCE_MS);
    afterAll(async () => {
      await district?.stop();
    });

    it.each([...JOURNEYS, ...REFUSALS])('$name', async (journey) => {
      await haveArrived(await allTheWay([journey], district));
    });

    it.each(DEPARTMENTS)(
      'come to the same end with faults of $department at each step',
      async ({ department, journeys }) => {
        // One journey after the other through so many failures would take minutes: few journeys meet a few of them, others each time.
        let next = SEED;
        const before = async (step: number) => {
          const underWay = journeys.filter(({ steps }) => steps.length > step).length;
          const count = Math.min(Math.ceil(underWay / 2) + 2, EVERY_FAULT.length);
          await faultsOn(department, district, { count, first: next });
          next += count;
        };
        const travellers = await stepByStep(journeys, district, { before });
        await district.clearFaults(department);
        await haveArrived(travellers);
      },
      PATIENCE_MS,
    );

    it(
      'come to the same end when the platform is away and comes back',
      async () => {
        await district.fault('unified-acceptance', { kind: 'refuse-connection' });
        const travellers = await allTheWay(JOURNEYS, district);
        await district.clearFaults('unified-acceptance');
        await haveArrived(travellers);
      },
      PATIENCE_MS,
    );

    it(
      'come to the same end when nobody hears what finance says of a payment',
      async () => {
        await district.hearFinance(false);
        const travellers = await allTheWay([...PAYMENTS, ...REGISTRATION_FEES], district);
        await haveArrived(travellers);
        await district.hearFinance(true);
      },
      PATIENCE_MS,
    );

    it(
      'come to the same end when the gateway is killed between any two steps',
      async () => {
        await answersComeLate();
        const travellers = await stepByStep(JOURNEYS, district, { after: () => district.gateways.killAndRestart() });
        await clearAllFaults();
        await haveArrived(travellers);
      },
      PATIENCE_MS,
    );

    it(
      `come to the same end through ${KILLS} kills at random moments, with faults on`,
      async () => {
        for (const { department } of DEPARTMENTS) {
          for (const kind of ['drop-before-work', 'drop-after-work', 'busy', 'garbage']) {
            await district.fault(department, { kind, probability: 0.03 });
          }
        }
        await answersComeLate();
        const travellers = await killedAtRandom(JOURNEYS, district, {
          kills: KILLS,
          seed: SEED,
          atOnce: 8,
        });
        await clearAllFaults();
        await haveArrived(travellers);
      },
      PATIENCE_MS,
    );

    it('are those of the whole catalogue', () => {
      const proven = new Set(JOURNEYS.map(({ itemId }) => itemId));
      expect(catalogue.items.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
    });

    it('were opened once each, and a number was allotted to each once', async () => {
      expect(await totals(district)).toEqual({ opened, allotted: opened });
    });

    /** So that a kill often meets what a department has done and we do not know of yet. */
    async function answersComeLate(): Promise<void> {
      for (const { department } of DEPARTMENTS) {
        await district.fault(department, { kind: 'late-answer', probability: 0.5, delayMs: 100 });
      }
    }

    async function clearAllFaults(): Promise<void> {
      for (const { department } of DEPARTMENTS) await district.clearFaults(department);
    }

    async function haveArrived(travellers: readonly Traveller[]): Promise<void> {
      opened += travellers.length;
      await Promise.all(travellers.map(({ journey, at }) => allTold(at, journey.ends.status)));
      const ledger = await district.ledger('unified-acceptance');
      for (const { journey, at } of travellers) {
        const { submissions, ...arrival } = await arrivalOf(at, ledger);
        expect(arrival, `${journey.name}, case ${at.caseId}`).toMatchObject(expectedArrival(journey));
        expect(submissions.filter((one) => !/ (?:DONE|REJECTED|NOT_SENT|NOT_DONE)$/.test(one))).toEqual([]);
        await journey.effects?.(at);
      }
    }
  });
}
