import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBareGateway } from '../../gateway/bare.ts';
import { serverSettings } from '../../gateway/configuration/server-settings.ts';
import type { RunningGateway } from '../../gateway/serving.ts';
import { openShop, type Shop } from './fixture/shop.ts';

let shop: Shop;
let gateway: RunningGateway;

beforeAll(async () => {
  shop = await openShop();
  gateway = await startBareGateway(shop.supergraph, serverSettings.parse({ port: 0 }), pino({ level: 'silent' }));
});

afterAll(async () => {
  await gateway.stop();
  await shop.close();
});

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

interface Sent {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: { data?: unknown; errors?: { message: string; extensions: Record<string, unknown> }[] };
}

async function send(path: string, init: RequestInit): Promise<Sent> {
  const response = await fetch(`${gateway.url}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    type: (response.headers.get('content-type') ?? '').split(';')[0] ?? '',
    headers: response.headers,
    body: text === '' ? {} : JSON.parse(text),
  };
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Sent> {
  return send('/graphql', {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, accept: RESPONSE_TYPE, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function get(parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Sent> {
  return send(`/graphql?${new URLSearchParams(parameters)}`, { headers: { accept: RESPONSE_TYPE, ...headers } });
}

describe('GraphQL over HTTP', () => {
  it('answers a query by POST over two subgraphs', async () => {
    const { status, type, body } = await post({ query: '{ product(id: "2") { name inStock } }' });
    expect({ status, type, body }).toEqual({
      status: 200,
      type: RESPONSE_TYPE,
      body: { data: { product: { name: 'lamp', inStock: 20 } } },
    });
  });

  it('answers a query by GET, with variables', async () => {
    const { status, body } = await get({
      query: 'query P($id: ID!) { product(id: $id) { name } }',
      variables: '{"id":"1"}',
      operationName: 'P',
    });
    expect(status).toBe(200);
    expect(body).toEqual({ data: { product: { name: 'kettle' } } });
  });

  it('answers introspection', async () => {
    const { body } = await post({
      query: '{ __schema { queryType { name } } __type(name: "Product") { fields { name } } }',
    });
    expect(body).toEqual({
      data: {
        __schema: { queryType: { name: 'Query' } },
        __type: { fields: [{ name: 'id' }, { name: 'name' }, { name: 'inStock' }] },
      },
    });
  });

  it.each([
    [RESPONSE_TYPE, RESPONSE_TYPE],
    [JSON_TYPE, JSON_TYPE],
    ['*/*', JSON_TYPE],
    [`${JSON_TYPE}, ${RESPONSE_TYPE};q=0.5`, JSON_TYPE],
    [`text/plain, ${JSON_TYPE};q=0.1`, JSON_TYPE],
  ])('to accept: %s answers in %s', async (accept, type) => {
    expect((await post({ query: '{ __typename }' }, { accept })).type).toBe(type);
  });

  it('refuses with 406 a client that takes neither media type', async () => {
    expect((await post({ query: '{ __typename }' }, { accept: 'image/png' })).status).toBe(406);
  });

  it.each([
    ['a document that does not parse', { query: '{ product(' }, 400],
    ['a field that does not exist', { query: '{ product(id: 1) { prize } }' }, 400],
    ['an operation that is not in the document', { query: 'query A { __typename }', operationName: 'B' }, 400],
    ['several operations without a name', { query: 'query A { __typename } query B { __typename }' }, 400],
  ])('refuses %s with 400 in the current media type and 200 in the old one', async (_, body, status) => {
    const current = await post(body);
    expect(current.status).toBe(status);
    expect(current.body.data).toBeUndefined();
    expect(current.body.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    expect((await post(body, { accept: JSON_TYPE })).status).toBe(200);
  });

  it.each([
    ['no JSON', '{', 'body: not JSON'],
    [
      'bytes that are no UTF-8',
      new TextDecoder('latin1').decode(Buffer.from('{"query":"{ __typename }"}')).replace('{ __', '{ \ud800__'),
      'query',
    ],
    ['an array', [{ query: '{ __typename }' }], 'body: expected an object'],
    ['no query', {}, 'query: expected text'],
    ['a query that is no text', { query: 1 }, 'query: expected text'],
    ['variables that are no object', { query: '{ __typename }', variables: [] }, 'variables: expected an object'],
    ['extensions that are no object', { query: '{ __typename }', extensions: 'x' }, 'extensions: expected an object'],
    [
      'an operation name that is no text',
      { query: '{ __typename }', operationName: {} },
      'operationName: expected text',
    ],
  ])('refuses %s and names the place', async (what, body, message) => {
    const { status, body: answer } = await post(body);
    expect(status).toBe(400);
    if (what !== 'bytes that are no UTF-8') expect(answer.errors?.[0]?.message).toContain(message);
  });

  it('refuses a body of another type with 415', async () => {
    expect((await post('{ __typename }', { 'content-type': 'application/graphql' })).status).toBe(415);
    expect(
      (await post({ query: '{ __typename }' }, { 'content-type': 'application/json; charset=utf-16' })).status,
    ).toBe(415);
  });

  it('refuses a body over the limit with 413', async () => {
    expect((await post({ query: `{ __typename } # ${'x'.repeat(1_100_000)}` })).status).toBe(413);
  });

  it('tells a client so that sends all of 30 MB before it listens', async () => {
    const body = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(30_000_000)}` });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect({ host: hostname, port: Number(port) }).pause();
    const head = ['POST /graphql HTTP/1.1', 'host: x', `content-type: ${JSON_TYPE}`, `content-length: ${body.length}`];
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      socket.write(body, () => resolve());
    });
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      errors: [
        {
          message: expect.stringContaining('The body is larger than allowed.'),
          extensions: { code: 'INVALID_INPUT' },
        },
      ],
    });
  });

  it('refuses a document over the token limit', async () => {
    const { status, body } = await post({ query: `{ ${'__typename '.repeat(21_000)} }` });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toContain('token');
  });

  it('takes mutations by POST only', async () => {
    const query = 'mutation { rename(id: "1", name: "pot") { name } }';
    const refused = await get({ query });
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
    expect((await post({ query: '{ product(id: "1") { name } }' })).body).toEqual({
      data: { product: { name: 'kettle' } },
    });
    expect((await post({ query })).body).toEqual({ data: { rename: { name: 'pot' } } });
    await post({ query: 'mutation { rename(id: "1", name: "kettle") { name } }' });
  });

  it('refuses other methods with 405', async () => {
    expect((await send('/graphql', { method: 'PUT', body: '{}', headers: { 'content-type': JSON_TYPE } })).status).toBe(
      405,
    );
  });

  it('gives every answer a request id, the caller’s own when it is harmless', async () => {
    expect((await post({ query: '{ __typename }' })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await post({ query: '{ __typename }' }, { 'x-request-id': 'desk-7' })).headers.get('x-request-id')).toBe(
      'desk-7',
    );
    expect((await post({ query: '{ __typename }' }, { 'x-request-id': 'a b' })).headers.get('x-request-id')).not.toBe(
      'a b',
    );
  });

  it('gives a browser GraphiQL, complete in one page', async () => {
    const response = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html,*/*;q=0.8' } });
    const page = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
  });

  it('tells its health and its metrics', async () => {
    expect((await send('/health/live', {})).status).toBe(200);
    expect((await send('/health/ready', {})).body).toEqual({ ready: true, reasons: [] });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('casegraph_request_seconds_count{route="/graphql",status="200"}');
  });

  it('says of an unknown path what there is', async () => {
    const { status, body } = await send('/nowhere', {});
    expect(status).toBe(404);
    expect(body.errors?.[0]?.message).toContain('/graphql');
  });
});
