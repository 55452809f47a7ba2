import { UnifiedAcceptanceClient } from '../../adapters/unified-acceptance/client.ts';
import { unifiedAcceptanceSettings } from '../../adapters/unified-acceptance/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { REPORTS_QUEUE } from '../services/case-reports.ts';
import { Worker } from '../services/worker.ts';
import { defineSubgraph } from '../subgraph.ts';
import { acceptanceContext } from './loaders.ts';
import { report } from './reporting.ts';
import { resolvers } from './resolvers.ts';

/** What the unified acceptance platform says of a case, its guides to the service items, and what it is told of our cases. */
export const acceptance = defineSubgraph({
  name: 'acceptance',
  settings: unifiedAcceptanceSettings,
  async create(settings, services) {
    const { clock, observer, directory } = services;
    const store = await services.store();
    const client = new UnifiedAcceptanceClient(settings, { counter: store.counter, clock, observer });
    const worker = new Worker({
      queue: REPORTS_QUEUE,
      tasks: store.tasks,
      writer: store,
      clock,
      alone: store.exclusive,
      handle: (task, signal) => report(task, store, client, { signal, now: clock() }),
      report: (error, task) => services.report(error, `${task.queue} ${task.kind}`),
      // More than the platform takes at once would only wait for one another (unified-acceptance 5).
      concurrency: settings.line.concurrency,
    });
    return {
      schema: subgraphSchema('acceptance', resolvers),
      context: (scope) => acceptanceContext(client, { store, clock, directory }, scope),
      start: () => worker.start(),
      async stop() {
        await worker.stop();
        await client.close();
      },
    };
  },
});
