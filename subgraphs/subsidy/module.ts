import { z } from 'zod';
import { DisabilitySubsidyClient } from '../../adapters/disability-subsidy/client.ts';
import { disabilitySubsidySettings } from '../../adapters/disability-subsidy/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { subsidyContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { SubsidyServices } from './services/subsidy-services.ts';

const settings = disabilitySubsidySettings.extend({
  follow: z
    .strictObject({
      leastMs: z.int().positive().default(60_000),
      mostMs: z.int().positive().default(21_600_000),
    })
    .prefault({})
    .describe(
      'Pause between two questions after an open application, milliseconds: the least after a change, doubled after each question without one. A minute at least keeps to the system’s own cache time (5)',
    ),
});

/** Disability certificates and the two subsidies, from the national system. */
export const subsidy = defineSubgraph({
  name: 'subsidy',
  settings,
  async create({ follow, ...settings }, { store: openStore, clock, observer, directory, report }) {
    const store = await openStore();
    const client = new DisabilitySubsidyClient(settings, { counter: store.counter, clock, observer });
    const services = new SubsidyServices({
      client,
      store,
      clock,
      directory,
      district: settings.division,
      pauseMs: { least: follow.leastMs, most: follow.mostMs },
      report,
    });
    return {
      schema: subgraphSchema('subsidy', resolvers),
      context: (scope) => subsidyContext(client, services, scope),
      start: () => services.start(),
      async stop() {
        await services.stop();
        await client.close();
      },
    };
  },
});
