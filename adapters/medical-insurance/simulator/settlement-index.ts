import type { SettlementSeed } from '../../../seeds/model.ts';

/** A settlement, or the refund of one with negative amounts. */
export interface Settlement extends Omit<SettlementSeed, 'refunded'> {
  /** insuplc_admdvs of the insurance it was settled with; the clearing agency (clr_optins) is that region's. */
  readonly region: string;
  readonly certificateType: string;
  readonly invoice: string;
  /** For a refund, the setl_id of what it refunds. */
  readonly refundOf: string | null;
  refunded: boolean;
}

/** The settlements, found by id, by visit and by day. */
export class SettlementIndex {
  readonly #byId = new Map<string, Settlement>();
  readonly #byVisit = new Map<string, Set<Settlement>>();
  readonly #byDay = new Map<string, Set<Settlement>>();

  constructor(settlements: Iterable<Settlement>) {
    for (const settlement of settlements) this.add(settlement);
  }

  add(settlement: Settlement): void {
    this.#byId.set(settlement.id, settlement);
    entry(this.#byVisit, settlement.visitId).add(settlement);
    entry(this.#byDay, settlement.settledAt.slice(0, 10)).add(settlement);
  }

  remove(settlement: Settlement): void {
    this.#byId.delete(settlement.id);
    entry(this.#byVisit, settlement.visitId).delete(settlement);
    entry(this.#byDay, settlement.settledAt.slice(0, 10)).delete(settlement);
  }

  get(id: string): Settlement | undefined {
    return this.#byId.get(id);
  }

  /** A visit's settlements and refunds, in the order they were made. */
  ofVisit(visitId: string): readonly Settlement[] {
    return [...(this.#byVisit.get(visitId) ?? [])];
  }

  /** The settlement of a visit that stands: neither a refund nor refunded. A visit has one at most. */
  standing(visitId: string): Settlement | undefined {
    return this.ofVisit(visitId).find((settlement) => settlement.refundOf === null && !settlement.refunded);
  }

  /** Everything settled or refunded from one day to another, both `yyyy-MM-dd` and included. */
  *between(from: string, to: string): Generator<Settlement> {
    for (const [day, settlements] of this.#byDay) {
      if (day >= from && day <= to) yield* settlements;
    }
  }
}

function entry(index: Map<string, Set<Settlement>>, key: string): Set<Settlement> {
  const known = index.get(key);
  if (known) return known;
  const made = new Set<Settlement>();
  index.set(key, made);
  return made;
}
