import { createHash } from 'node:crypto';
import type { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput } from '../../invalid-input.ts';
import { Faults, placeIn } from '../forms/shape.ts';
import type { PostingContent, PostingKind } from './content.ts';
import type { EntryHead, EntrySurroundings } from './entry-members.ts';
import { checkMaternityEntry, MATERNITY_ENTRY, maternityContent } from './maternity-entry.ts';
import { checkReferralEntry, REFERRAL_ENTRY, referralContent } from './referral-entry.ts';

export type {
  MaternityContent,
  PostedSettlement,
  PostingContent,
  PostingKind,
  PostingPatient,
  ReferralContent,
} from './content.ts';

/** The kinds as the schema has them. */
export const POSTING_KINDS = {
  REFERRAL: 'referral',
  MATERNITY_SETTLEMENT: 'maternity-settlement',
} as const satisfies Record<string, PostingKind>;

/** What is kept of an entry, sealed: its content, and the digest that the receipt tells. */
export type KeptEntry = PostingContent & { readonly digest: string };

/** An entry that is right. */
export interface ReadEntry {
  readonly document: string;
  readonly version: number;
  readonly caseId: string | null;
  readonly totalFen: number | null;
  readonly kept: KeptEntry;
}

/** An entry that is not, with everything that is wrong: each an `INVALID_INPUT` that names its place. */
export interface FaultyEntry {
  readonly faults: readonly CasegraphError[];
}

/**
 * Reads and checks an entry: of a batch, of a file, or of a single post, whose moments are texts like theirs. `at` is the place of the
 * entry, in front of the places of its members.
 */
export function readEntry(value: unknown, at: string, surroundings: EntrySurroundings): ReadEntry | FaultyEntry {
  const faults = new Faults();
  const read = kindOf(value) === 'MATERNITY_SETTLEMENT' ? maternity : referral;
  try {
    const entry = read(value, at, surroundings, faults);
    if (entry && faults.found.length === 0) return entry;
  } catch (error) {
    faults.add(error);
  }
  return { faults: faults.found };
}

export function isFaulty(read: ReadEntry | FaultyEntry): read is FaultyEntry {
  return 'faults' in read;
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}

function referral(value: unknown, at: string, surroundings: EntrySurroundings, faults: Faults): ReadEntry | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && kindOf(value) !== 'REFERRAL') {
    throw invalidInput(placeIn(at, 'kind'), {
      en: 'must be REFERRAL or MATERNITY_SETTLEMENT.',
      zh: '应为REFERRAL或MATERNITY_SETTLEMENT。',
    });
  }
  const entry = REFERRAL_ENTRY(value, at, faults);
  checkReferralEntry(entry, at, surroundings, faults);
  if (faults.found.length > 0) return undefined;
  return kept(entry, { ...referralContent(entry), digest: digestOf(entry) }, null);
}

function maternity(value: unknown, at: string, surroundings: EntrySurroundings, faults: Faults): ReadEntry | undefined {
  const entry = MATERNITY_ENTRY(value, at, faults);
  checkMaternityEntry(entry, at, surroundings, faults);
  if (faults.found.length > 0) return undefined;
  return kept(entry, { ...maternityContent(entry), digest: digestOf(entry) }, entry.settlement.total);
}

function kept({ document, version, caseId }: EntryHead, content: KeptEntry, totalFen: number | null): ReadEntry {
  return { document, version, caseId: caseId ?? null, totalFen, kept: content };
}

/** SHA-256 of the entry in its normal form, whose members are in order (RFC 8785). */
function digestOf(entry: EntryHead): string {
  return createHash('sha256').update(JSON.stringify(entry)).digest('hex');
}
