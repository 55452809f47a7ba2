import type { Store } from '../../../adapters/database/store.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { invalidInput } from '../../invalid-input.ts';
import { type CaseWanted, caseFor } from '../../services/case-for.ts';
import { earlierWrites } from './earlier-writes.ts';
import { courseOf, type MaternityCourse, type MaternityVisit } from './maternity-course.ts';
import { ITEMS } from './surroundings.ts';

/** The order of a maternity payment: admission, fees, settlement. Each throws `INVALID_INPUT` on the case, saying what comes first. */

const FIELD = 'input.caseId';

/** The case; one that ended with a settlement goes on when that was cancelled. */
export function maternityCase({ cancelled }: MaternityCourse): CaseWanted {
  return { items: ITEMS.maternity, ended: cancelled.length > 0 };
}

/** How far a case has come, which is held until the transaction ends: nobody else sends anything for it meanwhile. */
export async function courseHeld(tx: WriteTransaction, store: Store, caseId: string): Promise<MaternityCourse> {
  await caseFor(tx, store, caseId, { items: ITEMS.maternity, ended: true });
  const course = courseOf(await earlierWrites(store, caseId, tx));
  await caseFor(tx, store, caseId, maternityCase(course));
  return course;
}

export function admittedVisit({ visit }: MaternityCourse): MaternityVisit {
  if (visit) return visit;
  throw invalidInput(FIELD, {
    en: 'has no admission yet; admitForMaternity comes first.',
    zh: '该办件尚未办理入院，请先办理入院登记。',
  });
}

export function withFees({ feesFen }: MaternityCourse): void {
  if (feesFen > 0) return;
  throw invalidInput(FIELD, {
    en: 'has no fees yet; uploadMaternityFees comes first.',
    zh: '该办件尚未上传费用明细，请先上传。',
  });
}

export function notSettled({ settlement }: MaternityCourse): void {
  if (!settlement) return;
  throw invalidInput(FIELD, {
    en: 'is settled already; cancelMaternitySettlement comes first.',
    zh: '该办件已结算，如需更正请先撤销结算。',
  });
}
