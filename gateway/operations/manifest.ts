import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError, Kind, parse } from 'graphql';
import { z } from 'zod';
import { Refused } from '../refused.ts';

/** A manifest that is not taken; each line of the message names a file, the place in it and what is wrong there. */
export class ManifestRefused extends Refused {
  override readonly name = 'ManifestRefused';
}

/** An operation as its source gives it, not checked yet. */
interface Entry {
  /** The file, and the place in it where it holds several. */
  readonly place: string;
  readonly id: string;
  readonly body: string;
  /** What the source says of the body. */
  readonly declared?: { readonly name: string; readonly type: string };
}

const ENDING = '.graphql';

/** What `@apollo/generate-persisted-query-manifest` and the code generators of the mobile clients write. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z
    .array(
      z.object({
        id: z.string().min(1),
        name: z.string().min(1),
        type: z.enum(['query', 'mutation', 'subscription']),
        body: z.string(),
      }),
    )
    .min(1),
});

/** The operations that are trusted, each by its id and by the hash of its text. */
export class Manifest {
  readonly #byId = new Map<string, string>();
  readonly #texts = new Set<string>();

  constructor(operations: readonly Pick<Entry, 'id' | 'body'>[]) {
    for (const { id, body } of operations) {
      this.#byId.set(id, body);
      this.#byId.set(`sha256:${sha256Hex(body)}`, body);
      this.#texts.add(body);
    }
  }

  /** The text with this id: its own, or `sha256:` and the hash (GraphQL over HTTP, appendix A, "SHA256 Hex Document Identifier"). */
  find(id: string): string | undefined {
    return this.#byId.get(id);
  }

  /** True for exactly the text of an operation. */
  holds(text: string): boolean {
    return this.#texts.has(text);
  }
}

/**
 * Reads a manifest: a folder, in which each file NAME.graphql is the operation NAME, or a JSON file in the format
 * `apollo-persisted-query-manifest`. Throws `ManifestRefused`.
 */
export function readManifest(path: string): Manifest {
  const entries = isFolder(path) ? readFolder(path) : readFile(path);
  const faults = [...entries.flatMap(faultsOf), ...repeatedIds(entries)];
  if (faults.length > 0) throw new ManifestRefused(faults.join('\n'));
  return new Manifest(entries);
}

/** Hash of a text's UTF-8 bytes, in lower-case hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function isFolder(path: string): boolean {
  return reading(path, () => statSync(path).isDirectory());
}

function readFolder(folder: string): Entry[] {
  const files = reading(folder, () => readdirSync(folder))
    .filter((file) => file.endsWith(ENDING))
    .sort();
  if (files.length === 0) throw new ManifestRefused(`${folder}: holds no ${ENDING} file`);
  return files.map((file) => {
    const place = join(folder, file);
    return { place, id: file.slice(0, -ENDING.length), body: readText(place) };
  });
}

function readFile(file: string): Entry[] {
  const result = apolloManifest.safeParse(parseJson(file, readText(file)));
  if (!result.success) {
    const lines = result.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || '(top)'}: ${message}`);
    throw new ManifestRefused(lines.join('\n'));
  }
  return result.data.operations.map(({ id, body, name, type }, index) => ({
    place: `${file}: operations.${index}`,
    id,
    body,
    declared: { name, type },
  }));
}

/** The text of a file, byte for byte: a hash of the one is a hash of the other. */
function readText(file: string): string {
  const bytes = reading(file, () => readFileSync(file));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ManifestRefused(`${file}: not UTF-8`);
  }
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ManifestRefused(`${path}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ManifestRefused(`${file}: not JSON: ${(error as SyntaxError).message}`);
  }
}

function faultsOf(entry: Entry): string[] {
  const { place, id, body } = entry;
  const faults: string[] = [];
  const hash = /^sha256:(.*)$/s.exec(id)?.[1] ?? (/^[0-9a-f]{64}$/i.test(id) ? id : undefined);
  if (hash !== undefined && hash !== sha256Hex(body)) {
    faults.push(`${place}: the id ${id} is not the SHA-256 of the text, which is ${sha256Hex(body)}`);
  }
  const fault = body.trim() === '' ? 'the text is empty' : documentFault(entry);
  if (fault !== undefined) faults.push(`${place}: ${fault}`);
  return faults;
}

/** What is wrong with a text as a GraphQL document. Whether the supergraph can answer it is told when it is asked for. */
function documentFault({ body, declared }: Entry): string | undefined {
  try {
    const operations = parse(body).definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    if (operations.length === 0) return 'the text holds no operation';
    if (!declared || operations.some((each) => each.name?.value === declared.name && each.operation === declared.type))
      return undefined;
    return `the text holds no ${declared.type} named ${declared.name}`;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
    return `line ${line}, column ${column}: ${error.message}`;
  }
}

function repeatedIds(entries: readonly Entry[]): string[] {
  return [...Map.groupBy(entries, ({ id }) => id)].flatMap(([id, [first, ...others]]) =>
    others.map(({ place }) => `${place}: the id ${id} is taken by ${first?.place}`),
  );
}
