import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { facetOf, listingOf } from './case-listing.ts';
import type { CaseTable, Tables } from './tables.ts';

/** Tables that take a new form: each before those it refers to. */
const TABLES = ['case_reference', 'case_step', 'registry_case'] as const;
const STEP_COLUMNS = `case_id, number, name, outcome, started_at, ended_at, handler, explanation,
  organisation_code, organisation_name, organisation_division`;
const REFERENCE_COLUMNS = 'case_id, system, kind, reference, read_values';

/** What no case had before. */
const UNKNOWN = {
  applicant_name_sealed: null,
  agent_sealed: null,
  mobile_sealed: null,
  operator: null,
  project_type: null,
  promise_days: null,
  version: 0,
};
/** Rows written at once. */
const SLICE = 500;

/** Cases that are opened here before the platform knows them, with what their way needs; lists of them by any condition. */
export const OPENED_CASES: Migration = {
  async up(db: Kysely<Tables>): Promise<void> {
    for (const table of TABLES) {
      await sql`create table ${sql.table(`old_${table}`)} as select * from ${sql.table(table)}`.execute(db);
      await db.schema.dropTable(table).execute();
    }
    await createCases(db);
    await createPartsOfCases(db);
    await fillCases(db);
    const steps = sql.raw(STEP_COLUMNS);
    await sql`insert into case_step (${steps}) select ${steps} from old_case_step`.execute(db);
    const references = sql.raw(REFERENCE_COLUMNS);
    await sql`
      insert into case_reference (${references}) select ${references} from old_case_reference order by id`.execute(db);
    for (const table of TABLES) await db.schema.dropTable(`old_${table}`).execute();
  },
};

async function createCases(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('registry_case')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'text', (column) => column.unique())
    .addColumn('password_sealed', 'blob')
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('applicant_handle', 'text', (column) => column.notNull().references('resident.handle'))
    .addColumn('applicant_name_sealed', 'blob')
    .addColumn('agent_sealed', 'blob')
    .addColumn('mobile_sealed', 'blob')
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('operator', 'text')
    .addColumn('organisation_code', 'text', (column) => column.notNull())
    .addColumn('organisation_name', 'text', (column) => column.notNull())
    .addColumn('organisation_division', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('project_type', 'text')
    .addColumn('promise_days', 'integer')
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .addColumn('accepted_at', 'bigint')
    .addColumn('promise_at', 'bigint')
    .addColumn('visits_promised', 'integer')
    .addColumn('visits_made', 'integer', (column) => column.notNull())
    .addColumn('result_type', 'text')
    .addColumn('result_at', 'bigint')
    .addColumn('result_explanation', 'text')
    .addColumn('result_certificate_name', 'text')
    .addColumn('result_certificate_number', 'text')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('position', 'text', (column) => column.notNull().unique())
    .addColumn('facet', 'bigint', (column) => column.notNull())
    .addColumn('town', 'text', (column) => column.notNull())
    .addColumn('village', 'text', (column) => column.notNull())
    .execute();
  for (const [name, columns] of Object.entries({
    case_by_facet: ['facet', 'position'],
    case_by_town: ['town', 'facet', 'position'],
    case_by_village: ['village', 'facet', 'position'],
    case_by_newest_of_town: ['town', 'position'],
    case_by_newest_of_village: ['village', 'position'],
    // With all that an applicant's cases are asked by, so that only those on the page are read.
    case_by_applicant: ['applicant_handle', 'position', 'facet', 'town', 'village'],
  })) {
    await db.schema.createIndex(name).on('registry_case').columns(columns).execute();
  }
  await db.schema
    .createTable('case_facet')
    .addColumn('facet', 'bigint', (column) => column.primaryKey())
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('accepted', 'integer', (column) => column.notNull())
    .addColumn('county', 'text', (column) => column.notNull())
    .execute();
}

async function createPartsOfCases(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('case_step')
    .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('handler', 'text', (column) => column.notNull())
    .addColumn('explanation', 'text')
    .addColumn('organisation_code', 'text', (column) => column.notNull())
    .addColumn('organisation_name', 'text', (column) => column.notNull())
    .addColumn('organisation_division', 'text', (column) => column.notNull())
    .addColumn('node_type', 'text')
    .addColumn('action', 'text')
    .addColumn('operator', 'text')
    .addPrimaryKeyConstraint('case_step_key', ['case_id', 'number'])
    .execute();
  await db.schema
    .createTable('case_reference')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
    .addColumn('system', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('reference', 'text', (column) => column.notNull())
    .addColumn('read_values', 'text', (column) => column.notNull())
    .addUniqueConstraint('case_reference_once', ['case_id', 'system', 'kind', 'reference'])
    .execute();
  await db.schema
    .createIndex('case_by_reference')
    .on('case_reference')
    .columns(['system', 'kind', 'reference'])
    .execute();
  await db.schema
    .createTable('special_procedure')
    .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('outcome', 'text')
    .addPrimaryKeyConstraint('special_procedure_key', ['case_id', 'number'])
    .execute();
  await db.schema
    .createTable('case_material')
    .addColumn('case_id', 'text', (column) => column.notNull().references('registry_case.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('way', 'text', (column) => column.notNull())
    .addColumn('copies', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('case_material_key', ['case_id', 'number'])
    .execute();
}

async function fillCases(db: Kysely<Tables>): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await sql<Omit<CaseTable, keyof typeof UNKNOWN | keyof ReturnType<typeof listingOf>>>`
      select * from old_registry_case where id > ${after} order by id limit ${SLICE}`.execute(db);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    await db
      .insertInto('case_facet')
      .values(rows.map(facetOf))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db
      .insertInto('registry_case')
      .values(rows.map((row) => ({ ...row, ...UNKNOWN, ...listingOf(row) })))
      .execute();
  }
}
