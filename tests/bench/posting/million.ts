import { sql } from 'kysely';
import { type Home, openHome, type Place } from '../../../adapters/database/home.ts';
import { migrate } from '../../../adapters/database/migrations.ts';
import { PersonalColumns } from '../../../adapters/database/personal-columns.ts';
import { POSTING_KINDS, POSTING_STATES } from '../../../adapters/database/posting-rows.ts';
import { type NewPosting, type PostingFilter, Postings } from '../../../adapters/database/postings.ts';
import { referral } from './entries.ts';
import { benchHomes } from './places.ts';

const POSTINGS = 1_000_000;
const BATCH = 500;
const STEPS = 10;
/** Hospitals, the largest first: of the last there are a hundredth. */
const HOSPITALS = ['H42120200001', 'H42120200002', 'H42120200003'];
const FIRST_MOMENT = Date.UTC(2025, 10, 1);
const STEP_MS = 31_000;
/** What `postings(first: 50)` reads: one more tells whether another page follows. */
const PAGE = 51;
/** A time above this is taken again, and the best counts: the machine's other work is not the store's. */
const DOUBTED_MS = 8;
const ROUNDS = 5;
const PEOPLE = 20_000;
const COLUMNS = new PersonalColumns({ handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) });

export interface MillionPart {
  readonly home: string;
  readonly postings: number;
  /** Resident memory of the process after each tenth, MB. */
  readonly memoryMb: readonly number[];
  readonly worstListMs: number;
  readonly worstList: string;
  /** A count by state reads the hospital's whole run of an index. */
  readonly countMs: number;
}

/** A million postings pass through `Postings.add`; what memory they leave, and what lists of them take. */
export async function millionPostingsPart(total = POSTINGS): Promise<readonly MillionPart[]> {
  const parts: MillionPart[] = [];
  for (const { name, on } of await benchHomes()) parts.push(await on((place) => measure(name, place, total)));
  return parts;
}

async function measure(name: string, place: Place, total: number): Promise<MillionPart> {
  const home = await openHome(place);
  try {
    await migrate(home.db, home.name);
    const postings = new Postings(home.db, COLUMNS);
    const started = performance.now();
    const memoryMb = await fill(home, postings, total);
    const seconds = (performance.now() - started) / 1_000;
    console.log(
      `${name}: ${total} postings in ${seconds.toFixed(0)} s; resident MB after each tenth: ${memoryMb.join(' ')}`,
    );
    await age(home, total);
    const { worstList, worstListMs } = await listTimes(name, postings, total);
    const countMs = await best(() => postings.countByState(HOSPITALS[0] as string));
    console.log(
      `${name}: a list takes ${worstListMs.toFixed(1)} ms at worst (${worstList}), a count by state ${countMs.toFixed(0)} ms`,
    );
    return { home: name, postings: total, memoryMb, worstListMs, worstList, countMs };
  } finally {
    await home.close();
  }
}

async function fill({ writer }: Home, postings: Postings, total: number): Promise<number[]> {
  const memoryMb: number[] = [];
  for (let start = 0; start < total; start += BATCH) {
    const entries = Array.from({ length: BATCH }, (_, index) => entry(start + index));
    const prepared = postings.prepare(entries);
    const added = await writer.write((tx) => postings.add(tx, prepared));
    if (!added.every(({ result }) => result === 'stored')) throw new Error('an entry was not stored');
    if ((start + BATCH) % (total / STEPS) === 0) memoryMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }
  return memoryMb;
}

function entry(index: number): NewPosting {
  const provider = HOSPITALS[index % 100 === 0 ? 2 : index % 4 === 0 ? 1 : 0];
  return {
    ...referral(provider),
    kind: POSTING_KINDS[index % 10_000 === 0 ? 1 : 0] as NewPosting['kind'],
    idNumber: `person-${index % PEOPLE}`,
    at: FIRST_MOMENT + index * STEP_MS,
  };
}

/** All but a few are settled; the rare states are the oldest ones. */
async function age({ db, shared }: Home, total: number): Promise<void> {
  const at = (share: number) => FIRST_MOMENT + Math.floor(total * share) * STEP_MS;
  await db
    .updateTable('posting')
    .set({ state: 'settled', due_at: null, settled_at: sql`stored_at + 60000` })
    .where('stored_at', '<', at(0.99))
    .execute();
  for (const [state, share] of [
    ['manual', 0.002],
    ['unknown', 0.001],
    ['cancelled', 0.0005],
  ] as const) {
    await db.updateTable('posting').set({ state }).where('stored_at', '<', at(share)).execute();
  }
  await sql.raw(shared ? 'vacuum analyze' : 'analyze').execute(db);
}

/** The worst of every combination of conditions, of first pages and of pages from the middle on; and of the other lists. */
async function listTimes(name: string, postings: Postings, total: number) {
  const moment = (share: number) => FIRST_MOMENT + Math.floor(total * share) * STEP_MS;
  const middle = (await postings.list({ storedBefore: moment(0.5) }, { limit: 1 }))[0]?.id;
  const times: { readonly list: string; readonly ms: number }[] = [];
  const time = async (list: string, read: () => Promise<unknown>) => times.push({ list, ms: await best(read) });
  for (const filter of filters(moment, postings)) {
    for (const after of [undefined, middle]) {
      await time(`${JSON.stringify(filter)}${after ? ' from the middle' : ''}`, () =>
        postings.list(filter, { limit: PAGE, after }),
      );
    }
  }
  for (const provider of [null, ...HOSPITALS]) {
    await time(`work list ${provider}`, () => postings.workList(provider, { limit: PAGE }));
  }
  await time('hospitals with work', () => postings.providersWithWork());
  await time('a document', () => postings.byDocument(HOSPITALS[0] as string, 'none', 'last'));
  const worst = times.reduce((one, other) => (other.ms > one.ms ? other : one));
  console.log(`${name}: ${times.length} lists, ${times.filter(({ ms }) => ms > 20).length} of them above 20 ms`);
  return { worstList: worst.list, worstListMs: worst.ms };
}

function filters(moment: (share: number) => number, postings: Postings): PostingFilter[] {
  const dimensions: readonly (readonly PostingFilter[])[] = [
    [{}, ...HOSPITALS.map((provider) => ({ provider }))],
    [{}, ...POSTING_STATES.map((state) => ({ states: [state] })), { states: POSTING_STATES }],
    [{}, ...POSTING_KINDS.map((kind) => ({ kind }))],
    [{}, { storedBefore: moment(0.0001) }, { storedFrom: moment(0.4), storedBefore: moment(0.4002) }],
    [{}, { patient: postings.handle('person-7') }],
  ];
  return dimensions.reduce<PostingFilter[]>(
    (all, variants) => all.flatMap((filter) => variants.map((variant) => ({ ...filter, ...variant }))),
    [{}],
  );
}

async function best(read: () => Promise<unknown>): Promise<number> {
  let ms = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && ms > DOUBTED_MS; round += 1) {
    const started = performance.now();
    await read();
    ms = Math.min(ms, performance.now() - started);
  }
  return ms;
}
