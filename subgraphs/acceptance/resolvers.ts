import { parseImplementationCode } from '../../adapters/identifiers/item-code.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { CaseProgress, ItemGuide, ItemMaterial, ProgressStep } from '../../adapters/unified-acceptance/records.ts';
import { CASE_STATUS, RESULT_TYPE, STEP_OUTCOME } from '../case-codes.ts';
import { knownCode } from '../codes.ts';
import { identifierInput } from '../invalid-input.ts';
import type { Resolvers } from '../schema.ts';
import type { AcceptanceContext, CaseKey } from './loaders.ts';

/** Codes of an item's guide (unified-acceptance 3.1 and 3.3). */
const ITEM_STATE = { IN_USE: '1', SUSPENDED: '2', CANCELLED: '3' } as const;
const CASE_TYPE = { IMMEDIATE: '1', PROMISED: '2', JOINT: '3', PASSED_UP: '4' } as const;
const MATERIAL_SOURCE = { APPLICANT: '10', GOVERNMENT: '20', OTHER: '99' } as const;

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
  },
  Case: {
    progress: (
      { number, queryPassword }: { number: string; queryPassword: string },
      _: unknown,
      { progress }: AcceptanceContext,
    ) => progress({ number, password: queryPassword }),
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
