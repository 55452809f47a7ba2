import type { GraphDefinition, OpenedData } from './graph.ts';
import { type DataRecord, required } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const catalogue = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable", "@tag", "@inaccessible", "@cost", "@listSize"])
  scalar BigInt
  scalar JSON
  type Query {
    products(first: Int = 3, filter: ProductFilter): [Product!]! @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
    product(id: ID!): Product @cost(weight: 2)
    bySku(sku: String!, brand: String!): Product
    grid: [[Product]]
    echo(json: JSON, big: BigInt, ids: [ID!], matrix: [[Int]]): JSON
  }
  input ProductFilter { name: String, kinds: [Kind!], grams: Range = { min: 0 }, secret: String @inaccessible }
  input Range { min: Int! = 0, max: Int }
  enum Kind { TOOL TOY FOOD @inaccessible }
  enum Unit { GRAM OUNCE }
  type Product @key(fields: "id") @key(fields: "sku brand { code }") {
    id: ID!
    legacyId: ID
    sku: String!
    brand: Brand!
    name(upper: Boolean = false): String!
    kind: Kind @tag(name: "public")
    weight(unit: Unit! = GRAM): Int
    barcode: BigInt
    extras: JSON
    dimensions: Dimensions @shareable
    matrix: [[Int]!]
    tags: [String]
    similar: [Product]
  }
  type Brand { code: String! @shareable name: String }
  type Dimensions { width: Int @shareable depth: Int }
`;

const stock = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable", "@external", "@requires"])
  type Query { warehouses(near: [Int!]): [Warehouse!]! }
  type Warehouse { name: String! shelf(n: Int! = 0): [Product] plan: [[Product!]] }
  enum Unit { GRAM OUNCE }
  type Product @key(fields: "sku brand { code }") {
    sku: String!
    brand: Brand!
    inStock: Int
    weight(unit: Unit! = GRAM): Int @external
    shipping(express: Boolean = false): Int @requires(fields: "weight(unit: OUNCE)")
    dimensions: Dimensions @shareable
    places: [[String]]
  }
  type Brand { code: String! @shareable }
  type Dimensions { width: Int @shareable height: Int }
`;

const reviews = `
  extend schema @link(url: "${LINK}", import: ["@key", "@external", "@requires", "@provides"])
  type Query { reviews(minStars: Int): [Review] }
  type Product @key(fields: "id") {
    id: ID!
    name(upper: Boolean = false): String! @external
    headline: String @requires(fields: "name(upper: true)")
    reviews(first: Int = 2): [Review!]
    lastReview: Review
  }
  type Review @key(fields: "id") {
    id: ID!
    text(length: Int): String
    stars: Int
    author: Person! @provides(fields: "nick")
    product: Product
  }
  type Person @key(fields: "id") { id: ID! nick: String @external reviews: [Review!]! }
`;

const people = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable", "@inaccessible", "@tag"])
  type Query { me: Person people(ids: [ID!]! = ["u1", "u9", "u2"]): [Person]! }
  type Person @key(fields: "id") @key(fields: "email") {
    id: ID!
    email: String! @inaccessible
    nick: String @shareable
    name: String!
    friends(first: Int): [Person]
    homeTown: String @tag(name: "internal")
    legacyId: Int
  }
`;

/** A subgraph written for federation 1. */
const accounts = `
  type Person @key(fields: "email") @extends { email: String! @external balance: BigInt plan(at: String): Plan }
  type Plan { name: String! price: BigInt }
  scalar BigInt
`;

const PEOPLE: readonly DataRecord[] = [
  person('u1', 'ann@example.org', 'ann', 'Ann', ['u2', 'u3'], 11, '9007199254740993123'),
  person('u2', 'bob@example.org', null, 'Bob', ['u1', 'none', 'u2'], null, 9007199254740991),
  person('u3', 'cyd@example.org', 'cyd', 'Cyd', [], 33, -9007199254740991),
];

const PRODUCTS: readonly DataRecord[] = [
  product('p1', '77', 'k-1', 'acme', 'Kettle', 'TOOL', 1200, '18446744073709551616', { a: [1, null, { b: 'x' }] }, 4),
  product('p2', 'p1', 'k-1', 'bolt', 'Lamp', 'TOY', 300, 4294967296, [null, 'é', 1.5e3, false], null),
  product('p3', null, 'k-3', 'acme', 'Rope', null, null, null, 'text', 0),
  { ...product('p4', '99', 'k-4', 'bolt', 'Tent', 'TOOL', 5000, 0, null, undefined), $unknownTo: ['stock'] },
];

const REVIEWS: readonly DataRecord[] = [
  review('r1', 'p1', 'u1', 'Boils well and loud', 5),
  review('r2', 'p1', 'u2', 'Leaks', 1),
  review('r3', 'p2', 'u1', 'Bright', null),
  review('r4', 'p1', 'u3', 'Fine', 4),
  review('r5', 'p4', 'u3', 'Dry', 3),
];

export const shop: GraphDefinition = {
  name: 'shop',
  subgraphs: { catalogue, stock, reviews, people, accounts },
  samples: {
    id: ['p1', 'p2', 'p3', 'p4', 'p5'],
    ids: [['u1', 'u2'], ['u3', 'u9'], []],
    sku: ['k-1', 'k-3'],
    brand: ['acme', 'bolt'],
    name: ['Kettle', 'e'],
    BigInt: [9007199254740991, '123456789012345678901234567890'],
    JSON: [{ deep: [1, { x: null }] }, 'é', [[]], 0, false],
  },
  open,
};

function open(): OpenedData {
  const records: Readonly<Record<string, readonly DataRecord[]>> = {
    Product: PRODUCTS,
    Person: PEOPLE,
    Review: REVIEWS,
  };
  const recordsOf = (typename: string) => records[typename] ?? [];
  const find = (typename: string, id: unknown) => recordsOf(typename).find((record) => record.id === id) ?? null;
  const first = <T>(list: readonly T[], count: number | null | undefined) => list.slice(0, count ?? undefined);
  const weight = (grams: number | null, unit: string) =>
    grams === null ? null : unit === 'OUNCE' ? Math.round(grams / 28) : grams;
  const shipping = (ounces: number | null, express: boolean | null) =>
    ounces === null ? null : ounces * (express ? 3 : 1);
  const named = (name: string, upper: boolean | null) => (upper ? name.toUpperCase() : name);
  return {
    recordsOf,
    resolvers: {
      Query: {
        products: (_, { first: count, filter }) =>
          first(
            PRODUCTS.filter(
              ({ name, kind, weight: grams }) =>
                (!filter?.name || String(name).includes(filter.name)) &&
                (!filter?.kinds || filter.kinds.includes(kind)) &&
                (!filter?.grams || Number(grams) >= filter.grams.min) &&
                (filter?.grams?.max == null || Number(grams) <= filter.grams.max),
            ),
            count,
          ),
        product: (_, { id }) => find('Product', id),
        bySku: (_, { sku, brand }) =>
          PRODUCTS.find((one) => one.sku === sku && (one.brand as { code: string }).code === brand) ?? null,
        grid: () => [[PRODUCTS[0], null], null, [PRODUCTS[1], PRODUCTS[0]], []],
        echo: (_, args) => args,
        warehouses: (_, { near }) => ['north', 'south'].map((name) => ({ name, near })),
        reviews: (_, { minStars }) => REVIEWS.map((one) => (Number(one.stars) >= (minStars ?? 0) ? one : null)),
        me: () => PEOPLE[0],
        people: (_, { ids }) => ids.map((id: string) => find('Person', id)),
      },
      Warehouse: {
        shelf: (_, { n }) => [PRODUCTS[n] ?? null, null, PRODUCTS[0]],
        plan: () => [[PRODUCTS[2], PRODUCTS[0]], null, []],
      },
      Product: {
        name: ({ name }, { upper }) => named(name, upper),
        weight: ({ weight: grams }, { unit }) => weight(grams, unit),
        shipping: ({ weight: grams, $unknownTo }, { express }) =>
          $unknownTo ? null : shipping(weight(grams, 'OUNCE'), express),
        headline: ({ name }) => `${named(name, true)}!`,
        similar: ({ similar }) => similar.map((id: string) => find('Product', id)),
        reviews: ({ id }, { first: count }) =>
          first(
            REVIEWS.filter((one) => one.product === id),
            count,
          ),
        lastReview: ({ id }) => REVIEWS.findLast((one) => one.product === id) ?? null,
      },
      Review: {
        text: ({ text }, { length }) => (length == null ? text : text.slice(0, Math.max(0, length))),
        author: ({ author }) => find('Person', author),
        product: ({ product: id }) => find('Product', id),
      },
      Person: {
        friends: ({ friends }, { first: count }) => first(friends as string[], count).map((id) => find('Person', id)),
        reviews: ({ id }) => REVIEWS.filter((one) => one.author === id),
        plan: ({ legacyId }, { at }) => (legacyId ? { name: `plan ${at}`, price: legacyId * 1e12 } : null),
      },
    },
    inSubgraph: {
      stock: {
        Product: { shipping: (product, { express }) => shipping(required(product, 'weight'), express) },
      },
      reviews: { Product: { headline: (product) => `${required(product, 'name')}!` } },
    },
  };
}

function person(
  id: string,
  email: string,
  nick: string | null,
  name: string,
  friends: readonly string[],
  legacyId: number | null,
  balance: string | number,
): DataRecord {
  return { __typename: 'Person', id, email, nick, name, friends, legacyId, balance, homeTown: nick && `${name}ville` };
}

function product(
  id: string,
  legacyId: string | null,
  sku: string,
  brand: string,
  name: string,
  kind: string | null,
  weight: number | null,
  barcode: string | number | null,
  extras: unknown,
  inStock: number | null | undefined,
): DataRecord {
  return {
    __typename: 'Product',
    id,
    legacyId,
    sku,
    brand: { code: brand, name: brand === 'acme' ? 'Acme' : null },
    name,
    kind,
    weight,
    barcode,
    extras,
    // Two subgraphs know parts of these. Where one of them does not know the product there are none, so that both ways agree.
    dimensions: weight === null || inStock === undefined ? null : { width: weight, depth: 2, height: 3 },
    matrix: [[1, null], [], [Number(weight)]],
    tags: ['a', null, name],
    similar: id === 'p3' ? ['p3', 'none'] : ['p1', 'p3'],
    inStock,
    places: inStock === undefined ? null : [[name, null], null, []],
  };
}

function review(id: string, productId: string, author: string, text: string, stars: number | null): DataRecord {
  return { __typename: 'Review', id, product: productId, author, text, stars };
}
