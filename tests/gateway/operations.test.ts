import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBareGateway } from '../../gateway/bare.ts';
import { operationsSettings, serverSettings } from '../../gateway/configuration/server-settings.ts';
import type { RunningGateway } from '../../gateway/serving.ts';
import { openShop, type Shop } from './fixture/shop.ts';

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

const NAME = 'query Name($id: ID!) { product(id: $id) { name } }';
const RENAME = 'mutation Rename($name: String!) { rename(id: "2", name: $name) { name } }';
const TWO = 'query Kettle { product(id: "1") { name } } query Lamp { product(id: "2") { inStock } }';
const KETTLE = { data: { product: { name: 'kettle' } } };

const log = pino({ level: 'silent' });
let shop: Shop;
/** A manifest and automatic persisted queries. */
let open: RunningGateway;
/** The manifest and nothing else. */
let closed: RunningGateway;
/** Neither. */
let plain: RunningGateway;

beforeAll(async () => {
  shop = await openShop();
  const manifest = mkdtempSync(join(tmpdir(), 'casegraph-operations-'));
  for (const [name, text] of Object.entries({ name: NAME, rename: RENAME, two: TWO, stale: '{ product { prize } }' }))
    writeFileSync(join(manifest, `${name}.graphql`), text);
  const start = (operations: object) =>
    startBareGateway(shop.supergraph, serverSettings.parse({ port: 0 }), log, operationsSettings.parse(operations));
  [open, closed, plain] = await Promise.all([
    start({ manifest, automatic: { cacheBytes: 2_000 } }),
    start({ manifest, only: true }),
    start({ automatic: { enabled: false } }),
  ]);
});

afterAll(async () => {
  await Promise.all([open, closed, plain].map((gateway) => gateway.stop()));
  await shop.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { data?: unknown; errors?: { message: string; extensions: Record<string, unknown> }[] };
}

async function send(gateway: RunningGateway, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${gateway.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

function post(gateway: RunningGateway, body: object, accept = RESPONSE_TYPE): Promise<Answer> {
  const headers = { 'content-type': JSON_TYPE, accept };
  return send(gateway, '/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
}

function get(gateway: RunningGateway, parameters: Record<string, string>, accept = RESPONSE_TYPE): Promise<Answer> {
  return send(gateway, `/graphql?${new URLSearchParams(parameters)}`, { headers: { accept } });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function persisted(text: string, hash = sha256(text)) {
  return { persistedQuery: { version: 1, sha256Hash: hash } };
}

/** A query that no other test sends. */
function fresh(name: string): string {
  return `query ${name} { product(id: "1") { name } }`;
}

function refusal({ status, body }: Answer) {
  const [error] = body.errors ?? [];
  const { code, field } = error?.extensions ?? {};
  return { status, code, field, message: error?.message, data: body.data };
}

const NOT_FOUND = { status: 200, code: 'PERSISTED_QUERY_NOT_FOUND', message: 'PersistedQueryNotFound' };
const FORBIDDEN = {
  status: 400,
  code: 'FORBIDDEN',
  message: expect.stringContaining('Only operations of the manifest'),
};

describe('a persisted document', () => {
  it.each(['name', `sha256:${sha256(NAME)}`])(
    'named %s runs by POST and by GET, with variables',
    async (documentId) => {
      const byPost = await post(open, { documentId, variables: { id: '1' }, extensions: {} });
      expect({ status: byPost.status, body: byPost.body }).toEqual({ status: 200, body: KETTLE });
      const byGet = await get(open, { documentId, variables: '{"id":"1"}' });
      expect({ status: byGet.status, body: byGet.body }).toEqual({ status: 200, body: KETTLE });
    },
  );

  it('of several operations runs the one that operationName tells', async () => {
    expect((await post(open, { documentId: 'two', operationName: 'Lamp' })).body).toEqual({
      data: { product: { inStock: 20 } },
    });
    expect(refusal(await post(open, { documentId: 'two' }))).toMatchObject({ status: 400, field: 'operationName' });
  });

  it('that is a mutation runs by POST only', async () => {
    const byGet = await get(open, { documentId: 'rename', variables: '{"name":"bulb"}' });
    expect({ status: byGet.status, allow: byGet.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
    expect((await post(open, { documentId: 'rename', variables: { name: 'lamp' } })).body).toEqual({
      data: { rename: { name: 'lamp' } },
    });
  });

  it('that the supergraph cannot answer is refused when it is asked for', async () => {
    expect(refusal(await post(open, { documentId: 'stale' }))).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  it.each(['none', '', `sha256:${'0'.repeat(64)}`, sha256(NAME), NAME])(
    'that the manifest does not have is not found: %s',
    async (documentId) => {
      const expected = { code: 'NOT_FOUND', field: 'documentId', data: undefined };
      expect(refusal(await post(open, { documentId }))).toMatchObject({ ...expected, status: 400 });
      expect(refusal(await post(open, { documentId }, JSON_TYPE))).toMatchObject({ ...expected, status: 200 });
      expect(refusal(await get(plain, { documentId }))).toMatchObject({ ...expected, status: 400 });
    },
  );

  it.each([
    ['an id that is no text', { documentId: 7 }, 'documentId: expected text'],
    ['an id and a query', { documentId: 'name', query: NAME }, 'documentId: expected neither query nor'],
    ['an id and a hash', { documentId: 'name', extensions: persisted(NAME) }, 'documentId: expected neither query nor'],
    ['neither an id nor a query', { variables: { id: '1' } }, 'query: expected text'],
    ['a query that is no text beside a hash', { query: 7, extensions: persisted(NAME) }, 'query: expected text'],
  ])('is refused with %s', async (_, request, message) => {
    const answer = refusal(await post(open, request, JSON_TYPE));
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(answer.message).toContain(message);
  });

  it('named in the address answers a browser too, in place of GraphiQL', async () => {
    const answer = await get(open, { documentId: 'name', variables: '{"id":"1"}' }, 'text/html,*/*;q=0.8');
    expect(answer.body).toEqual(KETTLE);
  });
});

describe('an automatic persisted query', () => {
  it.each([RESPONSE_TYPE, JSON_TYPE])('is not found, then registered, then runs by its hash: %s', async (accept) => {
    const query = fresh(accept === JSON_TYPE ? 'Old' : 'Current');
    const extensions = persisted(query);
    expect(refusal(await post(open, { extensions }, accept))).toMatchObject({ ...NOT_FOUND, data: undefined });
    expect((await post(open, { query, extensions }, accept)).body).toEqual(KETTLE);
    expect((await post(open, { extensions }, accept)).body).toEqual(KETTLE);
  });

  it('goes all its way by GET, and no cache may keep an answer', async () => {
    const query = 'query ByGet($id: ID!) { product(id: $id) { name } }';
    const parameters = {
      extensions: JSON.stringify(persisted(query)),
      variables: '{"id":"1"}',
      operationName: 'ByGet',
    };
    const missing = await get(open, parameters);
    expect(refusal(missing)).toMatchObject(NOT_FOUND);
    expect(missing.headers.get('cache-control')).toBe('no-store');
    expect((await get(open, { ...parameters, query })).body).toEqual(KETTLE);
    expect((await get(open, parameters)).body).toEqual(KETTLE);
  });

  it('that is a mutation runs by POST only', async () => {
    const query = 'mutation Auto { rename(id: "2", name: "lamp") { name } }';
    const extensions = persisted(query);
    expect((await post(open, { query, extensions })).body).toEqual({ data: { rename: { name: 'lamp' } } });
    expect((await get(open, { extensions: JSON.stringify(extensions) })).status).toBe(405);
    expect((await post(open, { extensions })).body).toEqual({ data: { rename: { name: 'lamp' } } });
  });

  it('of the manifest needs no registration', async () => {
    const extensions = persisted(NAME);
    for (const gateway of [open, closed])
      expect((await post(gateway, { extensions, variables: { id: '1' } })).body).toEqual(KETTLE);
  });

  it('may give a manifest’s id of any kind as its hash, as clients with a manifest do', async () => {
    const extensions = persisted(NAME, 'name');
    expect((await post(closed, { extensions, variables: { id: '1' } })).body).toEqual(KETTLE);
  });

  it('is refused and not kept when the hash is not the query’s', async () => {
    const [query, other] = [fresh('Mine'), fresh('Other')];
    expect(refusal(await post(open, { query, extensions: persisted(other) }))).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      field: 'extensions.persistedQuery.sha256Hash',
    });
    expect(refusal(await post(open, { extensions: persisted(other) }))).toMatchObject(NOT_FOUND);
    expect(refusal(await post(open, { extensions: persisted(query) }))).toMatchObject(NOT_FOUND);
  });

  it('is refused when its text shares the hash of another only because it is not well-formed', async () => {
    const query = '{ product(id: "\uFFFD") { name } }';
    const forged = query.replace('\uFFFD', '\uD800');
    expect(sha256(forged)).toBe(sha256(query));
    expect(refusal(await post(open, { query: forged, extensions: persisted(query) }))).toMatchObject({
      status: 400,
      field: 'extensions.persistedQuery.sha256Hash',
    });
  });

  it.each([
    ['of another version', { version: 2, sha256Hash: sha256(NAME) }, 'extensions.persistedQuery.version'],
    ['without a version', { sha256Hash: sha256(NAME) }, 'extensions.persistedQuery.version'],
    ['without a hash', { version: 1 }, 'extensions.persistedQuery.sha256Hash'],
    ['that is no object', 'yes', 'extensions.persistedQuery'],
  ])('%s is refused, naming the place', async (_, persistedQuery, field) => {
    const answer = refusal(await post(open, { extensions: { persistedQuery } }));
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT', field });
    expect(answer.message).toContain(`${field}: `);
  });

  it('is given up when others need the room, and can be registered again', async () => {
    const query = fresh('First');
    const extensions = persisted(query);
    await post(open, { query, extensions });
    expect((await post(open, { extensions })).body).toEqual(KETTLE);
    for (const name of ['Second', 'Third']) {
      const large = `${fresh(name)} # ${'x'.repeat(500)}`;
      expect((await post(open, { query: large, extensions: persisted(large) })).body).toEqual(KETTLE);
    }
    expect(refusal(await post(open, { extensions }))).toMatchObject(NOT_FOUND);
    expect((await post(open, { query, extensions })).body).toEqual(KETTLE);
  });

  it('is told to be not supported where it is off; with its text it runs all the same, and is not kept', async () => {
    const query = fresh('Off');
    const extensions = persisted(query);
    const unsupported = { status: 200, code: 'PERSISTED_QUERY_NOT_SUPPORTED', message: 'PersistedQueryNotSupported' };
    expect(refusal(await post(plain, { extensions }))).toMatchObject(unsupported);
    expect((await post(plain, { query, extensions })).body).toEqual(KETTLE);
    expect(refusal(await post(plain, { extensions }))).toMatchObject(unsupported);
  });
});

describe('where only the manifest runs', () => {
  it('an operation of it runs by its id, by its hash and by exactly its text', async () => {
    const variables = { id: '1' };
    for (const request of [{ documentId: 'name' }, { documentId: `sha256:${sha256(NAME)}` }, { query: NAME }])
      expect((await post(closed, { ...request, variables })).body).toEqual(KETTLE);
    expect((await get(closed, { query: NAME, variables: '{"id":"1"}' })).body).toEqual(KETTLE);
    expect((await post(closed, { query: NAME, variables, extensions: persisted(NAME) })).body).toEqual(KETTLE);
  });

  it.each([
    ['another query', { query: fresh('Stranger') }],
    ['the text of an operation with a space more', { query: `${NAME} `, variables: { id: '1' } }],
    ['what would not even parse', { query: '{' }],
    ['an empty query', { query: '' }],
    [
      'the introspection that GraphiQL sends',
      { query: 'query IntrospectionQuery { __schema { queryType { name } } }' },
    ],
    ['a query to be registered', { query: fresh('Stranger'), extensions: persisted(fresh('Stranger')) }],
    ['a hash that is not of the manifest', { extensions: persisted(fresh('Stranger')) }],
  ])('%s is forbidden', async (_, request) => {
    const before = { ...shop.fetches };
    expect(refusal(await post(closed, request))).toMatchObject({ ...FORBIDDEN, data: undefined });
    expect(refusal(await post(closed, request, JSON_TYPE))).toMatchObject({ ...FORBIDDEN, status: 200 });
    expect(shop.fetches).toEqual(before);
  });

  it('an unknown id is not found', async () => {
    expect(refusal(await post(closed, { documentId: 'none' }))).toMatchObject({ status: 400, code: 'NOT_FOUND' });
  });

  it('health, metrics and the page answer as ever', async () => {
    expect((await send(closed, '/health/ready', {})).body).toEqual({ ready: true, reasons: [] });
    await post(closed, { query: '{ __typename }' });
    const metrics = await (await fetch(`${closed.url}/metrics`)).text();
    expect(metrics).toMatch(/code="FORBIDDEN"/);
    const page = await fetch(`${closed.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
  });
});

it('a wrong manifest refuses the start', async () => {
  const manifest = mkdtempSync(join(tmpdir(), 'casegraph-operations-'));
  writeFileSync(join(manifest, 'name.graphql'), '{');
  const starting = startBareGateway(
    shop.supergraph,
    serverSettings.parse({ port: 0 }),
    log,
    operationsSettings.parse({ manifest }),
  );
  await expect(starting).rejects.toThrow(`${join(manifest, 'name.graphql')}: line 1, column 2: `);
});
