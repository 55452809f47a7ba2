import { nonTaxClient } from '../../adapters/non-tax/client.ts';
import { nonTaxSettings } from '../../adapters/non-tax/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { nontaxContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Payments, from the district's non-tax system. */
export const nontax = defineSubgraph({
  name: 'nontax',
  settings: nonTaxSettings,
  async create(settings, { store, clock, observer }) {
    const { counter } = await store();
    const client = nonTaxClient(settings, { counter, clock, observer });
    // The JSON dialect tells no numbers (non-tax 8).
    const surroundings = { clock, receiptsByNumber: settings.dialect === 'cnnontax' };
    return {
      schema: subgraphSchema('nontax', resolvers),
      context: (scope) => nontaxContext(client, surroundings, scope),
      stop: () => client.close(),
    };
  },
});
