import { CasegraphError } from '../adapters/transport/errors.ts';

/** Relay's page info. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfo;
}

/** Checks a page size. Throws `INVALID_INPUT` naming the argument. */
export function pageSize(first: number, limit = 100): number {
  if (first >= 1 && first <= limit) return first;
  throw new CasegraphError('INVALID_INPUT', `first must be from 1 to ${limit}.`, { field: 'first' });
}

/** A cursor that stands for a position; opaque to clients. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Reads a cursor of ours back: a list of strings and numbers with the given types. Throws `INVALID_INPUT` naming the argument for
 * anything that `encodeCursor` did not make.
 */
export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): (string | number)[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(position) &&
      position.length === types.length &&
      position.every((value, index) => typeof value === types[index])
    ) {
      return position as (string | number)[];
    }
  } catch {
    // told below
  }
  throw notACursor();
}

/**
 * The position behind a cursor that counts, from 0; without a cursor the first. Throws `INVALID_INPUT` naming the argument for anything
 * that `encodeCursor` did not make of one position.
 */
export function positionAfter(cursor: string | null | undefined): number {
  if (cursor == null) return 0;
  const [position] = decodeCursor(cursor, ['number']);
  if (!Number.isSafeInteger(position) || Number(position) < 0) throw notACursor();
  return Number(position) + 1;
}

function notACursor(): CasegraphError {
  return new CasegraphError('INVALID_INPUT', 'after is not a cursor of this list.', { field: 'after' });
}

/**
 * Makes a connection of rows that were read with one more than asked for, which tells whether more follow.
 */
export function connectionOf<Row>(
  rows: readonly Row[],
  first: number,
  after: string | null | undefined,
  cursorOf: (row: Row) => string,
): Connection<Row> {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A connection over a list that is there as a whole; cursors count. */
export function sliceConnection<Row>(
  rows: readonly Row[],
  { first, after }: { first: number; after?: string | null },
  limit = 100,
): Connection<Row> & { totalCount: number } {
  const size = pageSize(first, limit);
  const start = positionAfter(after);
  const numbered = rows.map((row, index) => ({ row, index }));
  const page = connectionOf(numbered.slice(start, start + size + 1), size, after, ({ index }) => encodeCursor([index]));
  return {
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: node.row })),
    pageInfo: page.pageInfo,
    totalCount: rows.length,
  };
}
