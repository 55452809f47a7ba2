import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { openHome, type Place } from '../../../adapters/database/home.ts';
import { openStore } from '../../../adapters/database/store.ts';
import { FIRST_PEOPLES } from '../../../seeds/population/hospitals.ts';
import type { AccountEntry } from '../../../subgraphs/medical/postings/reconciliation/account.ts';
import { settledHere } from '../../subgraphs/fixture/settled-month.ts';
import { KEYS } from './keys.ts';
import { type PlantedMonth, plantedMonth } from './planted.ts';
import type { TimedMonth } from './timed.ts';

const programOf = (name: string) => new URL(name, import.meta.url).pathname;
const BOOK_PAGE = 2_000;
/** As the gateway runs. */
const NODE_OPTIONS = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--heap-growing-percent=60'];

export interface ReconciledMonth extends TimedMonth, Pick<PlantedMonth, 'planted'> {}

/** Fills a store and a platform of its own process with a month of so many settlements, and reconciles it in a third. */
export async function reconciledMonth(count: number, place: Place): Promise<ReconciledMonth> {
  const platform = spawn(process.execPath, [programOf('platform.ts'), String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const address = createInterface({ input: platform.stdout })[Symbol.asyncIterator]().next();
    const month = plantedMonth(count);
    const book = randomUUID();
    await fill(place, month, book);
    const { value: baseUrl } = await address;
    const args = [...NODE_OPTIONS, programOf('timed.ts'), JSON.stringify(place), String(baseUrl), book];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return { planted: month.planted, ...(JSON.parse(stdout) as TimedMonth) };
  } finally {
    platform.kill();
  }
}

async function fill(place: Place, month: PlantedMonth, book: string): Promise<void> {
  const store = await openStore({ ...place, ...KEYS });
  try {
    await settledHere(store, month.store);
    const rows = month.hospital.map(entryOf);
    for (let page = 0; page * BOOK_PAGE < rows.length; page += 1) {
      const some = rows.slice(page * BOOK_PAGE, (page + 1) * BOOK_PAGE);
      const added = { provider: FIRST_PEOPLES.code, book, page, rows: some, at: Date.now() };
      await store.write((tx) => store.hospitalBooks.addPage(tx, added));
    }
  } finally {
    await store.close();
  }
  // A month that comes in a minute is one that the planner knows nothing of.
  const home = await openHome(place);
  await sql.raw('analyze').execute(home.db);
  await home.close();
}

function entryOf(row: ReturnType<typeof plantedMonth>['hospital'][number]): AccountEntry {
  const { total, fundTotal, accountPaid, ...rest } = row;
  return { ...rest, totalFen: total, fundTotalFen: fundTotal, accountFen: accountPaid };
}
