import { parseArgs } from 'node:util';
import { measureCalls } from './calls.ts';
import { compareExecutors, type ExecutorComparison, printComparison } from './comparison.ts';
import { PAGE } from './page.ts';

const USAGE = `npm run bench -- resident [--only calls|executors] [--rounds N]
npm run bench -- resident --profile [--rounds N]   where the time of our executor's pages goes`;

const DELAYS_MS = [0, 50, 300];

type Part = 'calls' | 'executors';

/**
 * A page of 100 residents with all departments' fields: calls by system against the least possible, wall time against what the slowest
 * system's own limit allows, and CPU against stock's executor over the same subgraphs.
 */
export async function residentBenchmark(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return;
  const { parts, rounds, profile } = options;
  const results = [];
  if (parts.includes('calls')) for (const delayMs of DELAYS_MS) results.push(await measureCalls(delayMs));
  let executors: ExecutorComparison | undefined;
  if (parts.includes('executors')) {
    executors = await compareExecutors(rounds, profile);
    printComparison(executors);
  }
  const fiveDigits = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  console.log(
    JSON.stringify({ benchmark: 'resident', page: PAGE, results, ...(executors && { executors }) }, fiveDigits),
  );
}

/** Nothing when help was asked for, or the options are not taken. */
function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        rounds: { type: 'string', default: '8' },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      return undefined;
    }
    const { profile, only } = values;
    const all: readonly Part[] = profile ? ['executors'] : ['calls', 'executors'];
    const parts = all.filter((part) => only === undefined || part === only);
    if (parts.length === 0) throw new Error(`--only ${only}: expected ${all.join(', ')}`);
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds ${values.rounds}: expected a whole number above 0`);
    return { parts, rounds, profile };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}
