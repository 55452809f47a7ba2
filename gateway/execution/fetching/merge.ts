import { isLongNumber } from '../../precise-json.ts';
import type { Failures } from '../response/failures.ts';
import type { DataObject } from './run.ts';
import type { PossibleTypes } from './targets.ts';

/**
 * Adds what a fetch brought to an object of the data. What is there in part is completed, at any depth: a value type may come from two
 * subgraphs. Nothing that is there gives way to null, and no concrete type's name to that of its interface.
 */
export function merge(
  target: DataObject,
  source: DataObject,
  possibleTypes: PossibleTypes,
  failures: Failures | undefined,
): void {
  if (target === source) return;
  failures?.move(source, target);
  for (const slot in source) {
    const value = source[slot];
    const known = target[slot];
    if (known === undefined || known === null) target[slot] = value;
    else if (value === null || value === undefined) continue;
    else if (typeof value === 'object' && typeof known === 'object') mergeInner(known, value, possibleTypes, failures);
    else if (slot !== '__typename' || !isAbstract(value as string, possibleTypes)) target[slot] = value;
  }
}

function mergeInner(known: object, value: object, possibleTypes: PossibleTypes, failures: Failures | undefined): void {
  // A number kept as it was written has no members of its own.
  if (isLongNumber(known)) return;
  if (!Array.isArray(known) || !Array.isArray(value)) {
    if (Array.isArray(known) === Array.isArray(value)) {
      merge(known as DataObject, value as DataObject, possibleTypes, failures);
    }
    return;
  }
  failures?.move(value, known);
  for (const [index, item] of value.entries()) {
    const there = known[index];
    if (there === null || there === undefined) known[index] = item;
    else if (typeof item === 'object' && item !== null && typeof there === 'object') {
      mergeInner(there as object, item, possibleTypes, failures);
    }
  }
}

function isAbstract(type: string, possibleTypes: PossibleTypes): boolean {
  const possible = possibleTypes[type];
  return possible !== undefined && !(possible.length === 1 && possible[0] === type);
}
