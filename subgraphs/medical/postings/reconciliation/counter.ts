import type { Store } from '../../../../adapters/database/store.ts';
import type { SubmissionPeriod } from '../../../../adapters/database/submission-periods.ts';
import type { Submission } from '../../../../adapters/database/submissions.ts';
import { type CancellationOutcome, MATERNITY, type SettlementOutcome } from '../../services/maternity-course.ts';
import type { SettlementCancellation } from '../../services/settlement-cancellation.ts';
import { SYSTEM } from '../../services/surroundings.ts';
import type { SettledDocument, SettlementKept } from './booked.ts';

const KINDS = { system: SYSTEM, kinds: [MATERNITY.settlement, MATERNITY.cancellation] } as const;

/** A settlement that was cancelled at the counter. */
export interface CounterCancellation {
  readonly settlementId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null where the platform's answer was lost. */
  readonly refund: SettlementKept | null;
}

/** What a hospital's counter has done in a period. */
export interface CounterBookings {
  readonly settled: readonly SettledDocument[];
  /** Of settlements that the counter did not make itself. */
  readonly cancelled: readonly CounterCancellation[];
}

/**
 * What was settled and cancelled case by case, not posted. The cases of all that came to be done in the period are read whole: a settlement
 * of the period may have been cancelled long afterwards.
 */
export async function counterBookings(
  { submissions }: Pick<Store, 'submissions'>,
  provider: string,
  period: SubmissionPeriod,
): Promise<CounterBookings> {
  const settled: SettledDocument[] = [];
  const cancelled: CounterCancellation[] = [];
  const read = new Set<string>();
  for await (const page of submissions.doneBetween(KINDS, period)) {
    const caseIds = new Set(page.flatMap(({ caseId }) => (caseId === null || read.has(caseId) ? [] : [caseId])));
    for (const caseId of caseIds) read.add(caseId);
    for (const own of Map.groupBy(await submissions.doneOfCases(KINDS, [...caseIds]), caseOf).values()) {
      const bookings = ofCase(own, provider);
      settled.push(...bookings.settled);
      cancelled.push(...bookings.cancelled);
    }
  }
  return { settled, cancelled };
}

function caseOf({ caseId }: Submission): string | null {
  return caseId;
}

function ofCase(done: readonly Submission[], provider: string): CounterBookings {
  const cancellations = new Map(
    done
      .filter(({ kind, input }) => kind === MATERNITY.cancellation && providerOf(input) === provider)
      .map(cancellationOf)
      .map((cancellation) => [cancellation.settlementId, cancellation]),
  );
  const settled = done
    .filter(({ kind, input }) => kind === MATERNITY.settlement && providerOf(input) === provider)
    .map(({ outcome, changedAt }) => {
      const { settlement } = outcome as SettlementOutcome;
      const cancellation = cancellations.get(settlement.id);
      cancellations.delete(settlement.id);
      return {
        document: null,
        settlement,
        settledAt: changedAt,
        undoneAt: cancellation?.at ?? null,
        refund: cancellation?.refund ?? null,
      };
    });
  return { settled, cancelled: [...cancellations.values()] };
}

function cancellationOf({ outcome, changedAt }: Submission): CounterCancellation {
  const { settlementId, refund } = outcome as CancellationOutcome;
  return { settlementId, refund, at: changedAt };
}

function providerOf(input: unknown): string {
  return (input as Pick<SettlementCancellation, 'institution'>).institution.code;
}
