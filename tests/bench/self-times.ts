const ROOT = new URL('../../', import.meta.url).href;
const TOP = 30;

/** A function as it was called from one place; children are the ids of what it called. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** Times in microseconds; samples are node ids. https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Window {
  readonly from: number;
  readonly to: number;
}

const ALWAYS: Window = { from: 0, to: Number.POSITIVE_INFINITY };

export interface SelfTimes {
  /** The unit of the figures, as the column is headed. */
  readonly name: string;
  /** By how much microseconds are divided to get there. */
  readonly per: number;
  /** Which of the profiles' time counts, microseconds of their own clock; all of it unless told. */
  readonly window?: Window;
}

/** Prints where the time of profiles went, by function and by package: each one's own, without what it called. */
export function printSelfTimes(profiles: readonly CpuProfile[], { name, per, window = ALWAYS }: SelfTimes): void {
  const byFunction = new Map<string, number>();
  const byPackage = new Map<string, number>();
  let total = 0;
  for (const profile of profiles) {
    for (const [{ callFrame }, time] of selfTimes(profile, window)) {
      const { functionName, url, lineNumber } = callFrame;
      if (functionName === '(idle)') continue;
      const path = url.replace(ROOT, '');
      const place = url === '' ? '' : `${path}:${lineNumber + 1}`;
      add(byFunction, `${functionName || '(anonymous)'}  ${place}`, time);
      add(byPackage, packageOf(functionName, path), time);
      total += time;
    }
  }
  const print = (title: string, times: ReadonlyMap<string, number>, most: number) => {
    console.log(`\n  self   ${name.padEnd(8)}  ${title}`);
    const sorted = [...times].sort(([, left], [, right]) => right - left).slice(0, most);
    for (const [place, time] of sorted) {
      const share = `${((time / total) * 100).toFixed(1)} %`;
      console.log(`${share.padStart(7)} ${(time / per).toFixed(2).padStart(8)}   ${place}`);
    }
  };
  print('function', byFunction, TOP);
  print('package or folder', byPackage, 15);
}

/** A sample stands for the time until the next one. */
export function* selfTimes(profile: CpuProfile, { from, to }: Window = ALWAYS): Generator<[ProfileNode, number]> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  let time = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    time += profile.timeDeltas[index] as number;
    if (time < from || time > to) continue;
    yield [nodes.get(id) as ProfileNode, profile.timeDeltas[index + 1] ?? 0];
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
