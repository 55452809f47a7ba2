import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { CommitObserver } from '../../adapters/database/writing.ts';
import type { CallObserver } from '../../adapters/transport/observe.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of one gateway process, in Prometheus' text form. Labels hold codes only, never anything about a person. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'casegraph_request_seconds',
    help: 'HTTP requests, by route and status',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #calls = new Histogram({
    name: 'casegraph_department_call_seconds',
    help: 'Calls to department systems, waiting and repeated attempts included',
    labelNames: ['department', 'transaction', 'outcome'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #errors = new Counter({
    name: 'casegraph_field_errors_total',
    help: 'Errors in GraphQL answers, by code and department',
    labelNames: ['code', 'department'],
    registers: [this.#registry],
  });

  readonly #commits = new Histogram({
    name: 'casegraph_store_commit_seconds',
    help: 'Commits of the store: how long each kept the writer busy, the write to disk included',
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #units = new Counter({
    name: 'casegraph_store_units_total',
    help: 'Units of work that the commits of the store made safe; on SQLite many share one',
    registers: [this.#registry],
  });
  readonly #storeCpu = new Counter({
    name: 'casegraph_store_cpu_seconds_total',
    help: 'Processor time of the commits of the store; on SQLite alone, where nothing else goes on meanwhile',
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Series that were found before, by their labels. */
  readonly #series = new Map<string, Histogram.Internal<string>>();

  readonly observeCall: CallObserver = ({ department, transaction, outcome, durationMs }) => {
    const key = `${department} ${transaction} ${outcome}`;
    const known = this.#series.get(key) ?? this.#calls.labels({ department, transaction, outcome });
    this.#series.set(key, known);
    known.observe(durationMs / 1_000);
  };

  readonly observeCommit: CommitObserver = ({ units, durationMs, cpuMs }) => {
    this.#commits.observe(durationMs / 1_000);
    this.#units.inc(units);
    this.#storeCpu.inc((cpuMs ?? 0) / 1_000);
  };

  observeRequest(route: string, status: number, durationMs: number): void {
    const key = `${route} ${status}`;
    const known = this.#series.get(key) ?? this.#requests.labels({ route, status: String(status) });
    this.#series.set(key, known);
    known.observe(durationMs / 1_000);
  }

  countError(code: string, department: string): void {
    this.#errors.inc({ code, department });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
