import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

const things: SmallSubgraph = {
  sdl: `
    type Query { thing: Thing list: [Thing!] }
    type Thing @key(fields: "id part { code }") { id: ID! part: Part! weight: Int name: String }
    type Part { code: ID! @shareable name: String }
  `,
  resolvers: {
    Query: {
      thing: () => ({ id: '1', part: { code: 'c', name: 'part' }, weight: 5, name: 'one' }),
      list: () => [{ id: '1', part: { code: 'c', name: 'part' }, weight: 5, name: 'one' }],
    },
  },
};
const prices: SmallSubgraph = {
  sdl: `
    type Thing @key(fields: "id part { code }") {
      id: ID! part: Part! weight: Int @external
      stock: Int
      fee: Int @requires(fields: "weight")
    }
    type Part { code: ID! @shareable }
  `,
  resolvers: {
    Thing: {
      __resolveReference: (sent: { id?: string; part?: { code?: string }; weight?: number }) => {
        if (!sent.id || !sent.part?.code) throw new Error('no key');
        return { stock: 3, fee: sent.weight === undefined ? null : sent.weight * 2 };
      },
    },
  },
};

const BOTH = [true, false];

describe('@skip and @include', () => {
  it.each(BOTH.flatMap((skip) => BOTH.map((include) => [skip, include] as const)))(
    'on one field: skip %s, include %s',
    async (skip, include) => {
      const { ask } = await serve({ things, prices });
      const query = 'query ($s: Boolean!, $i: Boolean!) { thing { name stock @skip(if: $s) @include(if: $i) } }';
      expect(await ask(query, { s: skip, i: include })).toEqual({
        data: { thing: { name: 'one', ...(!skip && include && { stock: 3 }) } },
      });
    },
  );

  it.each(BOTH.flatMap((outer) => BOTH.map((inner) => [outer, inner] as const)))(
    'on nested fragments with two variables: outer %s, inner %s',
    async (outer, inner) => {
      const { ask } = await serve({ things, prices });
      const query = `
        query ($o: Boolean!, $i: Boolean!) { thing { ...F @include(if: $o) fee @skip(if: $i) } }
        fragment F on Thing { name ... on Thing @include(if: $i) { stock part { name @skip(if: $o) code } } }
      `;
      expect(await ask(query, { o: outer, i: inner })).toEqual({
        data: {
          thing: {
            ...(outer && { name: 'one' }),
            ...(outer && inner && { stock: 3, part: { code: 'c' } }),
            ...(!inner && { fee: 10 }),
          },
        },
      });
    },
  );

  it.each(BOTH)('on a field with @requires leave the fields beside it whole: skip %s', async (skip) => {
    const { ask } = await serve({ things, prices });
    expect(await ask('query ($s: Boolean!) { thing { fee @skip(if: $s) stock } }', { s: skip })).toEqual({
      data: { thing: { ...(!skip && { fee: 10 }), stock: 3 } },
    });
    expect(
      await ask(
        'query ($s: Boolean!) { list { ...F @skip(if: $s) stock } } fragment F on Thing { fee part { code } }',
        { s: skip },
      ),
    ).toEqual({
      data: { list: [{ ...(!skip && { fee: 10, part: { code: 'c' } }), stock: 3 }] },
    });
  });

  it('that leave nothing leave an empty object', async () => {
    const { ask } = await serve({ things, prices });
    expect(await ask('{ thing { name @skip(if: true) } list { ... on Thing @include(if: false) { stock } } }')).toEqual(
      {
        data: { thing: {}, list: [{}] },
      },
    );
  });

  it('that leave nothing at the root leave an empty answer', async () => {
    const { ask, asked } = await serve({ things, prices });
    expect(await ask('query ($s: Boolean = true) { thing @skip(if: $s) { name } }')).toEqual({ data: {} });
    expect(asked).toEqual([]);
  });

  it('keep a field that another selection asks for as well', async () => {
    const { ask } = await serve({ things, prices });
    expect(
      await ask('{ thing { stock @skip(if: true) ... @include(if: true) { stock } id: name @include(if: false) } }'),
    ).toEqual({
      data: { thing: { stock: 3 } },
    });
  });

  it('leave a subgraph alone that nothing is asked of', async () => {
    const { ask, asked } = await serve({ things, prices });
    await ask('query ($s: Boolean!) { thing { name stock @skip(if: $s) } }', { s: true });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['things']);
  });
});

describe('@override', () => {
  const before: SmallSubgraph = {
    sdl: `type Query { item: Item } type Item @key(fields: "id") { id: ID! moved: String stays: String goes: String }`,
    resolvers: {
      Query: { item: () => ({ id: '1', moved: 'before', stays: 'before', goes: 'before' }) },
      Item: { __resolveReference: () => ({ id: '1', moved: 'before', stays: 'before', goes: 'before' }) },
    },
  };
  const after: SmallSubgraph = {
    sdl: `
      type Item @key(fields: "id") {
        id: ID!
        moved: String @override(from: "before")
        stays: String @override(from: "before", label: "percent(0)")
        goes: String @override(from: "before", label: "percent(100)")
      }
    `,
    resolvers: { Item: { __resolveReference: () => ({ moved: 'after', stays: 'after', goes: 'after' }) } },
  };

  it('moves a field at once, never for percent(0), always for percent(100)', async () => {
    const { ask } = await serve({ before, after });
    for (let round = 0; round < 20; round += 1) {
      expect(await ask('{ item { moved stays goes } }')).toEqual({
        data: { item: { moved: 'after', stays: 'before', goes: 'after' } },
      });
    }
  });

  it('with percent(50) is asked of one or the other, and is always whole', async () => {
    const half: SmallSubgraph = {
      sdl: `type Item @key(fields: "id") { id: ID! goes: String @override(from: "before", label: "percent(50)") }`,
      resolvers: { Item: { __resolveReference: () => ({ goes: 'after' }) } },
    };
    const { ask } = await serve({ before, half });
    const seen = new Set<unknown>();
    // A side that is never taken in so many requests is taken by fewer than one in a thousand of these tests.
    for (let round = 0; round < 40; round += 1) {
      const { data, errors } = await ask('{ item { goes stays } }');
      expect(errors).toBeUndefined();
      seen.add((data as { item: { goes: string } }).item.goes);
    }
    expect([...seen].sort()).toEqual(['after', 'before']);
  });
});
