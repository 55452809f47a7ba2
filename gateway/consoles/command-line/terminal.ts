import type { Bilingual, Language } from './language.ts';

/** A stream that may be a terminal. */
export interface Written {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Streams {
  readonly output: Written;
  readonly errors: Written;
}

/** Where the command writes: results on the standard output, all else on the standard error. */
export class Terminal {
  readonly language: Language;
  readonly #output: Written;
  readonly #errors: Written;

  constructor(language: Language, { output, errors }: Streams) {
    this.language = language;
    this.#output = output;
    this.#errors = errors;
  }

  /** In the user's language. */
  text(text: Bilingual): string {
    return text[this.language];
  }

  result(line: string): void {
    this.#output.write(`${line}\n`);
  }

  note(text: Bilingual): void {
    this.#errors.write(`${this.#errors.isTTY ? '\r\x1b[K' : ''}${text[this.language]}\n`);
  }

  /** Characters of a line that can be written over; undefined where the standard error is no terminal. */
  get width(): number | undefined {
    return this.#errors.isTTY ? (this.#errors.columns ?? 80) : undefined;
  }

  /** Writes over the line that stands. */
  overwrite(line: string): void {
    this.#errors.write(`\r${line}\x1b[K`);
  }
}
