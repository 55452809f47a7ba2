import { openStore, type Store } from '../../../adapters/database/store.ts';
import { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { medicalInsuranceSettings } from '../../../adapters/medical-insurance/settings.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { FIRST_PEOPLES } from '../../../seeds/population/hospitals.ts';
import sandbox from '../../../seeds/sandbox.json' with { type: 'json' };
import type { AccountEntry } from '../../../subgraphs/medical/postings/reconciliation/account.ts';
import { bookedBetween } from '../../../subgraphs/medical/postings/reconciliation/booked-between.ts';
import { daysFrom } from '../../../subgraphs/medical/postings/reconciliation/days.ts';
import { platformBooks } from '../../../subgraphs/medical/postings/reconciliation/platform-books.ts';
import { reconcile } from '../../../subgraphs/medical/postings/reconciliation/reconcile.ts';
import { KEYS } from './keys.ts';
import { DAYS } from './planted.ts';

const EXPECTED = {
  pairs: ['21', '11'].map((clearingType) => ({ clearingType, clearingOffice: '421202' })),
  insuranceKinds: ['310', '390'],
};

export interface TimedMonth {
  /** Kind and settlement of what was found. */
  readonly found: readonly (readonly [string, string | null])[];
  /** Milliseconds of each part. */
  readonly ms: Readonly<Record<'store' | 'platform' | 'hospital' | 'compare' | 'keep', number>>;
  /** Calls to the platform by transaction, and the milliseconds that they took together. */
  readonly calls: Readonly<Record<string, { readonly count: number; readonly ms: number }>>;
  /** Processor time of this process, milliseconds. */
  readonly cpuMs: number;
  /** Before, and the highest while it was made. */
  readonly memoryMb: { readonly before: number; readonly peak: number };
}

/** Makes one reconciliation, part by part. */
async function timed(store: Store, baseUrl: string, book: string): Promise<TimedMonth> {
  const { code, name, operators } = FIRST_PEOPLES;
  const [{ id: number, name: operator }] = operators as unknown as [{ id: string; name: string }];
  const institution = { code, name, operator: { number, name: operator, type: '1' as const } };
  const settings = medicalInsuranceSettings.parse({ baseUrl, ...sandbox.medicalInsurance, institution });
  const records: CallRecord[] = [];
  const observer = (record: CallRecord) => void records.push(record);
  const client = new MedicalInsuranceClient(settings, { counter: store.counter, observer });
  const ms = { store: 0, platform: 0, hospital: 0, compare: 0, keep: 0 };
  const part = async <T>(name: keyof typeof ms, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const value = await work();
    ms[name] = Math.round(performance.now() - started);
    return value;
  };
  const memory = { before: rssMb(), peak: 0 };
  const watch = setInterval(() => {
    memory.peak = Math.max(memory.peak, rssMb());
  }, 20);
  const cpu = process.cpuUsage();
  try {
    const days = daysFrom(DAYS.from, DAYS.to);
    const asked = { provider: code, ...DAYS, daily: false, book, operator: null, at: Date.now() };
    const id = await store.write((tx) => store.reconciliations.add(tx, asked));
    const ours = await part('store', () => bookedBetween(store, code, DAYS));
    const { signal } = new AbortController();
    const question = { institution, days, booked: ours.booked, expected: EXPECTED, signal };
    const platform = await part('platform', () => platformBooks(client, question));
    const hospital = await part('hospital', async () => {
      const entries: AccountEntry[] = [];
      for await (const rows of store.hospitalBooks.rows(code, book)) entries.push(...(rows as AccountEntry[]));
      return entries;
    });
    const result = await part('compare', () => reconcile(days, hospital, ours, platform));
    const { differenceCount } = result;
    await part('keep', () =>
      store.write((tx) => store.reconciliations.done(tx, String(id), { at: Date.now(), result, differenceCount })),
    );
    memory.peak = Math.max(memory.peak, rssMb());
    const found = result.differences.map(({ kind, settlementId }) => [kind, settlementId] as const);
    const { user, system } = process.cpuUsage(cpu);
    return { found, ms, calls: callsOf(records), cpuMs: Math.round((user + system) / 1_000), memoryMb: memory };
  } finally {
    clearInterval(watch);
    await client.close();
  }
}

function callsOf(records: readonly CallRecord[]) {
  const calls: Record<string, { count: number; ms: number }> = {};
  for (const { transaction, durationMs } of records) {
    const known = calls[transaction] ?? { count: 0, ms: 0 };
    calls[transaction] = { count: known.count + 1, ms: Math.round(known.ms + durationMs) };
  }
  return calls;
}

function rssMb(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

const [place = '', baseUrl = '', book = ''] = process.argv.slice(2);
const store = await openStore({ ...JSON.parse(place), ...KEYS });
console.log(JSON.stringify(await timed(store, baseUrl, book)));
await store.close();
