import type { Failures } from '../response/failures.ts';
import type { Missing, RepresentationShape } from './representation.ts';
import type { Place } from './targets.ts';

/** What one fetch asks for: each distinct representation once, and where what comes for it belongs. */
export class Asked {
  /** JSON. */
  readonly representations: string[] = [];
  /** By representation: the first place, from which all others are reached. */
  readonly places: Place[] = [];
  /** The latest place of each representation that was written out to be told from others. */
  readonly #byText = new Map<string, Place>();
  /** The latest place of each identity, by shape: what is the same in one type is not in another. */
  readonly #byShape = new Map<RepresentationShape, Map<string, Place>>();
  #shape: RepresentationShape | undefined;
  #byIdentity = new Map<string, Place>();

  /** Asks for an object. Tells what it lacks when it cannot be asked for. */
  add(place: Place, shape: RepresentationShape, failures: Failures | undefined): Missing | undefined {
    const identity = shape.identity(place.object);
    if (identity !== undefined) {
      if (!follow(this.#of(shape), identity, place)) this.#begin(shape.text(identity), place);
      return undefined;
    }
    const text = shape.write(place.object, failures);
    if (typeof text === 'object') return text;
    if (!follow(this.#byText, text, place)) this.#begin(text, place);
    return undefined;
  }

  #begin(representation: string, place: Place): void {
    this.representations.push(representation);
    this.places.push(place);
  }

  #of(shape: RepresentationShape): Map<string, Place> {
    if (shape === this.#shape) return this.#byIdentity;
    const known = this.#byShape.get(shape) ?? new Map<string, Place>();
    this.#byShape.set(shape, known);
    this.#shape = shape;
    this.#byIdentity = known;
    return known;
  }
}

/** Puts a place behind the latest of its kind; false when it is the first. */
function follow(latest: Map<string, Place>, key: string, place: Place): boolean {
  const same = latest.get(key);
  latest.set(key, place);
  if (!same) return false;
  same.next = place;
  return true;
}
