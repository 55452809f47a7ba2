import { nonTaxClient } from '../../adapters/non-tax/client.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { nontaxContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { PaymentDesk } from './services/payment-desk.ts';
import { nontaxSettings } from './settings.ts';

/** Payments, from the district's non-tax system, and the notices that are opened here. */
export const nontax = defineSubgraph({
  name: 'nontax',
  settings: nontaxSettings,
  async create(settings, services) {
    const { clock, observer, directory, report } = services;
    const store = await services.store();
    const client = nonTaxClient(settings, { counter: store.counter, clock, observer });
    const { dialect, cnnontax, fees } = settings;
    const desk =
      dialect === 'cnnontax' && cnnontax
        ? new PaymentDesk({ client, settings, cnnontax, store, clock, directory, report })
        : null;
    // The JSON dialect tells no numbers (non-tax 8).
    const surroundings = { clock, fees, desk, receiptsByNumber: dialect === 'cnnontax' };
    return {
      schema: subgraphSchema('nontax', resolvers),
      context: (scope) => nontaxContext(client, surroundings, scope),
      start: async () => desk?.start(),
      async stop() {
        await desk?.stop();
        await client.close();
      },
    };
  },
});
