import type { GraphDefinition, OpenedData } from './graph.ts';
import type { DataRecord } from './reference.ts';

const LINK = 'https://specs.apollo.dev/federation/v2.9';

const tree = `
  extend schema @link(url: "${LINK}", import: ["@key", "@shareable"])
  type Query { node(id: ID!): Node sureNode(id: ID!): Node! nodes: [Node] sureNodes: [Node!] allSure: [Node!]! fails: Int sureFails: Int! shape: Shape }
  type Node @key(fields: "id") {
    id: ID!
    fine: String!
    broken: Int
    void: Int!
    children: [Node!]!
    others: [Node]
    box: Box
    sureBox: Box!
    numbers: [Int]
    sureNumbers: [Int!]
    rows: [[Int!]]
  }
  type Box { fine: Int broken: Int void: Int! box: Box sureBox: Box! node: Node! }
  union Shape = Node | Box
`;

const leaves = `
  extend schema @link(url: "${LINK}", import: ["@key"])
  type Query { leaf(id: ID!): Leaf leaves: [Leaf!] }
  interface Held { label: String! }
  type Node @key(fields: "id") {
    id: ID!
    label: String!
    sometimes: String!
    crash: String
    sureCrash: String!
    leaf: Leaf
    sureLeaf: Leaf!
    leaves: [Leaf]
    sureLeaves: [Leaf!]!
  }
  type Leaf implements Held @key(fields: "key { a }") { key: Key! label: String! size: Int! at: Node }
  type Key { a: ID! }
`;

const colours = `
  extend schema @link(url: "${LINK}", import: ["@key"])
  type Node @key(fields: "id") { id: ID! colour: String sureColour: String! }
  type Leaf @key(fields: "key { a }") { key: Key! colour: String! shade: Shade }
  type Key { a: ID! }
  type Shade { light: Int! dark: Int broken: Int! }
`;

const NODES: readonly DataRecord[] = [
  node('n1', ['n2', 'n3'], ['n3', 'none', 'n1'], 'ok', ['l1', 'l2']),
  node('n2', ['n3'], [], null, ['l2', 'none']),
  { ...node('n3', [], ['n1', 'n2'], 'ok', ['l1']), fine: 'x', $unknownTo: ['colours'], colour: null, sureColour: null },
];
const LEAVES: readonly DataRecord[] = [leaf('l1', 1, 'red'), leaf('l2', null, null)];

/** Fields that throw, nulls where none may be, and entities that a subgraph does not know, under every chain of `!`. */
export const failures: GraphDefinition = {
  name: 'failures',
  subgraphs: { tree, leaves, colours },
  samples: { id: ['n1', 'n2', 'n3', 'l1', 'l2', 'none'] },
  open,
};

function open(): OpenedData {
  const records: Readonly<Record<string, readonly DataRecord[]>> = { Node: NODES, Leaf: LEAVES };
  const recordsOf = (typename: string) => records[typename] ?? [];
  const nodeOf = (wanted: unknown) => NODES.find(({ id }) => id === wanted) ?? null;
  const leafOf = (wanted: unknown) => LEAVES.find(({ key }) => (key as { a: string }).a === wanted) ?? null;
  const breaks = () => {
    throw new Error('broken');
  };
  const box = { __typename: 'Box', fine: 1 };
  return {
    recordsOf,
    resolvers: {
      Query: {
        node: (_, { id }) => nodeOf(id),
        sureNode: (_, { id }) => nodeOf(id),
        nodes: () => [NODES[0], null, NODES[1]],
        sureNodes: () => [NODES[1], NODES[0]],
        allSure: () => NODES,
        fails: breaks,
        sureFails: breaks,
        shape: () => NODES[1],
        leaf: (_, { id }) => leafOf(id),
        leaves: () => LEAVES,
      },
      Node: {
        broken: breaks,
        children: ({ children }) => children.map(nodeOf),
        others: ({ others }) => others.map(nodeOf),
        box: ({ id }) => (id === 'n3' ? null : box),
        sureBox: ({ id }) => (id === 'n3' ? null : box),
        numbers: () => [1, new Error('no number'), null],
        sureNumbers: ({ id }) => [1, id === 'n1' ? 2 : new Error('no number')],
        rows: () => [[1, 2], [3, null], null, []],
        crash: breaks,
        sureCrash: ({ id }) => (id === 'n1' ? breaks() : 'calm'),
        leaf: ({ leaves }) => leafOf(leaves[0]),
        sureLeaf: ({ leaves }) => leafOf(leaves[1]),
        leaves: ({ leaves }) => leaves.map(leafOf),
        sureLeaves: ({ leaves }) => leaves.map(leafOf),
      },
      Box: { broken: breaks, box: () => box, sureBox: () => box, node: () => NODES[2] },
      Leaf: { at: () => NODES[0] },
      Shade: { broken: breaks },
    },
  };
}

function node(
  id: string,
  children: readonly string[],
  others: readonly string[],
  sometimes: string | null,
  leaves: readonly string[],
): DataRecord {
  const colour = id === 'n2' ? null : 'blue';
  return {
    __typename: 'Node',
    id,
    fine: id,
    children,
    others,
    sometimes,
    leaves,
    label: id,
    colour,
    sureColour: colour,
  };
}

function leaf(a: string, size: number | null, colour: string | null): DataRecord {
  return { __typename: 'Leaf', key: { a }, label: a, size, colour, shade: { light: size, dark: null } };
}
