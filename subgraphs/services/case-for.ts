import type { RegisteredCase } from '../../adapters/database/case-registry.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { IdNumber } from '../../adapters/identifiers/id-number.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { CASE_STATUS } from '../case-codes.ts';
import { invalidInput } from '../invalid-input.ts';

/** A case that something is done for, and whose it is. */
export interface CaseAtWork {
  readonly case: RegisteredCase;
  readonly applicant: {
    readonly idNumber: IdNumber;
    /** As given on the application. */
    readonly name: string;
  };
}

export interface CaseWanted {
  /** The items that this may be done for: `['S07', 'S08', 'S09']`. */
  readonly items: readonly string[];
  /** Also a case that has ended: to cancel what it ended with. */
  readonly ended?: boolean;
  /** The argument that names the case. */
  readonly field?: string;
}

const ENDED: ReadonlySet<string> = new Set([
  CASE_STATUS.CLOSED,
  CASE_STATUS.NOT_ACCEPTED,
  CASE_STATUS.NOT_GRANTED,
  CASE_STATUS.CLOSED_ABNORMALLY,
  CASE_STATUS.VOID,
]);

/** True for a case that nothing more is done for. */
export function hasEnded({ status }: Pick<RegisteredCase, 'status'>): boolean {
  return ENDED.has(status);
}

/**
 * The case that a mutation is for, held until the transaction ends. Throws `NOT_FOUND` for a case that is not there, `INVALID_INPUT`
 * for one of another item and for one that has ended; both name the argument.
 */
export async function caseFor(
  tx: WriteTransaction,
  { registry }: Pick<Store, 'registry'>,
  caseId: string,
  wanted: CaseWanted,
): Promise<CaseAtWork> {
  const found = await registry.caseForUpdate(tx, caseId);
  const [applicant] = found ? await registry.residents([found.applicantHandle], tx) : [];
  return checked(found, applicant, wanted);
}

/** The same without holding it: what must be known before anything is written. Checked again by `caseFor` when it is. */
export async function readCase(
  { registry }: Pick<Store, 'registry'>,
  caseId: string,
  wanted: CaseWanted,
): Promise<CaseAtWork> {
  const [found] = await registry.casesById([caseId]);
  const [applicant] = found ? await registry.residents([found.applicantHandle]) : [];
  return checked(found, applicant, wanted);
}

/** Reads many cases at once. Gives each as `readCase` does, and throws as it does. */
export async function readCases(
  { registry }: Pick<Store, 'registry'>,
  caseIds: readonly string[],
): Promise<(caseId: string, wanted: CaseWanted) => CaseAtWork> {
  const cases = await registry.casesById([...new Set(caseIds)]);
  const handles = [...new Set(cases.map(({ applicantHandle }) => applicantHandle))];
  const residents = handles.length === 0 ? [] : await registry.residents(handles);
  const caseById = new Map(cases.map((one) => [one.id, one]));
  const residentByHandle = new Map(residents.map((one) => [one.handle, one]));
  return (caseId, wanted) => {
    const found = caseById.get(caseId);
    return checked(found, found && residentByHandle.get(found.applicantHandle), wanted);
  };
}

/** `NOT_FOUND` for a case that is not there, naming the argument. */
export function noSuchCase(field: string): CasegraphError {
  return new CasegraphError('NOT_FOUND', `${field}: there is no such case.`, {
    field,
    detailZh: `${field}：没有该办件。`,
  });
}

function checked(
  found: RegisteredCase | undefined,
  applicant: { readonly idNumber: string; readonly name: string | null } | undefined,
  { items, ended = false, field = 'input.caseId' }: CaseWanted,
): CaseAtWork {
  if (!found || !applicant) {
    throw noSuchCase(field);
  }
  if (!items.includes(found.itemId)) {
    throw invalidInput(field, {
      en: `is a case of item ${found.itemId}; this is done for ${items.join(', ')}.`,
      zh: `为${found.itemId}事项的办件，此操作适用于${items.join('、')}。`,
    });
  }
  if (!ended && hasEnded(found)) {
    throw invalidInput(field, { en: 'has ended; open a new case.', zh: '办件已办结，请另行申请。' });
  }
  const name = found.applicantName ?? applicant.name;
  if (name === null) throw new Error('a case without the name of its applicant');
  return { case: found, applicant: { idNumber: applicant.idNumber as IdNumber, name } };
}
