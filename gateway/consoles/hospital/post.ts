import { basename } from 'node:path';
import type { Bilingual } from '../command-line/language.ts';
import { ConsoleRefusal, EXIT, notTaken, unfinished } from '../command-line/refusals.ts';
import type { Surroundings } from '../command-line/run.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { type Batch, type BatchSettings, divide, underAnotherKey, variablesOf } from './batches.ts';
import { type EntriesFile, type EntriesOptions, readEntries } from './files/entries.ts';
import type { Entry } from './files/entry.ts';
import { type EntryLine, type FileLine, putAside, ResultFile, readResults } from './files/result-file.ts';
import { lockRun } from './files/run-lock.ts';
import { follow } from './follow.ts';
import { type BatchAnswer, POST_BATCH, type PostBatchAnswer, type PostStatus } from './operations.ts';
import { Progress } from './progress.ts';

export interface PostOptions extends EntriesOptions {
  /** Where the result file is. */
  readonly result: string;
  readonly operator: string;
  readonly size: number;
  readonly inFlight: number;
  readonly atomic: boolean;
  readonly fresh: boolean;
  readonly check: boolean;
  /** How long postings are followed, in milliseconds; undefined where they are not. */
  readonly followMs?: number | undefined;
}

/** Refused entries that are told on the terminal; all are in the result file. */
const TOLD = 10;

/** Posts a file and gives the exit code. Throws `ConsoleRefusal`. */
export async function post(options: PostOptions, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const file = readEntries(options);
  terminal.note({
    en: `${options.file}: ${file.format}, ${file.encoding.toUpperCase()}, ${file.entries.length} entries`,
    zh: `${options.file}：${file.format}，${file.encoding.toUpperCase()}编码，${file.entries.length}条`,
  });
  if (options.check) return EXIT.done;

  const unlock = lockRun(options.result);
  try {
    return await postEntries(file, options, surroundings);
  } finally {
    unlock();
  }
}

async function postEntries(file: EntriesFile, options: PostOptions, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const result = openResult(options, file, terminal);
  try {
    await sendAll(file.entries, result, options, surroundings);
    summarise(result, options, terminal);
    const ended = options.followMs === undefined || (await follow(result, options.followMs, surroundings));
    const taken = [...result.results.entries.values()].every(({ status }) => isTaken(status));
    return ended && taken ? EXIT.done : EXIT.some;
  } finally {
    result.close();
  }
}

function openResult(options: PostOptions, { entries, sha256 }: EntriesFile, terminal: Terminal): ResultFile {
  const { result: path, operator, size, atomic, fresh } = options;
  const wanted: FileLine = {
    record: 'file',
    file: basename(options.file),
    sha256,
    entries: entries.length,
    operator,
    size,
    atomic,
    round: fresh ? Date.now() : 0,
    at: new Date().toISOString(),
  };
  if (fresh) {
    const aside = putAside(path);
    if (aside !== undefined) terminal.note({ en: `Kept: ${aside}`, zh: `原结果文件已另存为：${aside}` });
    return ResultFile.create(path, wanted);
  }
  const results = readResults(path);
  if (results === undefined) return ResultFile.create(path, wanted);
  const isOther = results.file.sha256 !== sha256;
  const differing = (['operator', 'size', 'atomic'] as const).filter((name) => results.file[name] !== wanted[name]);
  // Where nothing is noted down there is nothing to go on with.
  if (results.entries.size === 0 && (isOther || differing.length > 0)) return ResultFile.create(path, wanted);
  if (isOther) {
    throw notTaken({
      en: `${options.file}: has changed since ${path} was begun; --fresh puts that aside and posts the file as it is now (what is stored already stays so, once)`,
      zh: `${options.file}：在${path}生成之后已被修改；--fresh将另存结果文件并按现有内容报送（已受理的单据不会重复办理）`,
    });
  }
  if (differing.length > 0) {
    const names = differing.map((name) => ({ operator: '--operator', size: '--batch', atomic: '--atomic' })[name]);
    throw notTaken({
      en: `${names.join(', ')}: differs from the run that began ${path}; give the same again, or --fresh`,
      zh: `${names.join('、')}：与生成${path}时不同；请使用相同的值，或用--fresh重新开始`,
    });
  }
  return ResultFile.goOn(path, results);
}

async function sendAll(
  entries: readonly Entry[],
  result: ResultFile,
  options: PostOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { terminal, stop } = surroundings;
  const finished = result.results.entries;
  const settings: BatchSettings = { ...options, sha256: result.results.file.sha256, round: result.results.file.round };
  // A batch of which a part is finished is sent whole again: only so it is the same request under the same key.
  const waiting = divide(entries, settings).filter((batch) => batch.entries.some(({ index }) => !finished.has(index)));
  if (finished.size > 0) {
    terminal.note({ en: `${finished.size} are finished already.`, zh: `其中${finished.size}条此前已完成。` });
  }
  const progress = new Progress({
    terminal,
    what: { en: 'Posting', zh: '报送' },
    total: entries.length,
    before: finished.size,
  });
  const counts = count(noCounts(), finished.values());
  let failed: unknown;
  const work = async () => {
    for (;;) {
      const batch = failed === undefined && !stop.aborted ? waiting.shift() : undefined;
      if (batch === undefined) return;
      try {
        const lines = await send(batch, settings, surroundings);
        const added = lines.filter(({ index }) => !finished.has(index));
        result.addEntries(added);
        count(counts, added);
        progress.update(finished.size, textOf(counts));
      } catch (error) {
        failed ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, work));
  progress.end();
  if (failed !== undefined) throw failed;
  if (finished.size < entries.length) {
    throw unfinished({
      en: `Stopped after ${finished.size} of ${entries.length}: the same command goes on from there.`,
      zh: `已停止，完成${finished.size}/${entries.length}条；再次执行同一命令即可继续。`,
    });
  }
}

async function send(batch: Batch, settings: BatchSettings, { client }: Surroundings): Promise<EntryLine[]> {
  const ask = (sent: Batch) => client.ask<PostBatchAnswer>(POST_BATCH, variablesOf(sent, settings), 'postBatch');
  const { postBatch } = await ask(batch).catch((error: unknown) => {
    if (error instanceof ConsoleRefusal && error.code === 'IDEMPOTENCY_CONFLICT') return ask(underAnotherKey(batch));
    throw error;
  });
  const { entries, stored, duplicates, refused, held } = postBatch;
  const addsUp = stored + duplicates + refused + held === batch.entries.length;
  if (!addsUp || entries.length !== batch.entries.length || entries.some(({ index }, at) => index !== at)) {
    throw unfinished({
      en: 'The gateway did not answer for each entry in order; nothing of this batch is noted down.',
      zh: '网关未按顺序逐条应答，本批结果未记录。',
    });
  }
  return batch.entries.map((entry, at) => lineOf(entry, entries[at] as BatchAnswer));
}

function lineOf(entry: Entry, answer: BatchAnswer): EntryLine {
  const { status, postingId, posting, code, path, message, messageZh } = answer;
  const { index, line, document, version } = entry;
  const header = path === null ? undefined : entry.headerOf?.(path);
  const receipt = posting?.receipt?.token ?? null;
  return {
    record: 'entry',
    index,
    line,
    document,
    version,
    status,
    postingId,
    receipt,
    code,
    path,
    ...(header !== undefined && { header }),
    message,
    messageZh,
  };
}

export function isTaken(status: PostStatus): boolean {
  return status === 'STORED' || status === 'DUPLICATE';
}

type Counts = Record<PostStatus, number>;

function noCounts(): Counts {
  return { STORED: 0, DUPLICATE: 0, REFUSED: 0, HELD: 0 };
}

function count(counts: Counts, lines: Iterable<EntryLine>): Counts {
  for (const { status } of lines) counts[status] += 1;
  return counts;
}

function textOf({ STORED, DUPLICATE, REFUSED, HELD }: Counts): Bilingual {
  return {
    en: `stored ${STORED}, duplicate ${DUPLICATE}, refused ${REFUSED}${HELD > 0 ? `, held ${HELD}` : ''}`,
    zh: `受理${STORED}，重复${DUPLICATE}，拒收${REFUSED}${HELD > 0 ? `，未受理${HELD}` : ''}`,
  };
}

function summarise({ results }: ResultFile, { file, result }: PostOptions, terminal: Terminal): void {
  const lines = [...results.entries.values()].sort((left, right) => left.index - right.index);
  const refused = lines.filter(({ status }) => status === 'REFUSED');
  for (const { line, code, header, message, messageZh } of refused.slice(0, TOLD)) {
    const column = header === undefined ? '' : ` [${header}]`;
    terminal.note({
      en: `${file}:${line}:${column} ${code}: ${message ?? ''}`,
      zh: `${file}:${line}:${column} ${code}：${messageZh ?? message ?? ''}`,
    });
  }
  const more = refused.length - TOLD;
  if (more > 0) terminal.note({ en: `… and ${more} more`, zh: `……另有${more}条` });
  const counts = textOf(count(noCounts(), lines));
  terminal.result(terminal.text({ en: `${counts.en} → ${result}`, zh: `${counts.zh} → ${result}` }));
}
