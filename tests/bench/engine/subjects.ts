import { type CpuProfile, type ProfileNode, type SelfTimes, selfTimes } from '../self-times.ts';

/**
 * What a gateway's time is spent on, whoever wrote it. Matched against `function url` of a frame, then of its callers, the innermost first: what
 * Node.js does itself counts for who called it.
 */
const SUBJECTS: readonly (readonly [subject: string, frames: RegExp | undefined])[] = [
  ['garbage collection', /^\(garbage collector\)/],
  ['JSON.parse of answers', /^\S+ \S*gateway\/supergraph\/answer\.ts|^onResponseEnd \S*by-hand\/subgraph-client\.ts/],
  ['HTTP client and its sockets', /undici\/|adapters\/transport\/http\.ts|by-hand\/subgraph-client\.ts|wasm:/],
  ['metrics and log', /prom-client\/|gateway\/http\/metrics\.ts|\/pino|sonic-boom\//],
  ['writing the answer', /gateway\/execution\/response\/|^answer \S*by-hand\/server\.ts/],
  ['HTTP server and its sockets', /fastify\/|find-my-way\/|gateway\/http\/|by-hand\/server\.ts|node:_http/],
  ['merging', /^(#lay|#take|#entities|merge|mergeInner|copy|tellsAllOf) \S*gateway\/|by-hand\/(full|main)\.ts/],
  ['representations, bodies', /^writeBody |gateway\/execution\/fetching\/|by-hand\/keyed\.ts/],
  ['interceptors, coalescing', /adapters\/transport\/|gateway\/supergraph\//],
  ['operation cache, variables', /gateway\//],
  ['native code outside JavaScript', /^\(program\)/],
  ['event loop, promises, timers', undefined],
];

/** Prints where time went, subject by subject, for several programs beside each other. */
export function printSubjects(
  programs: readonly { readonly name: string; readonly profiles: readonly CpuProfile[]; readonly times: SelfTimes }[],
): void {
  const columns = programs.map(({ name, profiles, times }) => {
    const sums = new Map<string, number>();
    for (const profile of profiles) {
      const callers = callersOf(profile);
      for (const [node, time] of selfTimes(profile, times.window)) {
        if (node.callFrame.functionName === '(idle)') continue;
        const subject = subjectOf(node, callers);
        sums.set(subject, (sums.get(subject) ?? 0) + time / times.per);
      }
    }
    return { name, unit: times.name, sums };
  });
  const line = (subject: string, cells: readonly string[]) =>
    console.log(`  ${subject.padEnd(32)}${cells.map((cell) => cell.padStart(18)).join('')}`);
  const value = (sum: number) => sum.toFixed(1);
  console.log('');
  line(
    'subject',
    columns.map(({ name, unit }) => `${name} ${unit}`),
  );
  for (const [subject] of SUBJECTS) {
    line(
      subject,
      columns.map(({ sums }) => value(sums.get(subject) ?? 0)),
    );
  }
  line(
    'all',
    columns.map(({ sums }) => value([...sums.values()].reduce((all, sum) => all + sum, 0))),
  );
}

function callersOf({ nodes }: CpuProfile): ReadonlyMap<number, ProfileNode> {
  return new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
}

function subjectOf(node: ProfileNode, callers: ReadonlyMap<number, ProfileNode>): string {
  for (let at: ProfileNode | undefined = node; at; at = callers.get(at.id)) {
    const { functionName, url } = at.callFrame;
    const frame = `${functionName || '(anonymous)'} ${url}`;
    const known = SUBJECTS.find(([, frames]) => frames?.test(frame));
    if (known) return known[0];
  }
  return 'event loop, promises, timers';
}
