import type { AccountEntry, Books, Side } from './account.ts';
import { inSlices } from './in-slices.ts';

/** What each side's books say of one settlement: nothing, one entry, or several. */
export type Found = Record<Side, AccountEntry[]>;

/**
 * Brings together what the sides' books say of the same settlement. Entries are of the same when their ids are, or, for an entry without
 * one, when the document or else the visit is; of several settlements of one document (a version that was cancelled, and the next) the
 * likeliest that its side has not told yet.
 *
 * @param days as `compareBooks` takes them.
 */
export async function foundIn(
  { hospital, store, platform }: Books,
  days?: ReadonlySet<string>,
): Promise<readonly Found[]> {
  const settlements = new Settlements();
  await inSlices(platform, (entry) => settlements.add('platform', entry));
  for (const [side, entries] of [['store', store] as const, ['hospital', hospital ?? []] as const]) {
    const isWithin = ({ day }: AccountEntry) => day === null || days === undefined || days.has(day);
    const [inside, outside] = divided(entries, isWithin);
    // What has an id takes its own place; what has none takes one that is left.
    const [named, unnamed] = divided(inside, ({ settlementId }) => settlementId !== null);
    await inSlices(named, (entry) => settlements.add(side, entry));
    await inSlices(unnamed, (entry) => settlements.add(side, entry));
    await inSlices(outside, (entry) => settlements.addToKnown(side, entry));
  }
  return settlements.all;
}

/** A document has few versions. A file that has the same one in every line is not searched from end to end for each. */
const MOST_ALIKE = 50;

class Settlements {
  readonly all: Found[] = [];
  readonly #byId = new Map<string, Found>();
  /** Made with the first entry that has no id: many books have one in every entry. */
  #indexes: Indexes | undefined;

  add(side: Side, entry: AccountEntry): void {
    this.#put(this.#sought(side, entry) ?? this.#made(), side, entry);
  }

  /** Adds an entry of another day where it is of a settlement that the platform has. */
  addToKnown(side: Side, entry: AccountEntry): void {
    const found = this.#sought(side, entry);
    if (found && found.platform.length > 0) this.#put(found, side, entry);
  }

  #made(): Found {
    const found: Found = { hospital: [], store: [], platform: [] };
    this.all.push(found);
    return found;
  }

  #put(found: Found, side: Side, entry: AccountEntry): void {
    // One is the rule: a literal takes a fifth of the room that the first push would.
    if (found[side].length === 0) found[side] = [entry];
    else found[side].push(entry);
    if (entry.settlementId !== null) this.#byId.set(entry.settlementId, found);
    this.#indexes?.note(entry, found);
  }

  #sought(side: Side, entry: AccountEntry): Found | undefined {
    if (entry.settlementId !== null) return this.#byId.get(entry.settlementId);
    this.#indexes ??= new Indexes(this.all);
    const { ofDocument, ofVisit } = this.#indexes.like(entry);
    const isLeft = (found: Found) => found[side].length === 0;
    const choices = [ofDocument.filter(isLeft), ofVisit.filter(isLeft), ofDocument, ofVisit];
    return likeliest(entry, choices.find((found) => found.length > 0) ?? []);
  }
}

/** Settlements by document and by visit; a settlement and its refund share both and are told apart by the sign of the total. */
class Indexes {
  readonly #byDocument = new Map<string, Found[]>();
  readonly #byVisit = new Map<string, Found[]>();

  constructor(all: readonly Found[]) {
    for (const found of all) {
      for (const entry of [...found.platform, ...found.store, ...found.hospital]) this.note(entry, found);
    }
  }

  note(entry: AccountEntry, found: Found): void {
    if (entry.document !== null) note(this.#byDocument, signed(entry.document, entry), found);
    if (entry.visitId !== null) note(this.#byVisit, signed(entry.visitId, entry), found);
  }

  like(entry: AccountEntry): { readonly ofDocument: readonly Found[]; readonly ofVisit: readonly Found[] } {
    const { document, visitId } = entry;
    return {
      ofDocument: (document !== null && this.#byDocument.get(signed(document, entry))) || [],
      ofVisit: (visitId !== null && this.#byVisit.get(signed(visitId, entry))) || [],
    };
  }
}

function signed(key: string, { totalFen }: AccountEntry): string {
  return `${totalFen < 0 ? '-' : '+'}${key}`;
}

function note(index: Map<string, Found[]>, key: string, found: Found): void {
  const known = index.get(key);
  if (!known) index.set(key, [found]);
  else if (known.length < MOST_ALIKE && !known.includes(found)) known.push(found);
}

function likeliest(entry: AccountEntry, all: readonly Found[]): Found | undefined {
  let best: Found | undefined;
  let most = -1;
  for (const found of all) {
    const alike = likeness(entry, found.platform[0] ?? found.store[0] ?? found.hospital[0]);
    if (alike > most) {
      best = found;
      most = alike;
    }
  }
  return best;
}

function likeness(one: AccountEntry, other: AccountEntry | undefined): number {
  if (!other) return 0;
  const members = ['totalFen', 'fundTotalFen', 'accountFen', 'day', 'refunded'] as const;
  return members.filter((member) => one[member] === other[member]).length;
}

function divided<Row>(rows: readonly Row[], isFirst: (row: Row) => boolean): readonly [readonly Row[], readonly Row[]] {
  const first: Row[] = [];
  const rest: Row[] = [];
  for (const row of rows) (isFirst(row) ? first : rest).push(row);
  return [first, rest];
}
