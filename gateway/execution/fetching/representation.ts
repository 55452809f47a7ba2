import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Failures } from '../response/failures.ts';
import type { DataObject } from './run.ts';
import type { PossibleTypes } from './targets.ts';

/** A value that a representation needs and that is not there. */
export interface Missing {
  readonly object: DataObject;
  readonly slot: string;
}

interface Member {
  readonly slot: string;
  /** `"slot":`. */
  readonly lead: string;
  readonly inner: RepresentationWriter | undefined;
}

/**
 * Writes what a fetch requires of an object as JSON text, which is the key by which equal representations are told. Compiled once for each
 * concrete type.
 */
export class RepresentationWriter {
  readonly #requires: readonly QueryPlanSelectionNode[];
  readonly #possibleTypes: PossibleTypes;
  readonly #shapes = new Map<unknown, readonly Member[]>();

  constructor(requires: readonly QueryPlanSelectionNode[], possibleTypes: PossibleTypes) {
    this.#requires = requires;
    this.#possibleTypes = possibleTypes;
  }

  /** True when the fetch is for objects of this one's type. */
  concerns(object: DataObject): boolean {
    return this.#shape(object.__typename).some(({ slot }) => slot === '__typename');
  }

  /**
   * The text of an object's representation, or what it lacks for one. A value that is null because of a failure is lacking: an answer made
   * from it would be wrong and nobody would know.
   */
  write(object: DataObject, failures: Failures | undefined): string | Missing {
    const failed = failures?.at(object);
    let text = '';
    for (const { slot, lead, inner } of this.#shape(object.__typename)) {
      const value = object[slot];
      if (value === undefined || (value === null && failed?.has(slot))) return { object, slot };
      const written =
        value === null ? 'null' : inner ? inner.#writeInner(value, object, slot, failures) : JSON.stringify(value);
      if (typeof written !== 'string') return written;
      text = text === '' ? `{${lead}${written}` : `${text},${lead}${written}`;
    }
    return text === '' ? '{}' : `${text}}`;
  }

  #writeInner(value: unknown, object: DataObject, slot: string, failures: Failures | undefined): string | Missing {
    if (value === null) return 'null';
    if (Array.isArray(value)) {
      const failed = failures?.at(value);
      const items: string[] = [];
      for (const [index, item] of value.entries()) {
        if (item === undefined || (item === null && failed?.has(index))) return { object, slot };
        const written = this.#writeInner(item, object, slot, failures);
        if (typeof written !== 'string') return written;
        items.push(written);
      }
      return `[${items.join(',')}]`;
    }
    return typeof value === 'object' ? this.write(value as DataObject, failures) : { object, slot };
  }

  #shape(typename: unknown): readonly Member[] {
    const known = this.#shapes.get(typename);
    if (known) return known;
    const members = new Map<string, QueryPlanSelectionNode[] | undefined>();
    const collect = (selections: readonly QueryPlanSelectionNode[]) => {
      for (const selection of selections) {
        if (selection.kind === 'Field') {
          const slot = selection.alias ?? selection.name;
          const inner = members.get(slot);
          members.set(slot, selection.selections && [...(inner ?? []), ...selection.selections]);
        } else if (this.#applies(selection.typeCondition, typename)) collect(selection.selections);
      }
    };
    collect(this.#requires);
    const shape = [...members].map(([slot, inner]) => ({
      slot,
      lead: `${JSON.stringify(slot)}:`,
      inner: inner && new RepresentationWriter(inner, this.#possibleTypes),
    }));
    this.#shapes.set(typename, shape);
    return shape;
  }

  #applies(typeCondition: string | undefined, typename: unknown): boolean {
    if (typeCondition === undefined || typeCondition === typename) return true;
    return this.#possibleTypes[typeCondition]?.includes(typename as string) ?? false;
  }
}
