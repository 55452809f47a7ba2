import { Worker } from 'node:worker_threads';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { DocumentFault, PlannerMessage, PlannerReply, PlannerRequest, PlannerResults } from './messages.ts';

export interface PlannerOptions {
  /** Milliseconds that validating or planning one operation may take, from when the thread turns to it. */
  readonly budgetMs: number;
}

/** A fault that the planner found in what it was given. */
export class PlannerRefused extends Error {
  override readonly name = 'PlannerRefused';
  readonly locations: DocumentFault['locations'];

  constructor({ message, locations }: DocumentFault) {
    super(message);
    this.locations = locations;
  }
}

interface Job {
  readonly message: PlannerMessage;
  readonly budgetMs: number;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Bounds what one operation can make the thread hold, in MiB; beyond it the thread ends and not the gateway. */
const HEAP_MB = 512;
/** Of this it takes all it may and gives nothing back: with the default of the process it would hold tens of MiB while it idles. */
const YOUNG_HEAP_MB = 8;

/**
 * The part of the budget that a trial may take. Where the query planner goes astray over an operation in parts, it takes all memory within
 * seconds, and a thread that allocates too fast at its bound ends the whole process.
 */
const TRIAL = 0.2;

/**
 * Plans in a thread of its own, one job at a time, so that a large operation keeps no running request waiting. A job over its budget
 * ends the thread; a new one takes the supergraphs again and goes on with the jobs that waited.
 */
export class Planner {
  readonly #options: PlannerOptions;
  readonly #supergraphs = new Map<string, string>();
  readonly #waiting: Job[] = [];
  #running: Job | undefined;
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #lastGeneration = 0;
  #closed = false;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /**
   * Takes a supergraph, and gives the name under which it is asked for. Rejects with `PlannerRefused` when it is none, or uses a feature
   * that is not carried out here.
   */
  async load(supergraphSdl: string): Promise<{ generation: string; loaded: PlannerResults['load'] }> {
    this.#lastGeneration += 1;
    const generation = String(this.#lastGeneration);
    const loaded = await this.#ask('load', { kind: 'load', generation, supergraphSdl });
    this.#supergraphs.set(generation, supergraphSdl);
    return { generation, loaded };
  }

  /** What is wrong with a document; an empty list when it is valid. Rejects with `TOO_COMPLEX` beyond the budget. */
  validate(generation: string, document: string): Promise<PlannerResults['validate']> {
    return this.#ask('validate', { kind: 'validate', generation, document });
  }

  /**
   * Plans an operation. Rejects with `TOO_COMPLEX` beyond the budget, with `INVALID_INPUT` when the subgraphs cannot be asked so that the
   * answer is right.
   */
  plan(generation: string, operation: string, overrideLabels: readonly string[]): Promise<PlannerResults['plan']> {
    return this.#ask('plan', { kind: 'plan', generation, operation, overrideLabels });
  }

  /** The same for an operation that can be planned otherwise too, in a fraction of the budget. */
  tryPlan(generation: string, operation: string, overrideLabels: readonly string[]): Promise<PlannerResults['plan']> {
    const budgetMs = this.#options.budgetMs * TRIAL;
    return this.#ask('plan', { kind: 'plan', generation, operation, overrideLabels }, budgetMs);
  }

  /** Forgets a supergraph. */
  async release(generation: string): Promise<void> {
    if (!this.#supergraphs.delete(generation) || this.#closed) return;
    await this.#ask('release', { kind: 'release', generation });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    for (const job of [this.#running, ...this.#waiting.splice(0)]) job?.reject(new Error('the planner is closed'));
    this.#running = undefined;
    await worker?.terminate();
  }

  #ask<Kind extends keyof PlannerResults>(
    _kind: Kind,
    request: PlannerRequest & { kind: Kind },
    budgetMs = this.#options.budgetMs,
  ): Promise<PlannerResults[Kind]> {
    if (this.#closed) return Promise.reject(new Error('the planner is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<PlannerResults[Kind]>();
    this.#lastId += 1;
    const message = { id: this.#lastId, request };
    this.#waiting.push({ message, budgetMs, resolve: resolve as Job['resolve'], reject });
    this.#next();
    return promise;
  }

  #next(): void {
    if (this.#running) return;
    this.#worker ??= this.#start();
    this.#running = this.#waiting.shift();
    if (!this.#running) return;
    const { message } = this.#running;
    this.#worker.ref();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
    });
    worker.on('message', (reply: PlannerReply) => {
      if (worker === this.#worker) this.#settle(reply);
    });
    worker.on('error', (error: Error) => {
      if (worker !== this.#worker) return;
      const memory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#replace(memory ? tooComplex('needs more memory to plan than allowed') : error);
    });
    // The supergraphs in service come first; their answers are known already and are for nobody.
    for (const [generation, supergraphSdl] of this.#supergraphs) {
      worker.postMessage({ id: 0, request: { kind: 'load', generation, supergraphSdl } } satisfies PlannerMessage);
    }
    return worker;
  }

  #settle(reply: PlannerReply): void {
    const job = this.#running;
    if (!job || reply.id !== job.message.id) return;
    if ('began' in reply) {
      const { kind } = job.message.request;
      // A supergraph is ours and takes what it takes; an operation is anybody's.
      if (kind === 'validate' || kind === 'plan') {
        this.#timer = setTimeout(() => this.#giveUp(job), job.budgetMs);
      }
      return;
    }
    clearTimeout(this.#timer);
    this.#running = undefined;
    // An idle planner keeps no process alive.
    this.#worker?.unref();
    if ('fault' in reply) job.reject(refusal(reply));
    else job.resolve(reply.result);
    if (this.#waiting.length > 0) this.#next();
  }

  #giveUp({ budgetMs }: Job): void {
    this.#replace(tooComplex(`took longer to plan than ${budgetMs} ms`));
  }

  /** Ends the thread together with the job it is at. */
  #replace(reason: Error): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.terminate().catch(() => undefined);
    const job = this.#running;
    this.#running = undefined;
    job?.reject(reason);
    if (this.#waiting.length > 0) this.#next();
  }
}

/**
 * An operation without a plan is refused as `INVALID_INPUT`, though it is valid and the fault may be the planner's: `INTERNAL` promises that
 * the same call may succeed later, which it never does, and hides the fields that the caller has to leave out.
 */
function refusal({ fault, noPlan }: Extract<PlannerReply, { fault: DocumentFault }>): Error {
  if (noPlan === undefined) return new PlannerRefused(fault);
  if (noPlan === 'too large') return new CasegraphError('TOO_COMPLEX', fault.message);
  return new CasegraphError('INVALID_INPUT', `This operation cannot be planned: ${fault.message}`, {
    detailZh: `无法为该操作制定执行计划：${fault.message}`,
  });
}

function tooComplex(why: string): CasegraphError {
  return new CasegraphError('TOO_COMPLEX', `It ${why}.`);
}
