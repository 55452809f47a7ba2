import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore, type Store, type StoreOptions } from '../../../adapters/database/store.ts';
import type { CommitRecord } from '../../../adapters/database/writing.ts';
import type { IdNumber } from '../../../adapters/identifiers/id-number.ts';
import { chinaIso } from '../../../adapters/values/china-time.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { sandboxSettings } from '../../../gateway/sandbox/sandbox.ts';
import { report as reportToPlatform } from '../../../subgraphs/acceptance/reporting.ts';
import { CaseDesk } from '../../../subgraphs/cases/desk.ts';
import { followEvent } from '../../../subgraphs/cases/events.ts';
import { workingDays } from '../../../subgraphs/cases/working-days.ts';
import { EReceipts, issueReceiptKind, receiptNumberKind } from '../../../subgraphs/nontax/services/e-receipts.ts';
import { takePaidNotices } from '../../../subgraphs/nontax/services/paid-notices.ts';
import { PaymentBook, RECEIPT_QUEUE } from '../../../subgraphs/nontax/services/payment-book.ts';
import { PaymentDesk } from '../../../subgraphs/nontax/services/payment-desk.ts';
import { nontaxSettings } from '../../../subgraphs/nontax/settings.ts';
import { CASES_QUEUE } from '../../../subgraphs/services/case-events.ts';
import { REPORTS_QUEUE } from '../../../subgraphs/services/case-reports.ts';
import { Directory } from '../../../subgraphs/services/directory.ts';
import { onlyOnce } from '../../../subgraphs/services/mutation.ts';
import { DepartmentWrites } from '../../../subgraphs/services/submissions.ts';
import { type TaskHandler, Worker } from '../../../subgraphs/services/worker.ts';
import { invented } from './invented.ts';
import { promptDepartments } from './prompt-departments.ts';

const AMOUNT = 32_000;
const OPERATOR = 'ehuiban';
const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };

/** What the store took for cases of S01 when nothing else took any time. */
export interface StoreAlone {
  readonly cases: number;
  readonly atOnce: number;
  readonly casesPerSecond: number;
  /** Milliseconds a case that its writer was busy, the waiting for the disk and for the processor in it. */
  readonly writerMsPerCase: number;
  /** Of that, the processor's time. */
  readonly writerCpuMsPerCase: number;
  readonly unitsPerCase: number;
  readonly commitsPerCase: number;
  /** All threads of the process, our own rules in it. */
  readonly cpuMsPerCase: number;
  readonly statementsPerCase: number;
  /** By verb and table, the most first; those of fewer than one case in two left out. */
  readonly statements: Readonly<Record<string, number>>;
}

const WARM_UP = 500;
const CASES = 2_000;
const AT_ONCE = 256;
/** Counting costs time: it is done in a run of its own. */
const COUNTED = 200;

/**
 * The path of S01 through the store and our own rules, with departments that answer at once and no API before it: so many cases at once
 * that the store is all that they wait for. What of it is the store's, and how far it would carry.
 */
export async function storeAlone(): Promise<StoreAlone> {
  const commits: CommitRecord[] = [];
  const timed = await inNewStore({ observeCommit: (commit) => commits.push(commit) }, async (run) => {
    await run(0, WARM_UP);
    commits.length = 0;
    const cpu = process.cpuUsage();
    const started = performance.now();
    await run(WARM_UP, CASES);
    const { user, system } = process.cpuUsage(cpu);
    return { ms: performance.now() - started, cpuMs: (user + system) / 1_000 };
  });
  const sum = (what: keyof CommitRecord) => commits.reduce((total, commit) => total + (commit[what] ?? 0), 0);
  return {
    cases: CASES,
    atOnce: AT_ONCE,
    casesPerSecond: CASES / (timed.ms / 1_000),
    writerMsPerCase: sum('durationMs') / CASES,
    writerCpuMsPerCase: sum('cpuMs') / CASES,
    unitsPerCase: sum('units') / CASES,
    commitsPerCase: commits.length / CASES,
    cpuMsPerCase: timed.cpuMs / CASES,
    ...(await statementsOfCases()),
  };
}

async function statementsOfCases(): Promise<Pick<StoreAlone, 'statementsPerCase' | 'statements'>> {
  const counts = new Map<string, number>();
  const observeStatement = (text: string) => {
    const [, verb = text, table = ''] = /^(select).* from "(\w+)"/s.exec(text) ?? /^(\w+)[^"]*"(\w+)"/.exec(text) ?? [];
    const kind = `${verb} ${table}`.trim();
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  };
  await inNewStore({ observeStatement }, async (run) => {
    counts.clear();
    await run(0, COUNTED);
  });
  const perCase = [...counts].map(([kind, count]) => [kind, count / COUNTED] as const);
  return {
    statementsPerCase: perCase.reduce((total, [, count]) => total + count, 0),
    statements: Object.fromEntries(
      perCase.filter(([, count]) => count >= 0.5).sort(([, one], [, other]) => other - one),
    ),
  };
}

/** Runs so many cases, from a serial number on, until all that follows from them is done. */
type Run = (first: number, count: number) => Promise<void>;

async function inNewStore<T>(observers: Partial<StoreOptions>, work: (run: Run) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-bench-'));
  const store = await openStore({ path: join(folder, 'store.sqlite'), ...KEYS, ...observers });
  const course = courseOf(store);
  try {
    return await work((first, count) => course.run(first, count));
  } finally {
    await course.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The parts of the subgraphs that S01 goes through, over a store. */
function courseOf(store: Store) {
  const clock = Date.now;
  const results = new Map<string, PromiseWithResolvers<void>>();
  /** Whether a case's result has been reported, whoever asks first. */
  const resultOf = (number: string) => {
    const result = results.get(number) ?? Promise.withResolvers<void>();
    results.set(number, result);
    return result;
  };
  const { finance: client, platform } = promptDepartments((number) => resultOf(number).resolve());
  const fail = (error: unknown) => {
    throw error;
  };
  const place = { port: 0, data: '', population: { seed: 1, residents: 1 } };
  const address = { url: 'tcp://127.0.0.1:1', notify: '127.0.0.1:1', control: '' };
  const addresses = new Proxy({} as Parameters<typeof sandboxSettings>[0], { get: () => address });
  const sandbox = sandboxSettings(addresses, place);
  const settings = nontaxSettings.parse(sandbox.subgraphs.nontax);
  const { cnnontax } = settings;
  if (!cnnontax) throw new Error('the sandbox speaks another dialect');
  const { payee, node } = cnnontax;
  const directory = new Directory(sandbox.directory as ConstructorParameters<typeof Directory>[0]);
  const desk = new CaseDesk(store, workingDays());
  const book = new PaymentBook({ store, settings, clock, report: fail });
  const writing = { client, store, book, clock };
  const receiptKinds = { number: receiptNumberKind(writing), issue: issueReceiptKind(writing) };
  const writes = new DepartmentWrites({
    system: 'non-tax',
    store,
    clock,
    kinds: [receiptKinds.number, receiptKinds.issue],
    report: fail,
  });
  const receipts = new EReceipts(writing, writes, receiptKinds);
  const payments = new PaymentDesk({ client, settings, cnnontax, store, clock, directory, report: fail });
  const paid = takePaidNotices({ store, settings, clock, report: fail }, book);
  const worker = (queue: string, handle: TaskHandler, inStore = false) =>
    new Worker({
      queue,
      tasks: store.tasks,
      writer: store,
      clock,
      handle,
      inStore,
      concurrency: AT_ONCE,
      report: fail,
    });
  const workers = [
    worker(CASES_QUEUE, async (task) => followEvent(task, { store, desk, directory, unfit: fail }), true),
    worker(REPORTS_QUEUE, (task, signal) => reportToPlatform(task, store, platform, { signal, now: clock() })),
    worker(RECEIPT_QUEUE, (task, signal) => receipts.handle(task, signal)),
  ];
  for (const each of workers) each.start();

  async function oneCase(serial: number): Promise<void> {
    const key = `bench-${String(serial).padStart(8, '0')}`;
    const application = {
      itemId: 'S01',
      channel: 'online',
      applicant: { idNumber: invented(serial) as IdNumber, name: '甄测试' },
      mobile: null,
      agent: null,
      materials: [],
      operator: directory.operator(OPERATOR),
      at: clock(),
    };
    const request = { key: { caller: OPERATOR, operation: 'openCase', key }, content: application };
    const opened = await onlyOnce(store, request, clock, (tx) => desk.open(tx, application));
    const caseId = opened.case.id;
    const { payment } = await payments.open(
      {
        operator: OPERATOR,
        idempotencyKey: key,
        caseId,
        service: 'public-rental-rent',
        quantity: 1,
        amount: AMOUNT,
        payerPhone: '13900000000',
      },
      undefined,
    );
    await paid({
      payCode: payment.payCode,
      paidAt: chinaIso(clock()),
      amountFen: fen(AMOUNT),
      channel: '05',
      tradeNumber: key,
      bankOutlet: '',
      operator: '',
      payer: { name: '', account: '', bank: '', bankNumber: '' },
      payee,
      node,
      reference: key,
    });
    await isOver(caseId);
  }

  /** The platform knows a case by its number only. */
  async function isOver(caseId: string): Promise<void> {
    for (;;) {
      const [found] = await store.registry.casesById([caseId]);
      if (found?.number) return resultOf(found.number).promise;
      await sleep(1);
    }
  }

  return {
    async run(first: number, count: number): Promise<void> {
      let next = first;
      const work = async () => {
        while (next < first + count) {
          next += 1;
          await oneCase(next - 1);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      while ((await store.tasks.count(REPORTS_QUEUE)).waiting > 0) await sleep(1);
    },
    async stop(): Promise<void> {
      await Promise.all(workers.map((each) => each.stop()));
    },
  };
}
