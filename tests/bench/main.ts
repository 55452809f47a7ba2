/** Each is loaded only when it runs: what one needs is no burden on the memory and the time that another measures. */
const BENCHMARKS: Readonly<Record<string, (options: readonly string[]) => Promise<void>>> = {
  resident: async (options) => (await import('./resident/resident.ts')).residentBenchmark(options),
  start: async () => (await import('./start.ts')).startBenchmark(),
  services: async () => (await import('./services.ts')).servicesBenchmark(),
  store: async () => (await import('./store/store.ts')).storeBenchmark(),
  reconciliation: async () => (await import('./reconciliation.ts')).reconciliationBenchmark(),
  posting: async (options) => (await import('./posting/posting.ts')).postingBenchmark(options),
  engine: async (options) => (await import('./engine/engine.ts')).engineBenchmark(options),
};
/** The others take none. */
const WITH_OPTIONS = ['resident', 'posting', 'engine'];

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const names = firstOption === -1 ? args : args.slice(0, firstOption);
const options = firstOption === -1 ? [] : args.slice(firstOption);
const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(`no benchmark named ${unknown.join(', ')}: there is ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
if (options.length > 0 && (names.length !== 1 || !WITH_OPTIONS.includes(names[0] ?? ''))) {
  console.error(
    `options belong to one benchmark of ${WITH_OPTIONS.join(', ')}: npm run bench -- ${WITH_OPTIONS[0]} ${options.join(' ')}`,
  );
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) await BENCHMARKS[name]?.(options);
