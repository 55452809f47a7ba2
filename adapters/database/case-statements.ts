import { sql } from 'kysely';
import { changing, columnsOf, statement } from './statement.ts';
import type { CaseFacetTable, CaseReferenceTable, CaseStepTable, CaseTable, ResidentTable } from './tables.ts';

/** The statements of every step of every case; `case-registry.ts` says what they are for. */

const CASE = columnsOf<CaseTable>({
  id: true,
  number: true,
  password_sealed: true,
  item_id: true,
  applicant_handle: true,
  applicant_name_sealed: true,
  agent_sealed: true,
  mobile_sealed: true,
  channel: true,
  operator: true,
  organisation_code: true,
  organisation_name: true,
  organisation_division: true,
  status: true,
  project_type: true,
  promise_days: true,
  applied_at: true,
  accepted_at: true,
  promise_at: true,
  visits_promised: true,
  visits_made: true,
  result_type: true,
  result_at: true,
  result_explanation: true,
  result_certificate_name: true,
  result_certificate_number: true,
  version: true,
  position: true,
  facet: true,
  town: true,
  village: true,
});

const STEP = columnsOf<CaseStepTable>({
  case_id: true,
  number: true,
  name: true,
  outcome: true,
  started_at: true,
  ended_at: true,
  handler: true,
  explanation: true,
  organisation_code: true,
  organisation_name: true,
  organisation_division: true,
  node_type: true,
  action: true,
  operator: true,
});

const RESIDENT = columnsOf<ResidentTable>({
  handle: true,
  id_number_sealed: true,
  name_sealed: true,
  hukou_division: true,
  residence_division: true,
});

const REFERENCE = columnsOf<Omit<CaseReferenceTable, 'id'>>({
  case_id: true,
  system: true,
  kind: true,
  reference: true,
  read_values: true,
});

const FACET = columnsOf<CaseFacetTable>({
  facet: true,
  item_id: true,
  channel: true,
  status: true,
  accepted: true,
  county: true,
});

interface OfCase {
  readonly caseId: string;
}

export const insertCase = statement<CaseTable>()((db, row) => db.insertInto('registry_case').values(CASE(row)));

export const insertFacet = statement<CaseFacetTable>()((db, row) =>
  db
    .insertInto('case_facet')
    .values(FACET(row))
    .onConflict((conflict) => conflict.column('facet').doNothing()),
);

/** Keeps the name that is known. */
export const insertApplicant = statement<ResidentTable>()((db, row) =>
  db
    .insertInto('resident')
    .values(RESIDENT(row))
    .onConflict((conflict) =>
      conflict.column('handle').doUpdateSet({ name_sealed: sql`coalesce(resident.name_sealed, excluded.name_sealed)` }),
    ),
);

/** Over the step of the same number where there is one. */
export const writeStep = statement<CaseStepTable>()((db, row) =>
  db
    .insertInto('case_step')
    .values(STEP(row))
    .onConflict((conflict) => conflict.columns(['case_id', 'number']).doUpdateSet(STEP(row))),
);

export const insertReference = statement<Omit<CaseReferenceTable, 'id'>>()((db, row) =>
  db
    .insertInto('case_reference')
    .values(REFERENCE(row))
    .onConflict((conflict) => conflict.columns(['case_id', 'system', 'kind', 'reference']).doNothing()),
);

/** Where it has the version that was seen. */
export const changeCase = changing<Partial<CaseTable>, { id: string; seen: number }>()((db, columns, { id, seen }) =>
  db.updateTable('registry_case').set(columns).where('id', '=', id).where('version', '=', seen),
);

export const setNumber = statement<{ id: string; number: string; password: Uint8Array | null }>()(
  (db, { id, number, password }) =>
    db.updateTable('registry_case').set({ number, password_sealed: password }).where('id', '=', id),
);

export const caseById = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom('registry_case').selectAll().where('id', '=', id),
);

export const numberOfCase = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom('registry_case').select(['number', 'password_sealed']).where('id', '=', id),
);

export const numberForUpdate = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom('registry_case').select('number').where('id', '=', id).forUpdate(),
);

export const caseForUpdate = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom('registry_case').selectAll().where('id', '=', id).forUpdate(),
);

export const caseByNumber = statement<{ number: string }>()((db, { number }) =>
  db.selectFrom('registry_case').selectAll().where('number', '=', number),
);

export const residentByHandle = statement<{ handle: string }>()((db, { handle }) =>
  db.selectFrom('resident').selectAll().where('handle', '=', handle),
);

export const stepsOfCase = statement<OfCase>()((db, { caseId }) =>
  db.selectFrom('case_step').selectAll().where('case_id', '=', caseId).orderBy('number'),
);
