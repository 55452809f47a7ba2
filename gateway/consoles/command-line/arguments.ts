import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isCalendarDate } from '../../../adapters/values/china-time.ts';
import { type Language, languageOf } from './language.ts';
import { notTaken } from './refusals.ts';

type Option = { readonly type: 'string' | 'boolean'; readonly multiple?: boolean };

/** Options of every subcommand of every command. */
const COMMON = {
  url: { type: 'string' },
  token: { type: 'string' },
  lang: { type: 'string' },
  patience: { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies Record<string, Option>;

/** A command: its name as an npm script, and what each subcommand takes beside the common options. */
export interface CommandShape {
  readonly name: string;
  readonly subcommands: Readonly<Record<string, Readonly<Record<string, Option>>>>;
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** A command line that was read. */
export class Arguments {
  readonly subcommand: string;
  readonly positionals: readonly string[];
  readonly #values: Values;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #command: string;

  constructor(
    command: string,
    subcommand: string,
    positionals: readonly string[],
    values: Values,
    environment: NodeJS.ProcessEnv,
  ) {
    this.#command = command;
    this.subcommand = subcommand;
    this.positionals = positionals;
    this.#values = values;
    this.#environment = environment;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** An option that the environment may give instead. */
  fromEnvironment(name: string, variable: string): string | undefined {
    return this.text(name) ?? (this.#environment[variable] || undefined);
  }

  /** Under `npm run` the user's folder is not the current one. */
  path(text: string): string {
    const { npm_lifecycle_event: script, INIT_CWD: folder } = this.#environment;
    return script === this.#command && folder ? resolve(folder, text) : text;
  }

  pathOf(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : this.path(text);
  }

  whole(name: string, low: number, high: number, otherwise: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    if (/^\d+$/.test(text) && Number(text) >= low && Number(text) <= high) return Number(text);
    throw notTaken({
      en: `--${name}: expected a whole number from ${low} to ${high}`,
      zh: `--${name}：应为${low}至${high}的整数`,
    });
  }

  day(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || isCalendarDate(text)) return text;
    throw notTaken({ en: `--${name}: expected a day, 2026-11-24`, zh: `--${name}：应为日期，如2026-11-24` });
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
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
export function readArguments(
  { name, subcommands }: CommandShape,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Arguments | undefined {
  const [subcommand, ...rest] = args;
  if (subcommand === undefined || args.includes('--help') || subcommand === 'help') return undefined;
  if (!Object.hasOwn(subcommands, subcommand)) {
    const known = Object.keys(subcommands).join(', ');
    throw notTaken({
      en: `${subcommand}: expected ${known}; --help tells more`,
      zh: `${subcommand}：应为${known}之一；--help查看帮助`,
    });
  }
  try {
    const options = { ...COMMON, ...subcommands[subcommand] };
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true });
    const read = new Arguments(name, subcommand, positionals, values, environment);
    read.oneOf('lang', ['zh', 'en']);
    return read;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) throw error;
    const { message } = error as Error;
    throw notTaken({ en: `${subcommand}: ${message}`, zh: `${subcommand}：${message}` });
  }
}
