import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../../gateway/execution/turnstile.ts';

/** As many as are let in however busy the process is. */
const ALWAYS = 8;

/** A turnstile with all places taken, and so many more who wait; the numbers of those who were let in, as they come. */
function crowded(waiting: number) {
  const turnstile = new Turnstile();
  for (let place = 0; place < ALWAYS; place += 1) expect(turnstile.enter()).toBeUndefined();
  const entered: number[] = [];
  const turns = Array.from({ length: waiting }, (_, number) =>
    turnstile.enter()?.then(() => {
      entered.push(number);
    }),
  );
  return { turnstile, entered, turns };
}

/** Keeps the event loop busy for so many turns. */
async function keepBusy(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    const until = performance.now() + 1;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a turnstile', () => {
  it('lets nobody in beyond the first few while the process is busy', async () => {
    const { turnstile, entered } = crowded(1);
    await keepBusy(20);
    expect(entered).toEqual([]);
    turnstile.leave();
    await keepBusy(1);
    expect(entered).toEqual([0]);
  });

  it('lets all in when the process has nothing to do, though nobody leaves', async () => {
    const { entered, turns } = crowded(40);
    await Promise.all(turns);
    expect(entered).toHaveLength(40);
  });

  it('lets in by order of arrival, those who come while others wait behind them', async () => {
    const { turnstile, entered } = crowded(2);
    turnstile.leave();
    const last = turnstile.enter()?.then(() => {
      entered.push(2);
    });
    turnstile.leave();
    turnstile.leave();
    await last;
    expect(entered).toEqual([0, 1, 2]);
  });

  it('has room again for all who left', async () => {
    const { turnstile, turns } = crowded(3);
    await Promise.all(turns);
    for (let place = 0; place < ALWAYS + 3; place += 1) turnstile.leave();
    for (let place = 0; place < ALWAYS; place += 1) expect(turnstile.enter()).toBeUndefined();
    expect(turnstile.enter()).toBeInstanceOf(Promise);
  });
});
