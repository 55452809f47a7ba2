import type { DataObject } from './run.ts';

/** Which types stand for a type, by name. */
export type PossibleTypes = Readonly<Record<string, readonly string[]>>;

/** A step on the way to the objects that a fetch is for. */
type PathStep =
  | { readonly kind: 'field'; readonly slot: string; readonly types: ReadonlySet<string> | undefined }
  | { readonly kind: 'items'; readonly types: ReadonlySet<string> | undefined };

/** The way from the root of a request's data to the objects that a fetch is for. */
export type TargetPath = readonly PathStep[];

/** Where an object hangs in the data: in a slot of another, or at an index of a list. */
export interface Place {
  readonly object: DataObject;
  /** Undefined for the root. */
  readonly holder: DataObject | undefined;
  readonly key: string | number;
  /** Another place of what is asked for in the same words; see `Asked`. */
  next: Place | undefined;
}

/** A place, and the objects above it, the root first. */
export interface PlaceBelow extends Place {
  readonly above: readonly DataObject[];
}

/**
 * Reads a path of a plan: a slot, `@` for the items of a list, either with the types it goes on for (`@|[Book,Movie]`), as the query planner
 * writes them when it fetches by type.
 */
export function targetPath(elements: readonly (string | number)[], possibleTypes: PossibleTypes): TargetPath {
  return elements.map((element): PathStep => {
    const [, name = '', list] = /^(.*?)(?:\|\[(.*)\])?$/.exec(String(element)) ?? [];
    const types =
      list === undefined
        ? undefined
        : new Set(list.split(',').flatMap((type) => [type, ...(possibleTypes[type] ?? [])]));
    return name === '@' ? { kind: 'items', types } : { kind: 'field', slot: name, types };
  });
}

/** The places at the end of a path. */
export function places(root: DataObject, path: TargetPath): Place[] {
  const found: Place[] = [];
  collect(root, undefined, '', path, 0, found);
  return found;
}

function collect(
  value: unknown,
  holder: DataObject | undefined,
  key: string | number,
  path: TargetPath,
  at: number,
  found: Place[],
): void {
  if (typeof value !== 'object' || value === null) return;
  const step = path[at];
  if (Array.isArray(value)) {
    // A list of lists has one step for each; where a plan leaves one out, its items go on by themselves.
    const next = step?.kind === 'items' ? at + 1 : at;
    const types = next > at ? step?.types : undefined;
    for (let index = 0; index < value.length; index += 1) {
      const item = value[index];
      if (types === undefined || isOf(types, item)) {
        collect(item, value as unknown as DataObject, index, path, next, found);
      }
    }
    return;
  }
  if (step === undefined) found.push({ object: value as DataObject, holder, key, next: undefined });
  else if (step.kind === 'field') {
    const inner = (value as DataObject)[step.slot];
    if (step.types === undefined || isOf(step.types, inner)) {
      collect(inner, value as DataObject, step.slot, path, at + 1, found);
    }
  }
}

/** A list is looked into: its items are the ones that have types. */
function isOf(types: ReadonlySet<string> | undefined, value: unknown): boolean {
  if (types === undefined || Array.isArray(value) || typeof value !== 'object' || value === null) return true;
  const name = (value as DataObject).__typename;
  return typeof name !== 'string' || types.has(name);
}

/** Like `places`, with the objects above each: for what a fetch takes from there. */
export function placesBelow(root: DataObject, path: TargetPath): PlaceBelow[] {
  const found: PlaceBelow[] = [];
  const walk = (
    value: unknown,
    holder: DataObject | undefined,
    key: string | number,
    at: number,
    above: readonly DataObject[],
  ): void => {
    if (typeof value !== 'object' || value === null) return;
    const step = path[at];
    if (Array.isArray(value)) {
      const next = step?.kind === 'items' ? at + 1 : at;
      const types = next > at ? step?.types : undefined;
      for (const [index, item] of value.entries()) {
        if (isOf(types, item)) walk(item, value as unknown as DataObject, index, next, above);
      }
      return;
    }
    const object = value as DataObject;
    if (step === undefined) found.push({ object, holder, key, above, next: undefined });
    else if (step.kind === 'field' && isOf(step.types, object[step.slot])) {
      walk(object[step.slot], object, step.slot, at + 1, [...above, object]);
    }
  };
  walk(root, undefined, '', 0, []);
  return found;
}
