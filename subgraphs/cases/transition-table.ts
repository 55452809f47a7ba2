import type { CaseStatus } from './case-state.ts';
import type { Move } from './commands.ts';

/**
 * The one table of what may become of a case: from its status by a move to the next status (unified-acceptance 3.2,
 * `state-transitions.json`). What is not here is refused.
 */
export const TRANSITIONS = {
  '1': { accept: '2', refuse: '47', requestSupplement: '21' },
  '2': {
    completeStep: '2',
    requestSupplement: '21',
    startSpecialProcedure: '22',
    grant: '3',
    deny: '44',
    return: '5',
    passUp: '5',
    void: '-1',
    delete: '-1',
  },
  '21': { receiveSupplement: '2', supplementOverdue: '5', return: '5' },
  '22': { endSpecialProcedure: '2' },
  '3': {},
  '47': {},
  '44': {},
  '5': {},
  '-1': {},
} as const satisfies Record<CaseStatus, Partial<Record<Move, CaseStatus>>>;

/** The status after a move, undefined where the table has none. */
export function statusAfter(status: CaseStatus, move: Move): CaseStatus | undefined {
  return rowOf(status)[move];
}

/** The moves that the table has for a status. */
export function movesFrom(status: CaseStatus): readonly Move[] {
  return Object.keys(TRANSITIONS[status]) as Move[];
}

function rowOf(status: CaseStatus): Partial<Record<Move, CaseStatus>> {
  return TRANSITIONS[status];
}
