import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compare } from './comparison.ts';
import type { Answer } from './engine.ts';
import { PossibleErrors } from './possible-errors.ts';
import { answerOfPlain } from './trial.ts';

/** Two siblings that fail below a field that may be null, and one that fails alone. */
const schema = buildSchema('type Query { a: A list: [A!] fine: Int } type A { x: Int! y: Int! z: Int ok: Int }');
const failing = () => {
  throw new Error('failing');
};
for (const field of ['x', 'y', 'z']) {
  const type = schema.getType('A') as unknown as { getFields(): Record<string, { resolve?: unknown }> };
  (type.getFields()[field] as { resolve?: unknown }).resolve = failing;
}
const queryFields = schema.getQueryType()?.getFields() as Record<string, { resolve?: unknown }>;
Object.assign(queryFields.a as object, { resolve: () => ({ ok: 1 }) });
Object.assign(queryFields.list as object, { resolve: () => [{ ok: 1 }, null] });

async function difference(query: string, given: (right: Answer) => Answer) {
  const right = await answerOfPlain(schema, { query });
  return compare(given(right), right, await new PossibleErrors(schema).paths({ query }));
}

const error = (...path: (string | number)[]) => ({ message: 'failing', path });

describe('an answer', () => {
  it('that is the right one is accepted', async () => {
    expect(await difference('{ a { z ok } list { ok } fine }', (right) => right)).toBeUndefined();
  });

  it.each([
    ['one of them', [error('a', 'x')]],
    ['the other', [error('a', 'y')]],
    ['both', [error('a', 'y'), error('a', 'x')]],
    ['one that made no null by itself', [error('a', 'x'), error('a', 'z')]],
  ])('may tell, of several errors below one null, %s', async (_, errors) => {
    expect(await difference('{ a { x y z } }', ({ data }) => ({ data: data ?? null, errors }))).toBeUndefined();
  });

  it.each<[string, string, (right: Answer) => Answer]>([
    ['another order of fields', '{ fine a { ok } }', () => ({ data: { a: { ok: 1 }, fine: null } })],
    ['another value', '{ a { ok } }', () => ({ data: { a: { ok: 2 } } })],
    ['a field too many', '{ a { ok } }', () => ({ data: { a: { ok: 1, id: 1 } } })],
    ['no error where one stands', '{ a { z } }', ({ data }) => ({ data: data ?? null })],
    ['an error where nothing fails', '{ a { ok } }', (right) => ({ ...right, errors: [error('a', 'ok')] })],
    ['an error without a path', '{ a { z } }', (right) => ({ ...right, errors: [{ message: 'failing' }] })],
    ['an error at the null and not at the field', '{ a { x } }', (right) => ({ ...right, errors: [error('a')] })],
    ['the same error twice', '{ a { z } }', (right) => ({ ...right, errors: [error('a', 'z'), error('a', 'z')] })],
    [
      'one null’s error and not the other’s',
      '{ a { z } b: a { z } }',
      (right) => ({ ...right, errors: [error('a', 'z')] }),
    ],
    ['an error at another item', '{ list { ok } }', (right) => ({ ...right, errors: [error('list', 0)] })],
  ])('with %s is not', async (_, query, given) => {
    expect(await difference(query, given)).toBeDefined();
  });
});
