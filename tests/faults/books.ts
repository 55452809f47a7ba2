import type { LedgerLine } from './platform.ts';

/** What stands at the platform: what was done less what was undone. */
export interface Books {
  /** Serial → whose, where to, from when, until when. */
  readonly referrals: ReadonlyMap<string, string>;
  /** Visit → its person. */
  readonly visits: ReadonlyMap<string, string>;
  /** Visit → rows uploaded for it. */
  readonly fees: ReadonlyMap<string, number>;
  /** Settlement → its visit. */
  readonly settlements: ReadonlyMap<string, string>;
}

/** Throws where something is undone that did not stand. */
export function booksOf(ledger: readonly LedgerLine[]): Books {
  const referrals = new Map<string, string>();
  const visits = new Map<string, string>();
  const fees = new Map<string, number>();
  const settlements = new Map<string, string>();
  const refunds = new Map<string, { readonly settlement: string; readonly visit: string }>();
  const gone = (known: Map<string, unknown>, { kind, reference }: LedgerLine) => {
    if (!known.delete(reference)) throw new Error(`${kind} of ${reference}, which does not stand`);
  };
  for (const line of ledger) {
    const { kind, reference } = line;
    switch (kind) {
      case 'referral':
        referrals.set(reference, referralKey(line));
        break;
      case 'referral-cancelled':
        gone(referrals, line);
        break;
      case 'admission':
        visits.set(reference, String(line.subject));
        break;
      case 'admission-cancelled':
      case 'admission-reversed':
        gone(visits, line);
        break;
      case 'fee-upload':
        fees.set(reference, (fees.get(reference) ?? 0) + Number(line.rows));
        break;
      case 'fees-taken-back':
        fees.set(reference, (fees.get(reference) ?? 0) - Number(line.rows));
        break;
      case 'settlement':
        settlements.set(reference, String(line.visit));
        break;
      case 'settlement-cancelled':
        gone(settlements, line);
        refunds.set(String(line.refund), { settlement: reference, visit: String(line.visit) });
        break;
      case 'settlement-reversed':
        gone(settlements, line);
        break;
      case 'settlement-cancellation-reversed': {
        const refund = refunds.get(reference);
        if (!refund) throw new Error(`${kind} of ${reference}, which is no refund`);
        settlements.set(refund.settlement, refund.visit);
        break;
      }
      default:
        throw new Error(`the ledger has a line of another kind: ${kind}`);
    }
  }
  return { referrals, visits, fees: new Map([...fees].filter(([, rows]) => rows !== 0)), settlements };
}

/** What two referrals must not have in common. */
export function referralKey({ subject, target, from, to }: Readonly<Record<string, unknown>>): string {
  return `${subject} to ${target}, ${from} to ${to}`;
}
