import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../journeys/sandbox/sandbox.ts';
import { invented } from './services/invented.ts';
import { type StoreAlone, storeAlone } from './services/store-alone.ts';

const CASES = 300;
const WARM_UP = 30;
const AT_ONCE = 48;
const LONGEST_MS = 60_000;
const AIM = 500;

const OPEN = `mutation Open($key: String!, $idNumber: IdNumber!) {
  openCase(input: {idempotencyKey: $key, operator: "ehuiban", itemId: "S01", channel: ONLINE,
    applicant: {idNumber: $idNumber, name: "甄测试"}}) { case { id } }
}`;
const PAYMENT = `mutation Pay($key: String!, $caseId: ID!) {
  openPayment(input: {idempotencyKey: $key, operator: "ehuiban", caseId: $caseId, service: RENT, amount: 32000,
    payerPhone: "13900000000"}) { payment { code } }
}`;
const STATUS = 'query Status($id: ID!) { case(id: $id) { status reporting { upToDate } } }';

/**
 * Cases of S01 (非税缴纳) a second from the application to the end, through the public API on the simulators: opened, a notice opened, paid
 * on the channel, told to our listener, receipted, closed, and every step reported. What of it is the store's, and what bounds it. Then the
 * same path through the store alone.
 */
export async function servicesBenchmark(): Promise<void> {
  const sandbox = await startSandbox({ options: ['--residents', '50', '--quiet'], environment: { DATABASE_URL: '' } });
  try {
    await run(sandbox, 0, WARM_UP);
    const before = await readings(sandbox);
    const started = performance.now();
    const latencies = await run(sandbox, WARM_UP, CASES);
    const seconds = (performance.now() - started) / 1_000;
    tell(latencies, seconds, before, await readings(sandbox));
  } finally {
    await sandbox.stop();
  }
  tellAlone(await storeAlone());
}

/** What the gateway and the system count. */
interface Readings {
  readonly commits: number;
  readonly units: number;
  readonly storeSeconds: number;
  readonly storeCpu: number;
  readonly calls: number;
  readonly gatewayCpu: number;
}

function tell(latencies: readonly number[], seconds: number, before: Readings, after: Readings): void {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const per = (what: keyof Readings) => (after[what] - before[what]) / latencies.length;
  const result = {
    benchmark: 'services',
    cases: latencies.length,
    atOnce: AT_ONCE,
    casesPerSecond: latencies.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    storeMsPerCase: per('storeSeconds') * 1_000,
    storeCpuMsPerCase: per('storeCpu') * 1_000,
    unitsPerCase: per('units'),
    commitsPerCase: per('commits'),
    departmentCallsPerCase: per('calls'),
    gatewayCpuMsPerCase: per('gatewayCpu') * 1_000,
    gatewayCpuShare: (after.gatewayCpu - before.gatewayCpu) / seconds,
  };
  console.log(
    [
      `S01 from application to end: ${result.cases} cases, ${AT_ONCE} at once, on SQLite`,
      `  end to end        ${result.casesPerSecond.toFixed(1)} cases/s; p50 ${result.p50Ms.toFixed(0)} ms, p99 ${result.p99Ms.toFixed(0)} ms`,
      `  the store's share ${result.storeMsPerCase.toFixed(2)} ms a case, ${result.storeCpuMsPerCase.toFixed(2)} ms of it CPU: ${result.unitsPerCase.toFixed(1)} units of work in ${result.commitsPerCase.toFixed(2)} commits`,
      `  departments       ${result.departmentCallsPerCase.toFixed(1)} calls a case`,
      `  what bounds it    the gateway's one thread: ${result.gatewayCpuMsPerCase.toFixed(1)} ms of CPU a case, ${(result.gatewayCpuShare * 100).toFixed(0)} % of a core; the store is ${((100 * result.storeCpuMsPerCase) / result.gatewayCpuMsPerCase).toFixed(0)} % of that; five simulators share the other`,
    ].join('\n'),
  );
  console.log(JSON.stringify(result));
}

function tellAlone(alone: StoreAlone): void {
  const { cases, atOnce, statements } = alone;
  const kinds = Object.entries(statements).map(([kind, count]) => `${kind} ${count.toFixed(1)}`);
  console.log(
    [
      `The path of S01 through the store alone: ${cases} cases, ${atOnce} at once, departments that answer at once, no API`,
      `  cases             ${alone.casesPerSecond.toFixed(0)} a second with our own rules`,
      `  the store's share ${alone.writerMsPerCase.toFixed(2)} ms a case, ${alone.writerCpuMsPerCase.toFixed(2)} ms of it CPU: it would carry ${(1_000 / alone.writerMsPerCase).toFixed(0)} cases/s (aim ${AIM}), ${(1_000 / alone.writerCpuMsPerCase).toFixed(0)} on a processor of its own`,
      `  it does           ${alone.unitsPerCase.toFixed(1)} units of work in ${alone.commitsPerCase.toFixed(2)} commits; ${alone.statementsPerCase.toFixed(0)} statements: ${kinds.join(', ')}`,
    ].join('\n'),
  );
  console.log(JSON.stringify({ benchmark: 'services-store', ...alone }));
}

async function run(sandbox: Sandbox, first: number, count: number): Promise<number[]> {
  let next = first;
  const latencies: number[] = [];
  const work = async () => {
    while (next < first + count) {
      const serial = next;
      next += 1;
      const started = performance.now();
      await oneCase(sandbox, serial);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return latencies;
}

async function oneCase(sandbox: Sandbox, serial: number): Promise<void> {
  const key = `bench-${String(serial).padStart(8, '0')}`;
  const opened = await ask(sandbox, OPEN, { key, idNumber: invented(serial) });
  const caseId = opened.openCase.case.id as string;
  const paying = await ask(sandbox, PAYMENT, { key, caseId });
  await sandbox.control('non-tax', 'POST', 'acts', { kind: 'pay', payCode: paying.openPayment.payment.code });
  const until = performance.now() + LONGEST_MS;
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 200)) {
    const { case: now } = await ask(sandbox, STATUS, { id: caseId });
    if (now.status === 'CLOSED' && now.reporting.upToDate) return;
    if (performance.now() > until) throw new Error(`a case did not end: ${JSON.stringify(now)}`);
    await sleep(pause);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the answers of three queries, each read where it is asked
async function ask(sandbox: Sandbox, query: string, variables: Record<string, unknown>): Promise<any> {
  const { data, errors } = await sandbox.ask(query, variables);
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return data;
}

async function readings(sandbox: Sandbox): Promise<Readings> {
  const text = await (await fetch(`${sandbox.url}/metrics`)).text();
  const sum = (name: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  return {
    commits: sum('casegraph_store_commit_seconds_count'),
    units: sum('casegraph_store_units_total'),
    storeSeconds: sum('casegraph_store_commit_seconds_sum'),
    storeCpu: sum('casegraph_store_cpu_seconds_total'),
    calls: sum('casegraph_department_call_seconds_count'),
    gatewayCpu: cpuSeconds(sandbox.process.pid ?? 0),
  };
}

/** User and system time of a process, all its threads, by the system's count (hundredths of a second). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
