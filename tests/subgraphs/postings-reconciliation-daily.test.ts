import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FIRST_PEOPLES, HOSPITALS } from '../../seeds/population/hospitals.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { storeOpener, testHomes } from '../store/homes.ts';
import { type MedicalPlatform, openMedicalPlatform } from './fixture/medical-platform.ts';
import { HOSPITAL } from './fixture/medical-records.ts';
import { monthOf, platformWith, settledHere } from './fixture/settled-month.ts';

const HOUR_MS = 3_600_000;
/** Half past midnight of New Year's Day 2026 in China. */
const NEW_YEAR = Date.parse('2026-01-01T00:30:00+08:00');
const MONTH = monthOf(FIRST_PEOPLES, { first: '2025-12-01', days: 31, count: 93 });
const PROGRAM = new URL('fixture/reconciling-process.ts', import.meta.url).pathname;
const LISTED = `query ($hospital: String!) { postingReconciliations(hospital: $hospital) { from to daily state differenceCount } }`;

const homes = await testHomes();
const open = storeOpener();
let platform: MedicalPlatform;

beforeAll(async () => {
  platform = await openMedicalPlatform(platformWith(MONTH));
});

afterAll(() => platform.close());

function setClock(instant: number): void {
  platform.core.setClock(instant - Date.now());
}

async function listed(medical: Awaited<ReturnType<MedicalPlatform['subgraph']>>, hospital: string) {
  return (await medical.ask(LISTED, { hospital })).data.postingReconciliations;
}

describe.each(homes)('the day before, on $name', (home) => {
  it('is reconciled for each hospital every day, and days that were missed are made up for', async () => {
    const place = await home.newPlace();
    const store = await open(place);
    // Only on PostgreSQL a second process may have the same store.
    const stores = [store, 'url' in place ? await open(place) : store];
    await settledHere(store, MONTH);
    const dailies = async (hour: number, expected: readonly string[]) => {
      setClock(NEW_YEAR + hour * HOUR_MS);
      const both = await Promise.all(stores.map((one) => platform.subgraph({}, { store: one })));
      const [medical] = both;
      if (!medical) throw new Error('none');
      await vi.waitFor(
        async () => {
          for (const { code } of HOSPITALS) {
            const made = await listed(medical, code);
            expect(made.map(({ from }: { from: string }) => from)).toEqual(expected);
            for (const one of made)
              expect(one).toMatchObject({ to: one.from, daily: true, state: 'DONE', differenceCount: 0 });
          }
        },
        { timeout: 10_000, interval: 50 },
      );
      await Promise.all(both.map((one) => one.stop()));
    };
    // At half past midnight the day before is not closed yet.
    await dailies(0, []);
    await dailies(3, ['2025-12-31']);
    await dailies(3, ['2025-12-31']);
    const made = ['2026-01-03', '2026-01-02', '2026-01-01', '2025-12-31'];
    await dailies(3 * 24 + 3, made);
  });
});

it('goes on in another process where one was killed in the middle', async () => {
  setClock(NEW_YEAR);
  const [sqlite] = homes;
  const place = await sqlite?.newPlace();
  if (!place) throw new Error('no place');
  const before = await open(place);
  await settledHere(before, MONTH);
  await before.close();
  const settings = {
    baseUrl: platform.address,
    ...sandbox.medicalInsurance,
    institution: { ...HOSPITAL, operator: { number: 'YB0017', name: '示例经办员' } },
  };
  const input = { operator: 'hospital', idempotencyKey: randomUUID(), from: '2025-12-01', to: '2025-12-31' };
  // No statement is answered for a minute.
  platform.core.addFault({ match: '3202', kind: 'late-answer', delayMs: 60_000 });
  const args = [place, settings, input, NEW_YEAR - Date.now()].map((one) => JSON.stringify(one));
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'ignore', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const asked = platform.asked()[3202] ?? 0;
  await vi.waitFor(() => expect(platform.asked()[3202]).toBeGreaterThan(asked), { timeout: 20_000, interval: 20 });
  child.kill('SIGKILL');
  await once(child, 'exit');
  platform.core.clearFaults();

  const store = await open(place);
  const [running] = await store.reconciliations.ofProvider(FIRST_PEOPLES.code, 10);
  expect(running).toMatchObject({ state: 'running' });
  const medical = await platform.subgraph({ postings: { reconciliation: { dailyAt: null } } }, { store });
  await vi.waitFor(
    async () => {
      const made = await listed(medical, FIRST_PEOPLES.code);
      expect(made).toEqual([{ from: '2025-12-01', to: '2025-12-31', daily: false, state: 'DONE', differenceCount: 0 }]);
    },
    { timeout: 10_000, interval: 50 },
  );
  expect(medical.faults).toEqual([]);
  await medical.stop();
}, 40_000);
