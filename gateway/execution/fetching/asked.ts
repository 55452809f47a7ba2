import type { Failures } from '../response/failures.ts';
import type { Missing, RepresentationShape } from './representation.ts';
import type { Place } from './targets.ts';

/** What one fetch asks for: each distinct representation once, and where what comes for it belongs. */
export class Asked {
  /** JSON. */
  readonly representations: string[] = [];
  /** By representation: the first place, from which all others are reached. */
  readonly places: Place[] = [];
  /** The latest place of each identity, by shape: what is the same in one type is not in another. */
  readonly #latest = new Map<RepresentationShape, Map<unknown, Place>>();
  #shape: RepresentationShape | undefined;
  #ofShape = new Map<unknown, Place>();

  /** Asks for an object. Tells what it lacks when it cannot be asked for. */
  add(place: Place, shape: RepresentationShape, failures: Failures | undefined): Missing | undefined {
    const { object } = place;
    const identity = shape.identity(object) ?? shape.write(object, failures);
    if (typeof identity === 'object') return identity;
    const latest = this.#of(shape);
    const same = latest.get(identity);
    latest.set(identity, place);
    if (same) same.next = place;
    else {
      this.representations.push(shape.identity(object) === undefined ? identity : shape.text(identity));
      this.places.push(place);
    }
    return undefined;
  }

  #of(shape: RepresentationShape): Map<unknown, Place> {
    if (shape === this.#shape) return this.#ofShape;
    const known = this.#latest.get(shape) ?? new Map<unknown, Place>();
    this.#latest.set(shape, known);
    this.#shape = shape;
    this.#ofShape = known;
    return known;
  }
}
