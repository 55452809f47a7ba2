import type { ServiceSurroundings } from '../../services/surroundings.ts';
import { hospitalInstitution, hospitalsOf } from '../hospitals.ts';
import type { PostingSettings } from '../settings.ts';
import { ReconciliationDesk } from './desk.ts';
import { Reconciler } from './reconciler.ts';

/** clr_type (medical-insurance 3.11): inpatients and outpatients. */
const CLEARING_TYPES = ['21', '11'];

/** Reconciliation of what hospitals booked (三方对账): the desk that people use, and what makes it. */
export class Reconciliations {
  readonly desk: ReconciliationDesk;
  readonly #reconciler: Reconciler;

  constructor(
    surroundings: ServiceSurroundings,
    { dailyAt, insuranceKinds, clearings }: PostingSettings['reconciliation'],
  ) {
    const { directory, homeRegion } = surroundings;
    const pairs = clearings?.map(({ type, office }) => ({ clearingType: type, clearingOffice: office }));
    const atHome = CLEARING_TYPES.map((clearingType) => ({ clearingType, clearingOffice: homeRegion }));
    this.#reconciler = new Reconciler(surroundings, {
      // Without a delegated account nothing can be asked in a hospital's name.
      hospitals: hospitalsOf(directory).filter((provider) => hospitalInstitution(surroundings, provider, null)),
      dailyAt,
      expected: { pairs: pairs ?? atHome, insuranceKinds },
    });
    this.desk = new ReconciliationDesk(surroundings, this.#reconciler);
  }

  start(): void {
    this.#reconciler.start();
  }

  stop(): Promise<void> {
    return this.#reconciler.stop();
  }
}
