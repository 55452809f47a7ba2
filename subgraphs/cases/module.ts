import { z } from 'zod';
import { populate } from '../../seeds/population.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { casesContext } from './loaders.ts';
import { fillRegistry } from './population.ts';
import { resolvers } from './resolvers.ts';

/** Residents and their cases, from the case registry. No department is asked here, so that none can keep the others waiting. */
export const cases = defineSubgraph({
  name: 'cases',
  settings: z
    .strictObject({
      sandboxPopulation: z
        .strictObject({ seed: z.int().nonnegative(), residents: z.int().positive() })
        .optional()
        .describe('Fills an empty registry with invented residents; the sandbox only'),
    })
    .prefault({}),
  async create({ sandboxPopulation }, { store }) {
    const { registry } = await store();
    if (sandboxPopulation) await fillRegistry(registry, populate(sandboxPopulation));
    return {
      schema: subgraphSchema('cases', resolvers),
      context: () => casesContext(registry),
      stop: () => Promise.resolve(),
    };
  },
});
