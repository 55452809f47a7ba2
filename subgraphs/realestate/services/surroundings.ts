import type { Store } from '../../../adapters/database/store.ts';
import type { CoverSheetPrinter } from '../../../adapters/documents/cover-sheet.ts';
import type { RealEstateClient } from '../../../adapters/real-estate/client.ts';
import type { Clock } from '../../../adapters/values/china-time.ts';
import type { Directory } from '../../services/directory.ts';

/** What the property services work with. */
export interface Surroundings {
  readonly client: RealEstateClient;
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly printer: CoverSheetPrinter;
  /** The district whose register is searched for houses, six digits. */
  readonly areaCode: string;
  /** Where people reach this program, without a slash at its end; undefined where nobody has said. */
  readonly publicUrl: string | undefined;
  /** 出具单位. */
  readonly issuingBody: string;
}
