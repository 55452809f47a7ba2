import { CASE_STATUS } from '../case-codes.ts';
import type { Refusal } from '../invalid-input.ts';
import {
  type CaseState,
  type CaseStatus,
  isClosed,
  isDisagreed,
  isTaken,
  nextStep,
  remainingSteps,
  stepToDo,
} from './case-state.ts';
import { type CaseCommand, MOVE_NAMES, type Move, moveOf, wordsOf } from './commands.ts';
import { processOf } from './process.ts';
import { movesFrom } from './transition-table.ts';

/** Why a command was refused; nothing was changed. `field` is the place in a mutation's input. */
export interface CommandRefused {
  readonly kind: 'refused';
  readonly field: 'caseId' | 'step' | 'agree' | 'explanation' | 'name' | CertificateField | 'operator';
  readonly refusal: Refusal;
}

type CertificateField = 'certificateName' | 'certificateNumber';

/** Who gives a command, as far as it matters here. */
interface Reviewer {
  readonly account: string | null;
  readonly resident: string | null;
}

/** The longest handleExplain, specialReason and resultExplain (unified-acceptance 3.3), characters. */
const LONGEST_WORDS = 2000;
/** The longest specialName. */
const LONGEST_NAME = 1000;

/** The moves that fit a case now: those of the table, less what its steps do not allow. */
export function fittingMoves(state: CaseState): readonly Move[] {
  const next = nextStep(state, processOf(state.itemId));
  const disagreed = isDisagreed(state);
  const needsNext: readonly Move[] = ['completeStep', 'requestSupplement', 'startSpecialProcedure'];
  return movesFrom(state.status).filter((move) => {
    if (needsNext.includes(move)) return next !== undefined && !disagreed;
    if (move === 'grant') return remainingSteps(state).length <= 1 && !disagreed;
    return true;
  });
}

/** Why a command does not fit, or null. */
export function refusalOf(state: CaseState, command: CaseCommand, by: Reviewer): CommandRefused | null {
  return (
    unfit(state, command) ??
    wrongStep(state, command) ??
    ownApplication(state, command, by) ??
    lackingWords(command) ??
    lackingCertificateNumber(command)
  );
}

function unfit(state: CaseState, command: CaseCommand): CommandRefused | null {
  const move = moveOf(command);
  const fitting = fittingMoves(state);
  if (fitting.includes(move)) return null;
  const { en, zh } = MOVE_NAMES[move];
  const status = STATUS_NAMES[state.status];
  const now = whatFits(state, fitting);
  return refused('caseId', {
    en: `${en} does not fit: the case is ${status.en}. ${now.en}`,
    zh: `办件${status.zh}，不能${zh}。${now.zh}`,
  });
}

function wrongStep(state: CaseState, command: CaseCommand): CommandRefused | null {
  if (command.kind !== 'completeStep') return null;
  const next = nextStep(state, processOf(state.itemId));
  const now = whatFits(state, fittingMoves(state));
  if (command.step !== undefined && command.step !== next?.name) {
    const why = isTaken(state, command.step)
      ? { en: 'is done already and is not done again.', zh: '该环节已办理，不再重复办理。' }
      : { en: 'is not the step to do.', zh: '不是当前待办环节。' };
    return refused('step', { en: `${why.en} ${now.en}`, zh: `${why.zh}${now.zh}` });
  }
  if (!command.agree && next?.role === 'deliver') {
    return refused('agree', {
      en: `must be true for ${next.name}, which hands over what was decided. ${now.en}`,
      zh: `“${next.name}”为出件环节，不能填不同意。${now.zh}`,
    });
  }
  return null;
}

/** 回避: whoever applied, for themselves or for another, neither reviews nor decides. */
function ownApplication(state: CaseState, command: CaseCommand, by: Reviewer): CommandRefused | null {
  if (!isReviewOrDecision(state, command)) return null;
  if (by.resident !== null && by.resident === state.applicant) {
    return refused('operator', {
      en: `${by.account ?? 'This account'} belongs to the applicant, who may not review or decide: another account must.`,
      zh: `${by.account ?? '该账号'}为申请人本人，不得审核或决定，须由其他人员办理。`,
    });
  }
  if (by.account !== null && by.account === state.openedBy) {
    return refused('operator', {
      en: `${by.account} submitted this application and may not review or decide it: another account must.`,
      zh: `${by.account}为本件提交人，不得审核或决定，须由其他人员办理。`,
    });
  }
  return null;
}

/** Acceptance and its refusal are the window's, also for an application that the window took down itself. */
function isReviewOrDecision(state: CaseState, command: CaseCommand): boolean {
  const next = nextStep(state, processOf(state.itemId));
  const reviewing = next?.role === 'review' || next?.role === 'decide';
  switch (moveOf(command)) {
    case 'completeStep':
      return reviewing;
    case 'deny':
      return true;
    case 'grant':
      // Where the catalogue ends with the acceptance, closing is the decision.
      return reviewing || processOf(state.itemId).furtherReview !== null;
    default:
      return false;
  }
}

function lackingWords(command: CaseCommand): CommandRefused | null {
  const words = wordsOf(command);
  if ([...words].length > LONGEST_WORDS) {
    return refused('explanation', {
      en: `must have at most ${LONGEST_WORDS} characters.`,
      zh: `不得超过${LONGEST_WORDS}个字符。`,
    });
  }
  if (command.kind === 'startSpecialProcedure' && [...(command.name ?? '')].length > LONGEST_NAME) {
    return refused('name', {
      en: `must have at most ${LONGEST_NAME} characters.`,
      zh: `不得超过${LONGEST_NAME}个字符。`,
    });
  }
  if (!needsWords(command) || words.trim() !== '') return null;
  return refused('explanation', { en: 'must say why.', zh: '应说明理由。' });
}

/** A closing but a grant needs its reason (unified-acceptance 3.2), and so does whatever the applicant would ask about. */
function needsWords(command: CaseCommand): boolean {
  switch (moveOf(command)) {
    case 'accept':
    case 'receiveSupplement':
    case 'supplementOverdue':
    case 'grant':
      return false;
    case 'completeStep':
      return command.kind === 'completeStep' && !command.agree;
    default:
      return true;
  }
}

/** A certificate is issued under a number, and only with a grant (unified-acceptance 3.3, `result`). */
function lackingCertificateNumber(command: CaseCommand): CommandRefused | null {
  if (command.kind !== 'close' || command.certificate === undefined) return null;
  if (moveOf(command) !== 'grant') {
    return refused('certificateName', { en: 'is only issued with a grant.', zh: '仅出证办结可填写证照。' });
  }
  const { name, number } = command.certificate;
  if (name.trim() !== '' && number.trim() !== '') return null;
  const lacking: CertificateField = name.trim() === '' ? 'certificateName' : 'certificateNumber';
  return refused(lacking, { en: 'must not be empty: a certificate has both.', zh: '证照名称和编号均不能为空。' });
}

/** What may be done with a case now, for whoever asked for something else. */
function whatFits(state: CaseState, fitting: readonly Move[]): Refusal {
  if (isClosed(state.status)) return { en: 'Nothing more can be done with it.', zh: '办件已结束，不能再办理。' };
  const step =
    stepToDo(state)?.name ??
    (fitting.includes('completeStep') ? nextStep(state, processOf(state.itemId))?.name : undefined);
  return {
    en: `What fits now: ${fitting.map((move) => MOVE_NAMES[move].en).join(', ')}${step ? `; the step to do is ${step}` : ''}.`,
    zh: `当前可办：${fitting.map((move) => MOVE_NAMES[move].zh).join('、')}${step ? `；待办环节：${step}` : ''}。`,
  };
}

function refused(field: CommandRefused['field'], refusal: Refusal): CommandRefused {
  return { kind: 'refused', field, refusal };
}

/** How a case's status is told. */
export const STATUS_NAMES: Readonly<Record<CaseStatus, Refusal>> = {
  [CASE_STATUS.RECEIVED]: { en: 'received and not accepted yet', zh: '待受理' },
  [CASE_STATUS.IN_PROGRESS]: { en: 'in progress', zh: '办理中' },
  [CASE_STATUS.WAITING_FOR_SUPPLEMENT]: { en: 'waiting for a supplement', zh: '待补正' },
  [CASE_STATUS.SUSPENDED]: { en: 'suspended by a special procedure', zh: '特别程序中' },
  [CASE_STATUS.CLOSED]: { en: 'closed', zh: '已办结' },
  [CASE_STATUS.NOT_ACCEPTED]: { en: 'closed: its acceptance was refused', zh: '已不予受理' },
  [CASE_STATUS.NOT_GRANTED]: { en: 'closed: it was not granted', zh: '已不予许可' },
  [CASE_STATUS.CLOSED_ABNORMALLY]: { en: 'closed: it was returned or passed up', zh: '已异常办结' },
  [CASE_STATUS.VOID]: { en: 'void', zh: '已作废' },
};
