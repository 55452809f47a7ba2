import type { Bilingual } from '../command-line/language.ts';
import { EXIT, notTaken } from '../command-line/refusals.ts';
import type { Surroundings } from '../command-line/run.ts';
import { readResults } from './files/result-file.ts';
import { coursesOf, slices } from './follow.ts';
import { type Course, FOLLOWED_AT_ONCE, LIST, type ListAnswer } from './operations.ts';

export interface StatusOptions {
  /** Documents, `NUMBER` or `NUMBER@VERSION`. */
  readonly documents: readonly string[];
  /** A result file, whose postings are told. */
  readonly file?: string | undefined;
  readonly states: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly hospital?: string | undefined;
  readonly json: boolean;
}

export const STATES: Readonly<Record<string, string>> = {
  STORED: '已受理',
  SENDING: '报送中',
  SETTLED: '已完成',
  REJECTED: '未成功',
  UNKNOWN: '结果待查',
  UNDOING: '撤销中',
  CANCELLED: '已撤销',
  MANUAL: '待人工处理',
};

const PAGE = 100;

/** A document as the user names it. */
export interface NamedDocument {
  readonly number: string;
  readonly version?: number;
}

/** Tells how postings stand. Exit code 1 when a document is not found, was rejected or waits for a person. Throws `ConsoleRefusal`. */
export async function status(options: StatusOptions, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  let good = true;
  for await (const found of coursesFor(options, surroundings)) {
    if ('missing' in found) {
      good = false;
      terminal.note({ en: `${found.missing}: not found`, zh: `${found.missing}：未找到` });
      continue;
    }
    good &&= found.state !== 'REJECTED' && found.state !== 'MANUAL';
    terminal.result(options.json ? JSON.stringify(found) : terminal.text(lineOf(found)));
  }
  return good ? EXIT.done : EXIT.some;
}

async function* coursesFor(options: StatusOptions, surroundings: Surroundings) {
  if (options.file !== undefined) yield* coursesOfFile(options.file, surroundings);
  else if (options.documents.length > 0) yield* coursesOfDocuments(options, surroundings);
  else yield* list(filterOf(options), surroundings);
}

async function* coursesOfFile(path: string, { client }: Surroundings) {
  const results = readResults(path);
  if (results === undefined) throw notTaken({ en: `${path}: no result file`, zh: `${path}：不是结果文件` });
  const lines = [...results.entries.values()].filter(({ postingId }) => postingId !== null);
  for (const slice of slices(lines, FOLLOWED_AT_ONCE)) {
    const ids = slice.map(({ postingId }) => postingId ?? '');
    const courses = await coursesOf(client, ids);
    for (const [at, id] of ids.entries()) yield courses.get(id) ?? { missing: slice[at]?.document ?? id };
  }
}

async function* coursesOfDocuments(options: StatusOptions, surroundings: Surroundings) {
  for (const text of options.documents) {
    const { number, version } = readDocument(text);
    let found = false;
    for await (const course of list({ ...filterOf(options), documentNumber: number }, surroundings)) {
      if (version !== undefined && course.document.version !== version) continue;
      found = true;
      yield course;
    }
    if (!found) yield { missing: text };
  }
}

function filterOf({ states, from, to, hospital }: StatusOptions): Record<string, unknown> {
  return { ...(states.length > 0 && { states }), from, to, hospital };
}

async function* list(filter: Record<string, unknown>, { client }: Surroundings): AsyncGenerator<Course> {
  for (let after: string | null = null; ; ) {
    const { postings }: ListAnswer = await client.ask<ListAnswer>(
      LIST,
      JSON.stringify({ filter, first: PAGE, after }),
      'postings',
    );
    for (const { node } of postings.edges) yield node;
    if (!postings.pageInfo.hasNextPage) return;
    after = postings.pageInfo.endCursor;
  }
}

/** Reads `NUMBER` or `NUMBER@VERSION`. */
export function readDocument(text: string): NamedDocument {
  const match = /^(.+)@(\d{1,3})$/.exec(text);
  return match ? { number: match[1] ?? text, version: Number(match[2]) } : { number: text };
}

function lineOf({ id, document, state, storedAt, settledAt, step, failure }: Course): Bilingual {
  const line = (language: keyof Bilingual) => {
    const why = failure === null ? '' : `${failure.code} ${failure.departmentCode ?? ''}`;
    const words = failure && (language === 'zh' ? (failure.textZh ?? failure.text) : (failure.text ?? failure.textZh));
    const shown = language === 'zh' ? (STATES[state] ?? state) : state;
    const cells = [`${document.number}@${document.version}`, shown, step, storedAt, settledAt, id, why.trim(), words];
    return cells.map((cell) => cell || '-').join('\t');
  };
  return { en: line('en'), zh: line('zh') };
}
