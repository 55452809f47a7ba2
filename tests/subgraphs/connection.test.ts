import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import {
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  positionAfter,
  sliceConnection,
} from '../../subgraphs/connection.ts';
import { anyText } from '../wire/any-text.ts';

/** The argument that a refusal names. */
function refusedField(work: () => unknown): unknown {
  try {
    return { answered: work() };
  } catch (error) {
    if (!(error instanceof CasegraphError) || error.code !== 'INVALID_INPUT') throw error;
    return error.details.field;
  }
}

describe('a page size', () => {
  it.each([1, 20, 100])('of %i is taken', (first) => expect(pageSize(first)).toBe(first));
  it.each([0, -1, 101, Number.NaN])('of %d is refused', (first) =>
    expect(refusedField(() => pageSize(first))).toBe('first'),
  );
  it('has the limit it is given', () => {
    expect(pageSize(50, 50)).toBe(50);
    expect(refusedField(() => pageSize(51, 50))).toBe('first');
  });
});

describe('a cursor', () => {
  it('stands for any position of texts and numbers', () => {
    const parts = fc.oneof(anyText(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 3 }), (position) => {
        const types = position.map((part) => typeof part as 'string' | 'number');
        const cursor = encodeCursor(position);
        expect(cursor).toMatch(/^[\w-]+$/);
        // JSON has no negative zero.
        expect(decodeCursor(cursor, types)).toEqual(position.map((part) => (part === 0 ? 0 : part)));
      }),
    );
  });

  it.each([
    '',
    'nonsense',
    '!!',
    encodeCursor(['a', 'b']),
    encodeCursor([1]),
    encodeCursor(['1', 1]),
    Buffer.from('{"0":1,"1":"a"}').toString('base64url'),
    Buffer.from('[null,"a"]').toString('base64url'),
    Buffer.from('null').toString('base64url'),
  ])('of another list or of nobody’s making is refused: %j', (cursor) => {
    expect(refusedField(() => decodeCursor(cursor, ['number', 'string']))).toBe('after');
  });

  it('is refused or read, whatever text it is, and the refusal does not repeat it', () => {
    fc.assert(
      fc.property(anyText({ minLength: 8 }), (cursor) => {
        try {
          decodeCursor(cursor, ['number', 'string']);
        } catch (error) {
          expect(error).toBeInstanceOf(CasegraphError);
          expect((error as Error).message).not.toContain(cursor);
        }
      }),
    );
  });

  it('that counts leads to the position behind it', () => {
    expect([positionAfter(null), positionAfter(undefined), positionAfter(encodeCursor([41]))]).toEqual([0, 0, 42]);
  });

  it.each([[-1], [1.5], [1e300], ['1']])('that counts and holds %j is refused', (position) => {
    expect(refusedField(() => positionAfter(encodeCursor([position])))).toBe('after');
  });
});

describe('a connection of rows read with one more', () => {
  it('tells whether more follow and some went before', () => {
    const of = (rows: readonly string[], after: string | null) => connectionOf(rows, 2, after, (row) => `c-${row}`);
    expect(of(['a', 'b', 'c'], null)).toEqual({
      edges: [
        { cursor: 'c-a', node: 'a' },
        { cursor: 'c-b', node: 'b' },
      ],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'c-a', endCursor: 'c-b' },
    });
    expect(of(['d'], 'c-c').pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: 'c-d',
      endCursor: 'c-d',
    });
    expect(of([], null).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });
});

describe('a connection over a whole list', () => {
  it('gives every row once, in order, whatever the sizes of the pages', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 60 }), sizes, (rows, pages) => {
        const seen: number[] = [];
        let after: string | null = null;
        for (let turn = 0; ; turn += 1) {
          const first = pages[turn % pages.length] ?? 1;
          const page: ReturnType<typeof sliceConnection<number>> = sliceConnection(rows, { first, after });
          seen.push(...page.edges.map(({ node }) => node));
          expect(page.totalCount).toBe(rows.length);
          expect(page.pageInfo.hasNextPage).toBe(seen.length < rows.length);
          expect(page.edges.length).toBeLessThanOrEqual(first);
          if (!page.pageInfo.hasNextPage) break;
          after = page.pageInfo.endCursor;
        }
        expect(seen).toEqual(rows);
      }),
    );
  });
});
