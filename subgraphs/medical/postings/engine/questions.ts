import type { Posting } from '../../../../adapters/database/postings.ts';
import { type Progress, type StepName, standing } from './progress.ts';
import type { Cause } from './transitions.ts';

/** What a person is asked of a posting, in both languages. */
export interface Question {
  readonly question: string;
  readonly questionZh: string;
}

const STEP_NAMES: Readonly<Record<StepName, string>> = {
  PERSON: '参保信息查询',
  BENEFIT: '待遇检查',
  SEARCH: '查重',
  FILE: '转院备案',
  CANCEL_FILING: '撤销备案',
  ADMISSION: '入院办理',
  CANCEL_ADMISSION: '撤销入院',
  FEES: '费用明细上传',
  CANCEL_FEES: '撤销费用明细',
  TRIAL: '预结算',
  SETTLEMENT: '结算',
  CANCEL_SETTLEMENT: '撤销结算',
};

/** What these came to nobody else can say. */
export const ONLY_THE_PLATFORM_TELLS: ReadonlySet<StepName> = new Set<StepName>(['FEES', 'SETTLEMENT']);

/** What happened, what stands at the platform, and what is to be found out. Names nobody. */
export function questionOf(cause: Cause, { step, failure }: Posting, progress: Progress): Question {
  const name = (step ?? 'PERSON') as StepName;
  const { pending, visit, settlement, filing } = progress;
  const message = pending?.messageId ?? progress.messageIds?.at(-1);
  const keys = [
    ...(visit ? [['visit', '就诊ID', visit.id]] : []),
    ...(settlement ? [['settlement', '结算ID', settlement.id]] : []),
    ...(filing ? [['filing', '备案流水号', filing.serial ?? '?']] : []),
  ] as const;
  const stands = standing(progress);
  const standingEn = stands.length === 0 ? 'nothing' : stands.join(', ');
  const standingZh = stands.length === 0 ? '无' : stands.map((one) => STEP_NAMES[one]).join('、');
  const known = {
    en: `Done at the platform: ${standingEn}${keys.map(([en, , id]) => `; ${en} ${id}`).join('')}.`,
    zh: `平台已办：${standingZh}${keys.map(([, zh, id]) => `；${zh} ${id}`).join('')}。`,
  };
  const asked = askedOf(cause, name, message, failure?.detailZh ?? failure?.detail);
  return { question: `${asked.en} ${known.en}`, questionZh: `${asked.zh}${known.zh}` };
}

function askedOf(cause: Cause, step: StepName, message: string | undefined, detail: string | undefined) {
  const sent =
    message === undefined ? { en: '', zh: '' } : { en: ` (message ${message})`, zh: `（报文ID ${message}）` };
  const stepZh = STEP_NAMES[step];
  switch (cause) {
    case 'CANNOT_TELL':
      if (ONLY_THE_PLATFORM_TELLS.has(step)) {
        return {
          en: `${step} was sent${sent.en} and the platform could not tell what became of it. Ask the agency: NOT_DONE where it was not done; where it was, ASK_AGAIN when the platform tells it, or have all of it undone and CLOSE.`,
          zh: `“${stepZh}”已发送${sent.zh}，平台始终未能告知结果。请向经办机构查明：未办选NOT_DONE；已办的，待平台可查后选ASK_AGAIN，或全部人工撤销后选CLOSE。`,
        };
      }
      return {
        en: `${step} was sent${sent.en} and the platform could not tell what became of it. Ask the agency whether it was done: DONE or NOT_DONE.`,
        zh: `“${stepZh}”已发送${sent.zh}，平台始终未能告知结果。请向经办机构查明是否办理：DONE（已办）或NOT_DONE（未办）。`,
      };
    case 'AMOUNTS_DIFFER':
      return {
        en: `The settlement is not what it was tried to be. ${detail ?? ''} Accept it (DONE), or have it undone (GIVE_UP).`,
        zh: `结算结果与预结算不一致。${detail ?? ''}请核对后选择DONE（按此结算）或GIVE_UP（撤销）。`,
      };
    case 'CANNOT_UNDO':
      return {
        en: `${step} could not be done by machine${sent.en}. Have the agency undo it, then say DONE; NOT_DONE tries once more; CLOSE when all of it is undone by hand.`,
        zh: `“${stepZh}”无法自动办理${sent.zh}。请经办机构办理后选择DONE；NOT_DONE再试一次；全部人工处置完毕选择CLOSE。`,
      };
    default:
      return {
        en: `${step} failed again and again. Find out why, then ASK_AGAIN, or have what was done undone (GIVE_UP).`,
        zh: `“${stepZh}”多次失败。请查明原因后选择ASK_AGAIN（重试）或GIVE_UP（撤销已办环节）。`,
      };
  }
}
