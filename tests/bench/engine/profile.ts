import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printSelfTimes } from '../self-times.ts';
import { collectAnswers } from './answers.ts';
import { WARM_UP_SECONDS } from './comparison.ts';
import { startContender } from './contenders.ts';
import { CLINIC_GRAPH } from './graph.ts';
import { measure } from './measure.ts';
import { type Load, requestBody } from './operations.ts';
import { openStage } from './stage.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Finer sampling doubles what is to be measured. */
const SAMPLE_MICROSECONDS = 1_000;

/** Where the gateway's time goes under a load, without its start and its warm-up: printed by function and by package. */
export async function profileGateway(load: Load, seconds: number): Promise<void> {
  const folder = temporaryFolder();
  const stage = await openStage('clinics', CLINIC_GRAPH);
  try {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_MICROSECONDS}`];
    const gateway = await startContender('g', stage, flags);
    const bodies = load.variables.map((variables) => requestBody(load, variables));
    const { lengths } = await collectAnswers(gateway, bodies);
    await measure(stage, gateway, { bodies, lengths }, WARM_UP_SECONDS);
    const from = monotonicMicroseconds();
    const { requests, cpu } = await measure(stage, gateway, { bodies, lengths }, seconds);
    const to = monotonicMicroseconds();
    await gateway.stop();
    const profiles = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
    console.log(
      `\nprofile of (g), load ${load.name}: ${requests} requests, ${cpu.toFixed(0)} ms of CPU per 1,000 with the profiler on`,
    );
    printSelfTimes(profiles, { name: 'ms/1,000', per: requests, window: { from, to } });
  } finally {
    await stage.close();
  }
}

/** The clock of the profiles too. */
function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
