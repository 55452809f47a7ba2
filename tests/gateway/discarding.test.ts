import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { discardRest } from '../../gateway/http/discarding.ts';

describe('the rest of a refused body', () => {
  it('is taken in until it ends', async () => {
    const body = new PassThrough();
    const discarded = discardRest(body);
    body.write('x'.repeat(100_000));
    body.end('y');
    await discarded;
    expect(body.readableEnded).toBe(true);
  });

  it.each([
    ['is too much', { bytes: 10, ms: 60_000 }],
    ['takes too long', { bytes: 1_000, ms: 20 }],
  ])('is given up when it %s', async (_, most) => {
    const body = new PassThrough();
    body.write('x'.repeat(100));
    await discardRest(body, most);
    expect([body.readableEnded, body.isPaused()]).toEqual([false, true]);
  });

  it('of a client that has gone is nothing', async () => {
    const body = new PassThrough();
    const discarded = discardRest(body);
    body.destroy();
    await discarded;
    await discardRest(body);
  });
});
