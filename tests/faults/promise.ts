import { expect } from 'vitest';
import { type Books, booksOf, referralKey } from './books.ts';
import { FEE_ROWS } from './documents.ts';
import type { LedgerLine } from './platform.ts';
import type { PostingSeen } from './postings.ts';
import type { Written } from './writers.ts';

interface Proof {
  readonly written: readonly Written[];
  /** Every posting there is; all have ended. */
  readonly postings: readonly PostingSeen[];
  readonly ledger: readonly LedgerLine[];
  /** 人员编号 by identity number. */
  readonly personNumbers: ReadonlyMap<string, string>;
}

/** What was written, in numbers. */
export interface Counted {
  readonly acknowledged: number;
  /** Of them more than one copy was answered. */
  readonly inCopies: number;
  readonly unacknowledged: number;
  readonly settled: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly ledgerLines: number;
}

/**
 * Everything acknowledged is there once and was answered alike to every copy; what stands at the platform is what the postings that are
 * settled say, to the last row, and nothing else.
 */
export function expectKept({ written, postings, ledger, personNumbers }: Proof): Counted {
  const byDocument = Map.groupBy(postings, ({ hospital, document }) => `${hospital} ${document.number}`);
  for (const { document, answers } of written) {
    const found = byDocument.get(`${document.hospital} ${document.number}`) ?? [];
    // Of what was never acknowledged nothing may be there, and never more than one.
    expect(found.length, document.number).toBeLessThanOrEqual(1);
    if (answers.length > 0) expect([found[0]?.id, document.number]).toEqual([answers[0]?.id, document.number]);
    expect(new Set(answers.map(({ id, token }) => `${id} ${token}`)).size, document.number).toBe(answers.length && 1);
  }
  const documents = new Map(written.map((one) => [`${one.document.hospital} ${one.document.number}`, one]));
  expect([...byDocument.keys()].filter((name) => !documents.has(name))).toEqual([]);

  const settled = postings.filter(({ state }) => state === 'SETTLED');
  const expected = booksBy(settled, documents, personNumbers);
  const stands = booksOf(ledger);
  expect(sorted(stands.referrals.values())).toEqual(sorted(expected.referrals.values()));
  expect(sorted(stands.visits)).toEqual(sorted(expected.visits));
  expect(sorted(stands.fees)).toEqual(sorted(expected.fees));
  expect(sorted(stands.settlements)).toEqual(sorted(expected.settlements));
  for (const posting of postings) expectEnded(posting, documents.get(nameOf(posting)));
  const inState = (wanted: string) => postings.filter(({ state }) => state === wanted).length;
  return {
    acknowledged: written.filter(({ answers }) => answers.length > 0).length,
    inCopies: written.filter(({ answers }) => answers.length > 1).length,
    unacknowledged: written.filter(({ answers }) => answers.length === 0).length,
    settled: settled.length,
    rejected: inState('REJECTED'),
    cancelled: inState('CANCELLED'),
    ledgerLines: ledger.length,
  };
}

/** What the platform's books must be by what the postings say. */
function booksBy(
  settled: readonly PostingSeen[],
  documents: ReadonlyMap<string, Written>,
  personNumbers: ReadonlyMap<string, string>,
): Books {
  const referrals = new Map<string, string>();
  const visits = new Map<string, string>();
  const fees = new Map<string, number>();
  const settlements = new Map<string, string>();
  for (const posting of settled) {
    const { document } = documents.get(nameOf(posting)) as Written;
    const subject = personNumbers.get(document.patient.idNumber) ?? '';
    if (posting.kind === 'REFERRAL') {
      const { hospital, from, to } = document.content as { hospital: { code: string }; from: string; to: string };
      referrals.set(posting.id, referralKey({ subject, target: hospital.code, from, to }));
      continue;
    }
    const { visitId = '', settlementId = '' } = posting.outcome ?? {};
    visits.set(visitId, subject);
    fees.set(visitId, FEE_ROWS);
    settlements.set(settlementId, visitId);
  }
  return { referrals, visits, fees, settlements };
}

/**
 * Nothing ends otherwise than it should: what is right is settled, unless a step was lost twice; what the platform works out otherwise than
 * the hospital is rejected; what was taken back may have been settled before.
 */
function expectEnded({ document, state, failure }: PostingSeen, written: Written | undefined): void {
  const told = `${document.number} ${JSON.stringify(failure)}`;
  const { settlement } = (written?.document.content ?? {}) as { settlement?: { expected?: object } };
  if (written?.cancelled) expect(['SETTLED', 'CANCELLED'], told).toContain(state);
  else if (state === 'REJECTED' && failure?.code === 'DEPARTMENT_TIMEOUT') return;
  else expect([state, failure?.code], told).toEqual(settlement?.expected ? WRONGLY_EXPECTED : SETTLED);
}

const SETTLED = ['SETTLED', undefined];
const WRONGLY_EXPECTED = ['REJECTED', 'AMOUNTS_DIFFER'];

function nameOf({ hospital, document }: PostingSeen): string {
  return `${hospital} ${document.number}`;
}

function sorted(values: Iterable<unknown>): readonly string[] {
  return [...values].map((value) => JSON.stringify(value)).sort();
}
