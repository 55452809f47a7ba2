import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Programs of others that open what was made here: poppler's for PDF, zbar's for QR codes (Debian: poppler-utils, zbar-tools). */
const READERS = ['pdftotext', 'pdffonts', 'pdfinfo', 'pdfdetach', 'pdftoppm', 'zbarimg'];

/** Why documents cannot be opened on this machine; undefined where they can. In CI they must be. */
export function noReaders(): string | undefined {
  const lacking = READERS.filter((reader) => spawnSync(reader, ['--version']).error !== undefined);
  if (lacking.length === 0) return undefined;
  const reason = `${lacking.join(', ')}: not installed, documents are not opened`;
  if (process.env.CI) throw new Error(reason);
  console.warn(reason);
  return reason;
}

/** The text of a QR code in an image of any format that ImageMagick reads. */
export function qrTextOf(image: Uint8Array): string {
  return withFile(image, (file) => run('zbarimg', '--quiet', '--raw', '--oneshot', '-Sbinary', file).toString('utf8'));
}

export interface EmbeddedFont {
  readonly name: string;
  readonly embedded: boolean;
  readonly subset: boolean;
  readonly unicode: boolean;
}

/** A word on the page in points from the upper left corner. */
export interface Word {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A PDF as poppler reads it. */
export class OpenedPdf {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** All text in reading order, white space left out: where lines end is a matter of layout. */
  get text(): string {
    return this.#read('pdftotext', '-raw', '{}', '-').replace(/\s+/g, '');
  }

  get fonts(): readonly EmbeddedFont[] {
    const [, , ...rows] = this.#read('pdffonts', '{}').trimEnd().split('\n');
    return rows.map((row) => {
      const [, name = '', embedded, subset, unicode] =
        /^(\S+) .*(yes|no) +(yes|no) +(yes|no) +\d+ +\d+$/.exec(row) ?? [];
      return { name, embedded: embedded === 'yes', subset: subset === 'yes', unicode: unicode === 'yes' };
    });
  }

  /** What the document says of itself: `Title`, `Pages`, `Page size` … */
  get properties(): Readonly<Record<string, string>> {
    const rows = this.#read('pdfinfo', '-isodates', '{}').trimEnd().split('\n');
    return Object.fromEntries(
      rows.map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1).trim()]),
    );
  }

  /** The files that the document carries, by name. */
  get attachments(): Readonly<Record<string, string>> {
    return withFile(this.#bytes, (file) => {
      const listed = run('pdfdetach', '-list', file)
        .toString('utf8')
        .matchAll(/^(\d+): (.+)$/gm);
      return Object.fromEntries(
        [...listed].map(([, number = '', name = '']) => {
          const saved = `${file}.${number}`;
          run('pdfdetach', '-save', number, '-o', saved, file);
          return [name, readFileSync(saved, 'utf8')];
        }),
      );
    });
  }

  get words(): readonly Word[] {
    const found = this.#read('pdftotext', '-bbox', '{}', '-').matchAll(
      /<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<\/word>/g,
    );
    return [...found].map(([, left, top, right, bottom, text = '']) => ({
      text,
      left: Number(left),
      top: Number(top),
      right: Number(right),
      bottom: Number(bottom),
    }));
  }

  /** The first page as an image, 144 dots an inch. */
  get image(): Uint8Array {
    return withFile(this.#bytes, (file) => run('pdftoppm', '-r', '144', '-gray', '-f', '1', '-l', '1', file));
  }

  /**
   * The Chinese characters of the first page that leave no ink where they stand: text that is there to be copied and cannot be seen. A
   * word of n such characters is n squares side by side.
   */
  get invisible(): readonly string[] {
    const { width, pixels } = grayImage(this.image);
    const perPoint = 144 / 72;
    return this.words
      .filter(({ text }) => /^\p{Script=Han}+$/u.test(text))
      .flatMap(({ text, left, right, top, bottom }) =>
        [...text].filter((_, index, { length }) => {
          const at = (place: number) => Math.round((left + ((right - left) * place) / length) * perPoint);
          for (let y = Math.round(top * perPoint); y < Math.round(bottom * perPoint); y += 1) {
            const row = pixels.subarray(y * width + at(index), y * width + at(index + 1));
            if (row.some((pixel) => pixel < 128)) return false;
          }
          return true;
        }),
      );
  }

  #read(program: string, ...options: readonly string[]): string {
    return withFile(this.#bytes, (file) =>
      run(program, ...options.map((option) => (option === '{}' ? file : option))).toString('utf8'),
    );
  }
}

/** A binary PGM image. */
function grayImage(image: Uint8Array): { readonly width: number; readonly pixels: Uint8Array } {
  const [header = '', width] = /^P5\s+(\d+)\s+\d+\s+255\s/.exec(Buffer.from(image).toString('latin1', 0, 64)) ?? [];
  if (header === '') throw new Error('not an image as expected');
  return { width: Number(width), pixels: image.subarray(header.length) };
}

function run(program: string, ...options: readonly string[]): Buffer {
  return execFileSync(program, options, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 << 20 });
}

function withFile<Result>(bytes: Uint8Array, read: (file: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-document-'));
  try {
    const file = join(folder, 'document');
    writeFileSync(file, bytes);
    return read(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
