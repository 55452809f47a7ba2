import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { SubgraphFacts } from '../planning/subgraph-facts.ts';
import type { Failures } from '../response/failures.ts';
import type { DataObject } from './run.ts';
import type { PossibleTypes } from './targets.ts';

/** A value that a representation needs and that is not there. */
export interface Missing {
  /** The slot at the top of the representation that it belongs to. */
  readonly top: string;
  readonly object: DataObject;
  readonly slot: string;
  /** The field's own name. */
  readonly name: string;
}

interface Member {
  readonly slot: string;
  readonly name: string;
  /** `"name":`. */
  readonly lead: string;
  readonly inner: RepresentationWriter | undefined;
}

/** A text that stands in JSON as it is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]*$/;

/** What a fetch requires of objects of each type. Compiled once for each. */
export class RepresentationWriter {
  readonly #requires: readonly QueryPlanSelectionNode[];
  readonly #possibleTypes: PossibleTypes;
  readonly #keys: SubgraphFacts['keys'];
  readonly #shapes = new Map<unknown, RepresentationShape>();
  /** The type asked for last, which most often is the next one too. */
  #lastTypename: unknown;
  #lastShape: RepresentationShape | undefined;

  constructor(
    requires: readonly QueryPlanSelectionNode[],
    possibleTypes: PossibleTypes,
    keys: SubgraphFacts['keys'] = {},
  ) {
    this.#requires = requires;
    this.#possibleTypes = possibleTypes;
    this.#keys = keys;
  }

  of(typename: unknown): RepresentationShape {
    if (this.#lastShape && typename === this.#lastTypename) return this.#lastShape;
    const shape = this.#shapes.get(typename) ?? this.#compile(typename);
    this.#lastTypename = typename;
    this.#lastShape = shape;
    return shape;
  }

  #compile(typename: unknown): RepresentationShape {
    const members = this.#members(typename);
    const slots = members.map(({ slot }) => slot);
    const keys = Object.entries(this.#keys).flatMap(([type, own]) => (this.#applies(type, typename) ? own : []));
    const concerned = slots.includes('__typename') && keys.some((key) => key.every((slot) => slots.includes(slot)));
    const shape = new RepresentationShape(typename, members, concerned);
    this.#shapes.set(typename, shape);
    return shape;
  }

  #members(typename: unknown): Member[] {
    const members = new Map<string, { name: string; selections: QueryPlanSelectionNode[] | undefined }>();
    const collect = (selections: readonly QueryPlanSelectionNode[]) => {
      for (const selection of selections) {
        if (selection.kind === 'Field') {
          // A field with arguments lies in the data under an alias, and is sent by its name.
          const { name, alias: slot = name } = selection;
          const before = members.get(slot)?.selections ?? [];
          members.set(slot, { name, selections: selection.selections && [...before, ...selection.selections] });
        } else if (this.#applies(selection.typeCondition, typename)) collect(selection.selections);
      }
    };
    collect(this.#requires);
    return [...members].map(([slot, { name, selections }]) => ({
      slot,
      name,
      lead: `${JSON.stringify(name)}:`,
      inner: selections && new RepresentationWriter(selections, this.#possibleTypes),
    }));
  }

  #applies(typeCondition: string | undefined, typename: unknown): boolean {
    if (typeCondition === undefined || typeCondition === typename) return true;
    return this.#possibleTypes[typeCondition]?.includes(typename as string) ?? false;
  }
}

/** What a fetch requires of objects of one type. */
export class RepresentationShape {
  /** True when the fetch is for such objects: what is required of them holds a key by which the subgraph finds them. */
  readonly concerned: boolean;
  readonly #members: readonly Member[];
  readonly #nested: boolean;
  /** The slot of a key that is one leaf, when nothing else is required; and what stands around its value. */
  readonly #key: string | undefined;
  readonly #before: string;

  constructor(typename: unknown, members: readonly Member[], concerned: boolean) {
    this.#members = members;
    this.#nested = members.some(({ inner }) => inner !== undefined);
    this.concerned = concerned;
    const others = members.filter(({ slot }) => slot !== '__typename');
    const [key] = others;
    const alone = members.length === 2 && others.length === 1 && !this.#nested && typeof typename === 'string';
    this.#key = alone ? key?.slot : undefined;
    this.#before = `{"__typename":${JSON.stringify(typename)},${key?.lead}`;
  }

  /** A text that tells an object from others of its type, when its key is just that text. */
  identity(object: DataObject): string | undefined {
    if (this.#key === undefined) return undefined;
    const value = object[this.#key];
    return typeof value === 'string' ? value : undefined;
  }

  /** The representation of the object with an identity. */
  text(identity: string): string {
    return `${this.#before}${jsonText(identity)}}`;
  }

  /** True when an object holds nothing but the leaves that its representation tells: equal representations then are equal objects. */
  tellsAllOf(object: DataObject): boolean {
    if (this.#nested) return false;
    let slots = 0;
    for (const _slot in object) slots += 1;
    return slots === this.#members.length;
  }

  /**
   * An object's representation as JSON text, or what it lacks for one. A value that is null because of a failure is lacking: an answer made
   * from it would be wrong and nobody would know.
   */
  write(object: DataObject, failures: Failures | undefined): string | Missing {
    const failed = failures?.at(object);
    let text = '{';
    for (const member of this.#members) {
      const { slot, name, lead, inner } = member;
      const value = object[slot];
      if (value === undefined || (value === null && failed?.has(slot))) return { top: slot, object, slot, name };
      const written = inner ? writeInner(value, inner, object, member, failures) : jsonText(value);
      if (typeof written !== 'string') return { ...written, top: slot };
      text += text === '{' ? lead + written : `,${lead}${written}`;
    }
    return `${text}}`;
  }
}

function writeInner(
  value: unknown,
  writer: RepresentationWriter,
  object: DataObject,
  member: Pick<Member, 'slot' | 'name'>,
  failures: Failures | undefined,
): string | Missing {
  const { slot, name } = member;
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const failed = failures?.at(value);
    const items: string[] = [];
    for (const [index, item] of value.entries()) {
      if (item === undefined || (item === null && failed?.has(index))) return { top: slot, object, slot, name };
      const written = writeInner(item, writer, object, member, failures);
      if (typeof written !== 'string') return written;
      items.push(written);
    }
    return `[${items.join(',')}]`;
  }
  if (typeof value !== 'object') return { top: slot, object, slot, name };
  const inner = value as DataObject;
  return writer.of(inner.__typename).write(inner, failures);
}

function jsonText(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value);
}
