import type { Store } from '../../../adapters/database/store.ts';
import type { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import type { Clock } from '../../../adapters/values/china-time.ts';
import type { Directory } from '../../services/directory.ts';

/** The system's name, in references and submissions. */
export const SYSTEM = 'medical-insurance';

/** What the services of this subgraph work with. */
export interface ServiceSurroundings {
  readonly client: MedicalInsuranceClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly report: (error: unknown, place: string) => void;
  /** In whose name offices act that are no provider themselves. */
  readonly institution: Institution;
  /** Where people are insured unless their record says otherwise, six digits. */
  readonly homeRegion: string;
  /** Rows of one fee upload. */
  readonly feeRowsPerCall: number;
}

/** The cases that each service is for. */
export const ITEMS = {
  outOfArea: ['S07', 'S08', 'S09'],
  chronicDisease: ['S10'],
  referral: ['S11'],
  maternity: ['S12'],
} as const;
