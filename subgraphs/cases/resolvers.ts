import type {
  CasePosition,
  CaseQuery,
  RegisteredCase,
  RegisteredReference,
  RegisteredResident,
} from '../../adapters/database/case-registry.ts';
import type { Resolution } from '../../adapters/database/resolutions.ts';
import type { Submission } from '../../adapters/database/submissions.ts';
import { significantDigits } from '../../adapters/identifiers/division.ts';
import { birthDate, type IdNumber, sex } from '../../adapters/identifiers/id-number.ts';
import { maskIdNumber } from '../../adapters/identifiers/masking.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { CASE_CHANNEL, CASE_STATUS, RESULT_TYPE, STEP_OUTCOME } from '../case-codes.ts';
import { connectionOf, decodeCursor, encodeCursor, pageSize } from '../connection.ts';
import type { Reference } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import type { DirectoryOrganisation, Level } from '../services/directory.ts';
import { MOVE_NAMES } from './commands.ts';
import { type CaseAsItWas, stateOf } from './desk.ts';
import { fittingMoves } from './fitting.ts';
import type { CasesContext } from './loaders.ts';
import { caseMutations } from './mutations.ts';
import { isOverdue } from './promise.ts';
import { openSubmissions, resolveSubmission } from './submissions.ts';

/** A resident of the graph: anyone with a valid number, with what the registry knows. */
interface Resident {
  readonly idNumber: IdNumber;
  readonly handle: string;
  readonly name: string | null;
  readonly registered: RegisteredResident | null;
}

interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

interface CaseFilter {
  readonly status?: readonly string[] | null | undefined;
  readonly itemId?: string | null | undefined;
  readonly channel?: string | null;
  readonly division?: string | null;
  readonly acceptedFrom?: number | null;
  readonly acceptedBefore?: number | null;
}

export const resolvers: Resolvers = {
  Query: {
    resident: (_: unknown, { idNumber, name }: { idNumber: IdNumber; name?: string | null }, context: CasesContext) =>
      resident(idNumber, name ?? null, context),
    residents: residentPage,
    case: findCase,
    submission: (_: unknown, { id }: { id: string }, { store }: CasesContext) => store.submissions.byId(id),
    openSubmissions,
    offices: (_: unknown, { level }: { level?: Level | null }, { directory }: CasesContext) =>
      directory.organisations.filter((office) => level == null || office.level === level),
    cases: (_: unknown, { filter, ...page }: PageArguments & { filter?: CaseFilter | null }, context: CasesContext) =>
      caseConnection(caseQuery(filter ?? {}), page, context, (query, position) =>
        context.registry.casePage(query, position),
      ),
  },
  Resident: {
    __resolveReference: ({ idNumber }: { idNumber: IdNumber }, context: CasesContext) =>
      resident(idNumber, null, context),
    id: ({ handle }: Resident) => handle,
    maskedIdNumber: ({ idNumber }: Resident) => maskIdNumber(idNumber),
    citizenId: ({ idNumber }: Resident) => idNumber,
    sex: ({ idNumber }: Resident) => sex(idNumber),
    birthDate: ({ idNumber }: Resident) => birthDate(idNumber),
    hukouDivision: ({ registered }: Resident) => registered?.hukouDivision ?? null,
    residenceDivision: ({ registered }: Resident) => registered?.residenceDivision ?? null,
    cases: ({ handle }: Resident, { status, itemId, ...page }: PageArguments & CaseFilter, context: CasesContext) =>
      caseConnection(
        caseQuery({ status, itemId }),
        page,
        context,
        (query, position) => context.residentCases.load({ handle, query, ...position }),
        [handle],
      ),
    references: async ({ handle }: Resident, _: unknown, { residentReferences }: CasesContext) =>
      (await residentReferences.load(handle)).map(reference),
  },
  Case: {
    __resolveReference: ({ id }: { id: string }, { caseById }: CasesContext) => caseById.load(id),
    item: ({ itemId }: RegisteredCase) => ({ id: itemId }),
    applicant: async ({ applicantHandle }: RegisteredCase, _: unknown, context: CasesContext) => {
      const registered = await context.resident.load(applicantHandle);
      if (!registered) throw new Error('the applicant of a case is not in the registry');
      return residentOf(registered);
    },
    promiseDate: ({ promiseAt }: RegisteredCase) => promiseAt,
    overdue: ({ promiseAt, result }: RegisteredCase, _: unknown, { clock }: CasesContext) =>
      isOverdue(promiseAt, result?.at ?? null, clock()),
    openedBy: ({ operator }: RegisteredCase) => operator,
    materials: ({ id }: RegisteredCase, _: unknown, { materials }: CasesContext) => materials.load(id),
    submissions: ({ id }: RegisteredCase, _: unknown, { submissions }: CasesContext) => submissions.load(id),
    actions: async (one: RegisteredCase, _: unknown, { steps }: CasesContext) =>
      fittingMoves(stateOf(one, await steps.load(one.id))).map((move) => MOVE_NAMES[move].en),
    steps: ({ id }: RegisteredCase, _: unknown, { steps }: CasesContext) => steps.load(id),
    references: async ({ id }: RegisteredCase, _: unknown, { references }: CasesContext) =>
      (await references.load(id)).map(reference),
    queryPassword: ({ password }: RegisteredCase) => password,
  },
  Submission: {
    __resolveReference: ({ id }: { id: string }, { store }: CasesContext) => store.submissions.byId(id),
    case: ({ caseId }: Submission, _: unknown, { caseById }: CasesContext) =>
      caseId === null ? null : caseById.load(caseId),
    reference: ({ messageReference }: Submission) => messageReference,
    failureCode: ({ failure }: Submission) => failure?.code ?? null,
    failure: ({ failure }: Submission) => failure?.detail ?? null,
    failureZh: ({ failure }: Submission) => failure?.detailZh ?? null,
    lastQuestion: (submission: Submission, _: unknown, { lastQuestion }: CasesContext) => lastQuestion.load(submission),
    resolutions: ({ id }: Submission, _: unknown, { resolutions }: CasesContext) => resolutions.load(id),
  },
  SubmissionResolution: {
    refusal: ({ refusal }: Resolution) => refusal?.en ?? null,
    refusalZh: ({ refusal }: Resolution) => refusal?.zh ?? null,
  },
  DirectoryOffice: {
    operators: ({ code }: DirectoryOrganisation, _: unknown, { directory }: CasesContext) =>
      directory.operatorsOf(code),
  },
  ServiceItem: {
    __resolveReference: (representation: { id: string }) => representation,
    cases: ({ id }: { id: string }, { status, ...page }: PageArguments & CaseFilter, context: CasesContext) =>
      caseConnection(caseQuery({ status, itemId: id }), page, context, (query, position) =>
        context.registry.casePage(query, position),
      ),
  },
  Mutation: { ...caseMutations, resolveSubmission },
  OpenCasePayload: { case: payloadCase },
  CasePayload: { case: payloadCase },
  RecordVisitPayload: { case: payloadCase },
  SubmissionState: {
    SENDING: 'sending',
    DONE: 'done',
    REJECTED: 'rejected',
    NOT_SENT: 'not-sent',
    UNKNOWN: 'unknown',
    NOT_DONE: 'not-done',
    MANUAL: 'manual',
  },
  ResolutionOutcome: { DONE: 'done', NOT_DONE: 'not-done' },
  ResolutionState: { PENDING: 'pending', APPLIED: 'applied', REFUSED: 'refused' },
  MaterialWay: { PAPER: '0', UPLOAD: '1', CERTIFICATE_LIBRARY: '2', SCAN: '3', MATERIAL_LIBRARY: '6' },
  SpecialProcedureKind: {
    HEARING: '1',
    INSPECTION: '2',
    EXPERT_REVIEW: '3',
    PUBLIC_NOTICE: '4',
    ON_SITE_CHECK: '5',
    OTHER: '9',
  },
  OfficeLevel: {
    DISTRICT: 'district',
    STREET: 'street',
    TOWN: 'town',
    VILLAGE: 'village',
    BANK: 'bank',
    HOSPITAL: 'hospital',
    FUND: 'fund',
    ONLINE: 'online',
  },
  Sex: { MALE: 'male', FEMALE: 'female' },
  CaseStatus: CASE_STATUS,
  StepOutcome: STEP_OUTCOME,
  CaseResultType: RESULT_TYPE,
  CaseChannel: CASE_CHANNEL,
};

async function resident(idNumber: IdNumber, name: string | null, context: CasesContext): Promise<Resident> {
  const handle = context.registry.handle(idNumber);
  const registered = await context.resident.load(handle);
  return registered ? residentOf(registered) : { idNumber, handle, name, registered: null };
}

function residentOf(registered: RegisteredResident): Resident {
  return { idNumber: registered.idNumber as IdNumber, handle: registered.handle, name: registered.name, registered };
}

async function residentPage(
  _: unknown,
  { residenceDivision, first, after }: PageArguments & { residenceDivision?: string | null },
  { registry }: CasesContext,
) {
  const size = pageSize(first);
  const rows = await registry.residentPage({
    limit: size + 1,
    ...(residenceDivision != null && { divisionPrefix: significantDigits(residenceDivision) }),
    ...(after != null && { after: String(decodeCursor(after, ['string'])[0]) }),
  });
  return connectionOf(rows.map(residentOf), size, after, ({ handle }) => encodeCursor([handle]));
}

function findCase(_: unknown, { id, number }: { id?: string | null; number?: string | null }, context: CasesContext) {
  if (id != null && number == null) return context.caseById.load(id);
  if (id == null && number != null) return context.caseByNumber.load(number);
  throw new CasegraphError('INVALID_INPUT', 'Give exactly one of id and number.', { field: 'number' });
}

async function caseConnection(
  query: CaseQuery,
  { first, after }: PageArguments,
  { registry }: CasesContext,
  read: (query: CaseQuery, page: { after?: CasePosition; limit: number }) => Promise<RegisteredCase[]>,
  applicantHandles?: readonly string[],
) {
  const size = pageSize(first);
  const rows = await read(query, { limit: size + 1, ...(after != null && { after: casePosition(after) }) });
  return {
    ...connectionOf(rows, size, after, (row) => encodeCursor([row.listedAt, row.id])),
    totalCount: () => registry.countCases({ ...query, ...(applicantHandles && { applicantHandles }) }),
  };
}

function casePosition(after: string): CasePosition {
  const [listedAt, id] = decodeCursor(after, ['number', 'string']);
  return { listedAt: Number(listedAt), id: String(id) };
}

function caseQuery(filter: CaseFilter): CaseQuery {
  const { status, itemId, channel, division, acceptedFrom, acceptedBefore } = filter;
  return {
    ...(status != null && { status }),
    ...(itemId != null && { itemId }),
    ...(channel != null && { channel }),
    ...(division != null && { divisionPrefix: significantDigits(division) }),
    ...(acceptedFrom != null && { acceptedFrom }),
    ...(acceptedBefore != null && { acceptedBefore }),
  };
}

function reference({ values, ...rest }: RegisteredReference): Reference {
  return { ...rest, values: Object.entries(values).map(([name, value]) => ({ name, value })) };
}

/** The case of a payload: as the mutation left it, whatever became of it since; the same request again has the same answer. */
function payloadCase(
  { case: was }: { case: CaseAsItWas },
  _: unknown,
  { caseById, steps }: CasesContext,
): RegisteredCase {
  const { id } = was.case;
  caseById.clear(id).prime(id, was.case);
  steps.clear(id).prime(id, was.steps);
  return was.case;
}
