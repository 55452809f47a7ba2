import type { UnifiedAcceptanceClient } from '../../adapters/unified-acceptance/client.ts';
import type { CaseProgress, ItemGuide } from '../../adapters/unified-acceptance/records.ts';
import { callLoader } from '../loader.ts';
import type { RequestScope } from '../subgraph.ts';

export interface CaseKey {
  readonly number: string;
  readonly password: string;
}

/** The loaders of one request. The platform answers one case and one item a message (unified-acceptance 3.3). */
export interface AcceptanceContext {
  progress(key: CaseKey): Promise<CaseProgress | null>;
  guide(implementationCode: string): Promise<ItemGuide | null>;
}

export function acceptanceContext(client: UnifiedAcceptanceClient, { signal }: RequestScope): AcceptanceContext {
  const progress = callLoader((key: CaseKey) => client.progress(key, { signal }));
  const guides = callLoader((code: string) => client.itemGuide(code, { signal }));
  return {
    progress: (key) => progress.load(key),
    guide: (code) => guides.load(code),
  };
}
