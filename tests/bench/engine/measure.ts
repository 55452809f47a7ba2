import type { Contender } from './contenders.ts';
import type { Drive, Driven } from './load.ts';
import { coreBusyMs, cpuMs } from './os-count.ts';
import { readCores } from './process.ts';
import type { Stage } from './stage.ts';

export const CONNECTIONS = 50;

/** What is asked, and how long the right answers are. */
export type Requests = Pick<Drive, 'bodies' | 'lengths'>;

/** One round of one contender. */
export interface Round extends Driven {
  /** CPU of the contender's process, milliseconds per 1,000 requests. */
  readonly cpu: number;
  /** The same of subgraphs and load generator. */
  readonly subgraphsCpu: number;
  readonly generatorCpu: number;
  /** Share of the gateway's core that went to others meanwhile, 0 to 1: the more, the less the figures mean. */
  readonly disturbed: number;
  /** Fetches the subgraphs had to execute since they had not seen their bytes before. */
  readonly executed: number;
}

/** Drives a contender for so many seconds over 50 connections; `pauseMs` between answer and next request. */
export async function measure(
  { subgraphs, generator }: Stage,
  { pid, url }: Contender,
  requests: Requests,
  seconds: number,
  pauseMs = 0,
): Promise<Round> {
  const pids = [pid, subgraphs.pid, generator.pid];
  await subgraphs.ask({});
  const before = pids.map(cpuMs);
  const { gateway: core } = readCores();
  const busy = coreBusyMs(core);
  const started = performance.now();
  const driven = await generator.ask({ url, ...requests, connections: CONNECTIONS, seconds, pauseMs });
  const used = pids.map((pid, index) => cpuMs(pid) - (before[index] as number));
  const [cpu = 0, subgraphsCpu = 0, generatorCpu = 0] = used.map((ms) => (ms / driven.requests) * 1_000);
  const ofOthers = coreBusyMs(core) - busy - (used[0] as number);
  const disturbed = Math.max(0, ofOthers) / (performance.now() - started);
  const { executed } = await subgraphs.ask({});
  return { ...driven, cpu, subgraphsCpu, generatorCpu, disturbed, executed };
}
