import type { Population } from './model.ts';
import { closeBooks, openBooks } from './population/books.ts';
import { liveOrdinarily } from './population/lives/ordinary-life.ts';
import { tell } from './population/stories/story.ts';
import { STORIES } from './population/stories.ts';

export { NAMED, type NamedResident, STRANGER } from './population/stories.ts';

/** The division code of the district: easy to remember. */
export const DEFAULT_SEED = 421202;
/** Enough for every kind of record, and made in a moment. */
export const DEFAULT_RESIDENTS = 500;

export interface PopulationSize {
  readonly seed: number;
  /** 20 to 1,000,000: the named residents are always there. */
  readonly residents: number;
}

/**
 * The demo population: twenty named residents, then ordinary ones, with consistent records about them in every department. Same seed,
 * same population; more residents never change the earlier ones. Throws `RangeError` for a size that it cannot have.
 */
export function populate({ seed, residents }: PopulationSize): Population {
  if (!Number.isInteger(residents) || residents < STORIES.length || residents > 1_000_000) {
    throw new RangeError(`a population has ${STORIES.length} to 1000000 residents`);
  }
  const books = openBooks();
  for (let index = 0; index < residents; index += 1) {
    const story = STORIES[index];
    if (story) tell(books, story, index);
    else liveOrdinarily(books, seed, index);
  }
  return closeBooks(books, seed);
}
