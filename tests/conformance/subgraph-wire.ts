import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import type { Answer, Request } from './engine.ts';

/** Stands in for what a subgraph would have sent: tests of hostile subgraphs put their own answer here. */
export type Tamper = (subgraph: string, request: Request, answer: Answer) => unknown;

const tampered = new WeakMap<GraphQLSchema, Tamper>();

/** From here on the answers of this subgraph's schema are what `tamper` makes of them. */
export function tamperWith(schema: GraphQLSchema, tamper: Tamper): void {
  tampered.set(schema, tamper);
}

/** Asks a subgraph as over a wire: the request is JSON text on its way, the answer is given as JSON text. An operation that is not valid is refused. */
export class SubgraphWire {
  readonly #subgraphs: ReadonlyMap<string, GraphQLSchema>;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(subgraphs: ReadonlyMap<string, GraphQLSchema>) {
    this.#subgraphs = subgraphs;
  }

  async ask(subgraph: string, request: Request): Promise<string> {
    const schema = this.#subgraphs.get(subgraph);
    if (!schema) throw new Error(`no subgraph is called ${subgraph}`);
    const sent = JSON.parse(JSON.stringify(request)) as Request;
    const answer = await this.#answer(subgraph, schema, sent);
    const tamper = tampered.get(schema);
    const text = JSON.stringify(answer);
    return tamper ? JSON.stringify(tamper(subgraph, sent, JSON.parse(text))) : text;
  }

  async #answer(subgraph: string, schema: GraphQLSchema, { query, variables, operationName }: Request) {
    const key = `${subgraph}\n${query}`;
    let document = this.#documents.get(key);
    if (!document) {
      document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
      this.#documents.set(key, document);
    }
    return await execute({ schema, document, variableValues: variables, operationName });
  }
}
