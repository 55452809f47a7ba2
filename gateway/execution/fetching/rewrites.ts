import type { FetchDataRewrite } from '@apollo/query-planner';
import type { DataObject } from './run.ts';
import type { PossibleTypes } from './targets.ts';

const ON = '... on ';

/**
 * Applies what a plan says must be changed in the data that goes into a fetch or comes out of it: a value set (an interface object's
 * `__typename`), a name restored that the planner had to change.
 */
export function rewriteData(value: unknown, rewrites: readonly FetchDataRewrite[], possibleTypes: PossibleTypes): void {
  for (const rewrite of rewrites) {
    const name = rewrite.path.at(-1);
    if (name === undefined) continue;
    for (const object of objectsAt(value, rewrite.path.slice(0, -1), possibleTypes)) {
      if (rewrite.kind === 'ValueSetter') object[name] = rewrite.setValueTo;
      else if (object[name] !== undefined) {
        object[rewrite.renameKeyTo] = object[name];
        delete object[name];
      }
    }
  }
}

/** The objects at the end of a path of names and `... on Type`. An object that does not tell its type is taken. */
function* objectsAt(value: unknown, path: readonly string[], possibleTypes: PossibleTypes): Generator<DataObject> {
  if (Array.isArray(value)) {
    for (const item of value) yield* objectsAt(item, path, possibleTypes);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as DataObject;
  const [element, ...rest] = path;
  if (element === undefined) yield object;
  else if (!element.startsWith(ON)) yield* objectsAt(object[element], rest, possibleTypes);
  else if (isOfType(object, element.slice(ON.length), possibleTypes)) yield* objectsAt(object, rest, possibleTypes);
}

/**
 * Reads a value that a fetch takes from its target or from above it: `['..', '... on Visit', 'currency']` (`@fromContext`). `line` holds the
 * objects from the root down to the target.
 */
export function readContext(
  line: readonly DataObject[],
  path: readonly string[],
  possibleTypes: PossibleTypes,
): unknown {
  const levels = path.filter((element) => element === '..').length;
  return read(line.at(-1 - levels), path.slice(levels), possibleTypes);
}

function read(value: unknown, path: readonly string[], possibleTypes: PossibleTypes): unknown {
  const [element, ...rest] = path;
  if (element === undefined || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => read(item, path, possibleTypes));
  const object = value as DataObject;
  if (!element.startsWith(ON)) return read(object[element], rest, possibleTypes);
  return isOfType(object, element.slice(ON.length), possibleTypes) ? read(object, rest, possibleTypes) : undefined;
}

function isOfType({ __typename: name }: DataObject, type: string, possibleTypes: PossibleTypes): boolean {
  return typeof name !== 'string' || name === type || (possibleTypes[type]?.includes(name) ?? false);
}
