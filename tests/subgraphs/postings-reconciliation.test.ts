import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import { FIRST_PEOPLES } from '../../seeds/population/hospitals.ts';
import { type MedicalPlatform, openMedicalPlatform } from './fixture/medical-platform.ts';
import { ADD_PAGE, addPage, askToReconcile, postingSubgraph, reconciled, told } from './fixture/reconciling.ts';
import { coversPartOfItsSchema, type RunningSubgraph } from './fixture/running-subgraph.ts';
import {
  type BookRow,
  bookOf,
  type MonthSettlement,
  monthOf,
  platformWith,
  settledHere,
} from './fixture/settled-month.ts';
import { tapLine } from './fixture/tapped-line.ts';

/** The month before the platform's clock: half past midnight of New Year's Day 2026. */
const DECEMBER = { from: '2025-12-01', to: '2025-12-31' };
const MONTH = monthOf(FIRST_PEOPLES, { first: DECEMBER.from, days: 31, count: 310 });
const [ONLY_HERE, AT_COUNTER, OTHER_FEN, OTHER_DAY, TWICE, UNKNOWN_TO_US, ALTERED_SINCE] = [
  20, 40, 60, 80, 100, 120, 140,
].map((index) => MONTH[index]) as [
  MonthSettlement,
  MonthSettlement,
  MonthSettlement,
  MonthSettlement,
  MonthSettlement,
  MonthSettlement,
  MonthSettlement,
];

/** Settled a second time for the same visit, by nobody here. */
const SECOND = { ...(MONTH[160] as MonthSettlement), id: '421202000009000160' };

const PRINTED = `query ($id: ID!) { postingReconciliation(id: $id) { csv pdf } }`;
const LISTED = `query ($hospital: String!) { postingReconciliations(hospital: $hospital, first: 1) { id } }`;

let platform: MedicalPlatform;
let medical: RunningSubgraph;

beforeAll(async () => {
  const settled = MONTH.filter((one) => one !== ONLY_HERE).map((one) => {
    if (one === ALTERED_SINCE) return { ...one, totalFen: one.totalFen + 1, cashFen: one.cashFen + 1 };
    if (one === OTHER_DAY) return { ...one, settledAt: one.settledAt.replace('2025-12-09', '2025-12-10') };
    return one;
  });
  platform = await openMedicalPlatform(platformWith([...settled, SECOND]));
  medical = await postingSubgraph(platform, {
    fill: (store) =>
      settledHere(
        store,
        MONTH.filter((one) => one !== UNKNOWN_TO_US),
      ),
  });
});

beforeEach(() => platform.rewind());

afterEach(() => expect(medical.faults).toEqual([]));

afterAll(async () => {
  await medical.stop();
  await platform.close();
});

coversPartOfItsSchema(
  () => medical,
  /^(?:Query\.postingReconciliation|Mutation\.(?:addHospitalBookPage|reconcilePostings)|PostingReconciliation\.|Reconciliation(?:Totals|Statement|Difference|Entry)\w*\.|AddHospitalBookPagePayload\.|ReconcilePostingsPayload\.)/,
);

describe('a month of a hospital', () => {
  it('is compared settlement by settlement, and each difference named with its cause', async () => {
    const book = bookOf(MONTH).map((row) => {
      if (row.settlementId === OTHER_FEN.id) return { ...row, total: row.total + 1 };
      return row;
    });
    const twice = book.find(({ settlementId }) => settlementId === TWICE.id);
    const found = await reconciled(
      medical.ask,
      DECEMBER,
      [...book, { ...twice, place: '第999行' } as never].filter(({ settlementId }) => settlementId !== AT_COUNTER.id),
    );
    expect(found).toMatchObject({
      hospital: FIRST_PEOPLES.code,
      ...DECEMBER,
      daily: false,
      state: 'DONE',
      failure: null,
      agrees: false,
      differenceCount: 8,
    });
    expect(told(found)).toEqual([
      ['MISSING', 'PLATFORM', ONLY_HERE.id, 'NOT_AT_THE_PLATFORM'],
      ['MISSING', 'HOSPITAL', AT_COUNTER.id, 'NOT_BOOKED'],
      ['AMOUNT', 'HOSPITAL', OTHER_FEN.id, 'AMOUNT_AT_THE_HOSPITAL'],
      ['DAY', 'HOSPITAL+STORE', OTHER_DAY.id, 'OTHER_DAY'],
      ['DOUBLED', 'HOSPITAL', TWICE.id, 'TWICE_IN_THE_BOOKS'],
      ['MISSING', 'STORE', UNKNOWN_TO_US.id, 'SETTLED_ELSEWHERE'],
      ['AMOUNT', 'HOSPITAL+STORE', ALTERED_SINCE.id, 'AMOUNT_HERE'],
      ['SECOND', 'PLATFORM', SECOND.id, 'SECOND_SETTLEMENT'],
    ]);
    const altered = found.differences.edges[2].node;
    expect(altered).toMatchObject({
      document: OTHER_FEN.document,
      visitId: OTHER_FEN.visitId,
      posting: { state: 'SETTLED' },
    });
    expect(
      altered.entries.map((entry: { side: string; total: number; place: string | null }) => [
        entry.side,
        entry.total,
        entry.place,
      ]),
    ).toEqual([
      ['HOSPITAL', OTHER_FEN.totalFen + 1, '第62行'],
      ['STORE', OTHER_FEN.totalFen, null],
      ['PLATFORM', OTHER_FEN.totalFen, null],
    ]);
    expect(found.totals.map(({ side, count }: { side: string; count: number }) => [side, count])).toEqual([
      ['HOSPITAL', 310],
      ['STORE', 309],
      ['PLATFORM', 310],
    ]);
  });

  it('agrees where all three books say the same, without the hospital’s too', async () => {
    const days = { from: '2025-12-25', to: '2025-12-26' };
    const both = MONTH.slice(240, 260);
    const withBook = await reconciled(medical.ask, days, bookOf(MONTH));
    expect(withBook).toMatchObject({ agrees: true, differenceCount: 0, differences: { edges: [] } });
    const total = both.reduce((sum, { totalFen }) => sum + totalFen, 0);
    const sums = { count: 20, total };
    expect(withBook.totals).toMatchObject([
      { side: 'HOSPITAL', ...sums },
      { side: 'STORE', ...sums },
      { side: 'PLATFORM', ...sums },
    ]);
    const without = await reconciled(medical.ask, days, null);
    expect(without).toMatchObject({ agrees: true, totals: [{ side: 'STORE' }, { side: 'PLATFORM' }] });
    // Days, clearing kinds, insurances, refunds and what stands.
    expect(without.statements).toHaveLength(2 * 2 * 2 * 2);
    expect(without.statements[0]).toEqual({
      day: days.from,
      insuranceKind: '310',
      clearingType: '11',
      clearingOffice: '421202',
      refunded: false,
      result: 'EQUAL',
      description: '对平',
    });
  });

  it('is found by the hospital’s documents where its file has no settlement ids', async () => {
    const days = { from: '2025-12-25', to: '2025-12-25' };
    const book = bookOf(MONTH.slice(240, 250)).map((row) => ({ ...row, settlementId: null }));
    expect(await reconciled(medical.ask, days, book)).toMatchObject({ agrees: true });
    const [first, ...others] = book as [BookRow, ...BookRow[]];
    const found = await reconciled(medical.ask, days, [
      { ...first, document: 'DJ-nowhere', visitId: null },
      ...others,
    ] as never);
    expect(told(found)).toEqual([
      ['MISSING', 'HOSPITAL', MONTH[240]?.id, 'NOT_BOOKED'],
      ['MISSING', 'STORE+PLATFORM', 'DJ-nowhere', 'NEVER_POSTED'],
    ]);
  });

  it('asks the platform once for all days of what nobody has booked', async () => {
    const found = await reconciled(medical.ask, DECEMBER, null);
    expect(found.statements).toHaveLength(31 * 2 * 2 * 2);
    const { 3201: totals, 3202: details } = platform.asked();
    expect([totals, details]).toEqual([31 * 2 + 6, 31]);
  });

  it('does not agree where the sums differ, though the answer is a success and no settlement differs', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(answer.toString('latin1').replace('"stmt_rslt":"0"', '"stmt_rslt":"3"'), 'latin1'),
    );
    const fill = (store: Store) => settledHere(store, MONTH.slice(240, 250));
    const tapped = await platform.subgraph({ baseUrl: line.url }, { fill });
    const days = { from: '2025-12-25', to: '2025-12-25' };
    const found = await reconciled(tapped.ask, days, null);
    expect(found).toMatchObject({ agrees: false, differenceCount: 0, state: 'DONE' });
    expect(found.statements).toContainEqual(expect.objectContaining({ clearingType: '21', result: 'AMOUNTS_DIFFER' }));
    await tapped.stop();
    await line.close();
  });

  it('goes on when the platform comes back that was away in the middle', async () => {
    platform.core.addFault({ match: '3202', kind: 'busy', times: 2 });
    platform.core.addFault({ match: '9102', kind: 'drop-before-work', times: 1 });
    const found = await reconciled(medical.ask, { from: '2025-12-25', to: '2025-12-26' }, null);
    expect(found).toMatchObject({ agrees: true });
    expect(medical.takeFaults().map(({ error }) => (error as { code?: string }).code)).toContain('DEPARTMENT_BUSY');
  });

  it('tells the platform’s words where it refuses', async () => {
    platform.core.addFault({ match: '3201', kind: 'http-status', status: 400 });
    const found = await reconciled(medical.ask, { from: '2025-12-25', to: '2025-12-26' }, null);
    expect(found).toMatchObject({
      state: 'FAILED',
      agrees: null,
      failure: { code: 'DEPARTMENT_REJECTED', departmentCode: 'HTTP 400' },
      totals: [],
      differences: { edges: [] },
    });
    const { data } = await medical.ask(PRINTED, { id: found.id });
    expect(data.postingReconciliation).toMatchObject({ csv: null, pdf: null });
    medical.takeFaults();
  });

  it('is read again by its id and in the hospital’s list, as CSV and as PDF', async () => {
    const { id } = await reconciled(medical.ask, DECEMBER, null);
    const { data } = await medical.ask(PRINTED, { id });
    const { csv, pdf } = data.postingReconciliation;
    expect(csv).toMatch(/^\uFEFF定点医药机构编号,H42120200101,对账期间,2025-12-01,2025-12-31\r\n/);
    expect(csv).toContain(`缺失,中心,${ONLY_HERE.id}\t,${ONLY_HERE.document}`);
    expect(Buffer.from(pdf, 'base64').toString('latin1', 0, 8)).toBe('%PDF-1.7');
    const listed = await medical.ask(LISTED, { hospital: FIRST_PEOPLES.code });
    expect(listed.data.postingReconciliations[0]).toEqual({ id });
    expect(await medical.ask(PRINTED, { id: randomUUID() })).toEqual({ data: { postingReconciliation: null } });
    expect(await medical.entities([{ __typename: 'PostingReconciliation', id }], 'id')).toMatchObject({
      data: { _entities: [{ id }] },
    });
  });
});

describe('a page of differences', () => {
  it('follows another', async () => {
    const { id } = await reconciled(medical.ask, DECEMBER, null);
    const page = (after: string | null) =>
      medical.ask(
        `query ($id: ID!, $after: String) { postingReconciliation(id: $id) {
          differences(first: 2, after: $after) { edges { cursor node { settlementId } } pageInfo { hasNextPage } } } }`,
        { id, after },
      );
    const { differences: first } = (await page(null)).data.postingReconciliation;
    expect(first.pageInfo).toEqual({ hasNextPage: true });
    const { differences: second } = (await page(first.edges[1].cursor)).data.postingReconciliation;
    expect(second.edges[0].node).toEqual({ settlementId: UNKNOWN_TO_US.id });
  });
});

describe('a hospital’s book', () => {
  it('is taken page by page, each once, in pages that fit a request', async () => {
    const rows = bookOf(MONTH);
    const book = `book-${randomUUID()}`;
    const add = (page: number, some: readonly BookRow[]) => addPage(medical.ask, { book, page, rows: some });
    expect(await add(0, rows.slice(0, 200))).toEqual({ book, pages: 1, rows: 200 });
    expect(await add(0, rows.slice(0, 200))).toEqual({ book, pages: 1, rows: 200 });
    expect(await add(1, rows.slice(200))).toEqual({ book, pages: 2, rows: 310 });
    const largest = bookOf(Array.from({ length: 2_000 }, (_, index) => MONTH[index % 310] as MonthSettlement));
    expect(JSON.stringify({ query: '', variables: { input: { rows: largest } } }).length).toBeLessThan(600_000);
    expect(await add(2, largest)).toEqual({ book, pages: 3, rows: 2_310 });
  });

  it.each([
    ['input.page', { page: -1 }],
    ['input.page', { page: 1_000 }],
    ['input.book', { book: 'short' }],
    ['input.rows', { rows: [] }],
    ['input.rows', { rows: Array.from({ length: 2_001 }, () => bookOf(MONTH)[0]) }],
    ['input.rows.0.document', { rows: [{ ...bookOf(MONTH)[0], settlementId: null, document: null }] }],
    ['input.operator', { operator: 'medical-security' }],
    // There, with other rows.
    ['input.page', { book: 'book-there', page: 0 }],
  ])('is not taken for a wrong %s', async (field, over) => {
    await addPage(medical.ask, { book: 'book-there', page: 0, rows: bookOf(MONTH).slice(1, 2) });
    const input = { operator: 'hospital', book: 'book-of-december', page: 0, rows: bookOf(MONTH).slice(0, 1), ...over };
    const { data, errors } = await medical.ask(ADD_PAGE, { input });
    expect(data?.addHospitalBookPage ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });
});

describe('a reconciliation', () => {
  it.each([
    ['input.to', { from: '2025-12-02', to: '2025-12-01' }],
    ['input.to', { to: '2026-01-01' }],
    ['input.to', { from: '2025-11-30', to: '2025-12-31' }],
    ['input.book', { book: 'book-nowhere' }],
    ['input.book', { book: 'book-with-a-gap' }],
    ['input.hospital', { hospital: 'H42120200102' }],
    ['input.hospital', { operator: 'medical-security' }],
    ['input.operator', { operator: 'village' }],
    ['input.idempotencyKey', { idempotencyKey: null }],
  ])('is not asked for with a wrong %s', async (field, over) => {
    await addPage(medical.ask, { book: 'book-with-a-gap', page: 1, rows: bookOf(MONTH).slice(0, 1) });
    const { data, errors } = await askToReconcile(medical.ask, DECEMBER, over);
    expect(data?.reconcilePostings ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });

  it('is made once for the same request, and by the bureau for the hospital that it names', async () => {
    const asked = { operator: 'medical-security', hospital: FIRST_PEOPLES.code, idempotencyKey: randomUUID() };
    const days = { from: '2025-12-25', to: '2025-12-26' };
    const [one, other] = await Promise.all([1, 2].map(() => askToReconcile(medical.ask, days, asked)));
    expect(one?.data.reconcilePostings.reconciliation).toMatchObject({ hospital: FIRST_PEOPLES.code, agrees: true });
    expect(other?.data).toEqual(one?.data);
    expect(platform.asked()[3202]).toBe(2);
  });
});
