import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Comparison, compareContenders, type Timing } from './comparison.ts';
import { CONTENDERS } from './contenders.ts';
import { type Growth, measureGrowth } from './growth.ts';
import { LOADS } from './operations.ts';
import { readCores } from './process.ts';
import { profileGateway } from './profile.ts';
import { printComparison, printGrowth, summary } from './report.ts';

const USAGE = `npm run bench -- engine [--only main|full|growth] [--rounds N] [--seconds S]
npm run bench -- engine --profile [--only main|full] [--seconds S]   where the gateway's time goes, beside that of the fetches by hand`;

type Part = 'main' | 'full' | 'growth';

interface Options extends Timing {
  readonly parts: readonly Part[];
  readonly profile: boolean;
}

/**
 * The engine against stock Apollo and against the same fetches written by hand: CPU per request by the operating system's count, on one
 * core, in alternating rounds. Needs Linux (taskset, /proc).
 */
export async function engineBenchmark(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return;
  if (process.platform !== 'linux') throw new Error('this benchmark needs Linux: taskset and /proc');
  const { parts, profile, ...timing } = options;
  const loads = LOADS.filter(({ name }) => parts.includes(name));
  printMachine();
  endChildrenOnSignals();
  if (profile) {
    for (const load of loads) await profileGateway(load, timing.seconds);
    return;
  }
  printContest(timing);
  let comparison: Comparison | undefined;
  if (loads.length > 0) {
    comparison = await compareContenders(loads, timing);
    printComparison(comparison);
  }
  let growth: Growth | undefined;
  if (parts.includes('growth')) {
    growth = await measureGrowth(timing);
    printGrowth(growth);
  }
  const result = { benchmark: 'engine', ...timing, ...(comparison && summary(comparison)), ...(growth && { growth }) };
  const fiveDigits = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  console.log(JSON.stringify(result, fiveDigits));
}

/** Nothing when help was asked for, or the options are not taken. */
function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '4' },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      return undefined;
    }
    const { profile, only } = values;
    const all: readonly Part[] = profile ? ['main', 'full'] : ['main', 'full', 'growth'];
    const parts = all.filter((part) => only === undefined || part === only);
    if (parts.length === 0) throw new Error(`--only ${only}: expected ${all.join(', ')}`);
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds ${values.rounds}: expected a whole number above 0`);
    const seconds = Number(values.seconds);
    if (!(seconds > 0 && seconds <= 600))
      throw new Error(`--seconds ${values.seconds}: expected a number above 0, at most 600`);
    return { parts, profile, rounds, seconds };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Children are ended when this process exits, which a signal alone does not count as. */
function endChildrenOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

function printMachine(): void {
  const [, model = 'unknown'] = /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
  console.log(`Node.js ${process.version}, ${model}; load of the machine before: ${loadavg()[0]?.toFixed(2)}`);
  const { gateway, others } = readCores();
  console.log(
    gateway === others
      ? 'one core only: gateway, subgraphs and load generator share it, so requests/s and latencies mean little'
      : `gateway on core ${gateway}, subgraphs and load generator on core ${others}`,
  );
  console.log('other work on the machine makes all figures worse and ratios uncertain: look at min..max');
}

function printContest({ rounds, seconds }: Timing): void {
  for (const [letter, name] of Object.entries(CONTENDERS)) console.log(`  (${letter}) ${name}`);
  console.log(`${rounds} alternating rounds of ${seconds} s each, 50 connections`);
}
