import { CasegraphError } from '../../adapters/transport/errors.ts';
import { Engine } from '../../gateway/execution/engine.ts';
import { DocumentRefused } from '../../gateway/execution/operation/document.ts';
import { Planner, PlannerRefused } from '../../gateway/execution/planning/planner.ts';
import { parsePreciseJson } from '../../gateway/precise-json.ts';
import { readAnswer } from '../../gateway/supergraph/answer.ts';
import type { SubgraphSource } from '../../gateway/supergraph/source.ts';
import type { Answer, OpenEngine, Request } from './engine.ts';
import { SubgraphWire } from './subgraph-wire.ts';

const SETTINGS = { maxTokens: 100_000, cacheBytes: 64 * 1_048_576, overrideLabels: [] };

/** One planning thread for all engines of a test file, since starting one takes longer than a test. Idle, it keeps no process alive. */
const planner = new Planner({ budgetMs: 10_000 });

/** The gateway's own execution over subgraphs in this process. The one file here that knows the engine. */
export const openEngine: OpenEngine = async (supergraphSdl, subgraphs) => {
  const wire = new SubgraphWire(subgraphs);
  const sourceOf = (name: string): SubgraphSource => ({
    name,
    async fetch({ operation: { query }, variables, representations }) {
      const entities = representations && { representations: parsePreciseJson(`[${representations.join(',')}]`) };
      const request = { query, variables: { ...variables, ...entities } };
      return readAnswer(await wire.ask(name, request), { status: 200, type: undefined, department: name });
    },
    close: async () => {},
  });
  const engine = await Engine.build(supergraphSdl, { planner, sourceOf, settings: SETTINGS });
  return {
    ask: (request) => run(engine, request).catch(refusal),
    close: () => engine.stop(),
  };
};

async function run(engine: Engine, request: Request): Promise<Answer> {
  const operation = await engine.prepare(request);
  const scope = {
    requestId: 'conformance',
    headers: {},
    signal: new AbortController().signal,
    deadlineAt: Date.now() + 30_000,
    contexts: new Map(),
  };
  const answer = await engine.run(operation, request.variables ?? {}, scope, false);
  if (answer.kind !== 'whole') throw new Error('an answer in parts, which nobody asked for');
  return parsePreciseJson(answer.body.toString('utf8')) as Answer;
}

/** A request refused as a whole; any other rejection is a fault of the engine. */
function refusal(error: unknown): Answer {
  if (error instanceof DocumentRefused) return { errors: error.faults };
  if (error instanceof CasegraphError || error instanceof PlannerRefused)
    return { errors: [{ message: error.message }] };
  throw error;
}
