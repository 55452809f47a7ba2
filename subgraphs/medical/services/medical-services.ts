import { DepartmentWrites } from '../../services/submissions.ts';
import type { RequestScope } from '../../subgraph.ts';
import { type AdmitInput, admissionKind, type CheckBenefitInput, checkBenefit, prepareAdmission } from './admission.ts';
import {
  chronicDiseaseCancellation,
  chronicDiseaseTraits,
  type FileChronicDiseaseInput,
  prepareChronicDisease,
} from './chronic-disease.ts';
import { decideChronicDisease, type ReviewInput, reviewChronicDisease } from './chronic-review.ts';
import { feesKind, prepareFees, type UploadFeesInput } from './fees.ts';
import { filingKind } from './filing.ts';
import { type CancelInput, cancellationKind, prepareCancellation } from './filing-cancellation.ts';
import { handle } from './handling.ts';
import { type FileOutOfAreaInput, outOfAreaCancellation, outOfAreaTraits, prepareOutOfArea } from './out-of-area.ts';
import { type FileReferralInput, prepareReferral, referralCancellation, referralTraits } from './referral.ts';
import { type SettleInput, settlementKind, settlementOf, trialOf } from './settlement.ts';
import {
  type CancelSettlementInput,
  prepareSettlementCancellation,
  settlementCancellationKind,
} from './settlement-cancellation.ts';
import { type ServiceSurroundings, SYSTEM } from './surroundings.ts';

/**
 * The services that stand on the platform: filings for treatment elsewhere (S07–S09), chronic diseases (S10), referrals (S11) and
 * maternity payments (S12). Each write is kept before it is sent; what became of one whose answer was lost is found out by a worker.
 */
export class MedicalServices {
  readonly #surroundings: ServiceSurroundings;
  readonly #writes: DepartmentWrites;
  readonly #kinds: ReturnType<typeof kindsOf>;

  /** @param workMs So long the platform may be at work on a message after its sender died or gave it up. */
  constructor(surroundings: ServiceSurroundings, workMs: number) {
    const { store, clock, report } = surroundings;
    this.#surroundings = surroundings;
    this.#kinds = kindsOf(surroundings);
    const kinds = Object.values(this.#kinds);
    this.#writes = new DepartmentWrites({ system: SYSTEM, store, clock, kinds, report, workMs });
  }

  start(): Promise<void> {
    return this.#writes.start();
  }

  stop(): Promise<void> {
    return this.#writes.stop();
  }

  fileOutOfArea(given: FileOutOfAreaInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.fileOutOfArea, 'fileOutOfArea', given, scope, () =>
      prepareOutOfArea(this.#surroundings, given, scope.signal),
    );
  }

  cancelOutOfAreaFiling(given: CancelInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.cancelOutOfArea, 'cancelOutOfAreaFiling', given, scope, () =>
      prepareCancellation(this.#surroundings, outOfAreaCancellation(this.#surroundings), given),
    );
  }

  fileChronicDisease(given: FileChronicDiseaseInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.fileChronicDisease, 'fileChronicDisease', given, scope, () =>
      prepareChronicDisease(this.#surroundings, given, scope.signal),
    );
  }

  reviewChronicDiseaseFiling(given: ReviewInput, scope: RequestScope) {
    return reviewChronicDisease(this.#surroundings, given, scope);
  }

  decideChronicDiseaseFiling(given: ReviewInput, scope: RequestScope) {
    return decideChronicDisease(this.#surroundings, given, scope);
  }

  cancelChronicDiseaseFiling(given: CancelInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.cancelChronicDisease, 'cancelChronicDiseaseFiling', given, scope, () =>
      prepareCancellation(this.#surroundings, chronicDiseaseCancellation(this.#surroundings), given),
    );
  }

  fileReferral(given: FileReferralInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.fileReferral, 'fileReferral', given, scope, () =>
      prepareReferral(this.#surroundings, given, scope.signal),
    );
  }

  cancelReferral(given: CancelInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.cancelReferral, 'cancelReferral', given, scope, () =>
      prepareCancellation(this.#surroundings, referralCancellation(this.#surroundings), given),
    );
  }

  checkMaternityBenefit(given: CheckBenefitInput, { signal }: RequestScope) {
    return checkBenefit(this.#surroundings, given, signal);
  }

  admitForMaternity(given: AdmitInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.admit, 'admitForMaternity', given, scope, () =>
      prepareAdmission(this.#surroundings, given, scope.signal),
    );
  }

  uploadMaternityFees(given: UploadFeesInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.uploadFees, 'uploadMaternityFees', given, scope, () =>
      prepareFees(this.#surroundings, given),
    );
  }

  trialMaternitySettlement(given: SettleInput, { signal }: RequestScope) {
    return trialOf(this.#surroundings, given, signal);
  }

  settleMaternity(given: SettleInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.settle, 'settleMaternity', given, scope, () =>
      settlementOf(this.#surroundings, given),
    );
  }

  cancelMaternitySettlement(given: CancelSettlementInput, scope: RequestScope) {
    return handle(this.#writes, this.#kinds.cancelSettlement, 'cancelMaternitySettlement', given, scope, () =>
      prepareSettlementCancellation(this.#surroundings, given),
    );
  }
}

function kindsOf(surroundings: ServiceSurroundings) {
  return {
    fileOutOfArea: filingKind(surroundings, outOfAreaTraits(surroundings)),
    cancelOutOfArea: cancellationKind(surroundings, outOfAreaCancellation(surroundings)),
    fileChronicDisease: filingKind(surroundings, chronicDiseaseTraits(surroundings)),
    cancelChronicDisease: cancellationKind(surroundings, chronicDiseaseCancellation(surroundings)),
    fileReferral: filingKind(surroundings, referralTraits(surroundings)),
    cancelReferral: cancellationKind(surroundings, referralCancellation(surroundings)),
    admit: admissionKind(surroundings),
    uploadFees: feesKind(surroundings),
    settle: settlementKind(surroundings),
    cancelSettlement: settlementCancellationKind(surroundings),
  };
}
