import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Configuration } from '../../gateway/configuration/schema.ts';
import { startGateway } from '../../gateway/gateway.ts';
import { sandboxConfiguration } from '../../gateway/sandbox/sandbox.ts';
import {
  SIMULATORS,
  type SimulatorAddresses,
  type SimulatorName,
  startSimulators,
} from '../../gateway/sandbox/simulators.ts';
import { DEFAULT_RESIDENTS, DEFAULT_SEED } from '../../seeds/population.ts';

const PAGE = 100;
/** So many residents have a record of every kind among them. */
const WARM_UP = 40;
const DELAYS_MS = [0, 50, 300];
const HOUR_MS = 3_600_000;

const QUERY = `query Page($first: Int!) {
  residents(first: $first) {
    edges {
      node {
        id name sex birthDate residenceDivision
        cases(first: 100) {
          edges { node { id number status item { name visitsPromised } steps { name outcome } progress { statusName overdue } } }
        }
        insuredPerson {
          personNumber
          insurances { kind status region }
          outOfAreaFilings { serial category destination }
          referrals { diagnosisName hospitalName }
          chronicDiseaseFilings { diseaseName }
          hospitalStays { visitId }
        }
        maternitySettlements { id total maternityFund }
        payments(first: 100) { edges { node { code state amount eReceipt { number } } } }
        properties(first: 50) { edges { node { unitNumber location mortgaged seized } } }
        disabilityCertificate { number category grade }
        subsidyEnrolments { type monthlyAmount }
        subsidyApplications { number status }
        subsidyPayments(from: "2025-10", to: "2026-03") { month amount }
      }
    }
  }
}`;

/** Where each department's calls depend on one another: how many follow each other for one resident. */
const CHAIN: Readonly<Record<SimulatorName, number>> = {
  'unified-acceptance': 1,
  'medical-insurance': 2, // the person, the person's records
  'non-tax': 1,
  'real-estate': 1,
  'disability-subsidy': 1,
};

interface Calls {
  readonly calls: Readonly<Record<string, number>>;
  readonly total: number;
  readonly highestInFlight: number;
  readonly serviceMs: number;
}

interface Resident {
  readonly cases: { edges: { node: { number: string } }[] };
  readonly insuredPerson: { insurances: unknown[] } | null;
  readonly maternitySettlements: { id: string }[];
  readonly payments: { edges: { node: { code: string } }[] };
  readonly subsidyApplications: { number: string }[];
}

/**
 * A page of 100 residents with all departments' fields: calls by system against the least possible, and wall time against what the
 * slowest system's own limit allows.
 */
export async function residentBenchmark(): Promise<void> {
  const results = [];
  for (const delayMs of DELAYS_MS) results.push(await measure(delayMs));
  console.log(JSON.stringify({ benchmark: 'resident', page: PAGE, results }));
}

async function measure(delayMs: number) {
  const population = { seed: DEFAULT_SEED, residents: DEFAULT_RESIDENTS };
  const simulators = await startSimulators(population);
  const data = mkdtempSync(join(tmpdir(), 'casegraph-bench-'));
  const configuration = unhurried(sandboxConfiguration(simulators.addresses, { port: 0, data, population }));
  if (delayMs === 0) printConfiguration(configuration);
  const gateway = await startGateway(configuration, pino({ level: 'warn' }));
  try {
    // Parsing and planning, the sign-in and the secrets are not the page's: one resident of the page warms them up.
    await ask(gateway.url, WARM_UP);
    const before = await readCalls(simulators.addresses);
    for (const name of SIMULATORS) {
      if (delayMs > 0) await control(simulators.addresses[name].control, 'POST', 'faults', { kind: 'delay', delayMs });
    }
    const cpu = process.cpuUsage();
    const started = performance.now();
    const residents = await ask(gateway.url, PAGE);
    const wallMs = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    const memoryMb = process.memoryUsage().rss / 1_048_576;
    const ownMs = (user + system) / 1_000;

    const least = leastCalls(residents);
    const after = await readCalls(simulators.addresses);
    console.log(`\ndelay ${delayMs} ms: ${residents.length} residents`);
    let slowest = { name: '', boundMs: 0 };
    let repeated = 0;
    for (const name of SIMULATORS) {
      const total = after[name].total - before[name].total;
      const serviceMs = after[name].serviceMs - before[name].serviceMs;
      const limit = limits(configuration)[name];
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
  } finally {
    await gateway.stop();
    await simulators.stop();
  }
}

async function readCalls(addresses: SimulatorAddresses): Promise<Record<SimulatorName, Calls>> {
  const read = async (name: SimulatorName) => [name, await control(addresses[name].control, 'GET', 'calls')];
  return Object.fromEntries(await Promise.all(SIMULATORS.map(read))) as Record<SimulatorName, Calls>;
}

async function ask(url: string, first: number): Promise<Resident[]> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { first } }),
  });
  const { data, errors } = (await response.json()) as {
    data: { residents: { edges: { node: Resident }[] } };
    errors?: unknown[];
  };
  if (errors) throw new Error(`the page has ${errors.length} errors, the first: ${JSON.stringify(errors[0])}`);
  return data.residents.edges.map(({ node }) => node);
}

/** One call for each distinct thing asked, by what came back. */
function leastCalls(residents: readonly Resident[]): Record<SimulatorName, number> {
  const insured = residents.filter(({ insuredPerson }) => insuredPerson !== null);
  const count = (list: (resident: Resident) => unknown[]) =>
    residents.reduce((sum, resident) => sum + list(resident).length, 0);
  const applications = count(({ subsidyApplications }) => subsidyApplications);
  return {
    'unified-acceptance': count(({ cases }) => cases.edges),
    // The person; four lists of each insured person; the settlements.
    'medical-insurance':
      residents.length + 4 * insured.length + count(({ maternitySettlements }) => maternitySettlements),
    'non-tax': count(({ payments }) => payments.edges),
    'real-estate': residents.length,
    // Certificate, enrolments and payments of each; the applications.
    'disability-subsidy': 3 * residents.length + applications,
  };
}

/** The sandbox's configuration with rates, quotas and deadlines lifted; limits of concurrency stay. */
function unhurried(configuration: Configuration): Configuration {
  const lifted = structuredClone(configuration);
  Object.assign(lifted.server, { requestDeadlineMs: HOUR_MS });
  for (const line of Object.values(lines(lifted))) {
    Object.assign(line, { rates: [], readTimeoutMs: HOUR_MS, deadline: { readMs: HOUR_MS, writeMs: HOUR_MS } });
  }
  return lifted;
}

interface Line {
  readonly concurrency: number;
}

function lines(configuration: Configuration): Record<SimulatorName, Line> {
  const { acceptance, medical, nontax, realestate, subsidy } = configuration.subgraphs as Record<
    string,
    { line: Line }
  >;
  return {
    'unified-acceptance': acceptance?.line as Line,
    'medical-insurance': medical?.line as Line,
    'non-tax': nontax?.line as Line,
    'real-estate': realestate?.line as Line,
    'disability-subsidy': subsidy?.line as Line,
  };
}

function limits(configuration: Configuration): Record<SimulatorName, number> {
  const entries = Object.entries(lines(configuration)).map(([name, { concurrency }]) => [name, concurrency]);
  return Object.fromEntries(entries) as Record<SimulatorName, number>;
}

function printConfiguration(configuration: Configuration): void {
  console.log(
    `a page of ${PAGE} residents with the fields of five departments; lifted for the measurement: request deadline, read time-outs, rates`,
  );
  console.log(JSON.stringify({ server: configuration.server, lines: lines(configuration) }, null, 1));
}

async function control(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/control/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${url} ${path}: ${await response.text()}`);
  return response.json();
}
