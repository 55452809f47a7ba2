import { UnifiedAcceptanceClient } from '../../adapters/unified-acceptance/client.ts';
import { unifiedAcceptanceSettings } from '../../adapters/unified-acceptance/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { acceptanceContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** What the unified acceptance platform says of a case, and its guides to the service items. */
export const acceptance = defineSubgraph({
  name: 'acceptance',
  settings: unifiedAcceptanceSettings,
  async create(settings, { store, clock, observer }) {
    const { counter } = await store();
    const client = new UnifiedAcceptanceClient(settings, { counter, clock, observer });
    return {
      schema: subgraphSchema('acceptance', resolvers),
      context: (scope) => acceptanceContext(client, scope),
      stop: () => client.close(),
    };
  },
});
