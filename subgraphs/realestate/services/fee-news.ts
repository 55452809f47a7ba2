import { z } from 'zod';
import type { Store } from '../../../adapters/database/store.ts';
import type { Task } from '../../../adapters/database/tasks.ts';
import type { RealEstateClient } from '../../../adapters/real-estate/client.ts';
import { DEPARTMENT } from '../../../adapters/real-estate/errors.ts';
import { CasegraphError, type ErrorCode } from '../../../adapters/transport/errors.ts';
import type { RegistrationFeeNews } from '../../services/registration-fees.ts';
import { type TaskEnd, TaskStuck } from '../../services/worker.ts';

/** After these the same message is refused again: a person has to look (real-estate 4: stop, alarm). */
const FINAL: ReadonlySet<ErrorCode> = new Set(['DEPARTMENT_REJECTED', 'INVALID_INPUT', 'NOT_FOUND', 'FORBIDDEN']);

const kinds = z.object({ kind: z.enum(['fee-linked', 'fee-paid']) });

/**
 * Tells the registry of a registration fee (9800301, 9800302). Told again after an answer that was lost, or by the next process, nothing
 * happens twice: the registry knows acceptance number and payment code (real-estate 3.7). The case then names the application.
 */
export async function tellFee(
  client: RealEstateClient,
  { registry }: Pick<Store, 'registry'>,
  { kind, body, orderKey: caseId }: Task,
): Promise<TaskEnd> {
  if (!kinds.safeParse(body).success) throw new TaskStuck(`no news of a registration fee: ${kind}`);
  const news = body as RegistrationFeeNews;
  try {
    const told = news.kind === 'fee-linked' ? await client.linkFee(news.link) : await client.markFeePaid(news.payment);
    const application = { system: DEPARTMENT, kind: 'registration', reference: told.acceptanceNumber, values: {} };
    return (tx) => registry.addReference(tx, caseId, application);
  } catch (error) {
    if (error instanceof CasegraphError && FINAL.has(error.code)) {
      const { departmentCode, reference } = error.details;
      throw new TaskStuck([error.code, DEPARTMENT, departmentCode, reference].filter(Boolean).join(' '));
    }
    throw error;
  }
}
