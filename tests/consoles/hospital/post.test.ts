import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { begin, entriesOf, fileOf, linesOf, numbered, resultOf, run } from './command.ts';
import { FakeGateway } from './fake-gateway.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await new FakeGateway().start();
});
afterEach(() => gateway.stop());

const post = (file: string, ...options: string[]) => [
  'post',
  file,
  '--operator',
  'YB1011',
  '--url',
  gateway.url,
  '--patience',
  '20',
  ...options,
];

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('post', () => {
  it('posts 10,000 lines in batches, two at once, and notes each of them down in its place', async () => {
    const file = fileOf(linesOf(numbered(10_000)));
    gateway.delayMs = 5;

    const { code, output, errors } = await begin(post(file)).ended;

    expect(code, errors).toBe(0);
    expect(output).toContain('stored 10000, duplicate 0, refused 0');
    expect(errors).toMatch(/Posting: 10000\/10000/);
    expect(gateway.effects).toBe(10_000);
    expect(Math.max(...gateway.batchSizes)).toBe(100);
    expect(gateway.most).toBe(2);
    const entries = entriesOf(`${file}.result.ndjson`).sort((one, other) => Number(one.index) - Number(other.index));
    expect(entries.map(({ index }) => index)).toEqual(indexes(10_000));
    expect(entries[41]).toMatchObject({
      line: 42,
      document: 'ZZ-42',
      version: 1,
      status: 'STORED',
      postingId: gateway.find('ZZ-42')?.id,
      receipt: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      code: null,
      path: null,
    });

    const before = gateway.requests;
    expect((await run(post(file))).code).toBe(0);
    expect(gateway.requests).toBe(before);
  });

  it('killed with -9 again and again it posts each entry once and notes each down once', async () => {
    const file = fileOf(linesOf(numbered(300)));
    gateway.delayMs = 10;
    const options = post(file, '--batch', '7', '--in-flight', '3');
    let kills = 0;
    for (const many of [20, 120, 210]) {
      const { child, ended } = begin(options);
      while (gateway.effects < many && child.exitCode === null) await sleep(2);
      child.kill('SIGKILL');
      if ((await ended).code === null) kills += 1;
    }
    expect(kills).toBe(3);
    expect(gateway.effects).toBeLessThan(300);

    const { code, errors } = await run(options);

    expect(code, errors).toBe(0);
    expect(gateway.effects).toBe(300);
    expect(gateway.stored.size).toBe(300);
    const noted = entriesOf(`${file}.result.ndjson`);
    expect(noted.map(({ index }) => Number(index)).sort((one, other) => one - other)).toEqual(indexes(300));
    // What was sent twice came back under its key: it is no duplicate of another request.
    expect(new Set(noted.map(({ status }) => status))).toEqual(new Set(['STORED']));
  });

  it('mends a last line that was torn', async () => {
    const file = fileOf(linesOf(numbered(10)));
    await run(post(file, '--batch', '5'));
    const result = `${file}.result.ndjson`;
    const whole = readFileSync(result, 'utf8');
    for (const cut of [whole.length - 1, whole.length - 60]) {
      writeFileSync(result, whole.slice(0, cut));
      const { code, errors } = await run(post(file, '--batch', '5'));
      expect(code, errors).toBe(0);
      expect(resultOf(result)).toEqual(
        whole
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    }
    expect(gateway.effects).toBe(10);
  });

  it('goes over lost connections, busy answers and doubled work', async () => {
    const file = fileOf(linesOf(numbered(30)));
    gateway.faults.push(
      'drop-before',
      'drop-after',
      { status: 503, headers: { 'retry-after': '1' } },
      { status: 429 },
      { code: 'RATE_LIMITED' },
      { code: 'IN_PROGRESS' },
    );

    const { code, errors } = await run(post(file, '--batch', '10', '--in-flight', '3'));

    expect(code, errors).toBe(0);
    expect(errors).toContain('closed the connection. Trying again in');
    expect(errors).toContain('RATE_LIMITED: As told. [r-1] Trying again in');
    expect(gateway.effects).toBe(30);
    expect(gateway.requests).toBe(9);
  });

  it('sends a batch under another key where the gateway knows its key with another content', async () => {
    const file = fileOf(linesOf(numbered(4)));
    gateway.faults.push({ code: 'IDEMPOTENCY_CONFLICT' });

    const { code, errors } = await run(post(file));

    expect(code, errors).toBe(0);
    expect(gateway.effects).toBe(4);
    expect(gateway.keys).toEqual([expect.stringMatching(/^file-[\w-]{43}-[\da-f-]{36}$/)]);
  });

  it('draws a bar on a terminal', async () => {
    const file = fileOf(linesOf(numbered(200)));
    gateway.delayMs = 150;
    const { code, errors } = await run(post(file, '--in-flight', '1'), {}, 100);
    expect(code).toBe(0);
    expect(errors).toContain('\r[############............] 100/200 · stored 100, duplicate 0, refused 0');
    expect(errors).toContain('\r[########################] 200/200 · stored 200, duplicate 0, refused 0');
    expect(Math.max(...errors.split(/[\r\n]/).map((line) => line.replace('\x1b[K', '').length))).toBeLessThan(200);
  });

  it('gives up with 3 when nobody answers, when the gateway refuses and when it is none; nothing is noted down', async () => {
    const file = fileOf(linesOf(numbered(3)));
    const away = await run(['post', file, '--operator', 'YB1011', '--url', 'http://127.0.0.1:1', '--patience', '1']);
    expect(away.code).toBe(3);
    expect(away.errors).toContain('http://127.0.0.1:1 cannot be reached.');

    gateway.faults.push({ code: 'FORBIDDEN' });
    const refused = await run(post(file, '--lang', 'zh'), { CASEGRAPH_TOKEN: 'a-token' });
    expect(refused.code).toBe(3);
    expect(refused.errors).toContain('FORBIDDEN：如前所述。 [r-1]');
    expect(gateway.headers[0]?.authorization).toBe('Bearer a-token');

    gateway.faults.push('html');
    const page = await run(post(file));
    expect(page.code).toBe(3);
    expect(page.errors).toContain(`What answers at ${gateway.url} is no gateway (HTTP 200).`);
    expect(entriesOf(`${file}.result.ndjson`)).toEqual([]);

    expect((await run(post(file))).code).toBe(0);
  });

  it('ends with 1 when some are refused, and tells each with its line', async () => {
    const file = fileOf(linesOf(['A-1', 'BAD-1', 'A-2']));

    const { code, output, errors } = await run(post(file));

    expect(code).toBe(1);
    expect(output).toContain('stored 2, duplicate 0, refused 1');
    expect(errors).toContain(`${file}:2: INVALID_INPUT: patient.idNumber: must have 18 characters.`);
    expect(entriesOf(`${file}.result.ndjson`)[1]).toMatchObject({
      status: 'REFUSED',
      line: 2,
      messageZh: 'patient.idNumber：应为18位。',
    });
    expect((await run(post(file))).code).toBe(1);
  });

  it('with --atomic holds the others of a batch back', async () => {
    const file = fileOf(linesOf(['A-1', 'BAD-1', 'A-2', 'A-3']));

    const { code, output } = await run(post(file, '--atomic', '--batch', '2', '--lang', 'zh'));

    expect(code).toBe(1);
    expect(output).toContain('受理2，重复0，拒收1，未受理1');
    expect([...gateway.stored.values()].map(({ entry }) => entry.document)).toEqual(['A-2', 'A-3']);
  });

  it('refuses a file that has changed, until --fresh, which keeps the earlier results', async () => {
    const file = fileOf(linesOf(['A-1', 'BAD-1']));
    await run(post(file));
    writeFileSync(file, linesOf(['A-1', 'B-1']));

    const changed = await run(post(file));
    expect(changed.code).toBe(2);
    expect(changed.errors).toContain('has changed since');
    const fresh = await run(post(file, '--fresh'));
    expect(fresh.code, fresh.errors).toBe(0);
    expect(fresh.output).toContain('stored 1, duplicate 1, refused 0');
    const kept = /Kept: (.*)/.exec(fresh.errors)?.[1] ?? '';
    expect(entriesOf(kept)).toHaveLength(2);
    // The same file anew is asked anew, not answered from the earlier request.
    expect((await run(post(file, '--fresh'))).output).toContain('stored 0, duplicate 2, refused 0');
  });

  it('refuses to go on with other settings, and with a result file that is damaged', async () => {
    const file = fileOf(linesOf(numbered(3)));
    await run(post(file));

    const other = await run(post(file, '--batch', '5', '--atomic'));
    expect(other.code).toBe(2);
    expect(other.errors).toContain('--batch, --atomic: differs from the run');

    const result = `${file}.result.ndjson`;
    const [first = '', ...rest] = readFileSync(result, 'utf8').split('\n');
    writeFileSync(result, [first, 'nonsense', ...rest].join('\n'));
    const damaged = await run(post(file));
    expect(damaged.code).toBe(2);
    expect(damaged.errors).toContain(`${result}:2:1: not a line of a result file`);
  });

  it('refuses to run beside another command on the same file, and takes over from one that is gone', async () => {
    const file = fileOf(linesOf(numbered(20)));
    gateway.delayMs = 200;
    const first = run(post(file, '--batch', '5'));
    while (gateway.requests === 0) await sleep(2);
    const second = await run(post(file, '--batch', '5'));
    expect(second.code).toBe(2);
    expect(second.errors).toMatch(/process \d+ on .* is writing it/);
    expect((await first).code).toBe(0);
    writeFileSync(`${file}.result.ndjson.lock`, JSON.stringify({ host: hostname(), process: 2 ** 22 + 1 }));
    expect((await run(post(file, '--batch', '5'))).code).toBe(0);
    expect(existsSync(`${file}.result.ndjson.lock`)).toBe(false);
  });

  it('ends with 3 where the result cannot be written, and posts nothing', async () => {
    const file = fileOf(linesOf(['A-1']));
    const { code, errors } = await run(post(file, '--result', join(file, 'result.ndjson')));
    expect(code).toBe(3);
    expect(errors).toContain('open: ENOTDIR');
    expect(gateway.requests).toBe(0);
  });

  it('begins anew where nothing was noted down, whatever was told then', async () => {
    const file = fileOf(linesOf(['A-1']));
    gateway.faults.push({ code: 'FORBIDDEN' });
    expect((await run(post(file, '--batch', '7'))).code).toBe(3);
    writeFileSync(file, linesOf(['A-1', 'A-2']));
    const { code, errors } = await run(post(file));
    expect(code, errors).toBe(0);
    expect(gateway.effects).toBe(2);
  });

  it('keeps requests under 1 MiB', async () => {
    const long = numbered(300).map((document) => ({ kind: 'REFERRAL', document, condition: '病'.repeat(7_000) }));
    const file = fileOf(long.map((entry) => `${JSON.stringify(entry)}\n`).join(''));

    expect((await run(post(file))).code).toBe(0);

    expect(gateway.effects).toBe(300);
    expect(Math.max(...gateway.bodySizes)).toBeLessThan(1_048_576);
    expect(Math.max(...gateway.bodySizes)).toBeGreaterThan(900_000);
  });

  it('stops after Ctrl-C with what is on its way noted down, and goes on later', async () => {
    const file = fileOf(linesOf(numbered(100)));
    gateway.delayMs = 50;
    const { child, ended } = begin(post(file, '--batch', '5'));
    while (gateway.effects < 20) await sleep(2);
    child.kill('SIGINT');
    const { code, errors } = await ended;
    expect(code).toBe(3);
    expect(errors).toContain('the same command goes on from there');
    expect(entriesOf(`${file}.result.ndjson`)).toHaveLength(gateway.effects);

    gateway.delayMs = 0;
    expect((await run(post(file, '--batch', '5'))).code).toBe(0);
    expect(gateway.effects).toBe(100);
  });

  it('with --wait follows each posting to its end and notes that down', async () => {
    const file = fileOf(linesOf([...numbered(45), 'REJECTED-1', 'MANUAL-1']));

    const { code, output, errors } = await run(post(file, '--wait'));

    expect(code, errors).toBe(1);
    expect(output).toContain('settled 45, rejected 1, cancelled 0, for a person 1');
    const ends = resultOf(`${file}.result.ndjson`).filter(({ record }) => record === 'end');
    expect(ends).toHaveLength(47);
    expect(ends.find(({ document }) => document === 'ZZ-7')).toMatchObject({
      line: 7,
      state: 'SETTLED',
      outcome: { serial: 'S1' },
    });
    expect(ends.find(({ document }) => document === 'REJECTED-1')).toMatchObject({
      failure: { code: 'DEPARTMENT_REJECTED' },
    });
    // Only what a person was to look at is asked for again.
    const before = gateway.requests;
    await run(post(file, '--wait'));
    expect(gateway.requests).toBe(before + 1);
  });

  it('does not end the waiting as success when the time is over', async () => {
    const file = fileOf(linesOf(['A-1']));
    const { code, errors } = await run(post(file, '--wait-at-most', '0'));
    expect(code).toBe(3);
    expect(errors).toContain('1 have not ended yet');
  });

  it('tells usage with 2', async () => {
    const file = fileOf(linesOf(['A-1']));
    for (const [args, text] of [
      [['post', file], '--operator is needed'],
      [['post'], 'expected one FILE'],
      [post(file, '--batch', '1001'), '--batch: expected a whole number from 1 to 1000'],
      [post(file, '--nope'), 'Unknown option'],
      [['post', file, '--operator', 'x', '--url', 'ftp://nowhere'], '--url: must be an address'],
      [['hello'], 'expected post, status'],
      [post(`${file}.none`), 'cannot be read (ENOENT)'],
    ] as const) {
      const { code, errors } = await run(args);
      expect(errors).toContain(text);
      expect(code).toBe(2);
    }
    appendFileSync(file, '{"kind":"REFERRAL"');
    expect((await run(post(file))).code).toBe(2);
    expect(gateway.requests).toBe(0);
  });
});
