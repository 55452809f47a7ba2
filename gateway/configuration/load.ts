import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { Refused } from '../refused.ts';
import { type Configuration, configurationSchema } from './schema.ts';

/** A configuration that is not taken; each line of the message names a place and what was expected there. */
export class ConfigurationRefused extends Refused {
  override readonly name = 'ConfigurationRefused';
}

type Tree = { [name: string]: unknown };

const PREFIX = 'CASEGRAPH_';

/**
 * Reads the configuration: the YAML file, the environment over it, secrets from the files they refer to. Throws
 * `ConfigurationRefused`.
 *
 * A value anywhere may be given as `{ fromFile: path }`, relative to the configuration's own folder: the file's text without the
 * last line end. An environment variable overrides one value: `CASEGRAPH_SERVER__REQUEST_DEADLINE_MS=5000` is
 * `server.requestDeadlineMs`; its text is read as YAML. `DATABASE_URL` is `store.url`.
 */
export function loadConfiguration(file: string | undefined, environment: NodeJS.ProcessEnv): Configuration {
  const tree = overlay(file === undefined ? {} : readTree(file), environment);
  return check(readSecrets(tree, [], file === undefined ? '.' : dirname(file)));
}

/** Checks a configuration given as plain values, the environment over it. Throws `ConfigurationRefused`. */
export function parseConfiguration(tree: Tree, environment: NodeJS.ProcessEnv = {}): Configuration {
  return check(overlay(tree, environment));
}

function check(tree: unknown): Configuration {
  const result = configurationSchema.safeParse(tree);
  if (result.success) return result.data;
  throw new ConfigurationRefused(result.error.issues.flatMap((issue) => lines(issue, [])).join('\n'));
}

function readTree(file: string): Tree {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationRefused(`${file}: cannot be read: ${(error as Error).message}`);
  }
  try {
    const tree: unknown = parseYaml(text, { prettyErrors: true }) ?? {};
    if (isTree(tree)) return tree;
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ConfigurationRefused(`${file}: ${error.message}`);
    throw error;
  }
  throw new ConfigurationRefused(`${file}: expected a mapping at the top`);
}

function overlay(tree: Tree, environment: NodeJS.ProcessEnv): Tree {
  const result = structuredClone(tree);
  const { DATABASE_URL: url } = environment;
  if (url !== undefined && url !== '') result.store = { ...(isTree(result.store) && result.store), url };
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const path = name
      .slice(PREFIX.length)
      .split('__')
      .map((segment) => segment.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
    let place = result;
    for (const segment of path.slice(0, -1)) {
      const next = place[segment] ?? {};
      if (!isTree(next)) throw new ConfigurationRefused(`environment ${name}: ${segment} is not a mapping`);
      place[segment] = next;
      place = next;
    }
    try {
      place[path.at(-1) as string] = parseYaml(text);
    } catch {
      throw new ConfigurationRefused(`environment ${name}: not a YAML value`);
    }
  }
  return result;
}

function readSecrets(value: unknown, path: readonly string[], folder: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => readSecrets(item, [...path, String(index)], folder));
  if (!isTree(value)) return value;
  const { fromFile } = value;
  if (typeof fromFile === 'string' && Object.keys(value).length === 1) {
    try {
      return readFileSync(resolve(folder, fromFile), 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      throw new ConfigurationRefused(
        `${path.join('.')}: ${fromFile} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      );
    }
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, readSecrets(inner, [...path, name], folder)]),
  );
}

/** An issue as lines of `path: what was expected`. Of a union, the variant that came closest speaks. */
function lines(issue: z.core.$ZodIssue, outer: readonly PropertyKey[]): string[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.toSorted(
      (left, right) => strangers(left) - strangers(right) || left.length - right.length,
    )[0];
    if (closest) return closest.flatMap((inner) => lines(inner, path));
  }
  return [`${path.join('.') || '(top)'}: ${issue.message}`];
}

/** How many keys a variant of a union does not know: the best sign of whether it was the one meant. */
function strangers(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
