import { spawnSync } from 'node:child_process';
import { startSandbox } from '../journeys/sandbox/sandbox.ts';

const ROUNDS = 5;

/** From `npm start`'s own command to its ready line, against Node.js starting to do nothing. */
export async function startBenchmark(): Promise<void> {
  const sandboxMs: number[] = [];
  const nothingMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    nothingMs.push(time(() => spawnSync(process.execPath, ['-e', '0'])));
    const started = performance.now();
    const sandbox = await startSandbox();
    sandboxMs.push(performance.now() - started);
    await sandbox.stop();
  }
  const result = { benchmark: 'start', sandboxMs: median(sandboxMs), nothingMs: median(nothingMs) };
  const ratio = result.sandboxMs / result.nothingMs;
  console.log(
    `the sandbox is ready after ${result.sandboxMs.toFixed(0)} ms, ${ratio.toFixed(1)} × Node.js starting to do nothing (${result.nothingMs.toFixed(0)} ms); medians of ${ROUNDS}`,
  );
  console.log(JSON.stringify({ ...result, ratio }));
}

function time(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] as number;
}
