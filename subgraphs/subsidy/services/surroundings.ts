import type { Store } from '../../../adapters/database/store.ts';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import type { Clock } from '../../../adapters/values/china-time.ts';
import type { Directory } from '../../services/directory.ts';
import type { DepartmentWrites } from '../../services/submissions.ts';

/** What the subsidy services work with. */
export interface Surroundings {
  readonly client: DisabilitySubsidyClient;
  readonly store: Store;
  readonly writes: DepartmentWrites;
  readonly clock: Clock;
  readonly directory: Directory;
  /** Our own district, six digits. */
  readonly district: string;
}
