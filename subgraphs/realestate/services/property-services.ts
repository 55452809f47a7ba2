import { DEPARTMENT } from '../../../adapters/real-estate/errors.ts';
import type { MutationRequest } from '../../services/mutation.ts';
import { REGISTRY_QUEUE } from '../../services/registration-fees.ts';
import { DepartmentWrites, type SubmissionKind, type Submitted } from '../../services/submissions.ts';
import { Worker } from '../../services/worker.ts';
import { tellFee } from './fee-news.ts';
import { type PrintInput, type PrintOutcome, type ProofRequestInput, proofKind, requestProof } from './proof.ts';
import type { Surroundings } from './surroundings.ts';

export interface PropertyServicesOptions extends Surroundings {
  readonly report: (error: unknown, place: string) => void;
}

/** Proofs about property, and the registration fee's news to the registry. */
export class PropertyServices {
  readonly surroundings: Surroundings;
  readonly #proof: SubmissionKind<PrintInput, PrintOutcome>;
  readonly #writes: DepartmentWrites;
  readonly #fees: Worker;

  constructor(options: PropertyServicesOptions) {
    const { client, store, clock, report } = options;
    this.surroundings = options;
    this.#proof = proofKind(options);
    const kinds = [this.#proof];
    this.#writes = new DepartmentWrites({ system: DEPARTMENT, store, clock, kinds, report });
    this.#fees = new Worker({
      queue: REGISTRY_QUEUE,
      tasks: store.tasks,
      writer: store,
      clock,
      handle: (task) => tellFee(client, store, task),
      alone: store.exclusive,
      report: (error, task) => report(error, `${task.queue} ${task.kind} of case ${task.orderKey}`),
    });
  }

  async start(): Promise<void> {
    await this.#writes.start();
    this.#fees.start();
  }

  async stop(): Promise<void> {
    await this.#fees.stop();
    await this.#writes.stop();
  }

  requestProof(input: ProofRequestInput, mutation: MutationRequest): Promise<Submitted<PrintOutcome>> {
    return requestProof(this.surroundings, this.#writes, this.#proof, input, mutation);
  }
}
