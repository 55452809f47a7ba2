import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningGateway } from '../../gateway/serving.ts';
import { type Answer, ask, inOrder, type Request } from './live/client.ts';
import { type Library, openLibrary, startLibraryGateway } from './live/library.ts';
import { mixedRequests } from './live/requests.ts';

const REQUESTS = mixedRequests(400);

/** Every ninth client leaves before its answer. */
const leaves = (n: number) => n % 9 === 4;

let library: Library;
let gateway: RunningGateway;
let alone: readonly Answer[];

beforeAll(async () => {
  library = await openLibrary();
  gateway = await startLibraryGateway(library);
  alone = await askEach(REQUESTS);
});

afterAll(async () => {
  await gateway.stop();
  await library.close();
});

/** The answers to requests that were sent one after another. */
async function askEach(requests: readonly Request[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [n, request] of requests.entries()) answers.push(await answer(n, request));
  return answers;
}

async function answer(n: number, request: Request): Promise<Answer> {
  const { errors, ...rest } = await ask(gateway.url, request, { requestId: `request-${n}` });
  return { ...rest, ...(errors && { errors: inOrder(errors) }) };
}

/** Lets the subgraphs answer out of order: each answer takes up to 30 ms, by what was asked. */
function answerOutOfOrder(): void {
  for (const subgraph of Object.values(library.subgraphs)) {
    let asked = 0;
    subgraph.delayMs = ({ query, variables }) => {
      asked += 1;
      return (query.length * 7 + JSON.stringify(variables).length * 13 + asked * 11) % 31;
    };
  }
}

describe('four hundred mixed requests', () => {
  it('hold whole answers, answers with errors in some fields, and refusals', () => {
    const errors = (wanted: Answer) => wanted.errors !== undefined;
    expect(alone.filter((one) => !errors(one)).length).toBeGreaterThan(200);
    expect(alone.filter((one) => errors(one) && one.data != null).length).toBeGreaterThan(20);
    expect(alone.filter((one) => one.status === 400).length).toBeGreaterThan(50);
  });

  it('at once give what each gives alone', async () => {
    answerOutOfOrder();
    const together = await Promise.all(REQUESTS.map((request, n) => answer(n, request)));
    expect(together).toEqual(alone);
  });

  it('at once give what each gives alone to those who stay when others leave', async () => {
    answerOutOfOrder();
    const stayed = REQUESTS.map(async (request, n) => {
      if (!leaves(n)) return answer(n, request);
      // One that asks the same as its neighbour who stays, so that leaving must not end what is shared.
      const leaving = new AbortController();
      setTimeout(() => leaving.abort(), n % 40);
      const neighbour = REQUESTS[n - 1] as Request;
      await ask(gateway.url, neighbour, { signal: leaving.signal }).catch((error: Error) => {
        if (error.name !== 'AbortError') throw error;
      });
      return undefined;
    });
    const together = await Promise.all(stayed);
    expect(together).toEqual(alone.map((one, n) => (leaves(n) ? undefined : one)));
  });
});
