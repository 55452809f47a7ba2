import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../gateway/sandbox/simulators.ts';
import { GatewayProcess } from '../journeys/services/gateway-process.ts';
import { newFolder } from '../store/homes.ts';
import { Clerk } from './clerk.ts';
import { Documents, POSTERS } from './documents.ts';
import { Platform } from './platform.ts';
import { callsIn, isAcknowledgement, isLogSync, isLogWrite } from './system-calls.ts';

const folder = newFolder();
const PATIENCE_MS = 120_000;
/** In the trace as far as an answer and the head of a request need it. */
const TEXT_BYTES = 4_096;
const SINGLES = 12;
const AT_ONCE = 8;

describe.skipIf(noStrace())('a gateway on SQLite', () => {
  let platform: Platform;
  let gateway: GatewayProcess;
  let clerk: Clerk;
  let documents: Documents;
  beforeAll(async () => {
    platform = await Platform.start(2_000);
    documents = new Documents(platform.population);
    const place = { path: join(folder, 'store.sqlite') };
    gateway = new GatewayProcess(platform.addresses, place, { port: await freePort() });
    await gateway.start();
    clerk = new Clerk(() => gateway.url);
  }, PATIENCE_MS);
  afterAll(async () => {
    await gateway?.stop();
    await platform?.stop();
  }, PATIENCE_MS);

  it(
    'has every posting on disk before it is acknowledged',
    async () => {
      // What a first request takes is not traced.
      await clerk.post(documents.referral());
      const traceFile = join(folder, 'trace');
      const tracer = await trace(gateway.pid ?? 0, traceFile);
      for (let index = 0; index < SINGLES; index += 1) await clerk.post(documents.referral());
      await Promise.all(Array.from({ length: AT_ONCE }, () => clerk.post(documents.referral())));
      await clerk.postBatch(Array.from({ length: AT_ONCE }, () => documents.referral(POSTERS[0])));
      tracer.kill('SIGINT');
      await once(tracer, 'exit');

      const calls = callsIn(readFileSync(traceFile, 'utf8'));
      const acknowledged = calls.flatMap((call, index) => (isAcknowledgement(call) ? [index] : []));
      expect(acknowledged.length).toBe(SINGLES + AT_ONCE + 1);
      for (const [number, at] of acknowledged.entries()) {
        const before = calls.slice(0, at);
        const written = before.findLastIndex(isLogWrite);
        const synced = before.findLastIndex(isLogSync);
        // The request before this one had a commit of its own, unless they came at once.
        const asked = number < SINGLES ? (acknowledged[number - 1] ?? 0) : 0;
        expect({ number, written: written > asked, synced: synced > written }).toEqual({
          number,
          written: true,
          synced: true,
        });
      }
    },
    PATIENCE_MS,
  );
});

/** Follows a running process; resolves when all its threads are. */
async function trace(pid: number, file: string): Promise<ChildProcess> {
  const calls = 'trace=write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync';
  const tracer = spawn('strace', ['-f', '-y', '-s', String(TEXT_BYTES), '-e', calls, '-o', file, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  tracer.stderr?.on('data', (chunk: Buffer) => {
    told += chunk;
  });
  while (!told.includes('attached')) {
    if (tracer.exitCode !== null) throw new Error(`strace ended: ${told}`);
    await sleep(20);
  }
  return tracer;
}

/** In CI the system calls must be traced; elsewhere where that can be done. */
function noStrace(): boolean {
  const works = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
  if (works) return false;
  const reason =
    'strace is not installed or may not trace: what is on disk when a posting is acknowledged is not watched';
  if (process.env.CI) throw new Error(reason);
  console.warn(reason);
  return true;
}
