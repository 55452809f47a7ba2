import type { Bilingual } from '../../command-line/language.ts';
import { type ConsoleRefusal, notTaken } from '../../command-line/refusals.ts';

/** A place in a text file; both count from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** So many are told; the rest is counted. */
const TOLD = 20;

/** Collects what is wrong in a file, so that a user mends all of it at once. Texts never repeat a cell: it may be personal data. */
export class Faults {
  readonly #file: string;
  readonly #found: { readonly place: Place; readonly text: Bilingual }[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add(place: Place, text: Bilingual): void {
    this.#found.push({ place, text });
  }

  get count(): number {
    return this.#found.length;
  }

  /** Throws when there is any. */
  refuse(): void {
    if (this.#found.length > 0) throw this.refusal();
  }

  refusal(): ConsoleRefusal {
    const told = this.#found.slice(0, TOLD);
    const more = this.#found.length - told.length;
    const lines = (language: keyof Bilingual) =>
      told.map(({ place, text }) => `${this.#file}:${place.line}:${place.column}: ${text[language]}`);
    return notTaken({
      en: [...lines('en'), ...(more > 0 ? [`… and ${more} more`] : []), 'Nothing was sent.'].join('\n'),
      zh: [...lines('zh'), ...(more > 0 ? [`……另有${more}处`] : []), '未发送任何数据。'].join('\n'),
    });
  }

  /** At once, for what makes all that follows unreadable. */
  stop(place: Place, text: Bilingual): never {
    this.add(place, text);
    throw this.refusal();
  }
}

/** The place of a character. A line ends with a line feed, a carriage return, or both. */
export function placeOf(text: string, index: number): Place {
  const before = text.slice(0, index);
  const breaks = before.match(/\r\n|\n|\r/g)?.length ?? 0;
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { line: breaks + 1, column: [...before.slice(lineStart)].length + 1 };
}
