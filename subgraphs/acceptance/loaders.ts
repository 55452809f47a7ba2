import type { Store } from '../../adapters/database/store.ts';
import type { Backlog } from '../../adapters/database/tasks.ts';
import type { UnifiedAcceptanceClient } from '../../adapters/unified-acceptance/client.ts';
import type { CaseProgress, ItemGuide } from '../../adapters/unified-acceptance/records.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import { batchLoader, callLoader } from '../loader.ts';
import { REPORTS_QUEUE } from '../services/case-reports.ts';
import type { Directory } from '../services/directory.ts';
import type { RequestScope } from '../subgraph.ts';

export interface CaseKey {
  readonly number: string;
  readonly password: string;
}

/** The loaders of one request. The platform answers one case and one item a message (unified-acceptance 3.3). */
export interface AcceptanceContext {
  progress(key: CaseKey): Promise<CaseProgress | null>;
  guide(implementationCode: string): Promise<ItemGuide | null>;
  /** What waits to be told of a case; null when nothing does. */
  backlog(caseId: string): Promise<Backlog | null>;
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly idempotencyKey: string | undefined;
}

export function acceptanceContext(
  client: UnifiedAcceptanceClient,
  { store, clock, directory }: Pick<AcceptanceContext, 'store' | 'clock' | 'directory'>,
  { signal, idempotencyKey }: RequestScope,
): AcceptanceContext {
  const progress = callLoader((key: CaseKey) => client.progress(key, { signal }));
  const backlogs = batchLoader(
    async (ids) => new Map((await store.tasks.backlogs(REPORTS_QUEUE, ids)).map((one) => [one.orderKey, one])),
    null,
  );
  const guides = callLoader((code: string) => client.itemGuide(code, { signal }));
  return {
    progress: (key) => progress.load(key),
    guide: (code) => guides.load(code),
    backlog: (caseId) => backlogs.load(caseId),
    store,
    clock,
    directory,
    idempotencyKey,
  };
}
