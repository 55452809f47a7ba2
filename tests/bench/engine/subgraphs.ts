import type { AddressInfo, Server } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import { CLINIC_GRAPH, GROWTH_GRAPH } from './graph.ts';
import { jsonAnswer, serveLean } from './lean-http.ts';
import { serveParent } from './process.ts';
import { RESOLVERS } from './resolvers.ts';

/** What the subgraphs were asked since the last time this was told. */
export interface Counts {
  readonly fetches: number;
  readonly representations: number;
  /** Fetches whose very bytes had not been asked before: only these cost an execution. */
  readonly executed: number;
}

interface Answer {
  readonly whole: Buffer;
  readonly representations: number;
}

/** Answers kept; beyond that a new fetch is executed every time. */
const MOST_ANSWERS = 60_000;

let fetches = 0;
let representations = 0;
let executed = 0;

/**
 * A real subgraph whose answers are kept by the request's bytes: the requests of a load come again and again, so that after its first
 * time a fetch costs its HTTP and nothing else. The subgraphs must never be what limits the gateway.
 */
function subgraph(schema: GraphQLSchema): Server {
  const answers = new Map<string, Answer>();
  const documents = new Map<string, DocumentNode>();
  const count = ({ whole, representations: asked }: Answer) => {
    fetches += 1;
    representations += asked;
    return whole;
  };
  const run = async (body: Buffer, key: string) => {
    const { query, variables = {}, operationName } = JSON.parse(body.toString('utf8'));
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const result = await execute({ schema, document, variableValues: variables, operationName });
    const answer = {
      whole: jsonAnswer(JSON.stringify(result)),
      representations: variables.representations?.length ?? 0,
    };
    executed += 1;
    if (answers.size < MOST_ANSWERS) answers.set(key, answer);
    return count(answer);
  };
  return serveLean((body) => {
    const key = body.toString('latin1');
    const known = answers.get(key);
    return known ? count(known) : run(body, key);
  });
}

async function listen(name: string, sdl: string): Promise<[name: string, address: string]> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: RESOLVERS[name] as never }]);
  const server = subgraph(schema);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [name, `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`];
}

const graph = process.argv[2] === 'growth' ? GROWTH_GRAPH : CLINIC_GRAPH;
const addresses = Object.fromEntries(await Promise.all(Object.entries(graph).map(([name, sdl]) => listen(name, sdl))));

serveParent(addresses, (): Counts => {
  const counts = { fetches, representations, executed };
  fetches = 0;
  representations = 0;
  executed = 0;
  return counts;
});
