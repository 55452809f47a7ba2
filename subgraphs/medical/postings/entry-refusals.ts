import type { Store } from '../../../adapters/database/store.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput } from '../../invalid-input.ts';
import { type CaseAtWork, readCases } from '../../services/case-for.ts';
import { placeIn } from '../forms/shape.ts';
import { checkHandler, type Delegate } from '../services/delegation.ts';
import { ITEMS } from '../services/surroundings.ts';
import type { ReadEntry } from './entry.ts';

const ITEMS_OF = { referral: ITEMS.referral, 'maternity-settlement': ITEMS.maternity } as const;

/**
 * Why entries that are right in themselves are not taken, in their order; undefined for one that is. Nobody posts what is their own; a case
 * that an entry names is of its item, of the same patient, at this hospital and not ended. A document that was posted before is not
 * refused for its case, which may have ended with it.
 */
export async function entryRefusals(
  store: Pick<Store, 'registry' | 'postings'>,
  delegate: Delegate,
  entries: readonly ReadEntry[],
  at: string,
): Promise<readonly (CasegraphError | undefined)[]> {
  const ids = entries.flatMap(({ caseId }) => (caseId === null ? [] : [caseId]));
  const caseOf = ids.length === 0 ? undefined : await readCases(store, ids);
  return Promise.all(
    entries.map(async (entry) => {
      const own = ownRefusal(entry, delegate, at);
      if (own || !caseOf || entry.caseId === null) return own;
      const field = placeIn(at, 'caseId');
      const { caseId } = entry;
      const refusal = refusalBy(() =>
        checkCase(entry, delegate, caseOf(caseId, { items: ITEMS_OF[entry.kept.kind], field }), field),
      );
      return refusal && !(await isKnown(store, delegate, entry)) ? refusal : undefined;
    }),
  );
}

function ownRefusal({ kept }: ReadEntry, { operator }: Delegate, at: string): CasegraphError | undefined {
  if (operator.idNumber !== kept.patient.idNumber) return undefined;
  return invalidInput(placeIn(at, 'patient.idNumber'), {
    en: 'is the operator’s own; another account must post it.',
    zh: '患者为经办人本人，应当回避，须由其他人员办理。',
  });
}

function checkCase({ kept }: ReadEntry, delegate: Delegate, work: CaseAtWork, field: string): void {
  checkHandler(delegate, work, field);
  if (work.applicant.idNumber === kept.patient.idNumber) return;
  throw invalidInput(field, { en: 'is of another applicant than the patient.', zh: '办件申请人与患者不一致。' });
}

function refusalBy(check: () => void): CasegraphError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof CasegraphError) return error;
    throw error;
  }
}

async function isKnown(
  { postings }: Pick<Store, 'postings'>,
  { institution }: Delegate,
  { document, version }: ReadEntry,
): Promise<boolean> {
  return (await postings.byDocument(institution.code, document, version)) !== undefined;
}
