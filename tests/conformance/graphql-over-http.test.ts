import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningGateway } from '../../gateway/serving.ts';
import { type Library, openLibrary, startLibraryGateway } from './live/library.ts';

let library: Library;
let gateway: RunningGateway;

beforeAll(async () => {
  library = await openLibrary();
  gateway = await startLibraryGateway(library);
});

afterAll(async () => {
  await gateway.stop();
  await library.close();
});

const audits = serverAudits({ url: () => `${gateway.url}/graphql` });

describe('the audits of the GraphQL-over-HTTP specification', () => {
  it('are there', () => {
    expect(audits.length).toBeGreaterThan(50);
  });

  it.each(audits)('$id: the server $name', async (audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
  });
});
