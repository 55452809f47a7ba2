import { readdirSync, readFileSync } from 'node:fs';
import { JSON_TYPE, RESPONSE_TYPE } from './media-types.ts';

/** What its fetcher sends by itself, with the one format of deferred fragments that it can put together named: that of 2022. */
const ACCEPT = `${RESPONSE_TYPE}, ${JSON_TYPE}, multipart/mixed;deferSpec=20220824`;

/** An operation that GraphiQL opens with. */
export interface ExampleOperation {
  readonly query: string;
  /** JSON text. */
  readonly variables?: string;
}

/**
 * GraphiQL as one page from our own disk, each example in a tab of its own: the users sit on closed networks. It is large, and read when
 * somebody first asks for it.
 */
export async function graphiqlPage(examples: readonly ExampleOperation[]): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL({
    title: 'Casegraph',
    additionalHeaders: { accept: ACCEPT },
    // Without examples GraphiQL shows its own greeting; an empty list of tabs would stop it.
    ...(examples.length > 0 && { defaultTabs: [...examples] }),
  });
}

/** The operations of a folder: each `.graphql` file, with the `.json` file of the same name for its variables. */
export function readOperations(folder: URL): ExampleOperation[] {
  const files = readdirSync(folder).sort();
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8').trim();
  return files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => {
      const variables = file.replace(/\.graphql$/, '.json');
      return { query: read(file), ...(files.includes(variables) && { variables: read(variables) }) };
    });
}
