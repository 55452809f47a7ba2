import { pino } from 'pino';
import type { Configuration } from '../../../gateway/configuration/schema.ts';
import { startGateway } from '../../../gateway/gateway.ts';
import { SIMULATORS, type SimulatorName } from '../../../gateway/sandbox/simulators.ts';
import { lines, openDepartments } from './departments.ts';
import { leastCalls, PAGE, QUERY, type Resident, readPage, WARM_UP } from './page.ts';

/** So many pages are asked for without a delay. */
const ROUNDS = 9;

type Departments = Awaited<ReturnType<typeof openDepartments>>;

/** Where each department's calls depend on one another: how many follow each other for one resident. */
const CHAIN: Readonly<Record<SimulatorName, number>> = {
  'unified-acceptance': 1,
  'medical-insurance': 2, // the person, the person's records
  'non-tax': 1,
  'real-estate': 1,
  'disability-subsidy': 1,
};

/** One page over HTTP: calls by system against the least possible, and wall time against what the slowest system's limit allows. */
export async function measureCalls(delayMs: number) {
  const departments = await openDepartments();
  const { configuration } = departments;
  if (delayMs === 0) printConfiguration(configuration);
  const gateway = await startGateway(configuration, pino({ level: 'warn' }));
  try {
    // Parsing and planning, the sign-in and the secrets are not the page's: one resident of the page warms them up.
    await ask(gateway.url, WARM_UP);
    if (delayMs > 0) await departments.delay(delayMs);
    console.log(`\ndelay ${delayMs} ms: ${PAGE} residents`);
    const pages = [];
    // Without a delay a page is over in a moment, and a moment's other work moves its figure: several, and the one in the middle.
    for (let round = 0; round < (delayMs === 0 ? ROUNDS : 1); round += 1) {
      pages.push(await measurePage(gateway.url, departments, delayMs));
    }
    const sorted = pages.toSorted((one, other) => one.ratio - other.ratio);
    if (sorted.length > 1) {
      console.log(
        `  the page in the middle of ${sorted.length}; ratios ${sorted.map(({ ratio }) => ratio.toFixed(2)).join(' ')}`,
      );
    }
    const middle = sorted[Math.floor(sorted.length / 2)];
    if (!middle) throw new Error('no page was measured');
    return { ...middle, repeated: Math.max(...pages.map(({ repeated }) => repeated)) };
  } finally {
    await gateway.stop();
    await departments.stop();
  }
}

/** One page: its calls against the least, its wall time against what the slowest department and its own time allow. */
async function measurePage(url: string, departments: Departments, delayMs: number) {
  const before = await departments.calls();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const residents = await ask(url, PAGE);
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const memoryMb = process.memoryUsage().rss / 1_048_576;
  const ownMs = (user + system) / 1_000;

  const least = leastCalls(residents);
  const after = await departments.calls();
  let slowest = { name: '', boundMs: 0 };
  let repeated = 0;
  for (const name of SIMULATORS) {
    const total = after[name].total - before[name].total;
    const serviceMs = after[name].serviceMs - before[name].serviceMs;
    const limit = lines(departments.configuration)[name].concurrency;
    const perCallMs = serviceMs / total;
    const boundMs = serviceMs / Math.min(limit, total) + (CHAIN[name] - 1) * perCallMs;
    if (boundMs > slowest.boundMs) slowest = { name, boundMs };
    repeated += Math.max(0, total - least[name]);
    console.log(
      `  ${name.padEnd(20)} ${String(total).padStart(4)} calls, least ${String(least[name]).padStart(4)};` +
        ` ${after[name].highestInFlight} of ${limit} in flight; ${perCallMs.toFixed(1)} ms each; bound ${boundMs.toFixed(0)} ms`,
    );
  }
  const ratio = wallMs / (1.1 * slowest.boundMs + ownMs);
  console.log(
    `  wall ${wallMs.toFixed(0)} ms; aim 1.1 × ${slowest.name} ${slowest.boundMs.toFixed(0)} ms + own ${ownMs.toFixed(0)} ms: ratio ${ratio.toFixed(2)};` +
      ` memory ${memoryMb.toFixed(0)} MB; calls beyond the least: ${repeated}`,
  );
  return {
    delayMs,
    wallMs: Math.round(wallMs),
    boundMs: Math.round(slowest.boundMs),
    slowest: slowest.name,
    ownMs: Math.round(ownMs),
    ratio,
    repeated,
    memoryMb: Math.round(memoryMb),
  };
}

async function ask(url: string, first: number): Promise<Resident[]> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { first } }),
  });
  return readPage(await response.text());
}

function printConfiguration(configuration: Configuration): void {
  console.log(
    `a page of ${PAGE} residents with the fields of five departments; lifted for the measurement: request deadline, read time-outs, rates`,
  );
  console.log(JSON.stringify({ server: configuration.server, lines: lines(configuration) }, null, 1));
}
