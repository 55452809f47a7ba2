import type { GraphDefinition, OpenedData } from './graph.ts';
import type { DataRecord } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const markets = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable"])
  type Query { markets(first: Int): [Market!]! market(id: ID!): Market venues: [Venue] }
  union Venue = Market | Fair
  type Market @key(fields: "id") { id: ID! currency: String! region: Region name: String! }
  type Fair @key(fields: "id") { id: ID! name: String! }
  type Region { code: String! tax: Int }
`;

const stalls = `
  extend schema @link(url: "${LINK}", import: ["@key", "@external", "@context", "@fromContext"])
  type Market @key(fields: "id") @context(name: "market") {
    id: ID!
    currency: String! @external
    stalls(first: Int): [Stall!]!
    best: Stall
  }
  type Fair @key(fields: "id") @context(name: "market") { id: ID! currency: String! stalls(first: Int): [Stall!]! }
  type Stall @key(fields: "id") {
    id: ID!
    label: String
    price(digits: Int = 2, currency: String @fromContext(field: "$market { currency }")): String
    goods: [Good]
  }
  type Good @key(fields: "id") {
    id: ID!
    cost(currency: String @fromContext(field: "$market { currency }")): String
  }
`;

const quality = `
  extend schema @link(url: "${LINK}", import: ["@key"])
  type Stall @key(fields: "id") { id: ID! stars: Int near: [Market] }
  type Good @key(fields: "id") { id: ID! origin: String }
  type Market @key(fields: "id") { id: ID! visitors: Int }
`;

const HOSTS: readonly DataRecord[] = [
  host('Market', 'k1', 'Old', 'EUR', ['s1', 's2']),
  host('Market', 'k2', 'New', 'CNY', ['s3']),
  host('Fair', 'k3', 'Fun', 'USD', ['s4', 's5']),
];

const STALLS: readonly DataRecord[] = HOSTS.flatMap(({ currency, stalls }) =>
  (stalls as string[]).map((id) => ({
    __typename: 'Stall',
    id,
    // What the context gives; only the plain schema may read it here.
    $currency: currency,
    label: id === 's2' ? null : `stall ${id}`,
    stars: Number(id.slice(1)),
    goods: [{ __typename: 'Good', id: `g-${id}`, $currency: currency, origin: id }, null],
  })),
);

/** Arguments that a subgraph takes from what lies above, by way of another subgraph. */
export const context: GraphDefinition = {
  name: 'context',
  subgraphs: { markets, stalls, quality },
  samples: { id: ['k1', 'k2', 'k3', 'none'] },
  open,
};

function open(): OpenedData {
  const goods = STALLS.flatMap((stall) => (stall.goods as DataRecord[]).filter((good) => good));
  const records: Readonly<Record<string, readonly DataRecord[]>> = {
    Market: HOSTS.filter(({ __typename }) => __typename === 'Market'),
    Fair: HOSTS.filter(({ __typename }) => __typename === 'Fair'),
    Stall: STALLS,
    Good: goods,
  };
  const recordsOf = (typename: string) => records[typename] ?? [];
  const first = <T>(list: readonly T[], count: number | null | undefined) => list.slice(0, count ?? undefined);
  const stallsOf = (ids: readonly string[]) => STALLS.filter(({ id }) => ids.includes(String(id)));
  const price = (id: string, digits: number | null, currency: string) => `${id} ${digits} ${currency}`;
  const stalls = ({ stalls: ids }: DataRecord, { first: count }: { first: number | null }) =>
    first(stallsOf(ids as string[]), count);
  return {
    recordsOf,
    resolvers: {
      Query: {
        markets: (_, { first: count }) => first(recordsOf('Market'), count),
        market: (_, { id }) => recordsOf('Market').find((one) => one.id === id) ?? null,
        venues: () => [HOSTS[2], null, HOSTS[0], HOSTS[1]],
      },
      Market: { stalls, best: ({ stalls: ids }) => stallsOf(ids)[0] },
      Fair: { stalls },
      Stall: {
        price: ({ id, $currency }, { digits }) => price(id, digits, $currency),
        near: ({ id }) => [HOSTS[id === 's1' ? 1 : 0], null],
      },
      Good: { cost: ({ id, $currency }) => price(id, null, $currency) },
    },
    inSubgraph: {
      stalls: {
        Stall: { price: ({ id }, { digits, currency }) => price(id, digits, currency) },
        Good: { cost: ({ id }, { currency }) => price(id, null, currency) },
      },
    },
  };
}

function host(__typename: string, id: string, name: string, currency: string, stalls: readonly string[]): DataRecord {
  return { __typename, id, name, currency, stalls, region: id === 'k1' ? { code: 'r', tax: 20 } : null, visitors: 5 };
}
