import { Refused } from '../../refused.ts';
import type { Bilingual } from './language.ts';

/** How a command ends; `npm run` passes it on. */
export const EXIT = {
  /** Everything is stored, found, proved or agrees. */
  done: 0,
  /** Something is refused, not settled, not found, not proved, or differs. */
  some: 1,
  /** The command line or the file is not taken; nothing was sent. */
  usage: 2,
  /** The gateway could not be reached, or did not do all of it: run the same command again. */
  unfinished: 3,
} as const;

/** Ends the command with a text and an exit code of its own. */
export class ConsoleRefusal extends Refused {
  override readonly name = 'ConsoleRefusal';
  readonly text: Bilingual;
  readonly exitCode: number;
  /** The gateway's error code, where it is the gateway that refused. */
  readonly code: string | undefined;

  constructor(text: Bilingual, exitCode: number, code?: string) {
    super(text.en);
    this.text = text;
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** What the user has to mend before anything is sent. */
export function notTaken(text: Bilingual): ConsoleRefusal {
  return new ConsoleRefusal(text, EXIT.usage);
}

/** What was not done to its end and can be gone on with. */
export function unfinished(text: Bilingual, code?: string): ConsoleRefusal {
  return new ConsoleRefusal(text, EXIT.unfinished, code);
}
