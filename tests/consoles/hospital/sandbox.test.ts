import { existsSync, readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../journeys/sandbox/sandbox.ts';
import { begin, entriesOf, fileOf, linesOf, numbered, run } from './command.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.stop());

const ask = (...args: string[]) => run([...args, '--url', sandbox.url, '--patience', '20']);
const post = (file: string, ...options: string[]) => ask('post', file, '--operator', 'hospital', ...options);

describe('against a gateway', () => {
  it('a template in GB18030 is stored once, and its receipt is good', async () => {
    const { output } = await ask('template', 'maternity', '--lang', 'zh');
    const table = output.replace(/^#/m, '');

    const first = await post(fileOf(iconv.encode(table, 'gb18030')));
    const again = await post(fileOf(table));

    expect(first.code, first.errors).toBe(0);
    expect(first.output).toContain('stored 1, duplicate 0');
    expect(again.output).toContain('stored 0, duplicate 1');
    const receipt = await ask('receipt', 'EXAMPLE-0001', '--verify');
    expect(receipt.errors).toBe('EXAMPLE-0001: the signature is good\n');
    expect((await ask('status', 'EXAMPLE-0001@1')).output).toMatch(/^EXAMPLE-0001@1\t/);
  });

  it('what is wrong is refused alone, under its header', async () => {
    const { output } = await ask('template', 'referral', '--lang', 'zh');
    const [header, example = ''] = output.replace(/^#/m, '').split('\r\n');
    const wrong = example.replace('EXAMPLE-0001', 'WRONG-1').replace('421202199003070025', '421202199003070026');
    const { code, errors } = await post(fileOf([header, wrong, example.replace('0001', '0002')].join('\n')));
    expect(code).toBe(1);
    expect(errors).toMatch(/:2: \[公民身份号码\] INVALID_INPUT: patient\.idNumber: /);
    expect(errors).not.toContain('421202199003070026');
  });

  it('entries posted by a command that is killed with -9 and run again are stored once each', async () => {
    const file = fileOf(linesOf(numbered(400)));
    const options = ['post', file, '--operator', 'hospital', '--url', sandbox.url, '--batch', '10'];
    const { child, ended } = begin(options);
    while (child.exitCode === null && noted(file) < 60) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    await ended;
    expect(child.signalCode).toBe('SIGKILL');
    expect(noted(file)).toBeLessThan(400);

    expect((await run(options)).code).toBe(0);

    expect(noted(file)).toBe(400);
    const ids = entriesOf(`${file}.result.ndjson`).map(({ postingId }) => postingId);
    const { output } = await ask('status', '--json', '--hospital', 'H42120200101');
    const stored = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; document: { number: string } })
      .filter(({ document }) => document.number.startsWith('ZZ-'));
    expect(stored.map(({ id }) => id).sort()).toEqual(ids.sort());
  });
});

/** Entries in the result file, whose last line may be torn. */
function noted(file: string): number {
  const result = `${file}.result.ndjson`;
  return existsSync(result) ? (readFileSync(result, 'utf8').match(/"record":"entry".*\n/g)?.length ?? 0) : 0;
}
