import type { Place } from '../../adapters/database/home.ts';
import { freePort } from '../../gateway/sandbox/simulators.ts';
import { Gateways } from '../journeys/services/gateways.ts';
import { Clerk } from './clerk.ts';
import { Documents, ROWS_PER_CALL } from './documents.ts';
import { Platform } from './platform.ts';

/** The platform, the gateways before it, and hospitals that post: one gateway on SQLite, two that share a PostgreSQL store. */
export interface Scene {
  readonly platform: Platform;
  readonly gateways: Gateways;
  readonly clerk: Clerk;
  readonly documents: Documents;
  stop(): Promise<void>;
}

const ENVIRONMENT = { CASEGRAPH_SUBGRAPHS__MEDICAL__FEE_ROWS_PER_CALL: String(ROWS_PER_CALL) };

/**
 * Starts all of it on a store that nobody has used yet.
 *
 * @param residents How many people there are: a ninth of them can have referrals, a fortieth maternity settlements.
 */
export async function startScene(place: Place, residents: number, environment: NodeJS.ProcessEnv = {}): Promise<Scene> {
  const platform = await Platform.start(residents);
  const listeners = await Promise.all((place.url === undefined ? [0] : [0, 1]).map(freePort));
  const gateways = new Gateways(
    platform.addresses,
    place,
    listeners.map((port) => ({ port })),
    { ...ENVIRONMENT, ...environment },
  );
  const stop = async () => {
    await gateways.stop();
    await platform.stop();
  };
  try {
    await gateways.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    platform,
    gateways,
    clerk: new Clerk(() => gateways.url),
    documents: new Documents(platform.population),
    stop,
  };
}
