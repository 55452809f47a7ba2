import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CpuProfile, printSelfTimes } from '../self-times.ts';
import { collectAnswers } from './answers.ts';
import { WARM_UP_SECONDS } from './comparison.ts';
import { startContender } from './contenders.ts';
import { CLINIC_GRAPH } from './graph.ts';
import { measure } from './measure.ts';
import { type Load, requestBody } from './operations.ts';
import { openStage, type Stage } from './stage.ts';
import { printSubjects } from './subjects.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Finer sampling doubles what is to be measured. */
const SAMPLE_MICROSECONDS = 1_000;

/**
 * Where the gateway's time goes under a load, without its start and its warm-up: subject by subject beside the fetches by hand, and the
 * gateway's own by function and by package.
 */
export async function profileGateway(load: Load, seconds: number): Promise<void> {
  const stage = await openStage('clinics', CLINIC_GRAPH);
  try {
    // What it compiled at its first start is kept for the next, as with every user.
    await (await startContender('g', stage)).stop();
    const gateway = await profile(stage, 'g', load, seconds);
    const byHand = await profile(stage, 'h', load, seconds);
    printSubjects([gateway, byHand].map((one) => ({ ...one, name: one.letter })));
    console.log('\n  (g) by itself');
    printSelfTimes(gateway.profiles, gateway.times);
  } finally {
    await stage.close();
  }
}

async function profile(stage: Stage, letter: 'g' | 'h', load: Load, seconds: number) {
  const folder = temporaryFolder();
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_MICROSECONDS}`];
  const contender = await startContender(letter, stage, flags);
  const bodies = load.variables.map((variables) => requestBody(load, variables));
  const { lengths } = await collectAnswers(contender, bodies);
  await measure(stage, contender, { bodies, lengths }, WARM_UP_SECONDS);
  const from = monotonicMicroseconds();
  const { requests, cpu } = await measure(stage, contender, { bodies, lengths }, seconds);
  const to = monotonicMicroseconds();
  await contender.stop();
  const profiles: CpuProfile[] = readdirSync(folder).map((file) =>
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  );
  console.log(
    `\nprofile of (${letter}), load ${load.name}: ${requests} requests, ${cpu.toFixed(0)} ms of CPU per 1,000 with the profiler on`,
  );
  return { letter, profiles, times: { name: 'ms/1,000', per: requests, window: { from, to } } };
}

/** The clock of the profiles too. */
function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
