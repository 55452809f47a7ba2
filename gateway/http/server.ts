import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { ServerSettings } from '../configuration/server-settings.ts';
import type { Pipeline } from '../pipeline.ts';
import { discardRest } from './discarding.ts';
import { type ExampleOperation, graphiqlPage } from './graphiql.ts';
import { graphqlOverHttp } from './graphql-over-http.ts';
import type { Metrics } from './metrics.ts';

export interface HttpFrontOptions {
  readonly settings: ServerSettings;
  readonly pipeline: Pipeline;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  /** What GraphiQL opens with. */
  readonly examples: readonly ExampleOperation[];
  /** Adds pages of its own. */
  readonly pages?: ((app: FastifyInstance) => void) | undefined;
  /** Why the gateway cannot serve now; empty when it can. */
  readonly notReady: () => readonly string[];
}

/** Request ids from outside are taken when they are harmless. */
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** Builds the HTTP front: `/graphql`, `/health/live`, `/health/ready`, `/metrics`. */
export function httpFront({
  settings,
  pipeline,
  metrics,
  log,
  examples,
  pages,
  notReady,
}: HttpFrontOptions): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // No child for every request: the lines tell the request themselves.
    childLoggerFactory: (logger) => logger,
    bodyLimit: settings.bodyLimitBytes,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    // Idle sockets end when the server closes; running requests are waited for.
    forceCloseConnections: 'idle',
  });
  // Bodies stay bytes: what is JSON and what is not is told by the GraphQL handler.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  // A client that keeps its connection would hold the stop up until it is cut.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.observeRequest(route, reply.statusCode, reply.elapsedTime);
    // The path only: a query string may hold a person's number.
    request.log.info(
      { reqId: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
    done();
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) await discardRest(request.raw);
    if (status >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed');
    const shown = new CasegraphError(
      status >= 500 ? 'INTERNAL' : 'INVALID_INPUT',
      status === 413 ? 'The body is larger than allowed.' : undefined,
    );
    return reply
      .code(status)
      .send({ errors: [{ message: shown.message, extensions: { ...shown.extensions, requestId: request.id } }] });
  });
  app.setNotFoundHandler((request, reply) => {
    const shown = new CasegraphError('NOT_FOUND', 'There is /graphql, /health/live, /health/ready and /metrics.');
    return reply
      .code(404)
      .send({ errors: [{ message: shown.message, extensions: { ...shown.extensions, requestId: request.id } }] });
  });

  graphqlOverHttp(app, { pipeline, metrics, graphiql: settings.graphiql ? () => graphiqlPage(examples) : undefined });
  app.get('/health/live', () => ({ live: true }));
  app.get('/health/ready', (_request, reply) => {
    const reasons = notReady();
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  pages?.(app);
  return app;
}
