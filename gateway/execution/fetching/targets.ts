import type { DataObject } from './run.ts';

/** Which types stand for a type, by name. */
export type PossibleTypes = Readonly<Record<string, readonly string[]>>;

/** A step on the way to the objects that a fetch is for. */
type PathStep =
  | { readonly kind: 'field'; readonly slot: string; readonly types: ReadonlySet<string> | undefined }
  | { readonly kind: 'items'; readonly types: ReadonlySet<string> | undefined };

/** The way from the root of a request's data to the objects that a fetch is for. */
export type TargetPath = readonly PathStep[];

/** An object that a fetch is for, and those above it, the root first. */
export interface Target {
  readonly object: DataObject;
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

/** The objects at the end of a path; an object that stands at several places once. */
export function targets(root: DataObject, path: TargetPath, shared: boolean): DataObject[] {
  const found: DataObject[] = [];
  collect(root, path, 0, found);
  return shared && found.length > 1 ? [...new Set(found)] : found;
}

function collect(value: unknown, path: TargetPath, at: number, found: DataObject[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    // A list of lists has one step for each; where a plan leaves one out, its items go on by themselves.
    const next = path[at]?.kind === 'items' ? at + 1 : at;
    const types = next > at ? path[at]?.types : undefined;
    for (const item of value) if (isOf(types, item)) collect(item, path, next, found);
    return;
  }
  const step = path[at];
  if (step === undefined) found.push(value as DataObject);
  else if (step.kind === 'field') {
    const inner = (value as DataObject)[step.slot];
    if (isOf(step.types, inner)) collect(inner, path, at + 1, found);
  }
}

/** A list is looked into: its items are the ones that have types. */
function isOf(types: ReadonlySet<string> | undefined, value: unknown): boolean {
  if (types === undefined || Array.isArray(value) || typeof value !== 'object' || value === null) return true;
  const name = (value as DataObject).__typename;
  return typeof name !== 'string' || types.has(name);
}

/** Like `targets`, with the objects above each: for what a fetch takes from there. An object counts at every place. */
export function targetsWithAbove(root: DataObject, path: TargetPath): Target[] {
  const found: Target[] = [];
  const walk = (value: unknown, at: number, above: readonly DataObject[]): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      const next = path[at]?.kind === 'items' ? at + 1 : at;
      for (const item of value) walk(item, next, above);
      return;
    }
    const object = value as DataObject;
    const step = path[at];
    if (step === undefined) found.push({ object, above });
    else if (step.kind === 'field' && isOf(step.types, object[step.slot]))
      walk(object[step.slot], at + 1, [...above, object]);
  };
  walk(root, 0, []);
  return found;
}
