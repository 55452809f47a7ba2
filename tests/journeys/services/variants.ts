import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatorName } from '../../../gateway/sandbox/simulators.ts';
import type { District, Fault } from './district.ts';
import { type Journey, setOut, type Travelling } from './journey.ts';

/** A journey with the case that makes it. */
export interface Traveller {
  readonly journey: Journey;
  readonly at: Travelling;
}

/** Everything that may befall a call, once each (contract, "Simulators"). */
export const EVERY_FAULT: readonly Fault[] = [
  { kind: 'drop-before-work' },
  { kind: 'drop-after-work' },
  { kind: 'busy' },
  { kind: 'garbage' },
  { kind: 'truncate' },
  { kind: 'duplicate-answer' },
  { kind: 'html-error' },
  { kind: 'http-status' },
  { kind: 'wrong-charset' },
  { kind: 'bad-signature' },
  { kind: 'expired-secret' },
  { kind: 'delay', delayMs: 300 },
  // Later than the line waits: the answer is lost.
  { kind: 'late-answer', delayMs: 3_000 },
];

/** Each journey from its first step to its last, all of them side by side. */
export function allTheWay(journeys: readonly Journey[], district: District): Promise<Traveller[]> {
  return Promise.all(
    journeys.map(async (journey) => {
      const traveller = { journey, at: setOut(journey, district) };
      for (const step of journey.steps) await step.take(traveller.at);
      return traveller;
    }),
  );
}

/** All journeys step by step: their first steps side by side, then `between`, then their second ones, and so on. */
export async function stepByStep(
  journeys: readonly Journey[],
  district: District,
  around: { before?(step: number): Promise<void>; after?(step: number): Promise<void> },
): Promise<Traveller[]> {
  const travellers = journeys.map((journey) => ({ journey, at: setOut(journey, district) }));
  const longest = Math.max(...journeys.map(({ steps }) => steps.length));
  for (let step = 0; step < longest; step += 1) {
    await around.before?.(step);
    await Promise.all(travellers.map(({ journey, at }) => journey.steps[step]?.take(at)));
    await around.after?.(step);
  }
  return travellers;
}

/** A department's faults of one step, each for one call: `count` of them in their order, beginning with the one of number `first`. */
export async function faultsOn(
  department: SimulatorName,
  district: District,
  { count, first }: { readonly count: number; readonly first: number },
): Promise<void> {
  await district.clearFaults(department);
  for (let index = 0; index < count; index += 1) {
    const fault = EVERY_FAULT[(first + index) % EVERY_FAULT.length];
    if (fault) await district.fault(department, { ...fault, times: 1 });
  }
}

export interface Killing {
  readonly kills: number;
  /** The same seed kills after the same pauses; where the program stands then is the machine's to say. */
  readonly seed: number;
  /** Journeys under way at once. */
  readonly atOnce: number;
}

/**
 * Kills a gateway so many times, each a random moment after the last one came up, while journeys are under way; new ones set out until the last
 * kill. All of them come to their last step.
 */
export async function killedAtRandom(
  journeys: readonly Journey[],
  district: District,
  { kills, seed, atOnce }: Killing,
): Promise<Traveller[]> {
  const random = randomFrom(seed);
  const travellers: Traveller[] = [];
  let killing = true;
  let next = Math.floor(random() * journeys.length);
  let most = atOnce;
  const walk = async () => {
    while (killing) {
      if (travellers.length >= most) {
        await sleep(20);
        continue;
      }
      const journey = journeys[next % journeys.length];
      next += 1;
      if (!journey) return;
      const traveller = { journey, at: setOut(journey, district) };
      travellers.push(traveller);
      for (const step of journey.steps) await step.take(traveller.at);
    }
  };
  const kill = async () => {
    for (let index = 0; index < kills; index += 1) {
      await sleep(random() * LONGEST_LIFE_MS);
      most += SET_OUT_PER_KILL;
      await district.gateways.killAndRestart();
    }
  };
  await Promise.all([
    kill().finally(() => {
      killing = false;
    }),
    ...Array.from({ length: atOnce }, walk),
  ]);
  return travellers;
}

const LONGEST_LIFE_MS = 1_000;
/** The other gateway goes on while one is started again: without end, a long run would use up the district's people. */
const SET_OUT_PER_KILL = 6;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
