import { describe, expect, it } from 'vitest';
import { POSTING_STATES, type PostingState } from '../../adapters/database/posting-rows.ts';
import { checkTransition } from '../../subgraphs/medical/postings/engine/transitions.ts';

/** The whole table; every pair that is not here must be refused. */
const ALLOWED: readonly `${PostingState} → ${PostingState}`[] = [
  'stored → sending',
  'stored → cancelled',
  'sending → stored',
  'sending → settled',
  'sending → rejected',
  'sending → unknown',
  'sending → undoing',
  'sending → manual',
  'unknown → sending',
  'unknown → undoing',
  'unknown → manual',
  'undoing → rejected',
  'undoing → cancelled',
  'undoing → settled',
  'undoing → unknown',
  'undoing → manual',
  'settled → undoing',
  'manual → sending',
  'manual → undoing',
  'manual → rejected',
  'manual → cancelled',
];

const PAIRS = POSTING_STATES.flatMap((from) => POSTING_STATES.map((to) => [from, to] as const));

describe('the table of transitions', () => {
  it.each(PAIRS)('%s → %s', (from, to) => {
    const check = () => checkTransition(from, to);
    if ((ALLOWED as readonly string[]).includes(`${from} → ${to}`)) expect(check).not.toThrow();
    else expect(check).toThrow(`a posting does not go from ${from} to ${to}`);
  });
});
