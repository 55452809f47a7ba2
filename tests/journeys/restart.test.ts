import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NAMED } from '../../seeds/population.ts';
import { readyLine, type Sandbox, startProgram, startSandbox } from './sandbox/sandbox.ts';

const QUERY =
  'query ($id: IdNumber!) { resident(idNumber: $id) { id name cases { edges { node { id number status } } } } }';
const variables = { id: Object.values(NAMED)[0]?.idNumber };

const running: Sandbox[] = [];

async function start(data: string): Promise<Sandbox> {
  const sandbox = await startSandbox({ options: ['--data', data, '--residents', '40'] });
  running.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.stop();
});

/** True when nobody listens at an address any more. */
async function isGone(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

describe('the sandbox', () => {
  it('killed at once takes its simulators with it, and starts again on the same data with the same answers', async () => {
    const data = mkdtempSync(join(tmpdir(), 'casegraph-restart-'));
    const first = await start(data);
    const answer = await first.ask(QUERY, variables);
    expect(answer.errors).toBeUndefined();
    const ended = once(first.process, 'exit');
    first.process.kill('SIGKILL');
    await ended;
    for (const { control } of Object.values(first.simulators)) {
      await vi.waitFor(async () => expect(await isGone(`${control}/control/calls`)).toBe(true), 5_000);
    }
    const second = await start(data);
    expect(await second.ask(QUERY, variables)).toEqual(answer);
  });

  it('refuses a data folder that another process holds, naming it, and leaves that one alone', async () => {
    const data = mkdtempSync(join(tmpdir(), 'casegraph-restart-'));
    const holder = await start(data);
    const refused = startProgram('gateway/main.ts', ['--sandbox', '--port', '0', '--data', data, '--residents', '40']);
    await expect(readyLine(refused)).rejects.toThrow(`is held by process ${holder.process.pid}.`);
    expect((await holder.ask(QUERY, variables)).errors).toBeUndefined();
  });

  it('stops on SIGTERM while a request runs: the request is answered, the exit code is 0', async () => {
    const sandbox = await start(mkdtempSync(join(tmpdir(), 'casegraph-restart-')));
    await sandbox.control('real-estate', 'POST', 'faults', { kind: 'delay', delayMs: 500 });
    const asked = sandbox.ask(
      'query ($id: IdNumber!) { resident(idNumber: $id) { properties { totalCount } } }',
      variables,
    );
    await vi.waitFor(async () => {
      const { total } = (await sandbox.control('real-estate', 'GET', 'calls')) as { total: number };
      expect(total).toBe(1);
    }, 5_000);
    const stopped = sandbox.stop();
    expect((await asked).errors).toBeUndefined();
    expect(await stopped).toBe(0);
  });
});
