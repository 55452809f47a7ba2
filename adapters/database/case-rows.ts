import { listingOf } from './case-listing.ts';
import type {
  Agent,
  CaseChanges,
  CaseMaterial,
  NewResident,
  RegisteredCase,
  RegisteredOrganisation,
  RegisteredReference,
  RegisteredResident,
  RegisteredResult,
  RegisteredStep,
  SpecialProcedure,
} from './case-records.ts';
import type { PersonalColumns } from './personal-columns.ts';
import type {
  CaseMaterialTable,
  CaseReferenceTable,
  CaseStepTable,
  CaseTable,
  ResidentTable,
  SpecialProcedureTable,
} from './tables.ts';

/** A case to be written: what is personal is sealed on the way. */
export type CaseRecord = Omit<RegisteredCase, 'listedAt'>;

/** Records of the registry to rows of its tables and back; the only place where personal columns are sealed and opened. */
export class CaseRows {
  readonly #columns: PersonalColumns;

  constructor(columns: PersonalColumns) {
    this.#columns = columns;
  }

  handle(idNumber: string): string {
    return this.#columns.handle(idNumber);
  }

  fromResident(resident: NewResident): ResidentTable {
    return {
      handle: this.#columns.handle(resident.idNumber),
      id_number_sealed: this.#columns.seal('resident.id_number', resident.idNumber),
      name_sealed: this.#seal('resident.name', resident.name),
      hukou_division: resident.hukouDivision,
      residence_division: resident.residenceDivision,
    };
  }

  toResident(row: ResidentTable): RegisteredResident {
    return {
      handle: row.handle,
      idNumber: this.#columns.open('resident.id_number', row.id_number_sealed),
      name: this.#open('resident.name', row.name_sealed),
      hukouDivision: row.hukou_division,
      residenceDivision: row.residence_division,
    };
  }

  fromCase(one: CaseRecord): CaseTable {
    const row = {
      id: one.id,
      number: one.number,
      password_sealed: this.sealPassword(one.password),
      item_id: one.itemId,
      applicant_handle: one.applicantHandle,
      applicant_name_sealed: this.#seal('registry_case.applicant_name', one.applicantName),
      agent_sealed: this.#seal('registry_case.agent', one.agent && JSON.stringify(one.agent)),
      channel: one.channel,
      operator: one.operator,
      applied_at: one.appliedAt,
      version: one.version,
      ...organisationColumns(one.organisation),
      status: one.status,
      mobile_sealed: this.#seal('registry_case.mobile', one.mobile),
      project_type: one.projectType,
      promise_days: one.promiseDays,
      accepted_at: one.acceptedAt,
      promise_at: one.promiseAt,
      visits_promised: one.visitsPromised,
      visits_made: one.visitsMade,
      ...resultColumns(one.result),
    };
    return { ...row, ...listingOf(row) };
  }

  /** The columns that changes are written to; those by which lists find the case are not among them. */
  fromChanges(changes: CaseChanges): Partial<CaseTable> {
    const { organisation, mobile, result: ended } = changes;
    return {
      ...(changes.status !== undefined && { status: changes.status }),
      ...(organisation && organisationColumns(organisation)),
      ...(mobile !== undefined && { mobile_sealed: this.#seal('registry_case.mobile', mobile) }),
      ...(changes.projectType !== undefined && { project_type: changes.projectType }),
      ...(changes.promiseDays !== undefined && { promise_days: changes.promiseDays }),
      ...(changes.acceptedAt !== undefined && { accepted_at: changes.acceptedAt }),
      ...(changes.promiseAt !== undefined && { promise_at: changes.promiseAt }),
      ...(changes.visitsPromised !== undefined && { visits_promised: changes.visitsPromised }),
      ...(changes.visitsMade !== undefined && { visits_made: changes.visitsMade }),
      ...(ended !== undefined && resultColumns(ended)),
    };
  }

  sealPassword(password: string | null): Uint8Array | null {
    return this.#seal('registry_case.password', password);
  }

  openPassword(sealed: Uint8Array | null): string | null {
    return this.#open('registry_case.password', sealed);
  }

  toCase(row: CaseTable): RegisteredCase {
    const agent = this.#open('registry_case.agent', row.agent_sealed);
    return {
      id: row.id,
      number: row.number,
      password: this.#open('registry_case.password', row.password_sealed),
      itemId: row.item_id,
      applicantHandle: row.applicant_handle,
      applicantName: this.#open('registry_case.applicant_name', row.applicant_name_sealed),
      agent: agent === null ? null : (JSON.parse(agent) as Agent),
      mobile: this.#open('registry_case.mobile', row.mobile_sealed),
      channel: row.channel,
      operator: row.operator,
      organisation: organisation(row),
      status: row.status,
      projectType: row.project_type,
      promiseDays: row.promise_days,
      appliedAt: row.applied_at,
      acceptedAt: row.accepted_at,
      listedAt: row.accepted_at ?? row.applied_at,
      promiseAt: row.promise_at,
      visitsPromised: row.visits_promised,
      visitsMade: row.visits_made,
      result: result(row),
      version: row.version,
    };
  }

  #seal(column: string, value: string | null): Uint8Array | null {
    return value === null ? null : this.#columns.seal(column, value);
  }

  #open(column: string, sealed: Uint8Array | null): string | null {
    return sealed === null ? null : this.#columns.open(column, sealed);
  }
}

export function fromStep(caseId: string, one: RegisteredStep): CaseStepTable {
  return {
    case_id: caseId,
    number: one.number,
    name: one.name,
    outcome: one.outcome,
    started_at: one.startedAt,
    ended_at: one.endedAt,
    handler: one.handler,
    explanation: one.explanation,
    ...organisationColumns(one.organisation),
    node_type: one.nodeType,
    action: one.action,
    operator: one.operator,
  };
}

export function toStep(row: CaseStepTable): RegisteredStep {
  return {
    number: row.number,
    name: row.name,
    outcome: row.outcome,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    handler: row.handler,
    explanation: row.explanation,
    organisation: organisation(row),
    nodeType: row.node_type,
    action: row.action,
    operator: row.operator,
  };
}

export function fromReference(caseId: string, one: RegisteredReference): Omit<CaseReferenceTable, 'id'> {
  return {
    case_id: caseId,
    system: one.system,
    kind: one.kind,
    reference: one.reference,
    read_values: JSON.stringify(one.values),
  };
}

export function toReference(
  row: Pick<CaseReferenceTable, 'system' | 'kind' | 'reference' | 'read_values'>,
): RegisteredReference {
  return {
    system: row.system,
    kind: row.kind,
    reference: row.reference,
    values: JSON.parse(row.read_values) as Record<string, string>,
  };
}

export function toSpecialProcedure(row: SpecialProcedureTable): SpecialProcedure {
  return {
    kind: row.kind,
    name: row.name,
    reason: row.reason,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
  };
}

export function toMaterial({ number, name, way, copies }: CaseMaterialTable): CaseMaterial {
  return { number, name, way, copies };
}

function organisationColumns({ code, name, division }: RegisteredOrganisation) {
  return { organisation_code: code, organisation_name: name, organisation_division: division };
}

function organisation(
  row: Pick<CaseTable, 'organisation_code' | 'organisation_name' | 'organisation_division'>,
): RegisteredOrganisation {
  return { code: row.organisation_code, name: row.organisation_name, division: row.organisation_division };
}

function resultColumns(ended: RegisteredResult | null) {
  return {
    result_type: ended?.type ?? null,
    result_at: ended?.at ?? null,
    result_explanation: ended?.explanation ?? null,
    result_certificate_name: ended?.certificateName ?? null,
    result_certificate_number: ended?.certificateNumber ?? null,
  };
}

function result(row: CaseTable): RegisteredResult | null {
  if (row.result_type === null || row.result_at === null) return null;
  return {
    type: row.result_type,
    at: row.result_at,
    explanation: row.result_explanation,
    certificateName: row.result_certificate_name,
    certificateNumber: row.result_certificate_number,
  };
}
