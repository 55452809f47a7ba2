import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { onTestFinished } from 'vitest';
import type { Answer, Engine, Request } from '../engine.ts';
import { openEngine } from '../engine-under-test.ts';
import { compose } from '../graphs/graph.ts';
import { tamperWith } from '../subgraph-wire.ts';

/** What all the subgraphs here may import. */
export const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject",
  "@context", "@fromContext"
])`;

// biome-ignore lint/suspicious/noExplicitAny: a source, a representation and arguments are whatever the SDL says.
type SmallResolver = (source: any, args: any) => unknown;

export interface SmallSubgraph {
  /** Without the link to federation. */
  readonly sdl: string;
  /** By type and field; `__resolveReference` is given the representation as the source. */
  readonly resolvers?: Readonly<Record<string, Readonly<Record<string, SmallResolver>>>>;
  /** Makes another answer of the one that was to be sent. */
  readonly answer?: (request: Request, answer: Answer) => unknown;
}

export interface SmallGraph {
  ask(query: string, variables?: Record<string, unknown>, operationName?: string): Promise<Answer>;
  /** What the subgraphs have been asked so far, in order. */
  readonly asked: readonly { readonly subgraph: string; readonly request: Request }[];
  readonly supergraphSdl: string;
}

/** Serves a few subgraphs for the rest of the test. */
export async function serve(subgraphs: Readonly<Record<string, SmallSubgraph>>): Promise<SmallGraph> {
  const asked: { subgraph: string; request: Request }[] = [];
  const schemas = new Map(
    Object.entries(subgraphs).map(([name, { sdl, resolvers = {}, answer }]) => {
      const schema = buildSubgraphSchema([{ typeDefs: parse(`${LINK}\n${sdl}`), resolvers: resolvers as never }]);
      tamperWith(schema, (subgraph, request, right) => {
        asked.push({ subgraph, request });
        return answer ? answer(request, right) : right;
      });
      return [name, schema];
    }),
  );
  const supergraphSdl = compose({
    name: 'small',
    subgraphs: Object.fromEntries(Object.entries(subgraphs).map(([name, { sdl }]) => [name, `${LINK}\n${sdl}`])),
  });
  const engine: Engine = await openEngine(supergraphSdl, schemas);
  onTestFinished(() => engine.close());
  return {
    ask: (query, variables, operationName) => engine.ask({ query, variables, operationName }),
    asked,
    supergraphSdl,
  };
}

/** The paths of an answer's errors, as JSON, in order. */
export function errorPaths({ errors = [] }: Answer): string[] {
  return errors.map(({ path }) => JSON.stringify(path)).sort();
}

/**
 * The places, among these, that an error blames: it stands at the place or at a field of it. A failed entity may be told either way.
 */
export function blamed(answer: Answer, places: readonly (readonly (string | number)[])[]): string[] {
  const paths = (answer.errors ?? []).map(({ path = [] }) => path);
  return places
    .filter((place) =>
      paths.some((path) => path.length <= place.length + 1 && place.every((step, index) => path[index] === step)),
    )
    .map((place) => JSON.stringify(place));
}

export const at = (places: readonly (readonly (string | number)[])[]): string[] =>
  places.map((place) => JSON.stringify(place));
