import { code, formed, idNumber, phone, text, whole } from '../forms/readers.ts';
import { optional, type Read, shape, withDefault } from '../forms/shape.ts';
import type { PostingPatient } from './content.ts';

/** What entries of every kind have: document, case and patient. */
export const ENTRY_MEMBERS = {
  document: formed(/^[^\s\p{C}]{1,64}$/u, {
    en: 'must be 1 to 64 visible characters without spaces.',
    zh: '应为1至64个可见字符，不含空格。',
  }),
  version: withDefault(whole(1, 999), 1),
  caseId: optional(code(64)),
  patient: shape({
    idNumber,
    name: text(50),
    phone: optional(phone),
    address: optional(text(200)),
  }),
  insuranceKind: optional(code(6)),
};

const HEAD = shape(ENTRY_MEMBERS);

export type EntryHead = Read<typeof HEAD>;

/** What an entry is checked against. */
export interface EntrySurroundings {
  /** The provider code of the hospital that posts. */
  readonly hospital: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What every content begins with. */
export function headOf({ patient, insuranceKind }: EntryHead): {
  readonly patient: PostingPatient;
  readonly insuranceKind?: string;
} {
  return { patient, ...(insuranceKind !== undefined && { insuranceKind }) };
}
