import { benchHomes } from './posting/places.ts';
import { reconciledMonth } from './reconciliation/month.ts';

const SETTLEMENTS = 100_000;
const AIM_MS = 10_000;

/**
 * A month of 100,000 settlements in three books, a hospital's, ours and the platform's, with four differences: whether they are found and
 * nothing else, in what time, part by part, and how much memory that takes.
 */
export async function reconciliationBenchmark(): Promise<void> {
  console.log(`reconciliation: ${SETTLEMENTS} settlements, aim ${AIM_MS / 1_000} s`);
  const results = [];
  for (const { name: home, on } of await benchHomes()) {
    const { planted, found, ms, calls, cpuMs, memoryMb } = await on((place) => reconciledMonth(SETTLEMENTS, place));
    const allMs = Object.values(ms).reduce((sum, part) => sum + part);
    const right = JSON.stringify(found) === JSON.stringify(planted);
    const parts = Object.entries(ms).map(([part, each]) => `${part} ${each}`);
    console.log(
      `${home}: ${allMs} ms (${parts.join(', ')}), ${allMs <= AIM_MS ? 'met' : 'missed'}; processor ${cpuMs} ms; memory ${memoryMb.before} to ${memoryMb.peak} MB; ` +
        (right ? 'the four planted differences and nothing else' : `found ${JSON.stringify(found)}`),
    );
    for (const [transaction, each] of Object.entries(calls)) {
      console.log(`  ${transaction}: ${each.count} calls, ${each.ms} ms together`);
    }
    results.push({ home, allMs, ms, calls, cpuMs, memoryMb, right });
  }
  console.log(JSON.stringify({ benchmark: 'reconciliation', settlements: SETTLEMENTS, aimMs: AIM_MS, results }));
}
