import { execute, type GraphQLSchema, parse, validate } from 'graphql';
import { compare, type Difference } from './comparison.ts';
import type { Answer, Engine, OpenEngine, Request } from './engine.ts';
import { type Graph, type GraphDefinition, openGraph } from './graphs/graph.ts';
import { randomRequest } from './operations/generate.ts';
import { Random } from './operations/random.ts';
import { plannerRefusal } from './planner-refusal.ts';
import { PossibleErrors } from './possible-errors.ts';

/** One engine beside the plain schema, each with data of its own. */
export class Trial {
  readonly #graph: Graph;
  readonly #twin: Graph;
  readonly #possible: PossibleErrors;
  readonly #engine: Engine;
  readonly #refusal: (request: Request) => string | undefined;

  private constructor(graph: Graph, twin: Graph, engine: Engine) {
    this.#graph = graph;
    this.#twin = twin;
    this.#possible = new PossibleErrors(twin.plain);
    this.#engine = engine;
    this.#refusal = plannerRefusal(graph.supergraphSdl);
  }

  static async open(definition: GraphDefinition, openEngine: OpenEngine): Promise<Trial> {
    const graph = openGraph(definition);
    return new Trial(graph, openGraph(definition), await openEngine(graph.supergraphSdl, graph.subgraphs));
  }

  get api(): GraphQLSchema {
    return this.#graph.plain;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /** How the engine's answer differs from the plain schema's, if it does. */
  async difference(request: Request): Promise<Difference | undefined> {
    this.#graph.reset();
    const right = await answerOfPlain(this.#graph.plain, request);
    const answer = await this.#engine
      .ask(request)
      .catch((error: unknown): Answer => ({ errors: [{ message: `the engine rejects: ${String(error)}` }] }));
    if (!answer.errors && !right.errors) return compare(answer, right, new Set());
    this.#twin.reset();
    const different = compare(answer, right, await this.#possible.paths(request));
    if (different && answer.data === undefined && answer.errors) {
      const refusal = this.#refusal(request);
      if (refusal !== undefined) return { kind: 'no plan', text: refusal };
    }
    return different && { ...different, text: `${different.text}\n  errors told: ${messages(answer)}` };
  }
}

/** What graphql-js answers on the plain schema. */
export async function answerOfPlain(plain: GraphQLSchema, request: Request): Promise<Answer> {
  const { query, operationName, variables } = request;
  const answer = await execute({ schema: plain, document: parse(query), operationName, variableValues: variables });
  return JSON.parse(JSON.stringify(answer)) as Answer;
}

/** The request of a case: the same for the same seed, graph and number. `thrownAway` counts what came out invalid before it. */
export function requestOf(
  schema: GraphQLSchema,
  { name, samples = {} }: GraphDefinition,
  seed: number,
  number: number,
): { request: Request; thrownAway: number } {
  const random = new Random(mixed(`${seed} ${name} ${number}`));
  for (let thrownAway = 0; thrownAway < 100; thrownAway += 1) {
    const request = randomRequest(schema, samples, random);
    if (validate(schema, parse(request.query)).length === 0) return { request, thrownAway };
  }
  throw new Error(`graph ${name}, seed ${seed}, case ${number}: a hundred invalid documents in a row`);
}

/** FNV-1a. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

function messages({ errors = [] }: Answer): string {
  return errors.map(({ message, path }) => `${JSON.stringify(path)} ${message}`).join('; ') || 'none';
}
