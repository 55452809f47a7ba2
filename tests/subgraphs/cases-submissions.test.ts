import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CasegraphError } from '../../adapters/transport/errors.ts';
import { ToyWrites } from '../services/toy-writes.ts';
import { type Input, mutate, newKey, refusalOf } from './fixture/case-desk.ts';
import { RESOLVING } from './fixture/case-handling.ts';
import {
  coversPartOfItsSchema,
  openStoreInMemory,
  type RunningSubgraph,
  runSubgraph,
} from './fixture/running-subgraph.ts';

let cases: RunningSubgraph;
let toy: ToyWrites;

beforeAll(async () => {
  const store = await openStoreInMemory();
  toy = new ToyWrites(store);
  cases = await runSubgraph('cases', {}, { store, clock: () => toy.now });
  await toy.writes.start();
});

beforeEach(() => {
  toy.now += 1_000;
  toy.answer = undefined;
});

afterAll(async () => {
  await cases.stop();
  await toy.writes.stop();
  await cases.store.close();
});

coversPartOfItsSchema(() => cases, RESOLVING);

/** A write of which nobody knows what became; `manual`: a person has to find out. */
async function openWrite(course: 'answer-lost' | 'request-lost', state: 'unknown' | 'manual' = 'manual') {
  toy.course = course;
  toy.answer = 'unreachable';
  const key = newKey();
  const id = await toy.submit({ key }).then(
    () => '',
    ({ details }: CasegraphError) => String(details.submission),
  );
  const { write, submissions, tasks } = cases.store;
  if (state === 'manual') {
    await write(async (tx) => {
      await submissions.change(tx, id, { state, at: toy.now });
      await tasks.cancel(tx, 'toy.settle', id, 'settle');
    });
    toy.answer = undefined;
  }
  return { id, key };
}

const RESOLVED = `
  submission { id state }
  resolution { outcome reason reference operator givenAt state decidedAt refusal refusalZh }`;
const resolve = (submission: string, over: Input = {}) => {
  const input = { idempotencyKey: newKey(), operator: 'clerk', outcome: 'DONE', reason: '已电话核实', ...over };
  return mutate(cases.ask, 'resolveSubmission', { submission, ...input }, RESOLVED);
};
const written = async (id: string) =>
  (
    await cases.ask(
      'query ($id: ID!) { submission(id: $id) { state lastQuestion resolutions { state refusal refusalZh } } }',
      { id },
    )
  ).data.submission;

describe('a write that a person has to settle', () => {
  it('is done when the department says so too, with what follows, and is told by whom', async () => {
    const { id, key } = await openWrite('answer-lost');
    const { data, errors } = await resolve(id, { reference: `message-of-${id}` });
    expect(errors).toBeUndefined();
    expect(data.resolveSubmission).toEqual({
      submission: { id, state: 'DONE' },
      resolution: {
        outcome: 'DONE',
        reason: '已电话核实',
        reference: `message-of-${id}`,
        operator: 'clerk',
        givenAt: expect.stringMatching(/\+08:00$/),
        state: 'APPLIED',
        decidedAt: expect.stringMatching(/\+08:00$/),
        refusal: null,
        refusalZh: null,
      },
    });
    expect(await toy.effects(id)).toEqual(['paid']);
    // Its caller has its answer, as if it had come at once.
    expect((await toy.submit({ key })).submissionId).toBe(id);
  });

  it('is not done by a person’s word, and may be made again', async () => {
    const { id, key } = await openWrite('request-lost');
    const { data } = await resolve(id, { outcome: 'NOT_DONE' });
    expect(data.resolveSubmission.submission.state).toBe('NOT_DONE');
    expect(await toy.effects(id)).toEqual(['not-paid']);
    toy.course = 'answered';
    expect((await toy.submit({ key })).submissionId).not.toBe(id);
  });

  it('is not believed to be done when the department has nothing; another word may follow', async () => {
    const { id } = await openWrite('request-lost');
    const idempotencyKey = newKey();
    const refused = await resolve(id, { idempotencyKey });
    expect(refusalOf(refused)).toMatchObject({ code: 'INVALID_INPUT', field: 'input.outcome' });
    // The same request again has the same answer, and asks nobody.
    expect(refusalOf(await resolve(id, { idempotencyKey }))).toEqual(refusalOf(refused));
    expect(await written(id)).toEqual({
      state: 'MANUAL',
      lastQuestion: null,
      resolutions: [
        {
          state: 'REFUSED',
          refusal: expect.stringContaining('say NOT_DONE'),
          refusalZh: expect.stringContaining('未办理'),
        },
      ],
    });
    expect((await resolve(id, { outcome: 'NOT_DONE' })).data.resolveSubmission.submission.state).toBe('NOT_DONE');
    expect((await written(id)).resolutions).toHaveLength(2);
  });

  it('of a kind that cannot be asked for is refused as done, saying what to do', async () => {
    const { found } = toy.kind;
    Object.assign(toy.kind, { found: undefined });
    const { id } = await openWrite('answer-lost');
    expect(refusalOf(await resolve(id)).message).toContain('have it undone there, say NOT_DONE, and do it again');
    Object.assign(toy.kind, { found });
    await resolve(id, { outcome: 'NOT_DONE' });
  });

  it('has one word acted on at a time', async () => {
    const { id } = await openWrite('answer-lost');
    const words = await Promise.all([resolve(id), resolve(id, { outcome: 'NOT_DONE' }), resolve(id)]);
    const codes = words.map(({ errors }) => errors?.[0]?.extensions.code ?? 'applied').sort();
    expect(codes).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'applied']);
    expect((await written(id)).resolutions).toHaveLength(1);
  });

  it.each([
    ['submission', { submission: 'nothing' }],
    ['reason', { reason: ' ' }],
    ['reason', { reason: '一'.repeat(2_001) }],
    ['reference', { reference: '1'.repeat(101) }],
    ['operator', { operator: 'nobody' }],
  ])('is refused with a wrong %s', async (field, over) => {
    const { id } = await openWrite('answer-lost');
    expect(refusalOf(await resolve(id, over))).toMatchObject({ code: 'INVALID_INPUT', field: `input.${field}` });
    expect((await resolve(id)).data.resolveSubmission.resolution.state).toBe('APPLIED');
  });

  it('is not a person’s while the department is asked, nor when it is settled', async () => {
    const { id } = await openWrite('answer-lost', 'unknown');
    expect(refusalOf(await resolve(id)).message).toContain('still being asked');
    await expect
      .poll(
        async () => {
          toy.now += 600_000;
          return (await written(id)).lastQuestion;
        },
        { timeout: 10_000 },
      )
      .toContain('DEPARTMENT_UNREACHABLE toy');
    toy.answer = undefined;
    await expect
      .poll(
        async () => {
          toy.now += 600_000;
          return (await written(id)).state;
        },
        { timeout: 10_000 },
      )
      .toBe('DONE');
    expect(refusalOf(await resolve(id)).message).toContain('settled meanwhile');
  });
});

describe('open submissions', () => {
  const PAGE = `query ($first: Int!, $after: String) {
    openSubmissions(first: $first, after: $after) {
      edges { cursor node { id state system kind reference changedAt failureCode } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  it('are those whose outcome is not known, the longest first, page by page', async () => {
    const earlier = await openWrite('answer-lost');
    toy.now += 1_000;
    const later = await openWrite('request-lost');
    const page = async (variables: Input) => (await cases.ask(PAGE, variables)).data.openSubmissions;
    const first = await page({ first: 1 });
    expect(first.edges[0].node).toMatchObject({
      id: earlier.id,
      state: 'MANUAL',
      system: 'toy',
      kind: 'pay',
      reference: `message-of-${earlier.id}`,
      failureCode: 'OUTCOME_UNKNOWN',
    });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await page({ first: 1, after: first.pageInfo.endCursor });
    expect(second.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual([later.id]);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    await resolve(earlier.id);
    await resolve(later.id, { outcome: 'NOT_DONE' });
    expect((await page({ first: 1 })).edges).toEqual([]);
  });

  it('refuse a page of no size and a cursor of another list', async () => {
    expect(refusalOf(await cases.ask(PAGE, { first: 0 }))).toMatchObject({ code: 'INVALID_INPUT', field: 'first' });
    expect(refusalOf(await cases.ask(PAGE, { first: 1, after: 'x' }))).toMatchObject({ field: 'after' });
  });
});
