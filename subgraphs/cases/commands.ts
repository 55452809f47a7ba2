import { RESULT_TYPE } from '../case-codes.ts';
import type { Certificate, ResultType, SpecialProcedureKind } from './case-state.ts';

/** What is asked of a case. Explanations are the office's own words, at most 2,000 characters. */
export type CaseCommand =
  /** 受理. */
  | { readonly kind: 'accept'; readonly explanation?: string }
  /** 不予受理, a formal decision. */
  | { readonly kind: 'refuse'; readonly explanation: string }
  /** The step to do, which `step` may name to be sure; disagreeing needs an explanation. */
  | { readonly kind: 'completeStep'; readonly agree: boolean; readonly step?: string; readonly explanation?: string }
  /** 补正告知; the explanation says what is missing. */
  | { readonly kind: 'requestSupplement'; readonly explanation: string }
  /** 补正受理; of a case that was not accepted yet this is the acceptance too. */
  | { readonly kind: 'receiveSupplement'; readonly explanation?: string }
  /** 逾期未补正. */
  | { readonly kind: 'supplementOverdue'; readonly explanation?: string }
  | {
      readonly kind: 'startSpecialProcedure';
      readonly procedure: SpecialProcedureKind;
      /** The kind's own name unless told. */
      readonly name?: string;
      readonly reason: string;
    }
  /** The explanation is the procedure's outcome, 公示无异议. */
  | { readonly kind: 'endSpecialProcedure'; readonly explanation: string }
  /** 办结; refused acceptance is `refuse`. All but `0` need an explanation. */
  | {
      readonly kind: 'close';
      readonly result: Exclude<ResultType, typeof RESULT_TYPE.NOT_ACCEPTED>;
      readonly explanation?: string;
      readonly certificate?: Certificate;
    }
  /** 撤回: closed as returned (退件). */
  | { readonly kind: 'withdraw'; readonly explanation: string }
  /** 作废. */
  | { readonly kind: 'void'; readonly explanation: string }
  /** 转报. */
  | { readonly kind: 'passUp'; readonly explanation: string };

/** What a command does to the status: closings apart by their result. */
export type Move =
  | 'accept'
  | 'refuse'
  | 'completeStep'
  | 'requestSupplement'
  | 'receiveSupplement'
  | 'supplementOverdue'
  | 'startSpecialProcedure'
  | 'endSpecialProcedure'
  | 'grant'
  | 'deny'
  | 'return'
  | 'passUp'
  | 'void'
  | 'delete';

const CLOSING_MOVES = {
  [RESULT_TYPE.GRANTED]: 'grant',
  [RESULT_TYPE.NOT_GRANTED]: 'deny',
  [RESULT_TYPE.VOID]: 'void',
  [RESULT_TYPE.DELETED]: 'delete',
  [RESULT_TYPE.PASSED_UP]: 'passUp',
  [RESULT_TYPE.RETURNED]: 'return',
} as const satisfies Record<string, Move>;

/** 办结结果 of the moves that close a case. */
export const RESULT_OF_MOVE: Readonly<Partial<Record<Move, ResultType>>> = {
  refuse: RESULT_TYPE.NOT_ACCEPTED,
  supplementOverdue: RESULT_TYPE.RETURNED,
  grant: RESULT_TYPE.GRANTED,
  deny: RESULT_TYPE.NOT_GRANTED,
  void: RESULT_TYPE.VOID,
  delete: RESULT_TYPE.DELETED,
  passUp: RESULT_TYPE.PASSED_UP,
  return: RESULT_TYPE.RETURNED,
};

/** Which move a command makes. */
export function moveOf(command: CaseCommand): Move {
  if (command.kind === 'close') return CLOSING_MOVES[command.result];
  return command.kind === 'withdraw' ? 'return' : command.kind;
}

/** The office's words that a command carries, or an empty text. */
export function wordsOf(command: CaseCommand): string {
  return ('reason' in command ? command.reason : command.explanation) ?? '';
}

/** How a move is called to whoever asks what fits: the mutation that makes it, and its Chinese name. */
export const MOVE_NAMES: Readonly<Record<Move, { readonly en: string; readonly zh: string }>> = {
  accept: { en: 'acceptCase', zh: '受理' },
  refuse: { en: 'refuseCase', zh: '不予受理' },
  completeStep: { en: 'completeStep', zh: '办理环节' },
  requestSupplement: { en: 'requestSupplement', zh: '补正告知' },
  receiveSupplement: { en: 'receiveSupplement', zh: '补正受理' },
  supplementOverdue: { en: 'closeCase as RETURNED', zh: '逾期未补正退件' },
  startSpecialProcedure: { en: 'startSpecialProcedure', zh: '启动特别程序' },
  endSpecialProcedure: { en: 'endSpecialProcedure', zh: '结束特别程序' },
  grant: { en: 'closeCase as GRANTED', zh: '出证办结' },
  deny: { en: 'closeCase as NOT_GRANTED', zh: '不予许可' },
  return: { en: 'withdrawCase', zh: '退件' },
  passUp: { en: 'closeCase as PASSED_UP', zh: '转报' },
  void: { en: 'closeCase as VOID', zh: '作废' },
  delete: { en: 'closeCase as DELETED', zh: '删除' },
};
