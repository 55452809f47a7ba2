import { readdirSync, readFileSync } from 'node:fs';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

const OPERATIONS = new URL('../../seeds/operations/', import.meta.url);

/** GraphiQL as one page from our own disk, the example operations opened as tabs: the users sit on closed networks. */
export function graphiqlPage(): string {
  const tabs = readdirSync(OPERATIONS)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ query: read(file) ?? '', variables: read(file.replace(/\.graphql$/, '.json')) }));
  return renderGraphiQL({
    title: 'Casegraph',
    defaultQuery: tabs[0]?.query ?? '',
    defaultTabs: tabs.map(({ query, variables }) => ({ query, ...(variables !== undefined && { variables }) })),
  } as Parameters<typeof renderGraphiQL>[0]);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(new URL(file, OPERATIONS), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
