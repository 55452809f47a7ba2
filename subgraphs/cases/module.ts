import { z } from 'zod';
import { UnifiedAcceptanceClient } from '../../adapters/unified-acceptance/client.ts';
import { unifiedAcceptanceSettings } from '../../adapters/unified-acceptance/settings.ts';
import { populate } from '../../seeds/population.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { casesContext } from './loaders.ts';
import { fillRegistry } from './population.ts';
import { resolvers } from './resolvers.ts';

/** Residents and their cases: the registry, and the unified acceptance platform. */
export const cases = defineSubgraph({
  name: 'cases',
  settings: z.strictObject({
    unifiedAcceptance: unifiedAcceptanceSettings,
    sandboxPopulation: z
      .strictObject({ seed: z.int().nonnegative(), residents: z.int().positive() })
      .optional()
      .describe('Fills an empty registry with invented residents; the sandbox only'),
  }),
  async create(settings, services) {
    const { registry, counter } = await services.store();
    if (settings.sandboxPopulation) await fillRegistry(registry, populate(settings.sandboxPopulation));
    const { clock, observer } = services;
    const client = new UnifiedAcceptanceClient(settings.unifiedAcceptance, { counter, clock, observer });
    return {
      schema: subgraphSchema('cases', resolvers),
      context: (scope) => casesContext(registry, client, scope),
      stop: () => client.close(),
    };
  },
});
