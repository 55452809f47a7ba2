import type { Submission } from '../../../adapters/database/submissions.ts';
import type { FeesSought } from '../../../adapters/medical-insurance/finding-out/fees.ts';
import type { SettlementCancelled } from '../../../adapters/medical-insurance/finding-out/settlement.ts';
import type { PersonReference } from '../../../adapters/medical-insurance/records/person.ts';
import type { Admission, FeeResult, Settlement } from '../../../adapters/medical-insurance/records/settlement.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { type Fen, fen, sumFen } from '../../../adapters/values/fen.ts';
import { ofKind } from './earlier-writes.ts';

/** The writes of a maternity payment (生育医疗费支付), in their order. */
export const MATERNITY = {
  admission: 'admit-for-maternity',
  fees: 'upload-maternity-fees',
  settlement: 'settle-maternity',
  cancellation: 'cancel-maternity-settlement',
} as const;

export interface AdmissionInput {
  readonly institution: Institution;
  readonly admission: Admission;
}

export interface AdmissionOutcome {
  readonly visitId: string;
}

export interface FeesInput extends FeesSought {
  readonly institution: Institution;
}

export interface FeesOutcome {
  /** So many rows from the first on were taken. */
  readonly accepted: number;
  /** How the platform divided them; null where its answer was lost. */
  readonly rows: readonly FeeResult[] | null;
  readonly complete: boolean;
  /** What the platform said of the first row that was not taken; null where it said nothing. */
  readonly refusal: string | null;
}

export interface SettlementOutcome {
  readonly settlement: Settlement;
  /** The total that was asked for, fen. */
  readonly askedFen: number;
  readonly provider: Pick<Institution, 'code' | 'name'>;
}

export type CancellationOutcome = SettlementCancelled;

/** How an amount was divided, fen (medical-insurance 3.10, 3.11). */
export interface Scope {
  readonly fullySelfPaidFen: number;
  readonly overLimitFen: number;
  readonly firstSelfPaidFen: number;
  readonly inScopeFen: number;
}

/** A visit that a case has admitted to. */
export interface MaternityVisit {
  readonly id: string;
  readonly person: PersonReference;
  readonly insuranceKind: string;
  readonly medType: string;
  readonly admittedAt: string;
}

/** How far the maternity payment of a case has come. */
export interface MaternityCourse {
  readonly visit: MaternityVisit | null;
  readonly feesFen: Fen;
  readonly feeSerials: ReadonlySet<string>;
  /** How the platform divided the fees; null where it was not told of all of them. */
  readonly scope: Scope | null;
  /** The settlement that stands. */
  readonly settlement: Settlement | null;
  /** Settlements that were cancelled. */
  readonly cancelled: readonly string[];
}

/** Reads the course off what the platform has done for a case. */
export function courseOf(done: readonly Submission[]): MaternityCourse {
  const admission = ofKind(done, MATERNITY.admission).at(-1);
  const uploads = ofKind(done, MATERNITY.fees).map(({ input, outcome }) => ({
    ...(input as FeesInput),
    ...(outcome as FeesOutcome),
  }));
  const taken = uploads.flatMap(({ upload, accepted }) => upload.rows.slice(0, accepted));
  const cancelled = ofKind(done, MATERNITY.cancellation).map(
    ({ outcome }) => (outcome as CancellationOutcome).settlementId,
  );
  const settlements = ofKind(done, MATERNITY.settlement).map(
    ({ outcome }) => (outcome as SettlementOutcome).settlement,
  );
  return {
    visit: admission ? visitOf(admission) : null,
    feesFen: sumFen(taken.map(({ totalFen }) => fen(totalFen))),
    feeSerials: new Set(taken.map(({ serial }) => serial)),
    scope: scopeOf(uploads.map(({ rows }) => rows)),
    settlement: settlements.findLast(({ id }) => !cancelled.includes(id)) ?? null,
    cancelled,
  };
}

function visitOf({ input, outcome }: Submission): MaternityVisit {
  const { admission } = input as AdmissionInput;
  const { personNumber, insuredRegion, insuranceKind, medType, admittedAt } = admission;
  const { visitId } = outcome as AdmissionOutcome;
  return { id: visitId, person: { personNumber, insuredRegion }, insuranceKind, medType, admittedAt };
}

function scopeOf(uploads: readonly (readonly FeeResult[] | null)[]): Scope | null {
  const told = uploads.filter((rows) => rows !== null);
  if (told.length === 0 || told.length < uploads.length) return null;
  const sum = (part: (row: FeeResult) => Fen) => sumFen(told.flat().map(part));
  return {
    fullySelfPaidFen: sum((row) => row.fullySelfPaidFen),
    overLimitFen: sum((row) => row.overLimitFen),
    firstSelfPaidFen: sum((row) => row.firstSelfPaidFen),
    inScopeFen: sum((row) => row.inScopeFen),
  };
}
