import { describe, expect, it } from 'vitest';
import { type SmallSubgraph, serve } from './small-graph.ts';

/** Prices are told in the currency of the market above, which is this subgraph's own or another's. */
const stalls = (currency: 'own' | 'external'): SmallSubgraph => ({
  sdl: `
    type Market @key(fields: "id") @context(name: "market") {
      id: ID!
      currency: String! ${currency === 'external' ? '@external' : ''}
      stalls: [Stall!]!
    }
    type Stall @key(fields: "id") { id: ID! price(currency: String @fromContext(field: "$market { currency }")): String }
  `,
  resolvers: {
    Market: {
      __resolveReference: ({ id }) => ({ id, currency: id === '1' ? 'EUR' : 'CNY', stalls: [{ id: `s${id}` }] }),
    },
    Stall: {
      __resolveReference: ({ id }) => ({ id }),
      price: ({ id }, { currency }) => `${id} ${currency}`,
    },
  },
});
const markets = (currency: 'own' | 'external'): SmallSubgraph => ({
  sdl: `
    type Query { markets: [Market!]! }
    type Market @key(fields: "id") { id: ID! name: String ${currency === 'external' ? 'currency: String!' : ''} }
  `,
  resolvers: {
    Query: {
      markets: () => [
        { id: '1', name: 'Old', currency: 'EUR' },
        { id: '2', name: 'New', currency: 'CNY' },
      ],
    },
  },
});

describe('an argument that comes from above', () => {
  it.each(['own', 'external'] as const)('is each object’s own, from a field that is %s', async (currency) => {
    const { ask } = await serve({ markets: markets(currency), stalls: stalls(currency) });
    expect(await ask('{ markets { currency: name stalls { price } } }')).toEqual({
      data: {
        markets: [
          { currency: 'Old', stalls: [{ price: 's1 EUR' }] },
          { currency: 'New', stalls: [{ price: 's2 CNY' }] },
        ],
      },
    });
  });
});
