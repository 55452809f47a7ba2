import {
  buildSchema,
  type ExecutionResult,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isIntrospectionType,
  isObjectType,
  printSchema,
} from 'graphql';
import type { HostedSubgraph } from '../../../gateway/hosting.ts';
import { SubgraphExecutor, type SubgraphRequest } from '../../../subgraphs/execution.ts';

/**
 * How much of a subgraph is at work: all of it; graphql-js only, resolving from what was recorded; or nothing, when a copy of what was
 * recorded is handed out.
 */
export type Depth = 'departments' | 'graphql' | 'answers';

interface Recorded {
  readonly variables: string;
  readonly answer: ExecutionResult;
  /** What is handed out next. */
  copies: ExecutionResult[];
}

/** A subgraph in this process that records what it answers, and gives the same again without asking its department. */
export class RecordedSubgraph extends SubgraphExecutor {
  depth: Depth = 'departments';
  fetches = 0;
  readonly #real: SubgraphExecutor;
  readonly #resolving: SubgraphExecutor;
  readonly #recorded = new Map<string, Recorded[]>();
  /** The types of recorded entities, which their answers do not always tell. */
  readonly #entityTypes = new WeakMap<object, string>();

  constructor({ subgraph, executor }: HostedSubgraph) {
    const report = (error: Error) => {
      throw error;
    };
    super(subgraph.schema, report);
    this.#real = executor;
    this.#resolving = new SubgraphExecutor(resolvingFromContext(subgraph.schema, this.#entityTypes), report);
  }

  override async run(request: SubgraphRequest, context: object): Promise<ExecutionResult> {
    this.fetches += 1;
    if (this.depth === 'departments') {
      const answer = await this.#real.run(request, context);
      this.#record(request, answer);
      return answer;
    }
    const recorded = this.#find(request);
    if (this.depth === 'graphql') return this.#resolving.run(request, recorded.answer);
    const copy = recorded.copies.pop();
    if (!copy) throw new Error('more fetches than copies of their answers');
    return copy;
  }

  /** Makes what so many pages will take, so that making it does not count for them: who asked goes on to change what it is given. */
  prepare(pages: number): void {
    for (const each of [...this.#recorded.values()].flat()) {
      each.copies = Array.from({ length: pages }, () => copy(each.answer));
    }
  }

  #record({ query, variables }: SubgraphRequest, answer: ExecutionResult): void {
    const alike = this.#recorded.get(query) ?? [];
    this.#recorded.set(query, alike);
    const text = JSON.stringify(variables);
    // Who asked goes on to change what it was given.
    if (alike.some((each) => each.variables === text)) return;
    const recorded = { variables: text, answer: copy(answer), copies: [] };
    alike.push(recorded);
    const representations = (variables?.representations ?? []) as { __typename: string }[];
    const entities = (recorded.answer.data?._entities ?? []) as (object | null)[];
    for (const [index, { __typename: type }] of representations.entries()) {
      const entity = entities[index];
      if (entity) this.#entityTypes.set(entity, type);
    }
  }

  /** Variables are compared only where a page asks the same words for more than one thing. */
  #find({ query, variables }: SubgraphRequest): Recorded {
    const alike = this.#recorded.get(query) ?? [];
    const found = alike.length > 1 ? alike.find((each) => each.variables === JSON.stringify(variables)) : alike[0];
    if (!found) throw new Error('a fetch that was not recorded');
    return found;
  }
}

/** The same types, each field resolved by the name that it has in the answer; the context is the recorded answer. */
function resolvingFromContext(schema: GraphQLSchema, entityTypes: WeakMap<object, string>): GraphQLSchema {
  const types = buildSchema(printSchema(schema), { assumeValid: true });
  const resolve = (source: unknown, _arguments: unknown, { data }: ExecutionResult, { path }: GraphQLResolveInfo) =>
    ((source ?? data) as Record<string, unknown>)[path.key];
  const resolveType = (value: { __typename?: string }) => value.__typename ?? entityTypes.get(value);
  for (const type of Object.values(types.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = resolveType;
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) field.resolve = resolve;
  }
  return types;
}

/** Objects keep their prototype: graphql-js answers with objects that have none, and V8 holds those in another way. */
function copy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as Value;
  const made = Object.create(Object.getPrototypeOf(value)) as Record<string, unknown>;
  for (const [key, inner] of Object.entries(value)) made[key] = copy(inner);
  return made as Value;
}
