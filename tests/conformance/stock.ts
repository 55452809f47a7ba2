import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { getOperationAST, parse, validate } from 'graphql';
import type { Answer, OpenEngine } from './engine.ts';
import { SubgraphWire } from './subgraph-wire.ts';

const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

/** Stock refuses to start on contexts only because they are marked so; it executes them. */
const MARKED_FEATURE = /(@link\(url: "https:\/\/specs\.apollo\.dev\/context\/[^"]+"), for: SECURITY\)/;

/** Stock `@apollo/gateway`, for comparison where it is right. */
export const openStock: OpenEngine = async (supergraphSdl, subgraphs) => {
  const wire = new SubgraphWire(subgraphs);
  const gateway = new ApolloGateway({
    supergraphSdl: supergraphSdl.replace(MARKED_FEATURE, '$1)'),
    logger: SILENT,
    buildService: ({ name }) => ({
      async process({ request: { query = '', variables, operationName } }) {
        const answer: unknown = JSON.parse(await wire.ask(name, { query, variables, operationName }));
        return answer as Awaited<ReturnType<GraphQLDataSource['process']>>;
      },
    }),
  });
  const { schema, executor } = await gateway.load();
  type RequestContext = Parameters<typeof executor>[0];
  return {
    async ask({ query, operationName, variables = {} }) {
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return { errors: errors.map((error) => error.toJSON()) };
      const operation = getOperationAST(document, operationName);
      const result = await executor({
        request: { query, operationName, variables },
        document,
        operationName: operationName ?? null,
        operation,
        queryHash: query,
        source: query,
        context: {},
        metrics: {},
        logger: SILENT,
        schema,
      } as unknown as RequestContext);
      return JSON.parse(JSON.stringify(result)) as Answer;
    },
    close: () => gateway.stop(),
  };
};
