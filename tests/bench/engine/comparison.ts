import { collectAnswers, compareAnswers } from './answers.ts';
import { CONTENDERS, type Contender, type Letter, startContender } from './contenders.ts';
import { CLINIC_GRAPH } from './graph.ts';
import { CONNECTIONS, measure, type Requests, type Round } from './measure.ts';
import { type Load, type LoadName, requestBody } from './operations.ts';
import { peakMemoryMb } from './os-count.ts';
import { openStage, type Stage } from './stage.ts';
import { median, type Spread, spread } from './statistics.ts';

export interface Timing {
  readonly rounds: number;
  readonly seconds: number;
}

/** Until the JIT has settled. */
export const WARM_UP_SECONDS = 5;

/** Share of its highest rate at which a contender is asked to see its latency without a queue. */
const CALM_SHARE = 0.6;

/** What a contender sends to subgraphs for one request. */
interface Fetches {
  readonly fetches: number;
  readonly representations: number;
}

export interface ContenderResult extends Fetches {
  readonly rounds: readonly Round[];
  readonly cpu: Spread;
}

export interface LoadResult {
  readonly load: LoadName;
  readonly answerKb: number;
  readonly contenders: Readonly<Record<Letter, ContenderResult>>;
  /** Ratios of CPU per request, round by round. */
  readonly gOverH: Spread;
  readonly aOverG: Spread;
  /** Share of the gateway's core that went to others, by round, 0 to 1. */
  readonly disturbed: Spread;
  /** p99 over p50 of g. */
  readonly tail: Spread;
  /** The same where requests come at random at a share of the highest rate. */
  readonly calm: { readonly perSecond: number; readonly p50: number; readonly p99: number };
}

export interface Comparison {
  readonly loads: readonly LoadResult[];
  /** Peak memory of each after all loads, MB. */
  readonly memory: Readonly<Record<Letter, number>>;
}

/** Measures the three contenders in turn. Throws, and measures nothing, when they do not answer the same. */
export async function compareContenders(loads: readonly Load[], timing: Timing): Promise<Comparison> {
  const stage = await openStage('clinics', CLINIC_GRAPH);
  const contenders: Contender[] = [];
  try {
    // What it compiled at its first start is kept for the next, as with every user.
    await (await startContender('g', stage)).stop();
    for (const letter of Object.keys(CONTENDERS) as Letter[]) contenders.push(await startContender(letter, stage));
    const results: LoadResult[] = [];
    for (const load of loads) results.push(await measureLoad(stage, contenders, load, timing));
    const memory = Object.fromEntries(contenders.map(({ letter, pid }) => [letter, peakMemoryMb(pid)]));
    return { loads: results, memory: memory as Comparison['memory'] };
  } finally {
    for (const contender of contenders) await contender.stop();
    await stage.close();
  }
}

async function measureLoad(
  stage: Stage,
  contenders: readonly Contender[],
  load: Load,
  { rounds, seconds }: Timing,
): Promise<LoadResult> {
  const bodies = load.variables.map((variables) => requestBody(load, variables));
  const prepared = await prepare(stage, contenders, bodies);
  const measured = new Map<Letter, Round[]>(contenders.map(({ letter }) => [letter, []]));
  const requestsOf = ({ letter }: Contender) => prepared.get(letter)?.requests as Requests;
  for (const contender of contenders) await measure(stage, contender, requestsOf(contender), WARM_UP_SECONDS);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      measured.get(contender.letter)?.push(await measure(stage, contender, requestsOf(contender), seconds));
    }
  }

  const resultOf = (letter: Letter): ContenderResult => {
    const own = measured.get(letter) as Round[];
    return { ...(prepared.get(letter)?.fetches as Fetches), rounds: own, cpu: spread(own.map(({ cpu }) => cpu)) };
  };
  const [a, g, h] = [resultOf('a'), resultOf('g'), resultOf('h')];
  const ratio = (left: ContenderResult, right: ContenderResult) =>
    spread(left.rounds.map(({ cpu }, round) => cpu / (right.rounds[round] as Round).cpu));
  const ours = contenders.find(({ letter }) => letter === 'g') as Contender;
  const lengths = requestsOf(ours).lengths;
  return {
    load: load.name,
    answerKb: lengths.reduce((sum, length) => sum + length, 0) / lengths.length / 1_000,
    contenders: { a, g, h },
    gOverH: ratio(g, h),
    aOverG: ratio(a, g),
    disturbed: spread([a, g, h].flatMap(({ rounds }) => rounds.map((round) => round.disturbed))),
    tail: spread(g.rounds.map(({ p50, p99 }) => p99 / p50)),
    calm: await measureCalm(stage, ours, requestsOf(ours), g, seconds),
  };
}

interface Prepared {
  readonly requests: Requests;
  readonly fetches: Fetches;
}

/** Every contender answers every request once, and all must say the same; the subgraphs count meanwhile. */
async function prepare(
  { subgraphs }: Stage,
  contenders: readonly Contender[],
  bodies: readonly string[],
): Promise<ReadonlyMap<Letter, Prepared>> {
  const prepared = new Map<Letter, Prepared>();
  let first: readonly string[] | undefined;
  for (const contender of contenders) {
    await subgraphs.ask({});
    const { data, lengths } = await collectAnswers(contender, bodies);
    const { fetches, representations } = await subgraphs.ask({});
    first ??= data;
    compareAnswers(contenders[0] as Contender, first, contender, data);
    prepared.set(contender.letter, {
      requests: { bodies, lengths },
      fetches: { fetches: fetches / bodies.length, representations: representations / bodies.length },
    });
  }
  return prepared;
}

/** In a closed loop the 50 connections keep a queue of their own; here they pause so that the core is not full. */
async function measureCalm(
  stage: Stage,
  contender: Contender,
  requests: Requests,
  { rounds }: ContenderResult,
  seconds: number,
): Promise<LoadResult['calm']> {
  const full = median(rounds.map(({ perSecond }) => perSecond));
  const pauseMs = (CONNECTIONS * 1_000) / (full * CALM_SHARE);
  const { perSecond, p50, p99 } = await measure(stage, contender, requests, 2 * seconds, pauseMs);
  return { perSecond, p50, p99 };
}
