import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from 'vitest';
import { noCluster, startCluster } from '../store/throwaway-cluster.ts';
import { proveThroughKills } from './kills-on.ts';

/** How long the database stays away. */
const AWAY_MS = 500;

describe.skipIf(noCluster())('two gateways', () => {
  proveThroughKills('PostgreSQL', async () => {
    const cluster = await startCluster({});
    return {
      place: { url: cluster.url },
      async killDatabase() {
        cluster.kill();
        await sleep(AWAY_MS);
        await cluster.start();
      },
      stop: () => cluster.stop(),
    };
  });
});
