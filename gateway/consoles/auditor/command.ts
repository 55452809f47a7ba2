import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Arguments } from '../command-line/arguments.ts';
import { EXIT, notTaken } from '../command-line/refusals.ts';
import { runCommand, type Surroundings, withClient } from '../command-line/run.ts';
import type { Streams, Terminal } from '../command-line/terminal.ts';
import { AUDITOR } from './arguments.ts';
import { HELP } from './help.ts';
import { showLine } from './lines.ts';
import {
  ACCESSES_TO,
  CHECKPOINT,
  type CheckpointAnswer,
  EXPORT,
  type ExportAnswer,
  type Line,
  type PageAnswer,
  RECORDS,
  TRACE,
  type TraceAnswer,
} from './operations.ts';

/** Runs the command line of the auditors and gives its exit code. */
export function runAuditor(args: readonly string[], environment: NodeJS.ProcessEnv, streams: Streams): Promise<number> {
  return runCommand({ shape: AUDITOR, help: HELP, run }, args, environment, streams);
}

function run(read: Arguments, terminal: Terminal): Promise<number> {
  if (read.subcommand === 'verify') return verify(read);
  return withClient(read, terminal, READERS[read.subcommand as keyof typeof READERS](read));
}

/** What asks the gateway. */
const READERS = { trace: readTrace, export: readExport, accesses: readAccesses, checkpoint: readCheckpoint };

function readTrace(read: Arguments) {
  const which = caseOf(read);
  const json = read.flag('json');
  return async ({ client, terminal }: Surroundings) => {
    const { caseTrace } = await client.ask<TraceAnswer>(TRACE, which);
    if (!caseTrace) return notFound(terminal);
    const { count, case: one, checkpoint, entries } = caseTrace;
    if (json) {
      for (const { record } of entries) terminal.result(JSON.stringify(record));
      return EXIT.done;
    }
    terminal.result(
      terminal.text({
        en: `Case ${one.number ?? one.id}: ${count} records under the checkpoint of ${checkpoint.size}, ${checkpoint.at}`,
        zh: `办件${one.number ?? one.id}：检查点${checkpoint.size}（${checkpoint.at}）之下共${count}条记录`,
      }),
    );
    for (const { number, record } of entries) showLine(record, terminal, number);
    return EXIT.done;
  };
}

function readExport(read: Arguments) {
  const which = caseOf(read);
  const out = read.pathOf('out');
  return async ({ client, terminal }: Surroundings) => {
    const { caseTrace } = await client.ask<ExportAnswer>(EXPORT, which);
    if (!caseTrace) return notFound(terminal);
    await hand(caseTrace.export, out, terminal);
    return EXIT.done;
  };
}

function readCheckpoint(read: Arguments) {
  const out = read.pathOf('out');
  return async ({ client, terminal }: Surroundings) => {
    const { checkpoint } = await client.ask<CheckpointAnswer>(CHECKPOINT, '{}');
    if (!checkpoint) return notFound(terminal);
    await hand(checkpoint.note, out, terminal);
    return EXIT.done;
  };
}

function readAccesses(read: Arguments) {
  const resident = read.text('resident');
  const from = startOf(read.day('from'));
  const to = startOf(read.day('to'), 1);
  const others = { actor: read.text('by'), organisation: read.text('organisation'), request: read.text('request') };
  if (resident !== undefined && Object.values(others).some((value) => value !== undefined)) {
    throw notTaken({
      en: '--resident goes with --from and --to only',
      zh: '--resident只能与--from、--to同时使用',
    });
  }
  const json = read.flag('json');
  return async ({ client, terminal }: Surroundings) => {
    let after: string | null = null;
    let shown = 0;
    do {
      const { page }: PageAnswer =
        resident === undefined
          ? await client.ask<PageAnswer>(RECORDS, JSON.stringify({ filter: { ...others, from, to }, after }))
          : await client.ask<PageAnswer>(ACCESSES_TO, JSON.stringify({ resident, from, to, after }));
      for (const { node } of page.edges) show(node);
      shown += page.edges.length;
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return shown === 0 ? notFound(terminal) : EXIT.done;

    function show(record: Line): void {
      if (json) terminal.result(JSON.stringify(record));
      else showLine(record, terminal);
    }
  };
}

/** The case that a subcommand is about, as the variables of its operation. */
function caseOf(read: Arguments): string {
  const number = read.text('number');
  const [id, ...more] = read.positionals;
  if (more.length > 0 || (id === undefined) === (number === undefined)) {
    throw notTaken({
      en: `${read.subcommand}: expected either one CASE or --number`,
      zh: `${read.subcommand}：应给出一个办件标识或--number，二者之一`,
    });
  }
  return JSON.stringify({ case: id, number });
}

/** A day's first moment in China, so many days later. */
function startOf(day: string | undefined, later = 0): string | undefined {
  if (day === undefined) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  return `${date.toISOString().slice(0, 10)}T00:00:00+08:00`;
}

async function hand(text: string, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined) terminal.result(text.trimEnd());
  else await writeFile(out, text);
}

function notFound(terminal: Terminal): number {
  terminal.note({ en: 'Nothing was found.', zh: '未找到。' });
  return EXIT.some;
}

/** Hands the line on to the verifier, which needs nothing of this program. */
async function verify(read: Arguments): Promise<number> {
  const [file, ...more] = read.positionals;
  if (file === undefined || more.length > 0) {
    throw notTaken({ en: 'verify: expected one FILE', zh: 'verify：应给出一个文件' });
  }
  const key = read.needed(read.text('key'), '--key');
  const checkpoint = read.pathOf('checkpoint');
  const child = spawn(
    process.execPath,
    [
      new URL('verify.ts', import.meta.url).pathname,
      read.path(file),
      '--key',
      key,
      ...(checkpoint === undefined ? [] : ['--checkpoint', checkpoint]),
    ],
    { stdio: 'inherit' },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? EXIT.unfinished;
}
