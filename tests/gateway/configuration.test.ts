import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigurationRefused, loadConfiguration } from '../../gateway/configuration/load.ts';
import { refuseSandboxCredentials } from '../../gateway/configuration/sandbox-credentials.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };

const SANDBOX_KEYS = new URL('../../seeds/sandbox-keys/', import.meta.url);

const remote = (port: number) => ({ remote: { url: `http://127.0.0.1:${port}/graphql` } });
const COMPLETE = {
  store: { handleKey: Buffer.alloc(32, 7).toString('base64'), columnKey: Buffer.alloc(32, 8).toString('base64') },
  subgraphs: {
    acceptance: remote(7),
    cases: remote(1),
    audit: {},
    catalogue: {},
    medical: remote(3),
    nontax: remote(4),
    realestate: remote(5),
    subsidy: remote(6),
  },
};

function file(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'casegraph-config-')), 'casegraph.yaml');
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
}

function refusal(content: unknown, environment: NodeJS.ProcessEnv = {}): string {
  try {
    loadConfiguration(typeof content === 'string' && content.startsWith('/') ? content : file(content), environment);
  } catch (error) {
    if (error instanceof ConfigurationRefused) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe('the configuration', () => {
  it('fills in what the file leaves out', () => {
    const { server, supergraph } = loadConfiguration(file(COMPLETE), {});
    expect(server).toMatchObject({
      port: 4_000,
      requestDeadlineMs: 10_000,
      bodyLimitBytes: 1_048_576,
      maxTokens: 20_000,
    });
    expect(supergraph.file).toBe('schema/supergraph.graphql');
  });

  it('takes every value from the environment', () => {
    const environment = {
      CASEGRAPH_SERVER__PORT: '4001',
      CASEGRAPH_SERVER__REQUEST_DEADLINE_MS: '2500',
      CASEGRAPH_SERVER__GRAPHIQL: 'false',
      CASEGRAPH_SUBGRAPHS__MEDICAL__REMOTE__URL: 'http://10.0.0.1/graphql',
      PATH: '/bin',
    };
    const { server, subgraphs } = loadConfiguration(file(COMPLETE), environment);
    expect(server).toMatchObject({ port: 4_001, requestDeadlineMs: 2_500, graphiql: false });
    expect(subgraphs.medical).toMatchObject({ remote: { url: 'http://10.0.0.1/graphql' } });
  });

  it('reads secrets from the files they refer to, relative to its own folder', () => {
    const path = file({ ...COMPLETE, store: { ...COMPLETE.store, handleKey: { fromFile: 'handle.key' } } });
    writeFileSync(join(path, '..', 'handle.key'), `${Buffer.alloc(32, 9).toString('base64')}\n`);
    expect(loadConfiguration(path, {}).store.handleKey).toEqual(Buffer.alloc(32, 9));
  });

  it('takes the address of PostgreSQL from DATABASE_URL', () => {
    const url = 'postgres://casegraph@db.example.invalid/casegraph';
    expect(loadConfiguration(file(COMPLETE), { DATABASE_URL: url }).store.url).toBe(url);
    expect(loadConfiguration(file(COMPLETE), { DATABASE_URL: '' }).store.url).toBeUndefined();
    const other = 'postgres://casegraph@other.example.invalid/casegraph';
    expect(loadConfiguration(file(COMPLETE), { DATABASE_URL: url, CASEGRAPH_STORE__URL: other }).store.url).toBe(other);
  });

  it('takes several column keys, in order, and the cipher', () => {
    const { handleKey } = COMPLETE.store;
    const columnKeys = ['2027', '2026'].map((id, index) => ({ id, key: Buffer.alloc(32, index).toString('base64') }));
    const { store } = loadConfiguration(file({ ...COMPLETE, store: { handleKey, columnKeys, cipher: 'sm4-gcm' } }), {});
    expect(store).toMatchObject({
      columnKeys: [
        { id: '2027', key: Buffer.alloc(32, 0) },
        { id: '2026', key: Buffer.alloc(32, 1) },
      ],
      cipher: 'sm4-gcm',
    });
    expect(loadConfiguration(file(COMPLETE), {}).store.cipher).toBe('aes-256-gcm');
  });

  it.each([
    ['a value of the wrong kind', { ...COMPLETE, server: { port: 'many' } }, 'server.port: '],
    ['a value out of range', { ...COMPLETE, server: { port: 70_000 } }, 'server.port: '],
    ['a name it does not know', { ...COMPLETE, sever: {} }, 'sever'],
    ['a missing section', { store: COMPLETE.store }, 'subgraphs: '],
    [
      'a key of the wrong length',
      { ...COMPLETE, store: { ...COMPLETE.store, columnKey: 'AAAA' } },
      'store.columnKey: expected 32 bytes',
    ],
    [
      'one column key and several',
      { ...COMPLETE, store: { ...COMPLETE.store, columnKeys: [{ id: '1', key: COMPLETE.store.columnKey }] } },
      'store.columnKey: expected either columnKey or columnKeys',
    ],
    [
      'no column key',
      { ...COMPLETE, store: { handleKey: COMPLETE.store.handleKey } },
      'store.columnKey: expected either columnKey or columnKeys',
    ],
    [
      'a database of another kind',
      { ...COMPLETE, store: { ...COMPLETE.store, url: 'mysql://localhost/casegraph' } },
      'store.url: expected postgres://',
    ],
    [
      'a wrong value deep in a department',
      {
        ...COMPLETE,
        subgraphs: { ...COMPLETE.subgraphs, realestate: { url: 'ftp://x', privateKey: 'k', registryPublicKey: 'k' } },
      },
      'subgraphs.realestate.url: ',
    ],
    [
      'an address that is none',
      { ...COMPLETE, subgraphs: { ...COMPLETE.subgraphs, medical: { remote: { url: 'medical' } } } },
      'subgraphs.medical.remote.url: ',
    ],
    [
      'a key file that is missing',
      { ...COMPLETE, store: { ...COMPLETE.store, handleKey: { fromFile: 'none.key' } } },
      'store.handleKey: none.key cannot be read: ENOENT',
    ],
    [
      'nothing but the manifest, and no manifest',
      { ...COMPLETE, operations: { only: true } },
      'operations.manifest: is needed where only is true',
    ],
    ['a file that is no YAML', 'server: [', 'casegraph.yaml: '],
    ['a file that is a list', '- a', 'expected a mapping at the top'],
    ['a file that is missing', '/nowhere/casegraph.yaml', '/nowhere/casegraph.yaml: cannot be read'],
  ])('refuses %s, naming the place', (_, content, message) => {
    expect(refusal(content)).toContain(message);
  });

  it('refuses an override that does not fit, naming the variable’s place', () => {
    expect(refusal(COMPLETE, { CASEGRAPH_SERVER__PORT: '[' })).toContain('CASEGRAPH_SERVER__PORT');
    expect(refusal(COMPLETE, { CASEGRAPH_SERVER__PORT: 'x' })).toContain('server.port: ');
  });

  it('of production refuses every credential of the sandbox, and its invented residents', () => {
    const found: string[] = [];
    const walk = (value: unknown) => {
      if (typeof value === 'string' && value.length >= 12 && !value.includes(' ')) found.push(value);
      else if (typeof value === 'object' && value !== null) Object.values(value).map(walk);
    };
    walk(sandbox);
    for (const file of readdirSync(SANDBOX_KEYS)) found.push(readFileSync(new URL(file, SANDBOX_KEYS), 'utf8'));
    expect(found.length).toBeGreaterThan(10);
    for (const secret of found) expect(() => refuseSandboxCredentials({ a: { b: secret } })).toThrow('a.b: ');
    expect(() => refuseSandboxCredentials(COMPLETE)).not.toThrow();
    const invented = { subgraphs: { cases: { sandboxPopulation: { seed: 1, residents: 20 } } } };
    expect(() => refuseSandboxCredentials(invented)).toThrow('subgraphs.cases.sandboxPopulation: ');
  });
});
