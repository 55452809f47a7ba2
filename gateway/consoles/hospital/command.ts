import type { Arguments } from '../command-line/arguments.ts';
import { notTaken } from '../command-line/refusals.ts';
import { runCommand, type Surroundings, withClient } from '../command-line/run.ts';
import type { Streams, Terminal } from '../command-line/terminal.ts';
import { HOSPITAL } from './arguments.ts';
import { HELP } from './help.ts';
import { post } from './post.ts';
import { receipt } from './receipt.ts';
import { reconcile } from './reconcile.ts';
import { STATES, status } from './status.ts';
import { template } from './template.ts';

const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;

/** Runs the command line of the hospitals and gives its exit code. */
export function runHospital(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  streams: Streams,
): Promise<number> {
  return runCommand({ shape: HOSPITAL, help: HELP, run }, args, environment, streams);
}

function run(read: Arguments, terminal: Terminal): number | Promise<number> {
  if (read.subcommand === 'template') return runTemplate(read, terminal);
  const work = READERS[read.subcommand as keyof typeof READERS](read);
  return withClient(read, terminal, work);
}

/** What asks the gateway. */
const READERS = { post: readPost, status: readStatus, receipt: readReceipt, reconcile: readReconcile };

function readPost(read: Arguments) {
  const file = onlyPositional(read, 'FILE');
  const fees = read.pathOf('fees');
  const check = read.flag('check');
  const waits = read.flag('wait') || read.text('wait-at-most') !== undefined;
  const options = {
    file,
    fees,
    check,
    result: read.pathOf('result') ?? `${file}.result.ndjson`,
    operator: check ? '' : read.needed(read.fromEnvironment('operator', 'CASEGRAPH_OPERATOR'), '--operator'),
    encoding: read.oneOf('encoding', ENCODINGS),
    ignored: read.list('ignore'),
    size: read.whole('batch', 1, 1_000, 100),
    inFlight: read.whole('in-flight', 1, 8, 2),
    atomic: read.flag('atomic'),
    fresh: read.flag('fresh'),
    followMs: waits ? read.whole('wait-at-most', 0, 10_080, 720) * 60_000 : undefined,
  };
  return (surroundings: Surroundings) => post(options, surroundings);
}

function readStatus(read: Arguments) {
  const states = read.list('state').flatMap((text) => text.toUpperCase().split(','));
  const unknown = states.find((state) => !Object.hasOwn(STATES, state));
  if (unknown !== undefined) {
    const known = Object.keys(STATES).join(', ');
    throw notTaken({ en: `--state: expected ${known}`, zh: `--state：应为${known}之一` });
  }
  const options = {
    documents: read.positionals,
    file: read.pathOf('file'),
    states,
    from: read.day('from'),
    to: read.day('to'),
    hospital: read.text('hospital'),
    json: read.flag('json'),
  };
  if (options.file !== undefined && (options.documents.length > 0 || states.length > 0)) {
    throw notTaken({ en: '--file stands alone', zh: '--file不能与单据号或--state同时使用' });
  }
  return (surroundings: Surroundings) => status(options, surroundings);
}

function readReceipt(read: Arguments) {
  const file = read.pathOf('file');
  const keys = read.pathOf('keys');
  const options = {
    ...(file === undefined && { document: onlyPositional(read, 'DOCUMENT') }),
    file,
    hospital: read.text('hospital'),
    verify: read.flag('verify') || keys !== undefined,
    keys,
  };
  return (surroundings: Surroundings) => receipt(options, surroundings);
}

function readReconcile(read: Arguments) {
  const from = read.needed(read.day('from'), '--from');
  const to = read.needed(read.day('to'), '--to');
  if (to < from) throw notTaken({ en: '--to: is before --from', zh: '--to：早于--from' });
  const file = read.pathOf('file');
  const options = {
    operator: read.needed(read.fromEnvironment('operator', 'CASEGRAPH_OPERATOR'), '--operator'),
    hospital: read.text('hospital'),
    from,
    to,
    book:
      file === undefined
        ? undefined
        : { file, encoding: read.oneOf('encoding', ENCODINGS), ignored: read.list('ignore') },
    csv: read.pathOf('csv'),
    pdf: read.pathOf('pdf'),
    waitMs: read.whole('wait-at-most', 0, 10_080, 60) * 60_000,
  };
  return (surroundings: Surroundings) => reconcile(options, surroundings);
}

function runTemplate(read: Arguments, terminal: Terminal): number {
  const [kind] = read.positionals;
  if (read.positionals.length !== 1 || (kind !== 'referral' && kind !== 'maternity' && kind !== 'book')) {
    throw notTaken({
      en: 'template: expected referral, maternity or book',
      zh: 'template：应为referral、maternity或book',
    });
  }
  if (read.flag('csv') && read.flag('ndjson')) {
    throw notTaken({ en: '--csv and --ndjson: only one of them', zh: '--csv与--ndjson只能选一个' });
  }
  if (read.flag('ndjson') && kind === 'book') {
    throw notTaken({ en: '--ndjson: a book is a table', zh: '--ndjson：账目只有表格格式' });
  }
  if (read.flag('fees') && (kind !== 'maternity' || read.flag('ndjson'))) {
    throw notTaken({ en: '--fees: only for maternity --csv', zh: '--fees：只用于maternity --csv' });
  }
  return template(
    {
      kind,
      format: read.flag('ndjson') ? 'ndjson' : 'csv',
      fees: read.flag('fees'),
      encoding: read.oneOf('encoding', ['utf-8', 'gb18030']) ?? 'utf-8',
      out: read.pathOf('out'),
    },
    terminal,
  );
}

function onlyPositional(read: Arguments, name: string): string {
  const [first] = read.positionals;
  if (read.positionals.length === 1 && first) return name === 'FILE' ? read.path(first) : first;
  throw notTaken({
    en: `${read.subcommand}: expected one ${name}; --help tells more`,
    zh: `${read.subcommand}：应给出一个${name}；--help查看帮助`,
  });
}
