import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

describe('a query with bad input', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });

  afterAll(async () => {
    await sandbox.stop();
  });

  const WRONG_CHECK = '421202197803159920';

  it.each([
    [
      'a wrong check character, as a literal',
      `{ resident(idNumber: "${WRONG_CHECK}") { id } }`,
      {},
      'idNumber: IdNumber: check character wrong',
    ],
    [
      'a wrong check character, as a variable',
      'query ($who: IdNumber!) { resident(idNumber: $who) { id } }',
      { who: WRONG_CHECK },
      'who: IdNumber: check character wrong',
    ],
    [
      'an unknown division',
      '{ residents(residenceDivision: "421202999000") { edges { cursor } } }',
      {},
      'residenceDivision: Division: ',
    ],
    [
      'an unknown division in a filter',
      'query ($f: CaseFilter) { cases(filter: $f) { totalCount } }',
      { f: { division: '421202999000' } },
      'f.division: Division: ',
    ],
    [
      'a malformed case number',
      '{ case(number: "11421202MB2A91048P5420511008000202210320017") { id } }',
      {},
      'number: CaseNumber: ',
    ],
    ['a page size of 0', '{ cases(first: 0) { totalCount } }', {}, 'first must be from 1 to 100'],
    ['a page size of 10,000', '{ residents(first: 10000) { edges { cursor } } }', {}, 'first must be from 1 to 100'],
    ['a cursor of another making', '{ cases(after: "eyJh") { totalCount } }', {}, 'after is not a cursor'],
    [
      'an unknown field',
      '{ residents { edges { node { surname } } } }',
      {},
      'Cannot query field "surname" on type "Resident"',
    ],
    ['both keys of a case', '{ case(id: "x", number: "y") { id } }', {}, 'Give exactly one of id and number'],
    [
      'a password that is none',
      '{ caseProgress(number: "11421202MB2A91048P5420511008000202210080017", password: "x") { status } }',
      {},
      'password must be six digits',
    ],
    [
      'a day that does not exist',
      '{ residents(first: 1) { edges { node { insuredPerson { referrals(from: "2026-02-30") { date } } } } } }',
      {},
      'from: Date: must be a day of the calendar',
    ],
    [
      'a month that does not exist',
      '{ residents(first: 1) { edges { node { subsidyPayments(from: "2026-13", to: "2026-13") { month } } } } }',
      {},
      'from: Month: must be yyyy-MM',
    ],
    ['a payment code that is none', '{ payment(code: "42") { state } }', {}, 'code: PaymentCode: '],
    [
      'a unit number that is none',
      '{ propertiesByUnit(unitNumber: "421202001002GI00012F00030402") { location } }',
      {},
      'unitNumber: RealEstateUnit: ',
    ],
    ['a missing argument', '{ resident { id } }', {}, 'argument "idNumber" of type "IdNumber!" is required'],
  ])('with %s is told the place, and no department is asked', async (_, query, variables, message) => {
    const before = await Promise.all(
      Object.keys(sandbox.simulators).map((name) => sandbox.control(name, 'GET', 'calls')),
    );
    const { errors } = await sandbox.ask(query, variables);
    expect(errors?.[0]?.message).toContain(message);
    expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    expect(JSON.stringify(errors)).not.toContain(WRONG_CHECK);
    const after = await Promise.all(
      Object.keys(sandbox.simulators).map((name) => sandbox.control(name, 'GET', 'calls')),
    );
    expect(after).toEqual(before);
  });
});

describe('a start that cannot succeed', () => {
  const start = (options: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'gateway/main.ts'), ...options], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status, stdout, stderr };
  };
  const written = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'casegraph-start-')), 'casegraph.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('because its port is in use says which', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const data = mkdtempSync(join(tmpdir(), 'casegraph-start-'));
    const { status, stderr } = start(['--sandbox', '--port', String(port), '--data', data]);
    holder.close();
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
    expect(status).toBe(1);
  });

  it.each([
    ['an option that does not exist', ['--sandbox', '--prot', '1'], '--prot'],
    ['a port that is none', ['--sandbox', '--port', 'x'], '--port: expected a whole number'],
    ['a population too small', ['--sandbox', '--residents', '3'], '--residents: expected a whole number from 20'],
    ['nothing to serve', [], '--config FILE or --supergraph FILE is needed'],
    ['a configuration that is missing', ['--config', '/nowhere.yaml'], '/nowhere.yaml: cannot be read'],
    ['a supergraph that is missing', ['--supergraph', '/nowhere.graphql'], '/nowhere.graphql: cannot be read'],
    [
      'subgraphs without addresses',
      ['--supergraph', 'schema/supergraph.graphql'],
      'has no http address in the supergraph',
    ],
  ])('because of %s says what was expected', (_, options, message) => {
    const { status, stdout, stderr } = start(options);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(stdout).not.toContain('ready');
    expect(status).toBe(1);
  });

  it('because a value is wrong or a key file is missing says where', () => {
    expect(start(['--config', written('server: { port: many }')]).stderr).toContain('server.port: ');
    expect(start(['--config', written('store: { handleKey: { fromFile: none.key } }')]).stderr).toContain(
      'store.handleKey: none.key cannot be read: ENOENT',
    );
  });

  it('because the supergraph has a syntax error says where', () => {
    const path = written('type Query {\n  broken(');
    const { status, stderr } = start(['--supergraph', path]);
    expect(stderr).toContain(`${path}: not a supergraph that can be served`);
    expect(stderr).toContain('line 2');
    expect(status).toBe(1);
  });
});
