import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBareGateway } from '../../gateway/bare.ts';
import { serverSettings } from '../../gateway/configuration/server-settings.ts';
import type { RunningGateway } from '../../gateway/serving.ts';
import { openShop, type Shop } from './fixture/shop.ts';

let shop: Shop;
let gateway: RunningGateway | undefined;
let logged: string[];

beforeEach(async () => {
  shop = await openShop();
  logged = [];
});

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
  await shop.close();
});

async function start(settings: Record<string, unknown> = {}): Promise<void> {
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  gateway = await startBareGateway(
    shop.supergraph,
    serverSettings.parse({ port: 0, graphiql: false, ...settings }),
    log,
  );
}

async function ask(
  query: string,
  signal?: AbortSignal,
): Promise<{
  data?: Record<string, unknown>;
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}> {
  const response = await fetch(`${gateway?.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
  return (await response.json()) as Awaited<ReturnType<typeof ask>>;
}

describe('the supergraph in service', () => {
  it('is replaced when its file changes, without dropping a request', async () => {
    await start();
    const running = ask('{ slow }');
    await vi.waitFor(() => expect(shop.fetches.products).toBe(1));
    expect((await ask('{ another }')).errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    shop.write({ extraField: true });
    await vi.waitFor(async () => expect(await ask('{ another }')).toEqual({ data: { another: null } }), 5_000);
    shop.release();
    expect(await running).toEqual({ data: { slow: 'at last' } });
  });

  it('stays when the file becomes one that cannot be served, and the log says why', async () => {
    await start();
    writeFileSync(shop.supergraph, 'schema { query: ');
    await vi.waitFor(() => expect(logged.join('')).toContain('the supergraph in service stays'), 5_000);
    expect(await ask('{ product(id: 1) { name } }')).toEqual({ data: { product: { name: 'kettle' } } });
    shop.write({ extraField: true });
    await vi.waitFor(async () => expect(await ask('{ another }')).toEqual({ data: { another: null } }), 5_000);
  });

  it.each([
    ['is missing', undefined, 'cannot be read'],
    ['has a syntax error', 'type Query {', 'not a supergraph'],
    ['is a plain schema', 'type Query { a: Int }', 'not a supergraph'],
  ])('refuses to start with a file that %s, naming it', async (_, text, message) => {
    const file = text === undefined ? `${shop.supergraph}.none` : shop.supergraph;
    if (text !== undefined) writeFileSync(file, text);
    const starting = startBareGateway(
      file,
      serverSettings.parse({ port: 0, graphiql: false }),
      pino({ level: 'silent' }),
    );
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toThrow(file);
  });
});

describe('a subgraph that fails', () => {
  it('costs its own fields: null, an error with path and code, the rest whole', async () => {
    await start();
    shop.stockServer.close();
    shop.stockServer.closeAllConnections();
    await once(shop.stockServer, 'close');
    const { data, errors } = await ask('{ products { name inStock } }');
    expect(data).toEqual({
      products: [
        { name: 'kettle', inStock: null },
        { name: 'lamp', inStock: null },
      ],
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code, extensions.department])).toEqual([
      [['products', 0, 'inStock'], 'DEPARTMENT_UNREACHABLE', 'stock'],
      [['products', 1, 'inStock'], 'DEPARTMENT_UNREACHABLE', 'stock'],
    ]);
    expect(errors?.[0]?.extensions.requestId).toBeTypeOf('string');
  });

  it('and is late costs its own fields when the request’s deadline has passed', async () => {
    await start({ requestDeadlineMs: 300 });
    const { data, errors } = await ask('{ slow product(id: 1) { name } warehouse }');
    expect(data).toMatchObject({ slow: null, warehouse: null });
    expect(
      errors?.some(({ path, extensions }) => path?.[0] === 'slow' && extensions.code === 'DEPARTMENT_TIMEOUT'),
    ).toBe(true);
  });
});

describe('a client that leaves', () => {
  it('cancels the reads behind its request', async () => {
    await start();
    const leaving = new AbortController();
    const asked = ask('{ slow }', leaving.signal).catch((error: Error) => error.name);
    await vi.waitFor(() => expect(shop.fetches.products).toBe(1));
    leaving.abort();
    expect(await asked).toBe('AbortError');
    await vi.waitFor(() => expect(shop.fetches.abandoned).toBe(1), 5_000);
  });
});
