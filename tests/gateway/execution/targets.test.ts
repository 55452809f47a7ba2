import { describe, expect, it } from 'vitest';
import type { DataObject } from '../../../gateway/execution/fetching/run.ts';
import { places, placesBelow, targetPath } from '../../../gateway/execution/fetching/targets.ts';

const POSSIBLE_TYPES = { Media: ['Book', 'Film'], Printed: ['Book', 'Paper'] };

const book = (id: string) => ({ __typename: 'Book', id });
const film = (id: string) => ({ __typename: 'Film', id });
const paper = (id: string) => ({ __typename: 'Paper', id });

/** The ids of the objects at the end of a path. */
function idsAt(root: DataObject, ...elements: (string | number)[]): unknown[] {
  return places(root, targetPath(elements, POSSIBLE_TYPES)).map(({ object }) => object.id);
}

describe('the objects that a fetch is for', () => {
  it('are the root itself where the path is empty', () => {
    const root = { id: 'root' };
    expect(places(root, targetPath([], {}))).toMatchObject([{ object: root, holder: undefined }]);
  });

  it('are found through objects and lists, each with where it hangs', () => {
    const [first, second] = [book('1'), book('2')];
    const shelf = { books: [first, second] };
    const found = places({ shelf }, targetPath(['shelf', 'books', '@'], {}));
    expect(found).toMatchObject([
      { object: first, key: 0 },
      { object: second, key: 1 },
    ]);
    expect(found[0]?.holder).toBe(shelf.books);
    expect(places({ shelf }, targetPath(['shelf'], {}))[0]).toMatchObject({ holder: { shelf }, key: 'shelf' });
  });

  it('are found in lists of lists', () => {
    const rows = [[book('1'), book('2')], [], [book('3')]];
    expect(idsAt({ rows }, 'rows', '@', '@')).toEqual(['1', '2', '3']);
    expect(idsAt({ rows }, 'rows', '@')).toEqual(['1', '2', '3']);
  });

  it('are not where something is null, missing or no object', () => {
    const items = [null, book('1'), undefined, 'text', 7, [null, book('2')]];
    expect(idsAt({ items }, 'items', '@')).toEqual(['1', '2']);
    expect(idsAt({ items: null }, 'items', '@')).toEqual([]);
    expect(idsAt({}, 'items', '@', 'author')).toEqual([]);
    expect(idsAt({ items: [{ author: null }, {}, { author: { id: 'a' } }] }, 'items', '@', 'author')).toEqual(['a']);
  });

  it('are all of them, also where one object stands twice', () => {
    const same = book('1');
    expect(idsAt({ items: [same, same] }, 'items', '@')).toEqual(['1', '1']);
  });
});

describe('a path that goes on for some types only', () => {
  const items = [book('1'), film('2'), paper('3')];

  it.each([
    ['one type', '@|[Film]', ['2']],
    ['several types', '@|[Book,Paper]', ['1', '3']],
    ['an interface', '@|[Media]', ['1', '2']],
    ['an interface and a type', '@|[Media,Paper]', ['1', '2', '3']],
    ['a type that none is of', '@|[Box]', []],
  ])('finds items of %s', (_, element, ids) => {
    expect(idsAt({ items }, 'items', element)).toEqual(ids);
  });

  it('finds an object of the type in a slot', () => {
    expect(idsAt({ item: book('1') }, 'item|[Book]')).toEqual(['1']);
    expect(idsAt({ item: film('2') }, 'item|[Book]')).toEqual([]);
  });

  it('goes on below the items of the type', () => {
    const shelves = [
      { __typename: 'Book', of: { id: 'a' } },
      { __typename: 'Film', of: { id: 'b' } },
    ];
    expect(idsAt({ shelves }, 'shelves', '@|[Film]', 'of')).toEqual(['b']);
  });

  it('takes an object that does not tell its type', () => {
    expect(idsAt({ items: [{ id: '4' }] }, 'items', '@|[Book]')).toEqual(['4']);
  });

  it('looks into lists of lists', () => {
    expect(idsAt({ rows: [[book('1'), film('2')], [film('3')]] }, 'rows', '@', '@|[Film]')).toEqual(['2', '3']);
  });
});

describe('the objects that a fetch is for, with those above them', () => {
  it('stand below every object on their way, the root first, and below no list', () => {
    const visit = { id: 'v' };
    const stay = { visits: [[visit]] };
    const root = { stay };
    const [found] = placesBelow(root, targetPath(['stay', 'visits', '@', '@'], {}));
    expect(found?.object).toBe(visit);
    expect(found?.above).toEqual([root, stay]);
  });

  it('are the same as without', () => {
    const root = {
      items: [book('1'), null, film('2'), [paper('3')]],
      one: film('4'),
      deep: [{ of: book('5') }, { of: null }],
    };
    for (const path of [['items', '@'], ['one|[Film]'], ['one|[Book]'], ['deep', '@', 'of'], ['missing', 'of'], []]) {
      const target = targetPath(path, POSSIBLE_TYPES);
      const objects = places(root, target).map(({ object }) => object);
      expect(placesBelow(root, target).map(({ object }) => object)).toEqual(objects);
    }
  });
});
