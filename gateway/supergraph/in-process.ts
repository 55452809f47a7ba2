import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { SubgraphExecutor } from '../../subgraphs/execution.ts';
import type { Subgraph } from '../../subgraphs/subgraph.ts';
import type { RequestScope } from './request-scope.ts';
import type { SubgraphAnswer, SubgraphFetch, SubgraphSource } from './source.ts';

/** After the deadline, how long a subgraph may take to gather what it has. Its calls have been aborted by then. */
const GATHER_MS = 100;

/** A subgraph in this process: its schema is executed on documents that are read once, no socket in between. */
export class InProcessSource implements SubgraphSource {
  readonly name: string;
  readonly #subgraph: Subgraph;
  readonly #executor: SubgraphExecutor;

  constructor(name: string, subgraph: Subgraph, executor: SubgraphExecutor) {
    this.name = name;
    this.#subgraph = subgraph;
    this.#executor = executor;
  }

  /** A write runs on when its caller no longer waits: then what came of it is not known here. */
  async fetch(request: SubgraphFetch, scope: RequestScope): Promise<SubgraphAnswer> {
    let context = scope.contexts.get(this.name);
    if (context === undefined) {
      context = this.#subgraph.context(scope);
      scope.contexts.set(this.name, context);
    }
    const { promise: late, reject } = Promise.withResolvers<never>();
    const code = request.operation.mode === 'write' ? 'OUTCOME_UNKNOWN' : 'DEPARTMENT_TIMEOUT';
    const timer = setTimeout(
      () => reject(new CasegraphError(code, undefined, { department: this.name })),
      scope.deadlineAt - Date.now() + GATHER_MS,
    );
    try {
      return await Promise.race([this.#run(request, context), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    return this.#subgraph.stop();
  }

  async #run({ operation, variables, representations }: SubgraphFetch, context: object): Promise<SubgraphAnswer> {
    const { data, errors } = await this.#executor.run(
      {
        query: operation.query,
        variables:
          representations === undefined
            ? variables
            : { ...variables, representations: JSON.parse(`[${representations.join(',')}]`) },
      },
      context,
    );
    return {
      ...(data !== undefined && { data: data as SubgraphAnswer['data'] & object }),
      ...(errors && { errors: errors.map((error) => error.toJSON()) }),
    };
  }
}
