import { z } from 'zod';
import { RealEstateClient } from '../../adapters/real-estate/client.ts';
import { realEstateSettings } from '../../adapters/real-estate/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { realestateContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Property, from the real-estate registry. */
export const realestate = defineSubgraph({
  name: 'realestate',
  settings: realEstateSettings.extend({
    applicationForm: z
      .string()
      .min(1)
      .max(32)
      .default('CASEGRAPH')
      .describe('Number of the application form that covers queries made without a case'),
  }),
  async create({ applicationForm, ...settings }, { store, clock, observer }) {
    const { counter } = await store();
    const client = new RealEstateClient(settings, { counter, clock, observer });
    return {
      schema: subgraphSchema('realestate', resolvers),
      context: (scope) => realestateContext(client, applicationForm, scope),
      stop: () => client.close(),
    };
  },
});
