import { readFileSync, writeFileSync } from 'node:fs';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { parse, validate } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOSPITAL_OPERATIONS } from '../../../gateway/consoles/hospital/operations.ts';
import { entriesOf, fileOf, linesOf, run } from './command.ts';
import { FakeGateway } from './fake-gateway.ts';

let gateway: FakeGateway;
let file: string;
beforeEach(async () => {
  gateway = await new FakeGateway().start();
  file = fileOf(linesOf(['A-1', 'BAD-1', 'REJECTED-1']));
  await run(['post', file, '--operator', 'YB1011', '--url', gateway.url, '--wait']);
});
afterEach(() => gateway.stop());

const ask = (...args: string[]) => run([...args, '--url', gateway.url]);

describe('receipt', () => {
  it('prints the receipt of a document and checks it by the published keys', async () => {
    const { code, output, errors } = await ask('receipt', 'A-1', '--verify');
    expect(code).toBe(0);
    expect(errors).toBe('A-1: the signature is good\n');
    const printed = JSON.parse(output) as { content: object; token: string };
    expect(printed).toMatchObject({
      hospital: 'H42120200101',
      document: { number: 'A-1', version: 1 },
      header: { alg: 'EdDSA', kid: 'key-1' },
      content: { document: 'A-1', digest: '00' },
    });
    expect(printed.token).toBe(entriesOf(`${file}.result.ndjson`)[0]?.receipt);
    expect((await ask('receipt', 'A-1@1')).code).toBe(0);
    expect((await ask('receipt', 'A-1@2')).code).toBe(1);
    expect((await ask('receipt', 'NONE')).errors).toBe('NONE: no receipt\n');
  });

  it('checks the receipts of a result file by a key file, without the gateway', async () => {
    const receipts = ['receipt', '--file', `${file}.result.ndjson`, '--url', 'http://127.0.0.1:1'];
    for (const keys of [gateway.publicPem, JSON.stringify(gateway.jwk), JSON.stringify({ keys: [gateway.jwk] })]) {
      const { code, output, errors } = await run([...receipts, '--keys', fileOf(keys)]);
      expect(code, errors).toBe(0);
      expect(output.trim().split('\n')).toHaveLength(2);
    }
    const none = await run([...receipts, '--keys', fileOf('nothing')]);
    expect(none.code).toBe(2);
    expect(none.errors).toContain('no public key');
  });

  it('finds a receipt that was altered, that another key signed, and that is of another document', async () => {
    const result = `${file}.result.ndjson`;
    const [first, second] = entriesOf(result).filter(({ receipt }) => receipt !== null);
    const token = String(first?.receipt);
    const [header = '', content = '', signature = ''] = token.split('.');
    const altered = Buffer.from(content, 'base64url').toString().replace('"version":1', '"version":2');
    const whole = readFileSync(result, 'utf8');
    const check = async (other: string, keys: string) => {
      const path = fileOf(whole.replace(token, other));
      const { code, errors } = await run(['receipt', '--file', path, '--keys', fileOf(keys), '--lang', 'en']);
      expect(code).toBe(1);
      return errors;
    };
    const forged = [header, Buffer.from(altered).toString('base64url'), signature].join('.');
    expect(await check(forged, gateway.publicPem)).toContain('A-1: NOT GOOD: the signature does not match');
    const exchanged = String(second?.receipt);
    expect(await check(exchanged, gateway.publicPem)).toContain('A-1: NOT GOOD: it is of another posting: sub differs');
    const stranger = await new FakeGateway().start();
    expect(await check(token, stranger.publicPem)).toContain('the signature does not match');
    expect(await check(token, JSON.stringify({ ...stranger.jwk, kid: 'key-2' }))).toContain('its key is not among');
    await stranger.stop();
  });
});

describe('status', () => {
  it('tells documents, those of a state, and those of a result file', async () => {
    const one = await ask('status', 'A-1');
    expect(one.code).toBe(0);
    expect(one.output.split('\t').slice(0, 2)).toEqual(['A-1@1', 'SETTLED']);
    const missing = await ask('status', 'A-1', 'A-1@2', '--lang', 'zh');
    expect(missing.code).toBe(1);
    expect(missing.output.split('\t')[1]).toBe('已完成');
    expect(missing.errors).toBe('A-1@2：未找到\n');

    const rejected = await ask('status', '--state', 'rejected', '--json');
    expect(rejected.code).toBe(1);
    expect(JSON.parse(rejected.output)).toMatchObject({
      document: { number: 'REJECTED-1' },
      failure: { textZh: '不符' },
    });

    const all = await ask('status', '--file', `${file}.result.ndjson`);
    expect(all.code).toBe(1);
    expect(
      all.output
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[1]),
    ).toEqual(['SETTLED', 'REJECTED']);
  });

  it('takes no state, day or file that there is none of', async () => {
    expect((await ask('status', '--state', 'GONE')).errors).toContain('--state: expected STORED,');
    expect((await ask('status', '--from', '2026-02-30')).errors).toContain('--from: expected a day');
    expect((await ask('status', '--file', `${file}.none`)).errors).toContain('no result file');
    writeFileSync(file, 'x\n');
    expect((await ask('status', '--file', file)).code).toBe(2);
  });
});

describe('what the command sends', () => {
  it('is valid on the graph', () => {
    const sdl = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
    const options = { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES };
    const schema = Supergraph.build(sdl, options).apiSchema().toGraphQLJSSchema();
    for (const operation of HOSPITAL_OPERATIONS) expect(validate(schema, parse(operation))).toEqual([]);
  });
});
