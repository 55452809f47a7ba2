import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isCalendarDate } from '../../../adapters/values/china-time.ts';
import { type Language, languageOf } from './language.ts';
import { notTaken } from './refusals.ts';

/** Options of every subcommand. */
const COMMON = {
  url: { type: 'string' },
  token: { type: 'string' },
  lang: { type: 'string' },
  patience: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const OPTIONS = {
  ...COMMON,
  operator: { type: 'string' },
  hospital: { type: 'string' },
  file: { type: 'string' },
  fees: { type: 'string' },
  result: { type: 'string' },
  encoding: { type: 'string' },
  ignore: { type: 'string', multiple: true },
  batch: { type: 'string' },
  'in-flight': { type: 'string' },
  atomic: { type: 'boolean' },
  fresh: { type: 'boolean' },
  check: { type: 'boolean' },
  wait: { type: 'boolean' },
  'wait-at-most': { type: 'string' },
  state: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
  verify: { type: 'boolean' },
  keys: { type: 'string' },
  csv: { type: 'string' },
  pdf: { type: 'string' },
  ndjson: { type: 'boolean' },
  out: { type: 'string' },
} as const;

type OptionName = keyof typeof OPTIONS;

/** What each subcommand takes beside the common options. */
const TAKEN = {
  post: [
    'operator',
    'fees',
    'result',
    'encoding',
    'ignore',
    'batch',
    'in-flight',
    'atomic',
    'fresh',
    'check',
    'wait',
    'wait-at-most',
  ],
  status: ['file', 'state', 'from', 'to', 'hospital', 'json'],
  receipt: ['file', 'hospital', 'verify', 'keys'],
  template: ['csv', 'ndjson', 'fees', 'out', 'encoding'],
  reconcile: ['operator', 'hospital', 'from', 'to', 'file', 'encoding', 'ignore', 'csv', 'pdf', 'wait-at-most'],
} as const satisfies Record<string, readonly OptionName[]>;

export type Subcommand = keyof typeof TAKEN;

/** Options of a subcommand that take no value there, though they do elsewhere. */
const FLAGS: Readonly<Partial<Record<Subcommand, readonly OptionName[]>>> = { template: ['csv', 'fees'] };

type Values = Readonly<Partial<Record<OptionName, string | boolean | readonly (string | boolean)[]>>>;

/** A command line that was read. */
export class Arguments {
  readonly subcommand: Subcommand;
  readonly positionals: readonly string[];
  readonly #values: Values;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(subcommand: Subcommand, positionals: readonly string[], values: Values, environment: NodeJS.ProcessEnv) {
    this.subcommand = subcommand;
    this.positionals = positionals;
    this.#values = values;
    this.#environment = environment;
  }

  text(name: OptionName): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  flag(name: OptionName): boolean {
    return this.#values[name] === true;
  }

  list(name: OptionName): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** An option that the environment may give instead. */
  fromEnvironment(name: OptionName, variable: string): string | undefined {
    return this.text(name) ?? (this.#environment[variable] || undefined);
  }

  /** Under `npm run` the user's folder is not the current one. */
  path(text: string): string {
    const { npm_lifecycle_event: script, INIT_CWD: folder } = this.#environment;
    return script === 'hospital' && folder ? resolve(folder, text) : text;
  }

  pathOf(name: OptionName): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : this.path(text);
  }

  whole(name: OptionName, low: number, high: number, otherwise: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    if (/^\d+$/.test(text) && Number(text) >= low && Number(text) <= high) return Number(text);
    throw notTaken({
      en: `--${name}: expected a whole number from ${low} to ${high}`,
      zh: `--${name}：应为${low}至${high}的整数`,
    });
  }

  day(name: OptionName): string | undefined {
    const text = this.text(name);
    if (text === undefined || isCalendarDate(text)) return text;
    throw notTaken({ en: `--${name}: expected a day, 2026-11-24`, zh: `--${name}：应为日期，如2026-11-24` });
  }

  oneOf<Value extends string>(name: OptionName, values: readonly Value[]): Value | undefined {
    const text = this.text(name)?.toLowerCase();
    const found = values.find((value) => value === text);
    if (found !== undefined || text === undefined) return found;
    throw notTaken({
      en: `--${name}: expected ${values.join(', ')}`,
      zh: `--${name}：应为${values.join('、')}之一`,
    });
  }

  needed(value: string | undefined, name: string): string {
    if (value !== undefined && value !== '') return value;
    throw notTaken({ en: `${name} is needed`, zh: `缺少${name}` });
  }
}

/** The language told on the command line or by the environment; the first is looked for before the line is read. */
export function languageFor(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
  const at = args.indexOf('--lang');
  const told = (at === -1 ? args.find((arg) => arg.startsWith('--lang='))?.slice(7) : args[at + 1])?.toLowerCase();
  return told === 'zh' || told === 'en' ? told : languageOf(environment);
}

/** Reads the command line; undefined where help is asked for. Throws `ConsoleRefusal`. */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): Arguments | undefined {
  const [subcommand, ...rest] = args;
  if (subcommand === undefined || args.includes('--help') || subcommand === 'help') return undefined;
  if (!isSubcommand(subcommand)) {
    const known = Object.keys(TAKEN).join(', ');
    throw notTaken({
      en: `${subcommand}: expected ${known}; --help tells more`,
      zh: `${subcommand}：应为${known}之一；--help查看帮助`,
    });
  }
  const flags = FLAGS[subcommand] ?? [];
  const names: readonly OptionName[] = [...(Object.keys(COMMON) as OptionName[]), ...TAKEN[subcommand]];
  const options = Object.fromEntries(
    names.map((name) => [name, flags.includes(name) ? ({ type: 'boolean' } as const) : OPTIONS[name]]),
  );
  try {
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true });
    const read = new Arguments(subcommand, positionals, values, environment);
    read.oneOf('lang', ['zh', 'en']);
    return read;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) throw error;
    const { message } = error as Error;
    throw notTaken({ en: `${subcommand}: ${message}`, zh: `${subcommand}：${message}` });
  }
}

function isSubcommand(text: string): text is Subcommand {
  return Object.hasOwn(TAKEN, text);
}
