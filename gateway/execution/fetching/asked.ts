import type { Failures } from '../response/failures.ts';
import type { Missing, RepresentationShape } from './representation.ts';
import type { Place } from './targets.ts';

/** So many places are looked through sooner than a map of them is made. */
const FEW = 16;

/** What one fetch asks for: each distinct representation once, and where what comes for it belongs. */
export class Asked {
  /** JSON. */
  readonly representations: string[] = [];
  /** By representation: the first place, from which all others are reached. */
  readonly places: Place[] = [];
  /** Those that were written out to be told from others. */
  #byText: FirstPlaces | undefined;
  /** Those of the shape met last, by identity: what is the same in one type is not in another. */
  #byIdentity = new FirstPlaces();
  #shape: RepresentationShape | undefined;
  /** The same for the shapes met before. */
  #byShape: Map<RepresentationShape, FirstPlaces> | undefined;

  /** Asks for an object. Tells what it lacks when it cannot be asked for. */
  add(place: Place, shape: RepresentationShape, failures: Failures | undefined): Missing | undefined {
    const identity = shape.identity(place.object);
    if (identity !== undefined) {
      if (shape !== this.#shape) this.#turnTo(shape);
      if (this.#byIdentity.add(identity, place)) this.#begin(shape.text(identity), place);
      return undefined;
    }
    const text = shape.write(place.object, failures);
    if (typeof text === 'object') return text;
    this.#byText ??= new FirstPlaces();
    if (this.#byText.add(text, place)) this.#begin(text, place);
    return undefined;
  }

  #begin(representation: string, place: Place): void {
    this.representations.push(representation);
    this.places.push(place);
  }

  #turnTo(shape: RepresentationShape): void {
    if (this.#shape) {
      this.#byShape ??= new Map();
      this.#byShape.set(this.#shape, this.#byIdentity);
      this.#byIdentity = this.#byShape.get(shape) ?? new FirstPlaces();
    }
    this.#shape = shape;
  }
}

/** The first place of each key. */
class FirstPlaces {
  readonly #keys: string[] = [];
  readonly #places: Place[] = [];
  /** When there are more than a few. */
  #byKey: Map<string, Place> | undefined;

  /** True when it is the first of its key; another is put behind that. */
  add(key: string, place: Place): boolean {
    const first = this.#byKey ? this.#byKey.get(key) : this.#places[this.#keys.indexOf(key)];
    if (first) {
      place.next = first.next;
      first.next = place;
      return false;
    }
    if (this.#byKey) this.#byKey.set(key, place);
    else {
      this.#keys.push(key);
      this.#places.push(place);
      if (this.#keys.length > FEW)
        this.#byKey = new Map(this.#keys.map((known, index) => [known, this.#places[index] as Place]));
    }
    return true;
  }
}
