import type { Comparison, LoadResult } from './comparison.ts';
import { CONTENDERS, type Letter } from './contenders.ts';
import { type Growth, type GrowthPoint, RESIDENTS_PER_DEPARTMENT } from './growth.ts';
import { type Line, median, type Spread } from './statistics.ts';

const AIM = { gOverH: 1.2, aOverG: 7, tail: 3, memoryMb: 250 };
const LETTERS = Object.keys(CONTENDERS) as Letter[];

export function printComparison({ loads, memory }: Comparison): void {
  for (const load of loads) printLoad(load);
  console.log('\npeak memory (VmHWM) after these loads');
  for (const letter of LETTERS) console.log(`  (${letter}) ${memory[letter].toFixed(0)} MB`);
  console.log(`  aim for g ≤ ${AIM.memoryMb} MB: ${verdict(memory.g <= AIM.memoryMb)}`);
}

function printLoad({ load, answerKb, contenders, gOverH, aOverG, disturbed, tail, calm }: LoadResult): void {
  console.log(`\nload ${load}: answers of ${answerKb.toFixed(1)} KB; all three answer the same bytes of data`);
  console.log('       requests/s   p50 ms   p99 ms   CPU ms per 1,000 (min..max)   fetches   representations');
  for (const letter of LETTERS) {
    const { rounds, cpu, fetches, representations } = contenders[letter];
    const of = (figure: 'perSecond' | 'p50' | 'p99', digits: number, width: number) =>
      median(rounds.map((round) => round[figure]))
        .toFixed(digits)
        .padStart(width);
    console.log(
      `  (${letter})${of('perSecond', 0, 12)}${of('p50', 1, 9)}${of('p99', 1, 9)}${shown(cpu, 0).padStart(30)}` +
        `${fetches.toFixed(1).padStart(10)}${representations.toFixed(0).padStart(18)}`,
    );
  }
  console.log(
    `  others took ${(disturbed.median * 100).toFixed(0)} % of the gateway's core, ${(disturbed.max * 100).toFixed(0)} % in the worst round`,
  );
  const { g, h } = contenders;
  if (g.fetches !== h.fetches || g.representations !== h.representations)
    console.log('  (g) and (h) do not send the same to the subgraphs: see the last two columns');
  console.log(`  g / h  ${shown(gOverH, 2)}   aim ≤ ${AIM.gOverH}: ${verdict(gOverH.median <= AIM.gOverH)}`);
  console.log(`  a / g  ${shown(aOverG, 2)}   aim ≥ ${AIM.aOverG}: ${verdict(aOverG.median >= AIM.aOverG)}`);
  console.log(`  p99 / p50 of g  ${shown(tail, 2)}   aim ≤ ${AIM.tail}: ${verdict(tail.median <= AIM.tail)}`);
  console.log(
    '    in the closed loop of 50 connections, where each request waits for about 49 others: p50 is mostly that queue',
  );
  const share = (calm.perSecond / median(g.rounds.map(({ perSecond }) => perSecond))) * 100;
  console.log(
    `    asked at random moments, ${calm.perSecond.toFixed(0)} requests/s (${share.toFixed(0)} % of that rate): p50 ${calm.p50.toFixed(1)} ms, p99 ${calm.p99.toFixed(1)} ms, ratio ${(calm.p99 / calm.p50).toFixed(2)}`,
  );
  console.log('  the other core, CPU ms per 1,000 requests, and how far the subgraphs are from being the limit:');
  for (const letter of ['g', 'h'] as const) {
    const { rounds, cpu } = contenders[letter];
    const subgraphs = median(rounds.map(({ subgraphsCpu }) => subgraphsCpu));
    const generator = median(rounds.map(({ generatorCpu }) => generatorCpu));
    const executed = rounds.reduce((sum, round) => sum + round.executed, 0);
    console.log(
      `    under (${letter}) load generator ${generator.toFixed(0)}, subgraphs ${subgraphs.toFixed(0)}: alone they could serve ${(cpu.median / subgraphs).toFixed(1)} × its rate` +
        `${executed > 0 ? `; ${executed} fetches were new to them` : ''}`,
    );
  }
}

export function printGrowth({ byEntities, byDepartments, perEntity, perKb, perDepartment, disturbed }: Growth): void {
  console.log('\nhow the cost of (g) grows: CPU per request');
  const row = ({ answerKb, cpu }: GrowthPoint) =>
    `${answerKb.toFixed(1).padStart(7)} KB${cpu.toFixed(3).padStart(9)} ms`;
  for (const point of byEntities) console.log(`  ${String(point.entities).padStart(5)} entities   ${row(point)}`);
  for (const point of byDepartments) console.log(`  ${String(point.departments).padStart(5)} departments${row(point)}`);
  const line = (name: string, { slope, intercept, r2 }: Line) =>
    console.log(
      `  per ${name}: ${(slope * 1_000).toFixed(1)} µs, from ${intercept.toFixed(3)} ms; r² ${r2.toFixed(4)}`,
    );
  console.log(`  others took up to ${(disturbed * 100).toFixed(0)} % of the gateway's core`);
  line('entity in a list', perEntity);
  line('KB of answer (the same lists)', perKb);
  line(`department beside others (${RESIDENTS_PER_DEPARTMENT} entities each)`, perDepartment);
}

/** What the JSON line holds of a comparison. */
export function summary({ loads, memory }: Comparison): object {
  const loadSummary = ({ contenders, load: _, ...figures }: LoadResult) => ({
    ...figures,
    ...Object.fromEntries(
      LETTERS.map((letter) => {
        const { rounds, cpu, fetches, representations } = contenders[letter];
        const of = (figure: 'perSecond' | 'p50' | 'p99') => median(rounds.map((round) => round[figure]));
        return [letter, { cpu, perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), fetches, representations }];
      }),
    ),
  });
  return { memoryMb: memory, ...Object.fromEntries(loads.map((load) => [load.load, loadSummary(load)])) };
}

function shown({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`;
}

function verdict(met: boolean): string {
  return met ? 'met' : 'missed';
}
