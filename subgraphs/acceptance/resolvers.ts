import { parseImplementationCode } from '../../adapters/identifiers/item-code.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { CaseProgress, ItemGuide, ItemMaterial, ProgressStep } from '../../adapters/unified-acceptance/records.ts';
import { CASE_STATUS, RESULT_TYPE, STEP_OUTCOME } from '../case-codes.ts';
import { knownCode } from '../codes.ts';
import { identifierInput } from '../invalid-input.ts';
import type { Resolvers } from '../schema.ts';
import { noSuchCase } from '../services/case-for.ts';
import { REPORTS_QUEUE } from '../services/case-reports.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../services/mutation.ts';
import type { AcceptanceContext, CaseKey } from './loaders.ts';

/** Codes of an item's guide (unified-acceptance 3.1 and 3.3). */
const ITEM_STATE = { IN_USE: '1', SUSPENDED: '2', CANCELLED: '3' } as const;
const CASE_TYPE = { IMMEDIATE: '1', PROMISED: '2', JOINT: '3', PASSED_UP: '4' } as const;
const MATERIAL_SOURCE = { APPLICANT: '10', GOVERNMENT: '20', OTHER: '99' } as const;

interface ResumeInput extends MutationInput {
  readonly caseId: string;
}

export const resolvers: Resolvers = {
  Query: {
    caseProgress: (_: unknown, { number, password }: CaseKey, { progress }: AcceptanceContext) => {
      if (!/^\d{6}$/.test(password)) {
        throw new CasegraphError('INVALID_INPUT', 'password must be six digits.', { field: 'password' });
      }
      return progress({ number, password });
    },
    itemGuide: (_: unknown, { implementationCode }: { implementationCode: string }, { guide }: AcceptanceContext) =>
      guide(identifierInput('implementationCode', implementationCode, parseImplementationCode)),
    reportingBacklog: (_: unknown, __: unknown, { store }: AcceptanceContext) => store.tasks.count(REPORTS_QUEUE),
  },
  Mutation: {
    resumeCaseReporting: (_: unknown, { input }: { input: ResumeInput }, context: AcceptanceContext) =>
      resume(input, context),
  },
  Case: {
    progress: (
      { number, queryPassword }: { number?: string | null; queryPassword?: string | null },
      _: unknown,
      { progress }: AcceptanceContext,
    ) => (number && queryPassword ? progress({ number, password: queryPassword }) : null),
    reporting: async ({ id }: { id: string }, _: unknown, { backlog }: AcceptanceContext) => {
      const waiting = await backlog(id);
      return {
        upToDate: waiting === null,
        waiting: waiting?.waiting ?? 0,
        stuck: waiting?.stuck ?? false,
        lastFailure: waiting?.lastError ?? null,
      };
    },
  },
  ServiceItem: {
    guide: ({ codes }: { codes: { implementation: string } }, _: unknown, { guide }: AcceptanceContext) =>
      guide(codes.implementation),
  },
  CaseProgress: {
    status: ({ status }: CaseProgress) => knownCode(CASE_STATUS, status),
    closedAt: ({ resultAt }: CaseProgress) => resultAt,
    resultType: ({ resultType }: CaseProgress) => knownCode(RESULT_TYPE, resultType),
  },
  CaseProgressStep: {
    outcome: ({ result }: ProgressStep) => knownCode(STEP_OUTCOME, result),
    // The platform repeats the start of a step that is to do, and leaves its result empty (unified-acceptance 3.3).
    endedAt: ({ result, endedAt }: ProgressStep) => (result === '' ? null : endedAt),
  },
  ItemGuide: {
    state: ({ state }: ItemGuide) => knownCode(ITEM_STATE, state),
    caseType: ({ caseType }: ItemGuide) => knownCode(CASE_TYPE, caseType),
    promiseAmount: ({ promise }: ItemGuide) => promise?.amount,
    promiseUnit: ({ promise }: ItemGuide) => promise?.unit,
    statutoryAmount: ({ statutoryLimit }: ItemGuide) => statutoryLimit?.amount,
    statutoryUnit: ({ statutoryLimit }: ItemGuide) => statutoryLimit?.unit,
  },
  ItemMaterial: { source: ({ source }: ItemMaterial) => knownCode(MATERIAL_SOURCE, source) },
  CaseStatus: CASE_STATUS,
  StepOutcome: STEP_OUTCOME,
  CaseResultType: RESULT_TYPE,
  ItemState: ITEM_STATE,
  CaseType: CASE_TYPE,
  MaterialSource: MATERIAL_SOURCE,
};

async function resume(input: ResumeInput, { store, clock, directory, idempotencyKey }: AcceptanceContext) {
  directory.operator(input.operator);
  const request = mutationRequest('resumeCaseReporting', input, idempotencyKey);
  const resumed = await onlyOnce(store, request, clock, async (tx) => {
    if (!(await store.registry.caseForUpdate(tx, input.caseId))) throw noSuchCase('input.caseId');
    return store.tasks.letGoOn(tx, REPORTS_QUEUE, input.caseId, clock());
  });
  return { resumed, case: { id: input.caseId } };
}
