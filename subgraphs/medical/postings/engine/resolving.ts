import type { Posting, PostingState } from '../../../../adapters/database/postings.ts';
import { invalidInput } from '../../../invalid-input.ts';
import type { Resolution } from '../work.ts';
import type { Progress, StepName } from './progress.ts';
import type { Advance } from './step.ts';

/** How a posting goes on after a person has said what was found out. */
export interface Resolved {
  readonly to: PostingState;
  readonly progress: Progress;
}

/**
 * What a person's word comes to. `done` and `not-done` speak of the step that is in doubt; `give-up` undoes what was done; `close` ends it,
 * with what stands at the platform settled by hand.
 */
export function resolvedProgress(posting: Posting, progress: Progress, resolution: Resolution): Resolved {
  // Before it is sent again it is looked for again.
  const { pending: _pending, notDone: _notDone, passed: _passed, askedAgain: _askedAgain, ...rest } = progress;
  const direction = progress.back ? 'undoing' : 'sending';
  switch (resolution.resolution) {
    case 'ask-again':
      return {
        to: direction,
        progress: progress.pending ? { ...progress, pending: { ...progress.pending, asked: 0 } } : rest,
      };
    case 'not-done':
      return { to: direction, progress: rest };
    case 'done': {
      const step = progress.pending?.step ?? (progress.back ? (posting.step as StepName) : undefined);
      return { to: direction, progress: { ...rest, ...(step && saidDone(step, progress, resolution)) } };
    }
    case 'give-up':
      return { to: 'undoing', progress: { ...rest, back: { cancelled: false, failure: posting.failure } } };
    case 'close':
      return { to: progress.back?.cancelled ? 'cancelled' : 'rejected', progress: closed(rest, resolution) };
  }
}

/** Ended by hand: of what was settled nothing stands any more. */
function closed(progress: Progress, { at }: Resolution): Progress {
  const { settlement, refunded } = progress;
  return settlement && !refunded ? { ...progress, refunded: { refund: null, at } } : progress;
}

/** What is known of a step that a person says was done. Throws `INVALID_INPUT` where something of it has to be told. */
function saidDone(step: StepName, { settlement }: Progress, said: Resolution): Advance {
  switch (step) {
    case 'FILE':
      return { filing: { serial: said.serial ?? null, found: false } };
    case 'ADMISSION':
      return { visit: { id: needed('visitId', said.visitId) } };
    case 'CANCEL_FILING':
      return { filing: undefined };
    case 'CANCEL_FEES':
      return { fees: undefined };
    case 'CANCEL_ADMISSION':
      return { visit: undefined };
    case 'CANCEL_SETTLEMENT':
      return settlement ? { refunded: { refund: null, at: said.at } } : {};
    default:
      // How many rows of the fees, and what a settlement came to, only the platform tells.
      throw invalidInput('input.resolution', {
        en: `cannot be said of ${step}: have the platform asked again (ASK_AGAIN), or undo it there by hand and CLOSE.`,
        zh: `不适用于${step}环节：请选择重新查询（ASK_AGAIN），或在平台人工处置后选择CLOSE。`,
      });
  }
}

function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw invalidInput(`input.${name}`, {
    en: 'is needed: the platform shows it.',
    zh: '不能为空，请填写平台显示的标识。',
  });
}
