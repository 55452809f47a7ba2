import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { getOperationAST, parse } from 'graphql';
import type { Configuration } from '../../../gateway/configuration/schema.ts';
import { Engine } from '../../../gateway/execution/engine.ts';
import { Planner } from '../../../gateway/execution/planning/planner.ts';
import type { HostedSubgraph } from '../../../gateway/hosting.ts';
import { InProcessSource } from '../../../gateway/supergraph/in-process.ts';
import type { RequestScope } from '../../../gateway/supergraph/request-scope.ts';
import { PAGE, QUERY } from './page.ts';
import { type Depth, RecordedSubgraph } from './recorded-subgraph.ts';

const HOUR_MS = 3_600_000;
const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

/** An executor over subgraphs in this process. */
export interface Executor {
  /** Answers the page: from the parsed operation to the bytes of the answer. */
  answer(): Promise<Buffer>;
  /** How much of the subgraphs is at work in what follows, and for how many pages. */
  set(depth: Depth, pages: number): void;
  /** Fetches from subgraphs so far. */
  fetches(): number;
  close(): Promise<void>;
}

type Hosted = ReadonlyMap<string, HostedSubgraph>;

export async function openOurs(
  supergraphSdl: string,
  hosted: Hosted,
  settings: Configuration['server'],
): Promise<Executor> {
  const subgraphs = new Recordings(hosted);
  const planner = new Planner({ budgetMs: settings.planningBudgetMs });
  const sources = new Map(
    subgraphs.map(({ name, subgraph, recorded }) => [name, new InProcessSource(name, subgraph, recorded)]),
  );
  const engine = await Engine.build(supergraphSdl, {
    planner,
    settings,
    sourceOf: (name) => sources.get(name) as InProcessSource,
  });
  return {
    async answer() {
      const operation = await engine.prepare({ query: QUERY });
      const answer = await engine.run(operation, { first: PAGE }, requestScope(), false);
      if (answer.kind !== 'whole') throw new Error('an answer in parts, which nobody asked for');
      return answer.body;
    },
    set: (depth, pages) => subgraphs.set(depth, pages),
    fetches: () => subgraphs.fetches(),
    async close() {
      await engine.stop();
      await planner.close();
    },
  };
}

/** Stock's executor. What Apollo Server does before it (parsing, validation) and HTTP do not count; writing the answer does. */
export async function openStock(supergraphSdl: string, hosted: Hosted): Promise<Executor> {
  const subgraphs = new Recordings(hosted);
  type Context = { readonly scope: RequestScope };
  const byName = new Map(subgraphs.map((each) => [each.name, each]));
  const dataSource = (name: string): GraphQLDataSource<Context> => {
    const { subgraph, recorded } = byName.get(name) as RecordingOf;
    return {
      async process({ request: { query = '', variables }, context }) {
        const { scope } = context as Context;
        let own = scope.contexts.get(name);
        if (own === undefined) {
          own = subgraph.context(scope);
          scope.contexts.set(name, own);
        }
        const answer = await recorded.run({ query, variables: variables as Record<string, unknown> }, own);
        return answer as Awaited<ReturnType<GraphQLDataSource['process']>>;
      },
    };
  };
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: SILENT,
    buildService: ({ name }) => dataSource(name),
  });
  const { schema, executor } = await gateway.load();
  const document = parse(QUERY);
  const operation = getOperationAST(document);
  type RequestContext = Parameters<typeof executor>[0];
  return {
    async answer() {
      const { data, errors } = await executor({
        request: { query: QUERY, variables: { first: PAGE } },
        document,
        operationName: operation?.name?.value,
        operation,
        queryHash: QUERY,
        source: QUERY,
        context: { scope: requestScope() },
        metrics: {},
        logger: SILENT,
        schema,
      } as unknown as RequestContext);
      return Buffer.from(JSON.stringify({ data, ...(errors && { errors }) }));
    },
    set: (depth, pages) => subgraphs.set(depth, pages),
    fetches: () => subgraphs.fetches(),
    close: () => gateway.stop(),
  };
}

interface RecordingOf extends HostedSubgraph {
  readonly name: string;
  readonly recorded: RecordedSubgraph;
}

/** Each executor has recordings of its own, since its plan asks in words of its own. */
class Recordings {
  readonly #all: readonly RecordingOf[];

  constructor(hosted: Hosted) {
    this.#all = [...hosted].map(([name, each]) => ({ name, ...each, recorded: new RecordedSubgraph(each) }));
  }

  map<Result>(each: (recording: RecordingOf) => Result): Result[] {
    return this.#all.map(each);
  }

  set(depth: Depth, pages: number): void {
    for (const { recorded } of this.#all) {
      recorded.depth = depth;
      if (depth === 'answers') recorded.prepare(pages);
    }
  }

  fetches(): number {
    return this.#all.reduce((sum, { recorded }) => sum + recorded.fetches, 0);
  }
}

function requestScope(): RequestScope {
  return {
    requestId: 'benchmark',
    headers: {},
    signal: new AbortController().signal,
    deadlineAt: Date.now() + HOUR_MS,
    contexts: new Map(),
  };
}
