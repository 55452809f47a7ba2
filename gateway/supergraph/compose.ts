import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** Where the SDL of the subgraphs and the composed supergraph live. */
export const SCHEMA_FOLDER = new URL('../../schema/', import.meta.url).pathname;
const SUPERGRAPH = 'supergraph.graphql';

/** A composition that did not succeed; each line of the message names a subgraph and what is wrong. */
export class CompositionFailed extends Error {
  override readonly name = 'CompositionFailed';
}

/** Composes the SDL of every subgraph in a folder into a supergraph. Throws `CompositionFailed`. */
export async function composeSupergraph(folder: string = SCHEMA_FOLDER): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.graphql') && file !== SUPERGRAPH).sort();
  const services = await Promise.all(
    files.map(async (file) => {
      const name = basename(file, '.graphql');
      // The address of a subgraph is a matter of configuration, never of the schema.
      return { name, url: `casegraph://${name}`, typeDefs: parse(await readFile(join(folder, file), 'utf8')) };
    }),
  );
  const result = composeServices(services);
  if (result.errors) throw new CompositionFailed(result.errors.map((error) => error.message).join('\n'));
  return `${result.supergraphSdl.trimEnd()}\n`;
}

async function main(): Promise<void> {
  const composed = await composeSupergraph();
  const path = join(SCHEMA_FOLDER, SUPERGRAPH);
  if (!process.argv.includes('--check')) {
    await writeFile(path, composed);
    return;
  }
  const written = await readFile(path, 'utf8').catch(() => '');
  if (written !== composed) {
    process.stderr.write('schema/supergraph.graphql is not up to date: run `npm run compose`\n');
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main().catch((error: unknown) => {
    if (!(error instanceof CompositionFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
