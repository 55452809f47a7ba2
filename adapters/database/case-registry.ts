import { createHash } from 'node:crypto';
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { CaseReferenceTable, CaseStepTable, CaseTable, ResidentTable, Tables } from './tables.ts';

/** A resident as the registry knows it. */
export interface RegisteredResident {
  readonly handle: string;
  readonly idNumber: string;
  readonly name: string | null;
  /** 12 digits. */
  readonly hukouDivision: string | null;
  readonly residenceDivision: string | null;
}

export interface RegisteredOrganisation {
  readonly code: string;
  readonly name: string;
  readonly division: string;
}

/** A case as the registry knows it. Moments are milliseconds since 1970; codes are those of the unified acceptance platform. */
export interface RegisteredCase {
  readonly id: string;
  readonly number: string;
  readonly password: string;
  readonly itemId: string;
  readonly applicantHandle: string;
  readonly channel: string;
  readonly organisation: RegisteredOrganisation;
  readonly status: string;
  readonly appliedAt: number;
  readonly acceptedAt: number;
  readonly promiseAt: number | null;
  readonly visitsPromised: number | null;
  readonly visitsMade: number;
  readonly result: {
    readonly type: string;
    readonly at: number;
    readonly explanation: string | null;
    readonly certificateName: string | null;
    readonly certificateNumber: string | null;
  } | null;
}

export interface RegisteredStep {
  readonly number: number;
  readonly name: string;
  readonly outcome: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly handler: string;
  readonly explanation: string | null;
  readonly organisation: RegisteredOrganisation;
}

export interface RegisteredReference {
  readonly system: string;
  readonly kind: string;
  readonly reference: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Which cases; every condition given must hold. */
export interface CaseQuery {
  readonly applicantHandles?: readonly string[];
  readonly status?: readonly string[];
  readonly itemId?: string;
  readonly channel?: string;
  /** A division with its trailing zeros cut: cases of it and below it. */
  readonly divisionPrefix?: string;
  readonly acceptedFrom?: number;
  readonly acceptedBefore?: number;
}

/** Where a page of cases goes on: after the case with this moment of acceptance and id. */
export interface CasePosition {
  readonly acceptedAt: number;
  readonly id: string;
}

export interface NewCase extends Omit<RegisteredCase, 'id' | 'applicantHandle'> {
  readonly applicantIdNumber: string;
  readonly steps: readonly RegisteredStep[];
  readonly references: readonly RegisteredReference[];
}

/** SQLite takes 32,766 values in a statement, PostgreSQL 65,535; rows are written in slices well below both. */
const SLICE = 500;

/**
 * What no wire can list or join: a resident's cases, cases by state and time, which department's record belongs to which case, the
 * query passwords.
 */
export class CaseRegistry {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** The handle of a person, known to the registry or not. */
  handle(idNumber: string): string {
    return this.#columns.handle(idNumber);
  }

  /** The id that the registry gives a case: from its number, so that the same case has the same id everywhere. */
  caseId(number: string): string {
    return createHash('sha256').update(`case\0${number}`).digest('base64url').slice(0, 22);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#db.selectFrom('registry_case').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** Writes residents and cases in one transaction: all of them or, when anything fails, none. */
  async add(residents: readonly Omit<RegisteredResident, 'handle'>[], cases: readonly NewCase[]): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      await inSlices(
        residents.map((resident) => this.#residentRow(resident)),
        (rows) => transaction.insertInto('resident').values(rows).execute(),
      );
      await inSlices(
        cases.map((one) => this.#caseRow(one)),
        (rows) => transaction.insertInto('registry_case').values(rows).execute(),
      );
      await inSlices(
        cases.flatMap((one) => this.#stepRows(one)),
        (rows) => transaction.insertInto('case_step').values(rows).execute(),
      );
      await inSlices(
        cases.flatMap((one) => this.#referenceRows(one)),
        (rows) => transaction.insertInto('case_reference').values(rows).execute(),
      );
    });
  }

  /** The residents with these handles; those the registry does not know are missing. */
  async residents(handles: readonly string[]): Promise<RegisteredResident[]> {
    const rows = await this.#db.selectFrom('resident').selectAll().where('handle', 'in', handles).execute();
    return rows.map((row) => this.#resident(row));
  }

  /** A page of residents by handle, at most `limit`, after the handle given. */
  async residentPage(query: { divisionPrefix?: string; after?: string; limit: number }): Promise<RegisteredResident[]> {
    let select = this.#db.selectFrom('resident').selectAll().orderBy('handle').limit(query.limit);
    if (query.divisionPrefix !== undefined)
      select = select.where(startsWith('residence_division', query.divisionPrefix));
    if (query.after !== undefined) select = select.where('handle', '>', query.after);
    return (await select.execute()).map((row) => this.#resident(row));
  }

  async casesById(ids: readonly string[]): Promise<RegisteredCase[]> {
    const rows = await this.#db.selectFrom('registry_case').selectAll().where('id', 'in', ids).execute();
    return rows.map((row) => this.#case(row));
  }

  async casesByNumber(numbers: readonly string[]): Promise<RegisteredCase[]> {
    const rows = await this.#db.selectFrom('registry_case').selectAll().where('number', 'in', numbers).execute();
    return rows.map((row) => this.#case(row));
  }

  /** Cases newest first, at most `limit`, after the position given. */
  async casePage(query: CaseQuery, page: { after?: CasePosition; limit: number }): Promise<RegisteredCase[]> {
    let select = this.#db
      .selectFrom('registry_case')
      .selectAll()
      .where((builder) => matching(builder, query))
      .orderBy('accepted_at', 'desc')
      .orderBy('id', 'desc')
      .limit(page.limit);
    const { after } = page;
    if (after !== undefined) {
      select = select.where((builder) =>
        builder.or([
          builder('accepted_at', '<', after.acceptedAt),
          builder.and([builder('accepted_at', '=', after.acceptedAt), builder('id', '<', after.id)]),
        ]),
      );
    }
    return (await select.execute()).map((row) => this.#case(row));
  }

  async countCases(query: CaseQuery): Promise<number> {
    const { total } = await this.#db
      .selectFrom('registry_case')
      .select((builder) => builder.fn.countAll().as('total'))
      .where((builder) => matching(builder, query))
      .executeTakeFirstOrThrow();
    return Number(total);
  }

  /** The steps of each case, in order; keyed by case id. */
  async steps(caseIds: readonly string[]): Promise<Map<string, RegisteredStep[]>> {
    const rows = await this.#db
      .selectFrom('case_step')
      .selectAll()
      .where('case_id', 'in', caseIds)
      .orderBy('case_id')
      .orderBy('number')
      .execute();
    return groupBy(rows, (row) => row.case_id, step);
  }

  /** The references of each case, in the order they were made; keyed by case id. */
  async references(caseIds: readonly string[]): Promise<Map<string, RegisteredReference[]>> {
    const rows = await this.#db
      .selectFrom('case_reference')
      .selectAll()
      .where('case_id', 'in', caseIds)
      .orderBy('id')
      .execute();
    return groupBy(rows, (row) => row.case_id, reference);
  }

  /** The references of all cases of each resident, newest case first; keyed by the resident's handle. */
  async referencesOfResidents(handles: readonly string[]): Promise<Map<string, RegisteredReference[]>> {
    const rows = await this.#db
      .selectFrom('case_reference')
      .innerJoin('registry_case', 'registry_case.id', 'case_reference.case_id')
      .select([
        'case_reference.system',
        'case_reference.kind',
        'case_reference.reference',
        'case_reference.read_values',
      ])
      .select('registry_case.applicant_handle')
      .where('registry_case.applicant_handle', 'in', handles)
      .orderBy('registry_case.accepted_at', 'desc')
      .orderBy('case_reference.id')
      .execute();
    return groupBy(rows, (row) => row.applicant_handle, reference);
  }

  #residentRow(resident: Omit<RegisteredResident, 'handle'>): ResidentTable {
    return {
      handle: this.#columns.handle(resident.idNumber),
      id_number_sealed: this.#columns.seal('resident.id_number', resident.idNumber),
      name_sealed: resident.name === null ? null : this.#columns.seal('resident.name', resident.name),
      hukou_division: resident.hukouDivision,
      residence_division: resident.residenceDivision,
    };
  }

  #resident(row: ResidentTable): RegisteredResident {
    return {
      handle: row.handle,
      idNumber: this.#columns.open('resident.id_number', row.id_number_sealed),
      name: row.name_sealed === null ? null : this.#columns.open('resident.name', row.name_sealed),
      hukouDivision: row.hukou_division,
      residenceDivision: row.residence_division,
    };
  }

  #caseRow(one: NewCase): CaseTable {
    return {
      id: this.caseId(one.number),
      number: one.number,
      password_sealed: this.#columns.seal('registry_case.password', one.password),
      item_id: one.itemId,
      applicant_handle: this.#columns.handle(one.applicantIdNumber),
      channel: one.channel,
      organisation_code: one.organisation.code,
      organisation_name: one.organisation.name,
      organisation_division: one.organisation.division,
      status: one.status,
      applied_at: one.appliedAt,
      accepted_at: one.acceptedAt,
      promise_at: one.promiseAt,
      visits_promised: one.visitsPromised,
      visits_made: one.visitsMade,
      result_type: one.result?.type ?? null,
      result_at: one.result?.at ?? null,
      result_explanation: one.result?.explanation ?? null,
      result_certificate_name: one.result?.certificateName ?? null,
      result_certificate_number: one.result?.certificateNumber ?? null,
    };
  }

  #case(row: CaseTable): RegisteredCase {
    return {
      id: row.id,
      number: row.number,
      password: this.#columns.open('registry_case.password', row.password_sealed),
      itemId: row.item_id,
      applicantHandle: row.applicant_handle,
      channel: row.channel,
      organisation: organisation(row),
      status: row.status,
      appliedAt: Number(row.applied_at),
      acceptedAt: Number(row.accepted_at),
      promiseAt: row.promise_at === null ? null : Number(row.promise_at),
      visitsPromised: row.visits_promised,
      visitsMade: row.visits_made,
      result:
        row.result_type === null
          ? null
          : {
              type: row.result_type,
              at: Number(row.result_at),
              explanation: row.result_explanation,
              certificateName: row.result_certificate_name,
              certificateNumber: row.result_certificate_number,
            },
    };
  }

  #stepRows(one: NewCase): CaseStepTable[] {
    return one.steps.map((row) => ({
      case_id: this.caseId(one.number),
      number: row.number,
      name: row.name,
      outcome: row.outcome,
      started_at: row.startedAt,
      ended_at: row.endedAt,
      handler: row.handler,
      explanation: row.explanation,
      organisation_code: row.organisation.code,
      organisation_name: row.organisation.name,
      organisation_division: row.organisation.division,
    }));
  }

  #referenceRows(one: NewCase): Omit<CaseReferenceTable, 'id'>[] {
    return one.references.map((row) => ({
      case_id: this.caseId(one.number),
      system: row.system,
      kind: row.kind,
      reference: row.reference,
      read_values: JSON.stringify(row.values),
    }));
  }
}

function matching(builder: ExpressionBuilder<Tables, 'registry_case'>, query: CaseQuery): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = [];
  if (query.applicantHandles) conditions.push(builder('applicant_handle', 'in', query.applicantHandles));
  if (query.status) conditions.push(builder('status', 'in', query.status));
  if (query.itemId !== undefined) conditions.push(builder('item_id', '=', query.itemId));
  if (query.channel !== undefined) conditions.push(builder('channel', '=', query.channel));
  if (query.divisionPrefix !== undefined) conditions.push(startsWith('organisation_division', query.divisionPrefix));
  if (query.acceptedFrom !== undefined) conditions.push(builder('accepted_at', '>=', query.acceptedFrom));
  if (query.acceptedBefore !== undefined) conditions.push(builder('accepted_at', '<', query.acceptedBefore));
  return builder.and(conditions);
}

/** Divisions are digits only, so the range from the prefix to just behind it is exactly what lies below it, and uses an index. */
function startsWith(column: string, prefix: string): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} >= ${prefix} and ${sql.ref(column)} < ${`${prefix}:`}`;
}

function organisation(row: Pick<CaseTable, 'organisation_code' | 'organisation_name' | 'organisation_division'>) {
  return { code: row.organisation_code, name: row.organisation_name, division: row.organisation_division };
}

function step(row: CaseStepTable): RegisteredStep {
  return {
    number: row.number,
    name: row.name,
    outcome: row.outcome,
    startedAt: Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    handler: row.handler,
    explanation: row.explanation,
    organisation: organisation(row),
  };
}

function reference(
  row: Pick<CaseReferenceTable, 'system' | 'kind' | 'reference' | 'read_values'>,
): RegisteredReference {
  return {
    system: row.system,
    kind: row.kind,
    reference: row.reference,
    values: JSON.parse(row.read_values) as Record<string, string>,
  };
}

function groupBy<Row, Value>(
  rows: readonly Row[],
  key: (row: Row) => string,
  value: (row: Row) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(value(row));
    else groups.set(key(row), [value(row)]);
  }
  return groups;
}

async function inSlices<Row>(rows: readonly Row[], write: (slice: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += SLICE) await write(rows.slice(start, start + SLICE));
}
