import type { ResidentSeed } from '../model.ts';
import type { Books } from './books.ts';
import type { Person } from './people.ts';
import type { Home } from './places.ts';
import type { Random } from './random.ts';

/** A resident whose dealings with the departments are being written down. */
export interface Life {
  readonly seed: number;
  readonly index: number;
  readonly person: Person;
  readonly resident: ResidentSeed;
  readonly home: Home;
  /** Chance for everything that happens to this resident. */
  readonly random: Random;
  readonly books: Books;
}
