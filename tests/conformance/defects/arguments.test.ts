import { describe, expect, it } from 'vitest';
import type { Answer } from '../engine.ts';
import { type SmallSubgraph, serve } from './small-graph.ts';

const COMMENTS = ['a', 'b', 'c', 'd'];

const posts: SmallSubgraph = {
  sdl: `
    type Query { post: Post }
    type Post @key(fields: "id") { id: ID! comments(limit: Int): [Comment!]! title(upper: Boolean): String! }
    type Comment { text: String! }
  `,
  resolvers: {
    Query: { post: () => ({ id: '1' }) },
    Post: {
      comments: (_, { limit }) => COMMENTS.slice(0, limit ?? undefined).map((text) => ({ text })),
      title: (_, { upper }) => (upper ? 'TITLE' : 'title'),
    },
  },
};
type Sent = { comments?: { text: string }[] };
const texts = ({ comments }: Sent) => comments?.map(({ text }) => text).join('');
const digests: SmallSubgraph = {
  sdl: `
    type Post @key(fields: "id") {
      id: ID!
      comments(limit: Int): [Comment!]! @external
      digest: String @requires(fields: "comments(limit: 3) { text }")
      teaser: String @requires(fields: "comments(limit: 1) { text }")
    }
    type Comment { text: String! @external }
  `,
  resolvers: {
    Post: {
      __resolveReference: (sent: Sent) => sent,
      digest: (sent: Sent) => texts(sent),
      teaser: (sent: Sent) => texts(sent),
    },
  },
};

describe('a field with arguments that another field requires with other arguments', () => {
  it('is answered with the client’s arguments', async () => {
    const { ask } = await serve({ posts, digests });
    expect(await ask('{ post { comments(limit: 1) { text } digest } }')).toEqual({
      data: { post: { comments: [{ text: 'a' }], digest: 'abc' } },
    });
    expect(await ask('{ post { digest comments { text } } }')).toEqual({
      data: { post: { digest: 'abc', comments: COMMENTS.map((text) => ({ text })) } },
    });
  });

  it('is answered with the client’s arguments from a variable', async () => {
    const { ask } = await serve({ posts, digests });
    const query = 'query ($limit: Int) { post { comments(limit: $limit) { text } digest } }';
    expect(await ask(query, { limit: 2 })).toEqual({
      data: { post: { comments: [{ text: 'a' }, { text: 'b' }], digest: 'abc' } },
    });
  });

  it('may be asked for several times under other names', async () => {
    const { ask } = await serve({ posts, digests });
    expect(
      await ask('{ post { one: comments(limit: 1) { text } digest comments: comments(limit: 2) { letter: text } } }'),
    ).toEqual({
      data: { post: { one: [{ text: 'a' }], digest: 'abc', comments: [{ letter: 'a' }, { letter: 'b' }] } },
    });
  });
});

describe('two fields that require the same field with different arguments', () => {
  /** Either is right; a wrong answer without an error is not. */
  function rightOrRefused({ data, errors = [] }: Answer, right: object): boolean {
    if (errors.length > 0) return errors.some(({ message }) => message.includes('comments'));
    return JSON.stringify(data) === JSON.stringify(right);
  }

  it('are both right, or refused with an error that names the field', async () => {
    const { ask } = await serve({ posts, digests });
    const answer = await ask('{ post { digest teaser } }');
    expect(answer).toSatisfy((given: Answer) => rightOrRefused(given, { post: { digest: 'abc', teaser: 'a' } }));
  });

  it('are both right, or refused, in whatever order they stand', async () => {
    const { ask } = await serve({ posts, digests });
    const answer = await ask('{ post { teaser digest comments(limit: 2) { text } } }');
    expect(answer).toSatisfy((given: Answer) =>
      rightOrRefused(given, { post: { teaser: 'a', digest: 'abc', comments: [{ text: 'a' }, { text: 'b' }] } }),
    );
  });

  it('are each right alone', async () => {
    const { ask } = await serve({ posts, digests });
    expect(await ask('{ post { digest } }')).toEqual({ data: { post: { digest: 'abc' } } });
    expect(await ask('{ post { teaser } }')).toEqual({ data: { post: { teaser: 'a' } } });
  });
});

describe('variables', () => {
  it('of an operation that is not run do not matter, whatever their types', async () => {
    const { ask } = await serve({ posts, digests });
    const query = `
      query One($v: Boolean!) { post { title(upper: $v) } }
      query Other($v: Int) { post { comments(limit: $v) { text } } }
    `;
    expect(await ask(query, { v: true }, 'One')).toEqual({ data: { post: { title: 'TITLE' } } });
    expect(await ask(query, { v: 1 }, 'Other')).toEqual({ data: { post: { comments: [{ text: 'a' }] } } });
  });

  it('that are left out leave their argument out, or stand for their default', async () => {
    const { ask } = await serve({ posts, digests });
    const limited = 'query ($n: Int = 1) { post { comments(limit: $n) { text } } }';
    expect(await ask(limited)).toEqual({ data: { post: { comments: [{ text: 'a' }] } } });
    expect(await ask(limited, { n: null })).toMatchObject({ data: { post: { comments: { length: 4 } } } });
    expect(await ask('query ($n: Int) { post { comments(limit: $n) { text } } }')).toMatchObject({
      data: { post: { comments: { length: 4 } } },
    });
  });
});
