import type { GraphDefinition, OpenedData } from './graph.ts';
import type { DataRecord } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const before = `
  extend schema
    @link(url: "${LINK}", import: ["@key", "@shareable", "@inaccessible", "@tag", "@composeDirective"])
    @link(url: "https://example.org/audience/v1.0", import: ["@audience"])
    @composeDirective(name: "@audience")
  directive @audience(name: String!, levels: [Int!]) repeatable on FIELD_DEFINITION | OBJECT
  type Query {
    parcels(hidden: Int @inaccessible, order: Order = UP): [Parcel!]!
    parcel(id: ID!): Parcel
    moved: String
    byStock: String
    byNew: String
  }
  enum Order { UP DOWN }
  type Parcel @key(fields: "id") @audience(name: "all") {
    id: ID!
    title: String!
    kept: String @audience(name: "few", levels: [1, 2])
    moved: String
    stays: String
    goes: String
    secret: Secret @inaccessible
    history: [Move!]
    from: Place @shareable
  }
  type Place { name: String @shareable old: String moved: Int @shareable }
  type Secret @inaccessible { text: String }
  type Move { at: String by: Depot }
  type Depot @key(fields: "number") { number: Int! name: String capacity: Int }
`;

const after = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable", "@override", "@inaccessible", "@tag", "@extends"])
  type Query {
    moved: String @override(from: "before")
    byStock: String @override(from: "before", label: "percent(0)")
    byNew: String @override(from: "before", label: "percent(100)")
    latest: [Parcel]
  }
  type Parcel @key(fields: "id") {
    id: ID!
    moved: String @override(from: "before")
    stays: String @override(from: "before", label: "percent(0)")
    goes: String @override(from: "before", label: "percent(100)")
    extra: [Extra!]! @tag(name: "new")
    inner: String @inaccessible
    from: Place @shareable
    depots: [Depot]
  }
  type Place { name: String @shareable new: String moved: Int @override(from: "before") }
  type Extra { key: String! value: [[Int]!] }
  type Depot @key(fields: "number") @extends { number: Int! capacity: Int @override(from: "before") parcels(order: Order! = UP): [Parcel!] }
  enum Order { UP DOWN }
`;

const PARCELS: readonly DataRecord[] = [parcel('b1', 'Box', [1, 2]), parcel('b2', 'Bag', []), parcel('b3', 'Tin', [2])];
const DEPOTS: readonly DataRecord[] = [
  { __typename: 'Depot', number: 1, name: 'East', capacity: 10 },
  { __typename: 'Depot', number: 2, name: null, capacity: null },
];

/** Fields on the move between two subgraphs: the one that must not be asked any more answers `stale`. */
export const moving: GraphDefinition = {
  name: 'moving',
  subgraphs: { before, after },
  samples: { id: ['b1', 'b2', 'b3', 'none'] },
  open,
};

function open(): OpenedData {
  const recordsOf = (typename: string) => (typename === 'Parcel' ? PARCELS : DEPOTS);
  const find = (wanted: unknown) => PARCELS.find(({ id }) => id === wanted) ?? null;
  const ordered = (list: readonly DataRecord[], order: string | null) => (order === 'DOWN' ? list.toReversed() : list);
  const depot = (wanted: unknown) => DEPOTS.find(({ number }) => number === wanted) ?? null;
  const stale = () => 'stale';
  return {
    recordsOf,
    resolvers: {
      Query: {
        parcels: (_, { order }) => ordered(PARCELS, order),
        parcel: (_, { id }) => find(id),
        moved: () => 'after',
        byStock: () => 'before',
        byNew: () => 'after',
        latest: () => [PARCELS[2], null, PARCELS[0]],
      },
      Parcel: { depots: ({ depots }) => [...depots.map(depot), null] },
      Move: { by: ({ by }) => depot(by) },
      Depot: {
        parcels: ({ number }, { order }) =>
          ordered(
            PARCELS.filter(({ depots }) => (depots as number[]).includes(number)),
            order,
          ),
      },
    },
    inSubgraph: {
      before: {
        Query: { moved: stale, byNew: stale },
        Parcel: { moved: stale, goes: stale },
        Place: { moved: () => -1 },
        Depot: { capacity: () => -1 },
      },
      after: {
        Query: { byStock: stale },
        Parcel: { stays: stale },
      },
    },
  };
}

function parcel(id: string, title: string, depots: readonly number[]): DataRecord {
  return {
    __typename: 'Parcel',
    id,
    title,
    depots,
    kept: title,
    moved: `${title} moved`,
    stays: `${title} stays`,
    goes: `${title} goes`,
    history: depots.length === 0 ? null : depots.map((by) => ({ at: `day ${by}`, by })),
    from: id === 'b2' ? null : { name: title, old: 'o', new: 'n', moved: 3 },
    extra: [{ key: id, value: [[1, null], []] }],
  };
}
