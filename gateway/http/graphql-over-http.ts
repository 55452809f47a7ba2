import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotReadOnly, type Outcome, type Pipeline, type PipelineRequest } from '../pipeline.ts';
import { parsePreciseJson } from '../precise-json.ts';
import { type Accepted, JSON_TYPE, RESPONSE_TYPE, readAccept, wantsHtml } from './media-types.ts';
import type { Metrics } from './metrics.ts';
import { partsType, wholeInParts, writeParts } from './parts.ts';

/** A request that is no GraphQL request; `status` as the GraphQL-over-HTTP specification words it. */
class NotGraphQL extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export interface GraphQLOverHttpOptions {
  readonly pipeline: Pipeline;
  readonly metrics: Metrics;
  /** Gives the page for browsers; undefined where GraphiQL is off. */
  readonly graphiql: (() => Promise<string>) | undefined;
}

/**
 * GraphQL over HTTP (the specification of the GraphQL Foundation): POST with a JSON body, GET with query parameters for queries,
 * both response media types. A browser that asks for HTML gets GraphiQL.
 */
export function graphqlOverHttp(app: FastifyInstance, { pipeline, metrics, graphiql }: GraphQLOverHttpOptions): void {
  let page: Promise<string> | undefined;
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: async (request, reply) => {
      if (graphiql && request.method === 'GET' && asksForPage(request)) {
        page ??= graphiql();
        return reply
          .type('text/html; charset=utf-8')
          .header('cache-control', 'no-store')
          .send(await page);
      }
      // An answer holds personal data, and that a persisted query is not found yet must not be remembered anywhere.
      if (request.method === 'GET') reply.header('cache-control', 'no-store');
      const accepted = readAccept(request.headers.accept);
      try {
        if (!accepted.whole && !accepted.parts) throw new NotGraphQL(406, `Accept: ${RESPONSE_TYPE} or ${JSON_TYPE}`);
        const operation = readRequest(request);
        const outcome = await pipeline.run(operation, {
          requestId: request.id,
          headers: request.headers,
          left: clientLeft(reply),
          readOnly: request.method === 'GET',
          takesParts: accepted.parts !== undefined,
        });
        countErrors(metrics, outcome);
        return send(reply, outcome, accepted);
      } catch (error) {
        const refusal =
          error instanceof NotReadOnly ? new NotGraphQL(405, 'Only queries by GET.', { allow: 'POST' }) : error;
        if (!(refusal instanceof NotGraphQL)) throw error;
        const errors = [{ message: refusal.message, extensions: { code: 'INVALID_INPUT', requestId: request.id } }];
        return reply
          .code(refusal.status)
          .headers(refusal.headers)
          .type(`${accepted.whole ?? JSON_TYPE}; charset=utf-8`)
          .send(Buffer.from(JSON.stringify({ errors })));
      }
    },
  });
}

function countErrors(metrics: Metrics, { errors }: Outcome): void {
  for (const { extensions } of errors) metrics.countError(String(extensions.code), String(extensions.department ?? ''));
}

function send(reply: FastifyReply, outcome: Outcome, { whole, parts }: Accepted): FastifyReply {
  if (outcome.kind === 'parted' && parts) {
    reply.raw.once('close', outcome.end);
    return reply
      .type(partsType(parts))
      .header('cache-control', 'no-store')
      .send(Readable.from(writeParts(outcome, parts)));
  }
  if (outcome.kind === 'parted') throw new Error('parts for a client that takes none');
  if (whole === undefined && parts) return reply.type(partsType(parts)).send(wholeInParts(outcome.body, parts));
  // A request that was refused as a whole is 400 in the new media type, 200 in the old one, whose clients read only the body.
  const status = outcome.kind === 'refused' && whole !== JSON_TYPE ? 400 : 200;
  return reply.code(status).type(`${whole}; charset=utf-8`).send(outcome.body);
}

/** Aborts when the connection closes before the answer is written. */
function clientLeft(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new Error('the client has left'));
  });
  return controller.signal;
}

function readRequest(request: FastifyRequest): PipelineRequest {
  switch (request.method) {
    case 'POST':
      return readParameters(readBody(request), 'body');
    case 'GET':
      return readParameters(readQuery(request.query as Record<string, unknown>), 'query');
    default:
      throw new NotGraphQL(405, 'Use GET or POST.', { allow: 'GET, POST' });
  }
}

function readBody(request: FastifyRequest): unknown {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type.trim() !== JSON_TYPE)
    throw new NotGraphQL(415, `content-type: expected ${JSON_TYPE}`, { accept: JSON_TYPE });
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new NotGraphQL(415, 'content-type: expected charset=utf-8');
  }
  return parseJson(request.body instanceof Buffer ? request.body : Buffer.alloc(0), 'body');
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Buffer, place: string): unknown {
  try {
    return parsePreciseJson(UTF_8.decode(bytes));
  } catch {
    throw new NotGraphQL(400, `${place}: not JSON`);
  }
}

function readQuery(parameters: Record<string, unknown>): Record<string, unknown> {
  const read = (name: string) => {
    const text = parameters[name];
    return typeof text === 'string' && text !== '' ? parseJson(Buffer.from(text), name) : undefined;
  };
  return { ...parameters, variables: read('variables'), extensions: read('extensions') };
}

function readParameters(parameters: unknown, place: string): PipelineRequest {
  if (!isObject(parameters))
    throw new NotGraphQL(400, `${place}: expected an object; batches of requests are not taken`);
  const { query, documentId, operationName, variables, extensions } = parameters;
  if (documentId != null && typeof documentId !== 'string') throw new NotGraphQL(400, 'documentId: expected text');
  if (operationName != null && typeof operationName !== 'string')
    throw new NotGraphQL(400, 'operationName: expected text');
  if (variables != null && !isObject(variables)) throw new NotGraphQL(400, 'variables: expected an object');
  if (extensions != null && !isObject(extensions)) throw new NotGraphQL(400, 'extensions: expected an object');
  const persistedQuery = extensions?.persistedQuery;
  const named = documentId != null || persistedQuery != null;
  if (typeof query !== 'string' && !(query == null && named)) throw new NotGraphQL(400, 'query: expected text');
  if (documentId != null && (query != null || persistedQuery != null))
    throw new NotGraphQL(400, 'documentId: expected neither query nor extensions.persistedQuery beside it');
  return {
    ...(query != null && { query }),
    ...(documentId != null && { documentId }),
    ...(persistedQuery != null && { persistedQuery }),
    ...(operationName && { operationName }),
    ...(variables != null && { variables }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asksForPage({ query, headers }: FastifyRequest): boolean {
  const asked = query as Record<string, unknown>;
  const operation = asked.query ?? asked.documentId ?? asked.extensions;
  return operation === undefined && wantsHtml(headers.accept);
}
