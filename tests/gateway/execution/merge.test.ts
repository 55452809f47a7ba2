import { describe, expect, it } from 'vitest';
import { merge } from '../../../gateway/execution/fetching/merge.ts';
import { type Failure, Failures } from '../../../gateway/execution/response/failures.ts';
import { parsePreciseJson } from '../../../gateway/precise-json.ts';

const POSSIBLE_TYPES = { Media: ['Book', 'Film'], Book: ['Book'] };

function merged<Target extends Record<string, unknown>>(target: Target, source: Record<string, unknown>) {
  merge(target, source, POSSIBLE_TYPES, undefined);
  return target as Record<string, unknown>;
}

function failure(message: string): Failure {
  return { message, extensions: {}, below: [], told: false };
}

describe('what a fetch brings to an object', () => {
  it('is added to what is there', () => {
    expect(merged({ a: 1 }, { b: [2] })).toEqual({ a: 1, b: [2] });
  });

  it('completes value types at any depth, lists item by item', () => {
    expect(
      merged(
        { at: { street: 's', geo: { x: 1 } }, tags: [{ a: 1 }, { a: 2 }] },
        {
          at: { town: 't', geo: { y: 2 } },
          tags: [{ b: 1 }, { b: 2 }],
        },
      ),
    ).toEqual({
      at: { street: 's', town: 't', geo: { x: 1, y: 2 } },
      tags: [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
    });
  });

  it('completes lists of lists, and puts items where there were none', () => {
    expect(merged({ rows: [[{ a: 1 }, null], []] }, { rows: [[{ b: 1 }, { b: 2 }], [{ b: 3 }]] })).toEqual({
      rows: [[{ a: 1, b: 1 }, { b: 2 }], [{ b: 3 }]],
    });
  });

  it('takes nothing away: null gives way and takes no place', () => {
    expect(merged({ a: 1, o: { x: 1 }, l: [{ x: 1 }] }, { a: null, o: null, l: [null] })).toEqual({
      a: 1,
      o: { x: 1 },
      l: [{ x: 1 }],
    });
    expect(merged({ a: null, b: undefined }, { a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  });

  it('leaves an object where a list came, and a list where an object came', () => {
    expect(merged({ a: { x: 1 }, b: [1] }, { a: [1], b: { x: 1 } })).toEqual({ a: { x: 1 }, b: [1] });
  });

  it('names no object by its interface once its own type is known', () => {
    expect(merged({ __typename: 'Book' }, { __typename: 'Media' })).toEqual({ __typename: 'Book' });
    expect(merged({ __typename: 'Media' }, { __typename: 'Book' })).toEqual({ __typename: 'Book' });
  });

  it('may be a number that no double holds', () => {
    const [left, right] = ['{"n":12345678901234567890}', '{"n":12345678901234567891}'].map(parsePreciseJson);
    expect(() => merged(left as Record<string, unknown>, right as Record<string, unknown>)).not.toThrow();
    expect(JSON.stringify(left)).toBe('{"n":12345678901234567890}');
  });

  it('may be the object itself', () => {
    const same = { a: 1 };
    expect(merged(same, same)).toEqual({ a: 1 });
  });

  it('takes its failures along to every place that it is merged into', () => {
    const failures = new Failures();
    const [item, source] = [{ x: null }, { of: { y: null }, list: [{ x: null }] }];
    const target = { of: { z: 1 }, list: [item] };
    failures.add(source, 'whole', failure('whole'));
    failures.add(source.of, 'y', failure('inner'));
    failures.add(source.list, 0, failure('of the list'));
    failures.add(source.list[0] as object, 'x', failure('of the item'));
    merge(target, source, {}, failures);
    expect(failures.at(target)?.get('whole')?.[0]?.message).toBe('whole');
    expect(failures.at(target.of)?.get('y')?.[0]?.message).toBe('inner');
    expect(failures.at(target.list)?.get(0)?.[0]?.message).toBe('of the list');
    expect(failures.at(item)?.get('x')?.[0]?.message).toBe('of the item');
    expect(failures.at(source)).toBeUndefined();
  });
});
