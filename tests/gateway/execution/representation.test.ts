import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepresentationWriter } from '../../../gateway/execution/fetching/representation.ts';
import type { DataObject } from '../../../gateway/execution/fetching/run.ts';
import { Failures } from '../../../gateway/execution/response/failures.ts';
import { parsePreciseJson } from '../../../gateway/precise-json.ts';

const POSSIBLE_TYPES = { Media: ['Book', 'Film'] };

const field = (name: string, selections?: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections && { selections }),
});
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
});

/** Requires `__typename` and more of books. */
function bookWriter(...selections: QueryPlanSelectionNode[]): RepresentationWriter {
  return new RepresentationWriter([on('Book', field('__typename'), ...selections)], POSSIBLE_TYPES, { Book: [['id']] });
}

const book = (rest: object = {}): DataObject => ({ __typename: 'Book', id: '1', ...rest });

describe('a representation', () => {
  it('is what the plan requires of the object, and nothing else that it holds', () => {
    const text = bookWriter(field('id'), field('pages'))
      .of('Book')
      .write(book({ pages: 7, title: 'x' }), undefined);
    expect(text).toBe('{"__typename":"Book","id":"1","pages":7}');
  });

  it('holds any leaf as JSON', () => {
    const shape = bookWriter(field('id'), field('value')).of('Book');
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), (value) => {
        const text = shape.write(book({ value }), undefined);
        expect(text).toBe(`{"__typename":"Book","id":"1","value":${JSON.stringify(value)}}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the digits that no double holds', () => {
    const { n } = parsePreciseJson('{"n":12345678901234567890}') as { n: unknown };
    expect(bookWriter(field('id'), field('n')).of('Book').write(book({ n }), undefined)).toContain(
      '"n":12345678901234567890',
    );
  });

  it('sends a field that lies under a name of its own by the name that the subgraph knows', () => {
    const required: QueryPlanSelectionNode = { kind: 'Field', name: 'comments', alias: '_s1_comments' };
    expect(
      bookWriter(field('id'), required)
        .of('Book')
        .write(book({ _s1_comments: 3 }), undefined),
    ).toBe('{"__typename":"Book","id":"1","comments":3}');
  });

  it('holds objects and lists of them, each by what is required of its type', () => {
    const writer = bookWriter(
      field('id'),
      field('about', [field('__typename'), on('Film', field('length')), on('Media', field('id'))]),
    );
    const about = [{ __typename: 'Film', id: 'f', length: 90, x: 1 }, null, [{ __typename: 'Book', id: 'b' }]];
    expect(writer.of('Book').write(book({ about }), undefined)).toBe(
      '{"__typename":"Book","id":"1","about":[{"__typename":"Film","length":90,"id":"f"},null,[{"__typename":"Book","id":"b"}]]}',
    );
    expect(writer.of('Book').write(book({ about: null }), undefined)).toContain('"about":null');
  });

  it('joins what is required of one field in several places', () => {
    const writer = bookWriter(field('id'), field('at', [field('x')]), field('at', [field('y')]));
    expect(writer.of('Book').write(book({ at: { x: 1, y: 2 } }), undefined)).toContain('"at":{"x":1,"y":2}');
  });
});

describe('an object that cannot be represented', () => {
  const writer = bookWriter(field('id'), field('at', [field('x')]));

  it('tells what is missing', () => {
    const object = book();
    expect(writer.of('Book').write(object, undefined)).toEqual({ top: 'at', object, slot: 'at', name: 'at' });
  });

  it('tells what is missing deeper, and what at its top that belongs to', () => {
    const at = {};
    expect(writer.of('Book').write(book({ at }), undefined)).toEqual({ top: 'at', object: at, slot: 'x', name: 'x' });
    expect(writer.of('Book').write(book({ at: [{ x: 1 }, at] }), undefined)).toMatchObject({ top: 'at', slot: 'x' });
  });

  it('is one of which a value is null because it failed, not one of which it is null', () => {
    const [at, failures] = [{ x: null }, new Failures()];
    expect(writer.of('Book').write(book({ at }), failures)).toContain('"at":{"x":null}');
    failures.add(at, 'x', { message: 'down', extensions: {}, below: [], told: false });
    expect(writer.of('Book').write(book({ at }), failures)).toMatchObject({ top: 'at', slot: 'x', object: at });
  });

  it('is one of which an item failed', () => {
    const [at, failures] = [[null], new Failures()];
    expect(writer.of('Book').write(book({ at }), failures)).toContain('"at":[null]');
    failures.add(at, 0, { message: 'down', extensions: {}, below: [], told: false });
    expect(writer.of('Book').write(book({ at }), failures)).toMatchObject({ top: 'at' });
  });

  it('is one with a leaf where an object is required', () => {
    expect(writer.of('Book').write(book({ at: 'text' }), undefined)).toMatchObject({ top: 'at' });
  });
});

describe('a fetch for entities', () => {
  it('concerns the types of which a key is required, itself or through their interface', () => {
    const writer = new RepresentationWriter(
      [on('Media', field('__typename'), field('id')), on('Paper', field('__typename'), field('title'))],
      POSSIBLE_TYPES,
      { Media: [['id']], Paper: [['id']] },
    );
    const concerned = ['Book', 'Film', 'Media', 'Paper', undefined].map((type) => writer.of(type).concerned);
    expect(concerned).toEqual([true, true, true, false, false]);
  });

  it('takes an object for all that is known only when nothing but its representation is', () => {
    const shape = bookWriter(field('id')).of('Book');
    expect(shape.tellsAllOf(book())).toBe(true);
    expect(shape.tellsAllOf(book({ title: 'x' }))).toBe(false);
    expect(
      bookWriter(field('id'), field('at', [field('x')]))
        .of('Book')
        .tellsAllOf(book({ at: {} })),
    ).toBe(false);
  });
});
