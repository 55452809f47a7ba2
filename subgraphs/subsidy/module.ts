import { DisabilitySubsidyClient } from '../../adapters/disability-subsidy/client.ts';
import { disabilitySubsidySettings } from '../../adapters/disability-subsidy/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { subsidyContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Disability certificates and the two subsidies, from the national system. */
export const subsidy = defineSubgraph({
  name: 'subsidy',
  settings: disabilitySubsidySettings,
  async create(settings, { store, clock, observer }) {
    const { counter } = await store();
    const client = new DisabilitySubsidyClient(settings, { counter, clock, observer });
    return {
      schema: subgraphSchema('subsidy', resolvers),
      context: (scope) => subsidyContext(client, scope),
      stop: () => client.close(),
    };
  },
});
