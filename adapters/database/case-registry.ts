import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { afterCommit } from './after-commit.ts';
import { facetOf, type ListedCase, listingOf } from './case-listing.ts';
import { type CasePageBounds, type CaseQuery, countCases, readCasePage, startsWith } from './case-pages.ts';
import type {
  CaseChanges,
  CaseMaterial,
  NewCase,
  NewResident,
  OpenedCase,
  RegisteredCase,
  RegisteredReference,
  RegisteredResident,
  RegisteredStep,
  SpecialProcedure,
} from './case-records.ts';
import { CaseRows, fromReference, fromStep, toMaterial, toReference, toSpecialProcedure, toStep } from './case-rows.ts';
import {
  caseById,
  caseByNumber,
  caseForUpdate,
  changeCase,
  insertApplicant,
  insertCase,
  insertFacet,
  insertReference,
  numberForUpdate,
  numberOfCase,
  residentByHandle,
  setNumber,
  stepsOfCase,
  writeStep,
} from './case-statements.ts';
import type { PersonalColumns } from './personal-columns.ts';
import type { CaseStepTable, CaseTable, Tables } from './tables.ts';
import type { Writer, WriteTransaction } from './writing.ts';

export type { CasePageBounds, CasePosition, CaseQuery } from './case-pages.ts';
export type * from './case-records.ts';

/** SQLite takes 32,766 values in a statement, PostgreSQL 65,535; rows are written in slices well below both. */
const SLICE = 500;

/** What is read from: the store as it is, or within a unit of work its `tx`. */
type Reading = Kysely<Tables>;

/** A case was changed between being read and being written: whoever changes it has to look again. */
export class CaseChanged extends Error {
  override readonly name = 'CaseChanged';
}

/**
 * What no wire can list or join: a resident's cases, cases by state and time, which department's record belongs to which case, the
 * query passwords.
 */
export class CaseRegistry {
  readonly #db: Kysely<Tables>;
  readonly #writer: Writer;
  readonly #rows: CaseRows;
  /** Facets that are certainly in the store. */
  readonly #facets = new Set<number>();

  constructor(db: Kysely<Tables>, writer: Writer, columns: PersonalColumns) {
    this.#db = db;
    this.#writer = writer;
    this.#rows = new CaseRows(columns);
  }

  /** The handle of a person, known to the registry or not. */
  handle(idNumber: string): string {
    return this.#rows.handle(idNumber);
  }

  /** The id of a case that the registry was filled with: from its number, so that the same case has the same id everywhere. */
  caseId(number: string): string {
    return createHash('sha256').update(`case\0${number}`).digest('base64url').slice(0, 22);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#db.selectFrom('registry_case').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** Writes residents and cases with their whole history in one transaction: all of them or, when anything fails, none. */
  async add(residents: readonly NewResident[], cases: readonly NewCase[]): Promise<void> {
    await this.#writer.write(async (tx) => {
      await inSlices(
        residents.map((resident) => this.#rows.fromResident(resident)),
        (rows) => tx.insertInto('resident').values(rows).execute(),
      );
      await inSlices(
        cases.map((one) => this.#filledCase(one)),
        (rows) => insertCases(tx, rows),
      );
      await inSlices(
        cases.flatMap((one) => one.steps.map((step) => this.#filledStep(one, step))),
        (rows) => tx.insertInto('case_step').values(rows).execute(),
      );
      await inSlices(
        cases.flatMap((one) => one.references.map((row) => fromReference(this.caseId(one.number), row))),
        (rows) => tx.insertInto('case_reference').values(rows).execute(),
      );
    });
  }

  /** Writes what is known of a resident. What is known already and not told now is kept. */
  async upsertResident(tx: WriteTransaction, resident: NewResident): Promise<void> {
    const row = this.#rows.fromResident(resident);
    const { handle, id_number_sealed, ...known } = row;
    const told = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
    await tx
      .insertInto('resident')
      .values(row)
      .onConflict((conflict) => {
        const known = conflict.column('handle');
        return Object.keys(told).length === 0 ? known.doNothing() : known.doUpdateSet(told);
      })
      .execute();
  }

  /** Makes a resident of whoever applies. Of one that is known already, only the name is taken, where none is known. */
  async addApplicant(tx: WriteTransaction, { idNumber, name }: { idNumber: string; name: string }): Promise<void> {
    await insertApplicant(
      tx,
      this.#rows.fromResident({ idNumber, name, hukouDivision: null, residenceDivision: null }),
    );
  }

  /** Opens a case of a known resident, under a new random id. */
  async openCase(tx: WriteTransaction, opened: OpenedCase): Promise<RegisteredCase> {
    const unknown = { number: null, password: null, acceptedAt: null, promiseAt: null, result: null } as const;
    const found = { ...opened, ...unknown, listedAt: opened.appliedAt, version: 0 };
    const row = this.#rows.fromCase(found);
    await this.#knowFacet(tx, row);
    await insertCase(tx, row);
    return found;
  }

  /** A case that nobody else changes until the transaction ends; undefined when there is none. */
  async caseForUpdate(tx: WriteTransaction, id: string): Promise<RegisteredCase | undefined> {
    const [row] = (await caseForUpdate(tx, { id })).rows;
    return row && this.#rows.toCase(row);
  }

  /** Changes a case and counts its version up. Throws `CaseChanged` when it has another version than was expected. */
  async updateCase(tx: WriteTransaction, id: string, expectedVersion: number, changes: CaseChanges): Promise<void> {
    const known = await this.caseForUpdate(tx, id);
    if (known?.version !== expectedVersion) throw new CaseChanged('the case was changed meanwhile');
    await this.changeHeld(tx, known, changes);
  }

  /**
   * Changes a case that is held (`caseForUpdate`), counts its version up and gives it as it is then. Throws `CaseChanged` when it was not
   * held and somebody else has changed it.
   */
  async changeHeld(tx: WriteTransaction, held: RegisteredCase, changes: CaseChanges): Promise<RegisteredCase> {
    const changed = { ...held, ...changes, version: held.version + 1 };
    const before = listedOf(held);
    const after = listedOf(changed);
    await this.#knowFacet(tx, after);
    const columns = {
      ...this.#rows.fromChanges(changes),
      ...differing(listingOf(before), listingOf(after)),
      version: changed.version,
    };
    const { numAffectedRows } = await changeCase(tx, columns, { id: held.id, seen: held.version });
    if (numAffectedRows !== 1n) throw new CaseChanged('the case was changed meanwhile, or is gone');
    return { ...changed, listedAt: changed.acceptedAt ?? changed.appliedAt };
  }

  /**
   * Gives a case the number and the query password that the platform allotted. Again with the same: nothing. Throws when the case has
   * another number.
   */
  async allotNumber(
    tx: WriteTransaction,
    id: string,
    { number, password }: { readonly number: string; readonly password: string },
  ): Promise<void> {
    const [known] = (await numberForUpdate(tx, { id })).rows;
    if (!known) throw new Error('a number was allotted to a case that is not in the registry');
    if (known.number === number) return;
    if (known.number !== null) throw new Error('a second number was allotted to a case');
    await setNumber(tx, { id, number, password: this.#rows.sealPassword(password) });
  }

  /** Writes a step, over the one with the same number where there is one. */
  async writeStep(tx: WriteTransaction, caseId: string, step: RegisteredStep): Promise<void> {
    await writeStep(tx, fromStep(caseId, step));
  }

  /** Takes away a step that was to do and will not be taken. */
  async removeStep(tx: WriteTransaction, caseId: string, number: number): Promise<void> {
    await tx.deleteFrom('case_step').where('case_id', '=', caseId).where('number', '=', number).execute();
  }

  /** Says of a step where it stands in the process: that it was the last, say. */
  async markStep(tx: WriteTransaction, caseId: string, number: number, nodeType: string): Promise<void> {
    await tx
      .updateTable('case_step')
      .set({ node_type: nodeType })
      .where('case_id', '=', caseId)
      .where('number', '=', number)
      .execute();
  }

  /** Ties a department's record to a case. Again with the same record: nothing. */
  async addReference(tx: WriteTransaction, caseId: string, reference: RegisteredReference): Promise<void> {
    await insertReference(tx, fromReference(caseId, reference));
  }

  /** Begins a special procedure. Whoever changes a case holds it (`caseForUpdate`). */
  async beginSpecialProcedure(
    tx: WriteTransaction,
    caseId: string,
    { kind, name, reason, startedAt }: Omit<SpecialProcedure, 'endedAt' | 'outcome'>,
  ): Promise<void> {
    const { last } = await tx
      .selectFrom('special_procedure')
      .select((select) => select.fn.max('number').as('last'))
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow();
    const started = { kind, name, reason, started_at: startedAt, ended_at: null, outcome: null };
    await tx
      .insertInto('special_procedure')
      .values({ case_id: caseId, number: (last ?? 0) + 1, ...started })
      .execute();
  }

  /** Ends the special procedure that lasts. Throws when none does. */
  async endSpecialProcedure(
    tx: WriteTransaction,
    caseId: string,
    { endedAt, outcome }: { readonly endedAt: number; readonly outcome: string },
  ): Promise<void> {
    const { numUpdatedRows } = await tx
      .updateTable('special_procedure')
      .set({ ended_at: endedAt, outcome })
      .where('case_id', '=', caseId)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new Error('no special procedure of the case lasts');
  }

  async addMaterials(tx: WriteTransaction, caseId: string, materials: readonly CaseMaterial[]): Promise<void> {
    if (materials.length === 0) return;
    await tx
      .insertInto('case_material')
      .values(materials.map(({ number, name, way, copies }) => ({ case_id: caseId, number, name, way, copies })))
      .execute();
  }

  /** The residents with these handles; those the registry does not know are missing. */
  async residents(handles: readonly string[], from: Reading = this.#db): Promise<RegisteredResident[]> {
    const rows = await ofOne(
      handles,
      (handle) => residentByHandle(from, { handle }),
      () => from.selectFrom('resident').selectAll().where('handle', 'in', handles).execute(),
    );
    return rows.map((row) => this.#rows.toResident(row));
  }

  /** A page of residents by handle, at most `limit`, after the handle given. */
  async residentPage(query: { divisionPrefix?: string; after?: string; limit: number }): Promise<RegisteredResident[]> {
    let select = this.#db.selectFrom('resident').selectAll().orderBy('handle').limit(query.limit);
    if (query.divisionPrefix !== undefined)
      select = select.where(startsWith('residence_division', query.divisionPrefix));
    if (query.after !== undefined) select = select.where('handle', '>', query.after);
    return (await select.execute()).map((row) => this.#rows.toResident(row));
  }

  async casesById(ids: readonly string[]): Promise<RegisteredCase[]> {
    const rows = await ofOne(
      ids,
      (id) => caseById(this.#db, { id }),
      () => this.#db.selectFrom('registry_case').selectAll().where('id', 'in', ids).execute(),
    );
    return rows.map((row) => this.#rows.toCase(row));
  }

  /** What the platform knows a case by; undefined until it has allotted it. */
  async allotted(id: string): Promise<{ readonly number: string; readonly password: string } | undefined> {
    const [row] = (await numberOfCase(this.#db, { id })).rows;
    const password = this.#rows.openPassword(row?.password_sealed ?? null);
    return row && row.number !== null && password !== null ? { number: row.number, password } : undefined;
  }

  async casesByNumber(numbers: readonly string[]): Promise<RegisteredCase[]> {
    const rows = await ofOne(
      numbers,
      (number) => caseByNumber(this.#db, { number }),
      () => this.#db.selectFrom('registry_case').selectAll().where('number', 'in', numbers).execute(),
    );
    return rows.map((row) => this.#rows.toCase(row));
  }

  /** The ids of the cases that a department's record is tied to, the first one first. */
  async casesByReference({ system, kind, reference }: Omit<RegisteredReference, 'values'>): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('case_reference')
      .select('case_id')
      .where('system', '=', system)
      .where('kind', '=', kind)
      .where('reference', '=', reference)
      .orderBy('id')
      .execute();
    return rows.map((row) => row.case_id);
  }

  /** Cases newest first by the moment at which they are listed, at most `limit`, after the position given. */
  async casePage(query: CaseQuery, bounds: CasePageBounds): Promise<RegisteredCase[]> {
    return (await readCasePage(this.#db, query, bounds)).map((row) => this.#rows.toCase(row));
  }

  countCases(query: CaseQuery): Promise<number> {
    return countCases(this.#db, query);
  }

  /** The steps of each case, in order; keyed by case id. */
  async steps(caseIds: readonly string[], from: Reading = this.#db): Promise<Map<string, RegisteredStep[]>> {
    const rows = await ofOne(
      caseIds,
      (caseId) => stepsOfCase(from, { caseId }),
      () =>
        from
          .selectFrom('case_step')
          .selectAll()
          .where('case_id', 'in', caseIds)
          .orderBy('case_id')
          .orderBy('number')
          .execute(),
    );
    return grouped(rows, (row) => row.case_id, toStep);
  }

  /** The references of each case, in the order they were made; keyed by case id. */
  async references(caseIds: readonly string[]): Promise<Map<string, RegisteredReference[]>> {
    const rows = await this.#db
      .selectFrom('case_reference')
      .selectAll()
      .where('case_id', 'in', caseIds)
      .orderBy('case_id')
      .orderBy('id')
      .execute();
    return grouped(rows, (row) => row.case_id, toReference);
  }

  /** The special procedures of each case, in order; keyed by case id. */
  async specialProcedures(
    caseIds: readonly string[],
    from: Reading = this.#db,
  ): Promise<Map<string, SpecialProcedure[]>> {
    const rows = await from
      .selectFrom('special_procedure')
      .selectAll()
      .where('case_id', 'in', caseIds)
      .orderBy('case_id')
      .orderBy('number')
      .execute();
    return grouped(rows, (row) => row.case_id, toSpecialProcedure);
  }

  /** The papers of each case, in order; keyed by case id. */
  async materials(caseIds: readonly string[], from: Reading = this.#db): Promise<Map<string, CaseMaterial[]>> {
    const rows = await from
      .selectFrom('case_material')
      .selectAll()
      .where('case_id', 'in', caseIds)
      .orderBy('case_id')
      .orderBy('number')
      .execute();
    return grouped(rows, (row) => row.case_id, toMaterial);
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
      .orderBy('registry_case.position', 'desc')
      .orderBy('case_reference.id')
      .execute();
    return grouped(rows, (row) => row.applicant_handle, toReference);
  }

  /** Lists find a case only where its facet is known. Facets are never taken away: what was committed once is there. */
  async #knowFacet(tx: WriteTransaction, listed: ListedCase): Promise<void> {
    const row = facetOf(listed);
    if (this.#facets.has(row.facet)) return;
    await insertFacet(tx, row);
    afterCommit(tx, () => this.#facets.add(row.facet));
  }

  #filledStep({ number }: NewCase, step: NewCase['steps'][number]): CaseStepTable {
    return fromStep(this.caseId(number), { ...step, nodeType: null, action: null, operator: null });
  }

  #filledCase(one: NewCase): CaseTable {
    return this.#rows.fromCase({
      ...one,
      id: this.caseId(one.number),
      applicantHandle: this.#rows.handle(one.applicantIdNumber),
      applicantName: null,
      agent: null,
      mobile: null,
      operator: null,
      projectType: null,
      promiseDays: null,
      version: 0,
    });
  }
}

async function insertCases(tx: WriteTransaction, rows: readonly CaseTable[]): Promise<void> {
  await insertFacets(tx, rows);
  await tx.insertInto('registry_case').values(rows).execute();
}

/** Lists find a case only where its facet is known. */
async function insertFacets(tx: WriteTransaction, rows: readonly ListedCase[]): Promise<void> {
  const facets = new Map(rows.map((row) => [listingOf(row).facet, facetOf(row)]));
  await tx
    .insertInto('case_facet')
    .values([...facets.values()])
    .onConflict((conflict) => conflict.column('facet').doNothing())
    .execute();
}

/** What lists know a case by. */
function listedOf({ id, itemId, channel, status, appliedAt, acceptedAt, organisation }: RegisteredCase): ListedCase {
  return {
    id,
    item_id: itemId,
    channel,
    status,
    applied_at: appliedAt,
    accepted_at: acceptedAt,
    organisation_division: organisation.division,
  };
}

/** Those that are not as before: what is not written needs no index written anew. */
function differing<Columns extends object>(before: Columns, after: Columns): Partial<Columns> {
  const names = (Object.keys(after) as (keyof Columns)[]).filter((name) => after[name] !== before[name]);
  return Object.fromEntries(names.map((name) => [name, after[name]])) as Partial<Columns>;
}

/** One is asked for more often than many, and by a statement that is kept ready. */
async function ofOne<Row>(
  keys: readonly string[],
  one: (key: string) => Promise<{ readonly rows: readonly Row[] }>,
  many: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const [key] = keys;
  return key !== undefined && keys.length === 1 ? (await one(key)).rows : many();
}

function grouped<Row, Value>(
  rows: readonly Row[],
  key: (row: Row) => string,
  value: (row: Row) => Value,
): Map<string, Value[]> {
  return new Map([...Map.groupBy(rows, key)].map(([name, group]) => [name, group.map(value)]));
}

async function inSlices<Row>(rows: readonly Row[], write: (slice: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += SLICE) await write(rows.slice(start, start + SLICE));
}
