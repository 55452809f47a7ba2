import type { FetchDataRewrite } from '@apollo/query-planner';
import { describe, expect, it } from 'vitest';
import { readContext, rewriteData } from '../../../gateway/execution/fetching/rewrites.ts';

const POSSIBLE_TYPES = { Media: ['Book', 'Film'] };

function rewritten<Value>(value: Value, ...rewrites: FetchDataRewrite[]): Value {
  rewriteData(value, rewrites, POSSIBLE_TYPES);
  return value;
}

const rename = (path: string[], renameKeyTo: string): FetchDataRewrite => ({ kind: 'KeyRenamer', path, renameKeyTo });
const set = (path: string[], setValueTo: unknown): FetchDataRewrite => ({ kind: 'ValueSetter', path, setValueTo });

describe('data that a plan has rewritten', () => {
  it('has a name restored, with the value that stood under the other', () => {
    expect(rewritten({ name__alias_0: 'x', id: '1' }, rename(['name__alias_0'], 'name'))).toEqual({
      name: 'x',
      id: '1',
    });
  });

  it('keeps null under the restored name, and gets no name that was not there', () => {
    expect(rewritten({ a: null }, rename(['a'], 'b'))).toEqual({ b: null });
    expect(Object.keys(rewritten({ id: '1' }, rename(['a'], 'b')))).toEqual(['id']);
  });

  it('has a value set whether one was there or not', () => {
    expect(rewritten({ __typename: 'Book' }, set(['__typename'], 'Media'))).toEqual({ __typename: 'Media' });
    expect(rewritten({}, set(['__typename'], 'Media'))).toEqual({ __typename: 'Media' });
  });

  it('changes at every item of lists and lists of lists, past nulls', () => {
    const value = { items: [{ a: 1 }, null, [{ a: 2 }, { c: 3 }]] };
    expect(rewritten(value, rename(['items', 'a'], 'b'))).toEqual({ items: [{ b: 1 }, null, [{ b: 2 }, { c: 3 }]] });
  });

  it('changes only objects of the type that the path names, itself or through its interface', () => {
    const value = () => [
      { __typename: 'Book', a: 1 },
      { __typename: 'Film', a: 2 },
      { __typename: 'Paper', a: 3 },
    ];
    expect(rewritten(value(), rename(['... on Film', 'a'], 'b'))).toEqual([
      { __typename: 'Book', a: 1 },
      { __typename: 'Film', b: 2 },
      { __typename: 'Paper', a: 3 },
    ]);
    expect(
      rewritten(value(), set(['... on Media', '__typename'], 'Media')).map(({ __typename }) => __typename),
    ).toEqual(['Media', 'Media', 'Paper']);
  });

  it('changes an object that does not tell its type', () => {
    expect(rewritten({ a: 1 }, rename(['... on Book', 'a'], 'b'))).toEqual({ b: 1 });
  });

  it('stays as it is where the path leads to nothing', () => {
    const value = { of: null, text: 'x', list: [1, 'y', null] };
    for (const path of [['of', 'a'], ['text', 'a'], ['list', 'a'], ['missing', 'a'], []]) {
      expect(rewritten(structuredClone(value), rename(path, 'b'))).toEqual(value);
    }
  });

  it('is rewritten in the order of the plan', () => {
    expect(rewritten({ a: 1, b: 2 }, rename(['a'], 'c'), rename(['b'], 'a'))).toEqual({ c: 1, a: 2 });
  });
});

describe('a value taken from the context of an object', () => {
  const visit = { __typename: 'Visit', currency: 'CNY', of: { region: '421202' } };
  const line = [{ root: true }, visit, { __typename: 'Bill', unit: 'fen' }];

  it.each([
    ['the object itself', ['unit'], 'fen'],
    ['the object above', ['..', 'currency'], 'CNY'],
    ['two above', ['..', '..', 'root'], true],
    ['inside the object above', ['..', 'of', 'region'], '421202'],
    ['the object above when it is of the type', ['..', '... on Visit', 'currency'], 'CNY'],
    ['one of another type', ['..', '... on Stay', 'currency'], undefined],
    ['more above than there are', ['..', '..', '..', 'root'], undefined],
    ['what is not there', ['..', 'missing', 'region'], undefined],
  ])('is read from %s', (_, path, value) => {
    expect(readContext(line, path, POSSIBLE_TYPES)).toBe(value);
  });

  it('is null where it is null, and a list of what each item has', () => {
    expect(readContext([{ a: null }, {}], ['..', 'a', 'b'], {})).toBeNull();
    expect(readContext([{ all: [{ a: 1 }, { a: 2 }] }, {}], ['..', 'all', 'a'], {})).toEqual([1, 2]);
  });
});
