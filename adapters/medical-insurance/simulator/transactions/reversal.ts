import type { SimulatorCore } from '../../../simulator/core.ts';
import type { Envelope } from '../envelope.ts';
import { node, required, text } from '../fields.ts';
import { accountOf, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { refusal } from '../refusal.ts';
import type { Operation, Person, Register } from '../register.ts';
import { type Transactions, transaction } from '../transaction.ts';

const REVERSAL = {
  data: node({ psn_no: required(text(30)), omsgid: required(text(30)), oinfno: required(text(4)) }),
};

/** Transactions that a reversal may name (wire spec 3.12); of them the simulator serves three. */
const REVERSIBLE: ReadonlySet<string> = new Set(['2102', '2103', '2207', '2208', '2304', '2305', '2401']);

/**
 * 2601 reversal (冲正, wire spec 3.12). What it names is void afterwards. Where the specification is silent: a reversal of what never
 * arrived is refused (未查询到原交易); a reversal that was done already is answered as done and does nothing, since its sender repeats
 * it with the same omsgid when the answer was lost (section 4); a msgid that was used twice is reversed once for each reversal, the
 * latest first.
 */
export function reversalTransactions({ core, register }: Platform): Transactions {
  return {
    '2601': transaction(REVERSAL, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      if (!REVERSIBLE.has(data.oinfno)) throw refusal('reversalNotOffered');
      const named = (register.operations.get(data.omsgid) ?? []).filter(
        ({ transaction, psnNo }) => transaction === data.oinfno && psnNo === person.psnNo,
      );
      if (named.length === 0) throw refusal('originalNotFound');
      const operation = named.findLast(({ reversed }) => !reversed);
      if (operation) reverse(core, register, person, operation, data.omsgid, envelope);
      return {};
    }),
  };
}

function reverse(
  core: SimulatorCore,
  register: Register,
  person: Person,
  operation: Operation,
  omsgid: string,
  { msgid }: Envelope,
): void {
  const effect = REVERSALS[operation.transaction](register, person, operation.reference);
  operation.reversed = true;
  core.record({ reference: operation.reference, subject: person.psnNo, msgid, omsgid, ...effect });
}

/** What is undone for each transaction; gives the ledger's words for it. Throws `Refusal` when it cannot be undone any more. */
const REVERSALS: Readonly<
  Record<
    Operation['transaction'],
    (register: Register, person: Person, reference: string) => { readonly kind: string; readonly amountFen?: number }
  >
> = {
  '2304': (register, person, reference) => {
    const settlement = register.settlements.get(reference);
    if (!settlement) throw refusal('originalNotFound');
    if (settlement.refunded) throw refusal('settlementRefunded');
    register.settlements.remove(settlement);
    const account = accountOf(person);
    if (account) account.balanceFen += settlement.accountFen;
    return { kind: 'settlement-reversed', amountFen: -settlement.fundTotalFen };
  },
  '2305': (register, person, reference) => {
    const refund = register.settlements.get(reference);
    const original = register.settlements.get(refund?.refundOf ?? '');
    if (!refund || !original) throw refusal('originalNotFound');
    if (register.settlements.standing(refund.visitId)) throw refusal('settledSince');
    register.settlements.remove(refund);
    original.refunded = false;
    const account = accountOf(person);
    if (account) account.balanceFen -= original.accountFen;
    return { kind: 'settlement-cancellation-reversed', amountFen: original.fundTotalFen };
  },
  '2401': (register, _person, reference) => {
    const visit = register.visits.get(reference);
    if (!visit) throw refusal('originalNotFound');
    if (register.settlements.ofVisit(visit.id).length > 0) throw refusal('visitSettled');
    register.removeVisit(visit);
    return { kind: 'admission-reversed' };
  },
};
