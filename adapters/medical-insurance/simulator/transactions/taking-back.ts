import type { VisitSeed } from '../../../../seeds/model.ts';
import type { Fee } from '../fees.ts';
import { list, node, required, text } from '../fields.ts';
import { personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { refusal } from '../refusal.ts';
import type { Person, Register } from '../register.ts';
import { type Transactions, transaction } from '../transaction.ts';

/** Rows of one call, as many as of an upload (wire spec 5). */
const MOST_ROWS = 100;
/** feedetl_sn that stands for every row. */
const EVERY_ROW = '0000';

const FEES = {
  data: list(
    node({ feedetl_sn: required(text(30)), mdtrt_id: required(text(30)), psn_no: required(text(30)) }),
    1,
    MOST_ROWS,
  ),
};

const ADMISSION = { data: node({ mdtrt_id: required(text(30)), psn_no: required(text(30)) }) };

/**
 * 2302 taking back fee rows (费用明细撤销) and 2404 cancelling an admission (入院撤销), which the wire specification names (1.1, 3.9, 4) without
 * tables: those of the adapter's README. 2302 takes back all rows of a call, of one visit, or none; a row that a negative row takes back
 * stays as long as that one does. Neither can be done to a settled visit, and an admission is not cancelled under its fees.
 */
export function takingBackTransactions({ core, register }: Platform): Transactions {
  return {
    '2302': transaction(FEES, ({ data }, envelope) => {
      const [first] = data;
      const person = personOf(register, first?.psn_no ?? '', envelope);
      const visit = visitOf(register, person, first?.mdtrt_id ?? '');
      if (data.some((row) => row.psn_no !== person.psnNo || row.mdtrt_id !== visit.id)) throw refusal('visitDataWrong');
      if (register.settlements.standing(visit.id)) throw refusal('visitSettled');
      const known = register.fees.get(visit.id) ?? new Map<string, Fee>();
      const serials = data.map((row) => row.feedetl_sn);
      const taken = serials.length === 1 && serials[0] === EVERY_ROW ? new Set(known.keys()) : new Set(serials);
      const left = without(known, taken);
      if (left.size === 0) register.fees.delete(visit.id);
      else register.fees.set(visit.id, left);
      core.record({
        kind: 'fees-taken-back',
        reference: visit.id,
        subject: person.psnNo,
        msgid: envelope.msgid,
        rows: taken.size,
        amountFen: sum(left.values()) - sum(known.values()),
      });
      return {};
    }),
    '2404': transaction(ADMISSION, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const visit = visitOf(register, person, data.mdtrt_id);
      if (visit.dischargedAt !== null) throw refusal('visitDischarged');
      if (register.settlements.standing(visit.id)) throw refusal('visitSettled');
      if (register.fees.has(visit.id)) throw refusal('visitHasFees');
      register.removeVisit(visit);
      core.record({
        kind: 'admission-cancelled',
        reference: visit.id,
        subject: person.psnNo,
        msgid: envelope.msgid,
      });
      return {};
    }),
  };
}

/** Throws `Refusal`. */
function visitOf(register: Register, person: Person, id: string): VisitSeed {
  const visit = register.visits.get(id);
  if (visit?.psnNo !== person.psnNo) throw refusal('visitNotFound');
  return visit;
}

/** What is left of a visit's fees. Throws `Refusal`. */
function without(known: ReadonlyMap<string, Fee>, taken: ReadonlySet<string>): Map<string, Fee> {
  if (taken.size === 0 || ![...taken].every((serial) => known.has(serial))) throw refusal('feesNotFound');
  const left = new Map([...known].filter(([serial]) => !taken.has(serial)));
  if ([...left.values()].some(({ original }) => taken.has(original))) throw refusal('feeOriginalWrong');
  return left;
}

function sum(fees: Iterable<Fee>): number {
  return [...fees].reduce((total, { amountFen }) => total + amountFen, 0);
}
