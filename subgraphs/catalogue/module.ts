import { z } from 'zod';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { readCatalogue } from './catalogue.ts';
import { resolvers } from './resolvers.ts';

/** The plan and its 20 service items: data of ours, no department behind it. */
export const catalogue = defineSubgraph({
  name: 'catalogue',
  settings: z.strictObject({}).prefault({}),
  async create() {
    const context = { catalogue: readCatalogue() };
    return {
      schema: subgraphSchema('catalogue', resolvers),
      context: () => context,
      stop: () => Promise.resolve(),
    };
  },
});
