import type { Bilingual } from '../command-line/language.ts';
import type { Terminal } from '../command-line/terminal.ts';

/** Between two lines where no bar can be drawn, and between two bars. */
const LINE_EVERY_MS = 5_000;
const SAME_LINE_EVERY_MS = 60_000;
const BAR_EVERY_MS = 100;
const BAR_CELLS = 24;

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** What is counted. */
  readonly what: Bilingual;
  readonly total: number;
  /** Done before this run, which its pace does not count. */
  readonly before: number;
}

/** Tells how far a run has come: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #startedAt = Date.now();
  #toldAt = 0;
  #done: number;
  #told = -1;
  #counts: Bilingual = { en: '', zh: '' };

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#done = options.before;
  }

  /** @param counts what else the line tells */
  update(done: number, counts: Bilingual): void {
    this.#done = done;
    this.#counts = counts;
    if (Date.now() - this.#toldAt >= this.#pauseMs()) this.#tell();
  }

  /** Leaves the last state standing. */
  end(): void {
    if (this.#told !== this.#done) this.#tell();
    if (this.#options.terminal.width !== undefined) this.#options.terminal.overwrite('');
  }

  #pauseMs(): number {
    if (this.#options.terminal.width !== undefined) return BAR_EVERY_MS;
    return this.#told === this.#done ? SAME_LINE_EVERY_MS : LINE_EVERY_MS;
  }

  #tell(): void {
    const { terminal, what } = this.#options;
    this.#toldAt = Date.now();
    this.#told = this.#done;
    const line = { en: this.#line('en'), zh: this.#line('zh') };
    if (terminal.width === undefined) terminal.note({ en: `${what.en}: ${line.en}`, zh: `${what.zh}：${line.zh}` });
    else terminal.overwrite(cut(`${this.#bar()} ${terminal.text(line)}`, terminal.width - 1));
  }

  #line(language: keyof Bilingual): string {
    const { total, before } = this.#options;
    const seconds = (Date.now() - this.#startedAt) / 1_000;
    const pace = seconds < 0.5 ? '' : ` · ${Math.round((this.#done - before) / seconds)}/s`;
    const counts = this.#counts[language] === '' ? '' : ` · ${this.#counts[language]}`;
    return `${this.#done}/${total}${counts}${pace}`;
  }

  #bar(): string {
    const full = Math.floor((BAR_CELLS * this.#done) / Math.max(1, this.#options.total));
    return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
  }
}

/** As much of a text as fits; a Chinese character is two cells wide. */
function cut(text: string, width: number): string {
  let cells = 0;
  let end = 0;
  for (const character of text) {
    cells += character > '\u2e7f' ? 2 : 1;
    if (cells > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}
