import { CasegraphError } from '../../adapters/transport/errors.ts';
import { Engine } from '../../gateway/execution/engine.ts';
import type { IncrementalFormat } from '../../gateway/execution/incremental/formats.ts';
import { DocumentRefused } from '../../gateway/execution/operation/document.ts';
import { Planner, PlannerRefused } from '../../gateway/execution/planning/planner.ts';
import { writeParts } from '../../gateway/http/parts.ts';
import { parsePreciseJson } from '../../gateway/precise-json.ts';
import { readAnswer } from '../../gateway/supergraph/answer.ts';
import type { SubgraphSource } from '../../gateway/supergraph/source.ts';
import type { Answer, OpenEngine, Request } from './engine.ts';
import { MergedAnswer } from './incremental/merged.ts';
import { multipartParts } from './incremental/reader.ts';
import { SubgraphWire } from './subgraph-wire.ts';

const SETTINGS = { maxTokens: 100_000, cacheBytes: 64 * 1_048_576, overrideLabels: [] };

/** One planning thread for all engines of a test file, since starting one takes longer than a test. Idle, it keeps no process alive. */
const planner = new Planner({ budgetMs: 10_000 });

/** The gateway's own execution over subgraphs in this process. The one file here that knows the engine. */
export const openEngine: OpenEngine = async (supergraphSdl, subgraphs) => serving(supergraphSdl, subgraphs, run);

/** The same for a client that takes answers in parts and puts them together; `count` is told how many there were. */
export function openEngineInParts(format: IncrementalFormat, count: (parts: number) => void): OpenEngine {
  return async (supergraphSdl, subgraphs) =>
    serving(supergraphSdl, subgraphs, async (engine, request) => {
      const answer = await start(engine, request, true);
      if (answer.kind === 'whole') return parsePreciseJson(answer.body.toString('utf8')) as Answer;
      const parts = await Array.fromAsync(multipartParts(writeParts(answer, { transport: 'multipart', format })));
      count(parts.length);
      const { data, errors } = MergedAnswer.of(parts);
      return { data, ...(errors.length > 0 && { errors }) } as Answer;
    });
}

async function serving(
  supergraphSdl: string,
  subgraphs: Parameters<OpenEngine>[1],
  ask: (engine: Engine, request: Request) => Promise<Answer>,
) {
  const wire = new SubgraphWire(subgraphs);
  const sourceOf = (name: string): SubgraphSource => ({
    name,
    async fetch({ operation: { query }, variables, representations }) {
      const entities = representations && { representations: parsePreciseJson(`[${representations.join(',')}]`) };
      const request = { query, variables: { ...variables, ...entities } };
      return readAnswer(await wire.ask(name, request), {
        status: 200,
        type: undefined,
        department: name,
        longNumbers: true,
      });
    },
    close: async () => {},
  });
  const engine = await Engine.build(supergraphSdl, { planner, sourceOf, settings: SETTINGS });
  return {
    ask: (request: Request) => ask(engine, request).catch(refusal),
    close: () => engine.stop(),
  };
}

async function run(engine: Engine, request: Request): Promise<Answer> {
  const answer = await start(engine, request, false);
  if (answer.kind !== 'whole') throw new Error('an answer in parts, which nobody asked for');
  return parsePreciseJson(answer.body.toString('utf8')) as Answer;
}

async function start(engine: Engine, request: Request, inParts: boolean) {
  const operation = await engine.prepare(request);
  const scope = {
    requestId: 'conformance',
    headers: {},
    signal: new AbortController().signal,
    deadlineAt: Date.now() + 30_000,
    contexts: new Map(),
  };
  return engine.run(operation, request.variables ?? {}, scope, inParts);
}

/** A request refused as a whole; any other rejection is a fault of the engine. */
function refusal(error: unknown): Answer {
  if (error instanceof DocumentRefused) return { errors: error.faults };
  if (error instanceof CasegraphError || error instanceof PlannerRefused)
    return { errors: [{ message: error.message }] };
  throw error;
}
