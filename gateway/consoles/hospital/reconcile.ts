import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fen, yuanFromFen } from '../../../adapters/values/fen.ts';
import type { Bilingual } from '../command-line/language.ts';
import { EXIT, notTaken, unfinished } from '../command-line/refusals.ts';
import type { Surroundings } from '../command-line/run.ts';
import { type BookOptions, readBook } from './files/book.ts';
import { slices } from './follow.ts';
import { Progress } from './progress.ts';
import {
  ADD_BOOK_PAGE,
  BOOK_PAGE,
  type BookPageAnswer,
  DIFFERENCES_PAGE,
  type Difference,
  RECONCILE,
  RECONCILIATION,
  REPORTS,
  type ReconcileAnswer,
  type Reconciliation,
  type ReconciliationAnswer,
  type ReportsAnswer,
} from './reconciliation-operations.ts';

export interface ReconcileOptions {
  readonly operator: string;
  readonly hospital?: string | undefined;
  readonly from: string;
  readonly to: string;
  /** The hospital's own book. */
  readonly book?: BookOptions | undefined;
  readonly csv?: string | undefined;
  readonly pdf?: string | undefined;
  readonly waitMs: number;
}

const PAUSE_MS = 1_000;

const SIDES: Readonly<Record<string, string>> = { HOSPITAL: '医院', STORE: '本平台', PLATFORM: '医保中心' };

const KINDS: Readonly<Record<string, string>> = {
  MISSING: '缺失',
  DOUBLED: '重复',
  AMOUNT: '金额不一致',
  DAY: '日期不一致',
  REFUND: '退费状态不一致',
  SECOND: '同次就诊重复结算',
};

/** Has the days reconciled and prints what differs. Exit code 1 when something does. Throws `ConsoleRefusal`. */
export async function reconcile(options: ReconcileOptions, surroundings: Surroundings): Promise<number> {
  const { client, terminal } = surroundings;
  const { operator, hospital, from, to } = options;
  const book = options.book && (await sendBook(options.book, operator, surroundings));
  const input = { idempotencyKey: randomUUID(), operator, hospital, from, to, book };
  const asked = await client.ask<ReconcileAnswer>(RECONCILE, JSON.stringify({ input }), 'reconcilePostings');
  const made = await waitFor(asked.reconcilePostings.reconciliation.id, options.waitMs, surroundings);

  terminal.result(terminal.text(headOf(made)));
  for (const total of made.totals) terminal.result(terminal.text(totalOf(total)));
  for await (const difference of differencesOf(made, surroundings)) terminal.result(terminal.text(lineOf(difference)));
  await writeReports(made.id, options, surroundings);
  return made.agrees === true ? EXIT.done : EXIT.some;
}

/** Sends the book page by page, once: the same file is the same book. Gives its name. */
async function sendBook(options: BookOptions, operator: string, { client, terminal }: Surroundings): Promise<string> {
  const { name: book, rows, encoding } = readBook(options);
  if (rows.length === 0) {
    throw notTaken({ en: `${options.file}: holds no settlement`, zh: `${options.file}：没有任何结算记录` });
  }
  terminal.note({
    en: `${options.file}: ${encoding.toUpperCase()}, ${rows.length} settlements`,
    zh: `${options.file}：${encoding.toUpperCase()}编码，${rows.length}笔`,
  });
  const progress = new Progress({ terminal, what: { en: 'Book', zh: '账目' }, total: rows.length, before: 0 });
  let page = 0;
  for (const slice of slices(rows, BOOK_PAGE)) {
    const input = { operator, book, page, rows: slice };
    await client.ask<BookPageAnswer>(ADD_BOOK_PAGE, JSON.stringify({ input }), 'addHospitalBookPage');
    page += 1;
    progress.update(Math.min(rows.length, page * BOOK_PAGE), { en: '', zh: '' });
  }
  progress.end();
  return book;
}

async function waitFor(id: string, mostMs: number, surroundings: Surroundings): Promise<Reconciliation> {
  const until = Date.now() + mostMs;
  for (;;) {
    const made = await pageOf(id, null, surroundings);
    if (made.state === 'DONE') return made;
    if (made.state === 'FAILED') {
      const { code, text, textZh } = made.failure ?? { code: 'INTERNAL', text: null, textZh: null };
      throw unfinished({
        en: `The reconciliation could not be made: ${code} ${text ?? textZh ?? ''}`,
        zh: `对账失败：${code} ${textZh ?? text ?? ''}`,
      });
    }
    if (surroundings.stop.aborted || Date.now() + PAUSE_MS > until) {
      throw unfinished({ en: `Reconciliation ${id} is still being made.`, zh: `对账${id}仍在进行。` });
    }
    await sleep(PAUSE_MS, undefined, { signal: surroundings.stop }).catch(() => undefined);
  }
}

async function pageOf(id: string, after: string | null, { client }: Surroundings): Promise<Reconciliation> {
  const variables = JSON.stringify({ id, first: DIFFERENCES_PAGE, after });
  const answer = await client.ask<ReconciliationAnswer>(RECONCILIATION, variables, 'postingReconciliation');
  return answer.postingReconciliation;
}

async function* differencesOf(first: Reconciliation, surroundings: Surroundings): AsyncGenerator<Difference> {
  for (let page = first; ; ) {
    for (const { node } of page.differences.edges) yield node;
    const { hasNextPage, endCursor } = page.differences.pageInfo;
    if (!hasNextPage) return;
    page = await pageOf(first.id, endCursor, surroundings);
  }
}

async function writeReports(
  id: string,
  { csv, pdf }: ReconcileOptions,
  { client, terminal }: Surroundings,
): Promise<void> {
  if (csv === undefined && pdf === undefined) return;
  const variables = JSON.stringify({ id, csv: csv !== undefined, pdf: pdf !== undefined });
  const { postingReconciliation: made } = await client.ask<ReportsAnswer>(REPORTS, variables, 'postingReconciliation');
  const reports = [
    { path: csv, content: made.csv == null ? undefined : Buffer.from(made.csv) },
    { path: pdf, content: made.pdf == null ? undefined : Buffer.from(made.pdf, 'base64') },
  ];
  for (const { path, content } of reports) {
    if (path === undefined) continue;
    if (content === undefined) {
      throw unfinished({ en: `${path}: the gateway has no such report now`, zh: `${path}：网关暂无此报表` });
    }
    writeReport(path, content);
    terminal.note({ en: `Written: ${path}`, zh: `已生成：${path}` });
  }
}

function writeReport(path: string, content: Buffer): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unfinished({ en: `${path}: cannot be written (${code})`, zh: `${path}：无法写入（${code}）` });
  }
}

function headOf({ hospital, from, to, agrees, differenceCount }: Reconciliation): Bilingual {
  return {
    en: `${hospital} ${from} – ${to}: ${agrees ? 'agrees' : `does not agree, ${differenceCount} differences`}`,
    zh: `${hospital} ${from}至${to}：${agrees ? '对平' : `未对平，差异${differenceCount}笔`}`,
  };
}

function totalOf({ side, count, total, fundTotal, accountPaid }: Reconciliation['totals'][number]): Bilingual {
  const sums = [total, fundTotal, accountPaid].map(yuan);
  return {
    en: `${side}\t${count}\ttotal ${sums[0]}\tfunds ${sums[1]}\taccounts ${sums[2]}`,
    zh: `${SIDES[side] ?? side}\t${count}笔\t总额${sums[0]}\t基金${sums[1]}\t账户${sums[2]}`,
  };
}

function lineOf({ kind, sides, document, settlementId, entries, ...told }: Difference): Bilingual {
  const line = (language: keyof Bilingual, name: (side: string) => string) => [
    sides.map(name).join('+'),
    document ?? '-',
    settlementId ?? '-',
    entries
      .map(({ side, day, total, place }) => [name(side), day, yuan(total), place].filter(Boolean).join(' '))
      .join(' / '),
    language === 'zh' ? `${told.causeTextZh} ${told.adviceZh}` : `${told.causeText} ${told.advice}`,
  ];
  return {
    en: [kind, ...line('en', (side) => side)].join('\t'),
    zh: [KINDS[kind] ?? kind, ...line('zh', (side) => SIDES[side] ?? side)].join('\t'),
  };
}

function yuan(amount: number): string {
  return yuanFromFen(fen(amount));
}
