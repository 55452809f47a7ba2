import { residentBenchmark } from './resident.ts';
import { startBenchmark } from './start.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  resident: residentBenchmark,
  start: startBenchmark,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(`no benchmark named ${unknown.join(', ')}: there is ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) await BENCHMARKS[name]?.();
