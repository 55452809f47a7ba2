import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { invalidInput } from '../../invalid-input.ts';
import type { ReferenceKind } from './case-reference.ts';
import { earlierWrites, ofKind } from './earlier-writes.ts';
import { type ServiceSurroundings, SYSTEM } from './surroundings.ts';

/** The names of what belongs to one kind of filing. */
export interface FilingNames {
  readonly filing: string;
  readonly cancellation: string;
  readonly reference: ReferenceKind;
}

/**
 * A case makes one filing: another only when the one before was cancelled. Throws `INVALID_INPUT`, and as `earlierWrites` does. Without a
 * transaction records count too that the case was given otherwise.
 */
export async function checkNotFiled(
  { store }: Pick<ServiceSurroundings, 'store'>,
  caseId: string,
  { filing, cancellation, reference }: FilingNames,
  tx?: WriteTransaction,
): Promise<void> {
  const done = await earlierWrites(store, caseId, tx);
  const filed = tx ? ofKind(done, filing).length : await countReferences(store, caseId, reference);
  if (filed > ofKind(done, cancellation).length) {
    throw invalidInput('input.caseId', {
      en: 'has a filing already; cancel it first, or open a new case.',
      zh: '该办件已有备案，请先撤销或另行申请。',
    });
  }
}

async function countReferences(
  { registry }: ServiceSurroundings['store'],
  caseId: string,
  kind: ReferenceKind,
): Promise<number> {
  const references = (await registry.references([caseId])).get(caseId) ?? [];
  return references.filter((reference) => reference.system === SYSTEM && reference.kind === kind).length;
}
