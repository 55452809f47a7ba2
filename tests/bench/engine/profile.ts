import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectAnswers } from './answers.ts';
import { WARM_UP_SECONDS } from './comparison.ts';
import { startContender } from './contenders.ts';
import { CLINIC_GRAPH } from './graph.ts';
import { measure } from './measure.ts';
import { type Load, requestBody } from './operations.ts';
import { openStage } from './stage.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = new URL('../../../', import.meta.url).href;
/** Finer sampling doubles what is to be measured. */
const SAMPLE_MICROSECONDS = 1_000;
const TOP = 30;

/** Times in microseconds; samples are node ids. https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

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
    printSelfTimes(profiles, { from, to }, requests);
  } finally {
    await stage.close();
  }
}

/** The clock of the profiles too. */
function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

function printSelfTimes(
  profiles: readonly CpuProfile[],
  window: { readonly from: number; readonly to: number },
  requests: number,
): void {
  const byFunction = new Map<string, number>();
  const byPackage = new Map<string, number>();
  let total = 0;
  for (const profile of profiles) {
    for (const [{ functionName, url, lineNumber }, time] of selfTimes(profile, window)) {
      if (functionName === '(idle)') continue;
      const path = url.replace(ROOT, '');
      const place = url === '' ? '' : `${path}:${lineNumber + 1}`;
      add(byFunction, `${functionName || '(anonymous)'}  ${place}`, time);
      add(byPackage, packageOf(functionName, path), time);
      total += time;
    }
  }
  const print = (title: string, times: ReadonlyMap<string, number>, most: number) => {
    console.log(`\n  self   ms/1,000  ${title}`);
    const sorted = [...times].sort(([, left], [, right]) => right - left).slice(0, most);
    for (const [name, time] of sorted) {
      const share = `${((time / total) * 100).toFixed(1)} %`;
      console.log(`${share.padStart(7)} ${(time / requests).toFixed(1).padStart(8)}   ${name}`);
    }
  };
  print('function', byFunction, TOP);
  print('package or folder', byPackage, 15);
}

type CallFrame = CpuProfile['nodes'][number]['callFrame'];

/** A sample stands for the time until the next one. */
function* selfTimes(profile: CpuProfile, { from, to }: { from: number; to: number }): Generator<[CallFrame, number]> {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  let time = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    time += profile.timeDeltas[index] as number;
    if (time < from || time > to) continue;
    yield [frames.get(id) as CallFrame, profile.timeDeltas[index + 1] ?? 0];
  }
}

/** Frames without a place are the machine's own work, `(garbage collector)`, or Node's natives. JSON.parse and its like count for their caller. */
function packageOf(functionName: string, path: string): string {
  if (path === '') return functionName.startsWith('(') ? functionName : 'Node.js, native';
  if (path.startsWith('node:')) return 'Node.js';
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return inPackage ?? path.split('/').slice(0, -1).join('/');
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
