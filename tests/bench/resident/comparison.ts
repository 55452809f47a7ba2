import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { SubgraphHost } from '../../../gateway/hosting.ts';
import { type Spread, spread } from '../engine/statistics.ts';
import { type CpuProfile, printSelfTimes } from '../self-times.ts';
import { type Departments, openDepartments } from './departments.ts';
import { type Executor, openOurs, openStock } from './executors.ts';
import { PAGE, readPage } from './page.ts';
import type { Depth } from './recorded-subgraph.ts';

/** What is measured, the deepest first, since that is recorded; pages before it, until the JIT has settled, and in each round. */
const DEPTHS: Readonly<Record<Depth, { readonly what: string; readonly warmUp: number; readonly pages: number }>> = {
  departments: { what: 'whole subgraphs with their departments', warmUp: 6, pages: 1 },
  graphql: { what: "subgraphs' graphql-js over recorded answers", warmUp: 60, pages: 10 },
  answers: { what: 'executor alone, recorded answers handed out', warmUp: 100, pages: 20 },
};
const AIM = 2;
const SAMPLE_MICROSECONDS = 500;

/** CPU milliseconds of one page. */
export interface DepthResult {
  readonly ours: Spread;
  readonly stock: Spread;
  /** Stock's over ours, round by round. */
  readonly ratio: Spread;
}

export interface ExecutorComparison {
  readonly rounds: number;
  /** Fetches from subgraphs for one page. */
  readonly fetches: { readonly ours: number; readonly stock: number };
  /** Calls to departments for one page. */
  readonly calls: { readonly ours: number; readonly stock: number };
  readonly depths: Readonly<Record<Depth, DepthResult>>;
}

/**
 * The page through our executor and through stock's, over the same subgraphs in this process and the same running simulators, in
 * alternating rounds. Throws, and measures nothing, when the two do not answer the same bytes.
 */
export async function compareExecutors(rounds: number, profile: boolean): Promise<ExecutorComparison> {
  const departments = await openDepartments();
  const { server, store, directory, supergraph, subgraphs } = departments.configuration;
  const host = new SubgraphHost({ store, directory, log: pino({ level: 'warn' }), observer: () => {} });
  const executors: Executor[] = [];
  try {
    const hosted = new Map();
    for (const [name, settings] of Object.entries(subgraphs)) hosted.set(name, await host.start(name, settings));
    const supergraphSdl = readFileSync(supergraph.file, 'utf8');
    const ours = await openOurs(supergraphSdl, hosted, server);
    executors.push(ours);
    const stock = await openStock(supergraphSdl, hosted);
    executors.push(stock);
    const counts = await countAndCompare(departments, ours, stock);
    const depths = {} as Record<Depth, DepthResult>;
    for (const depth of Object.keys(DEPTHS) as Depth[]) {
      depths[depth] = await measureDepth(depth, ours, stock, rounds);
      if (profile) await profileDepth(depth, ours);
    }
    return { rounds, ...counts, depths };
  } finally {
    for (const executor of executors) await executor.close();
    await host.stop();
    await departments.stop();
  }
}

/** What one page takes of each, once the sign-ins are done. */
async function countAndCompare(departments: Departments, ours: Executor, stock: Executor) {
  const total = async () => Object.values(await departments.calls()).reduce((sum, calls) => sum + calls.total, 0);
  const count = async (executor: Executor) => {
    await executor.answer();
    const [fetches, calls] = [executor.fetches(), await total()];
    const answer = (await executor.answer()).toString('utf8');
    return { answer, fetches: executor.fetches() - fetches, calls: (await total()) - calls };
  };
  const [own, other] = [await count(ours), await count(stock)];
  const residents = readPage(own.answer).length;
  if (residents !== PAGE) throw new Error(`a page of ${residents} residents where ${PAGE} were asked for`);
  if (own.answer !== other.answer) throw new Error('the two executors do not answer the same bytes');
  return {
    fetches: { ours: own.fetches, stock: other.fetches },
    calls: { ours: own.calls, stock: other.calls },
  };
}

async function measureDepth(depth: Depth, ours: Executor, stock: Executor, rounds: number): Promise<DepthResult> {
  const { warmUp, pages } = DEPTHS[depth];
  const expected = await ours.answer();
  for (const executor of [ours, stock]) {
    executor.set(depth, warmUp);
    for (let page = 0; page < warmUp; page += 1) {
      if (!(await executor.answer()).equals(expected)) throw new Error(`another answer: ${DEPTHS[depth].what}`);
    }
  }
  const measured = { ours: [] as number[], stock: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    // Who comes first changes: what one leaves behind must not always be the same one's burden.
    const order = round % 2 === 0 ? (['ours', 'stock'] as const) : (['stock', 'ours'] as const);
    for (const name of order) {
      measured[name].push(await cpuPerPage(name === 'ours' ? ours : stock, depth, pages));
    }
  }
  return {
    ours: spread(measured.ours),
    stock: spread(measured.stock),
    ratio: spread(measured.stock.map((ms, round) => ms / (measured.ours[round] as number))),
  };
}

async function cpuPerPage(executor: Executor, depth: Depth, pages: number): Promise<number> {
  executor.set(depth, pages);
  collectGarbage();
  const before = process.cpuUsage();
  for (let page = 0; page < pages; page += 1) await executor.answer();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / pages;
}

async function profileDepth(depth: Depth, ours: Executor): Promise<void> {
  const { what, pages } = DEPTHS[depth];
  const many = pages * 5;
  ours.set(depth, many);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  for (let page = 0; page < many; page += 1) await ours.answer();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  console.log(`\nprofile of our side, ${what}: ${many} pages`);
  printSelfTimes([profile as CpuProfile], { name: 'ms/page', per: many * 1_000 });
}

export function printComparison({ rounds, fetches, calls, depths }: ExecutorComparison): void {
  console.log(
    `\nour executor against stock's (@apollo/gateway) over the same subgraphs in this process, 0 ms delay, ${rounds} alternating rounds`,
  );
  console.log(
    '  CPU of this process by the operating system: from the parsed operation to the bytes of the answer, with all that the' +
      '\n  subgraphs do for it here (XML, signatures, sockets, graphql-js), garbage collection included; simulators are other processes',
  );
  console.log(
    `  both answer the same bytes; a page is ${fetches.ours} fetches of ours, ${fetches.stock} of stock's; ${calls.ours} and ${calls.stock} calls to departments`,
  );
  console.log(`  CPU ms per page${' '.repeat(32)}ours${' '.repeat(22)}stock   stock / ours`);
  for (const [depth, { what }] of Object.entries(DEPTHS)) {
    const { ours, stock, ratio } = depths[depth as Depth];
    console.log(
      `  ${what.padEnd(44)}${shown(ours, 1).padStart(22)}${shown(stock, 1).padStart(24)}   ${shown(ratio, 2)}`,
    );
  }
  const whole = depths.departments;
  const met = whole.ratio.median >= AIM;
  console.log(`  aim for the page, whole subgraphs with their departments ≥ ${AIM}: ${met ? 'met' : 'missed'}`);
  const [all, graphql, alone] = [whole, depths.graphql, depths.answers].map(({ ours }) => ours.median) as [
    number,
    number,
    number,
  ];
  const share = (ms: number) => `${ms.toFixed(1)} ms (${((ms / all) * 100).toFixed(0)} %)`;
  console.log(
    `  where our page's CPU goes: departments (resolvers, loaders, codecs, signatures, sockets) ${share(all - graphql)};` +
      ` the subgraphs' graphql-js ${share(graphql - alone)}; our executor ${share(alone)}`,
  );
  const rest = all - alone;
  const bound = (rest + depths.answers.stock.median) / rest;
  console.log(
    `  an executor that costs nothing would take ${bound.toFixed(2)} × less CPU for the page than stock's: the rest is the same for both`,
  );
}

function shown({ median: middle, min, max }: Spread, digits: number): string {
  return `${middle.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`;
}

/** Before each round, so that none pays for another's garbage. */
const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();
