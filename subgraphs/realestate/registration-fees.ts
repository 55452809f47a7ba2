import { noSuchCase } from '../services/case-for.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../services/mutation.ts';
import { REGISTRY_QUEUE } from '../services/registration-fees.ts';
import type { RealestateContext } from './loaders.ts';

interface ResumeInput extends MutationInput {
  readonly caseId: string;
}

interface Resumed {
  readonly caseId: string;
  readonly resumed: number;
}

/** What the registry is told of registration fees, as far as people see it and set it going again. */
export const registrationFees = {
  Mutation: {
    resumeRegistrationFee: (_: unknown, { input }: { input: ResumeInput }, context: RealestateContext) =>
      resume(input, context),
  },
  ResumeRegistrationFeePayload: { case: ({ caseId }: Resumed) => ({ id: caseId }) },
  Case: {
    registrationFeeReporting: async ({ id }: { id: string }, _: unknown, { feeBacklog }: RealestateContext) => {
      const backlog = await feeBacklog(id);
      return {
        upToDate: backlog === null,
        waiting: backlog?.waiting ?? 0,
        stuck: backlog?.stuck ?? false,
        lastFailure: backlog?.lastError ?? null,
      };
    },
  },
};

/** Has the registry told again what it refused (real-estate 4: stop, alarm), once somebody has put it right. */
async function resume(input: ResumeInput, { services, idempotencyKey }: RealestateContext): Promise<Resumed> {
  const { store, clock, directory } = services.surroundings;
  const { operator, caseId } = input;
  directory.operator(operator);
  const request = mutationRequest('resumeRegistrationFee', input, idempotencyKey);
  const resumed = await onlyOnce(store, request, clock, async (tx) => {
    if (!(await store.registry.caseForUpdate(tx, caseId))) throw noSuchCase('input.caseId');
    return store.tasks.letGoOn(tx, REGISTRY_QUEUE, caseId, clock());
  });
  return { caseId, resumed };
}
