import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Residents and cases as the first stores had them. */
export const CASE_REGISTRY: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('setting')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('counter')
      .addColumn('series', 'text', (column) => column.primaryKey())
      .addColumn('value', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('resident')
      .addColumn('handle', 'text', (column) => column.primaryKey())
      .addColumn('id_number_sealed', 'blob', (column) => column.notNull())
      .addColumn('name_sealed', 'blob')
      .addColumn('hukou_division', 'text')
      .addColumn('residence_division', 'text')
      .execute();
    await db.schema
      .createIndex('resident_by_residence')
      .on('resident')
      .columns(['residence_division', 'handle'])
      .execute();
    await db.schema
      .createTable('registry_case')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('number', 'text', (column) => column.notNull().unique())
      .addColumn('password_sealed', 'blob', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('applicant_handle', 'text', (column) => column.notNull().references('resident.handle'))
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('organisation_code', 'text', (column) => column.notNull())
      .addColumn('organisation_name', 'text', (column) => column.notNull())
      .addColumn('organisation_division', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .addColumn('accepted_at', 'bigint', (column) => column.notNull())
      .addColumn('promise_at', 'bigint')
      .addColumn('visits_promised', 'integer')
      .addColumn('visits_made', 'integer', (column) => column.notNull())
      .addColumn('result_type', 'text')
      .addColumn('result_at', 'bigint')
      .addColumn('result_explanation', 'text')
      .addColumn('result_certificate_name', 'text')
      .addColumn('result_certificate_number', 'text')
      .execute();
    await db.schema
      .createIndex('case_by_applicant')
      .on('registry_case')
      .columns(['applicant_handle', 'accepted_at', 'id'])
      .execute();
    await db.schema.createIndex('case_by_time').on('registry_case').columns(['accepted_at', 'id']).execute();
    await db.schema.createIndex('case_by_item').on('registry_case').columns(['item_id', 'accepted_at', 'id']).execute();
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
  },
};
