import { describe, expect, it } from 'vitest';
import { NO_SIGNAL } from '../../adapters/transport/call.ts';
import { type Lease, Renewable } from '../../adapters/transport/renewable.ts';
import { failureOf, listeners, settled } from './toy-line.ts';

interface Flight {
  land(lease: Lease<string>): void;
  crash(error: unknown): void;
}

/** A value renewed by the test's hand, on the test's clock. */
function renewable(options: { aheadMs?: number; spacingMs?: number } = {}) {
  const clock = { now: 1_000_000 };
  const flights: Flight[] = [];
  const value = new Renewable<string>({
    renew: () => new Promise<Lease<string>>((land, crash) => flights.push({ land, crash })),
    aheadMs: 0,
    now: () => clock.now,
    ...options,
  });
  const renew = async (name: string, lifeMs = 60_000) => {
    const got = value.get(NO_SIGNAL);
    await settled();
    flights.at(-1)?.land({ value: name, validUntil: clock.now + lifeMs });
    return got;
  };
  return { clock, flights, value, renew };
}

describe('a renewable value', () => {
  it('is fetched when it is first needed, and kept', async () => {
    const { flights, value, renew } = renewable();
    expect(flights).toHaveLength(0);
    expect(await renew('first')).toBe('first');
    expect(await value.get(NO_SIGNAL)).toBe('first');
    expect(flights).toHaveLength(1);
  });

  it('is renewed in one flight, however many wait', async () => {
    const { clock, flights, value } = renewable();
    const waiting = Array.from({ length: 20 }, () => value.get(NO_SIGNAL));
    await settled();
    expect(flights).toHaveLength(1);
    flights[0]?.land({ value: 'one', validUntil: clock.now + 1_000 });
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['one']));
  });

  it('is renewed when no more than the margin is left of it', async () => {
    const { clock, flights, value, renew } = renewable({ aheadMs: 10_000 });
    await renew('first', 60_000);
    clock.now += 49_999;
    expect(await value.get(NO_SIGNAL)).toBe('first');
    clock.now += 1;
    expect(await renew('second')).toBe('second');
    expect(flights).toHaveLength(2);
  });

  it('lets a caller who leaves stop waiting, while the flight goes on for the others', async () => {
    const { clock, flights, value } = renewable();
    const caller = new AbortController();
    const left = failureOf(value.get(caller.signal));
    const stays = value.get(NO_SIGNAL);
    await settled();
    caller.abort('gone');
    expect(await left).toBe('gone');
    flights[0]?.land({ value: 'one', validUntil: clock.now + 1_000 });
    expect(await stays).toBe('one');
    expect(flights).toHaveLength(1);
  });

  it('does not take off for a caller who has left already', async () => {
    const { flights, value } = renewable();
    expect(await failureOf(value.get(AbortSignal.abort('gone')))).toBe('gone');
    expect(flights).toHaveLength(0);
  });

  it('gives every caller the failure of the flight, and the next caller a new flight', async () => {
    const { flights, value, renew } = renewable();
    const waiting = [value.get(NO_SIGNAL), value.get(NO_SIGNAL)].map(failureOf);
    await settled();
    const error = new Error('refused');
    flights[0]?.crash(error);
    expect(await Promise.all(waiting)).toEqual([error, error]);

    expect(await renew('second try')).toBe('second try');
    expect(flights).toHaveLength(2);
  });

  it('takes off anew after a renewal that threw before it began', async () => {
    let attempts = 0;
    const value = new Renewable<string>({
      renew: () => {
        attempts += 1;
        if (attempts === 1) throw new Error('no key');
        return Promise.resolve({ value: 'now', validUntil: Date.now() + 1_000 });
      },
      aheadMs: 0,
    });
    expect(await failureOf(value.get(NO_SIGNAL))).toMatchObject({ message: 'no key' });
    expect(await value.get(NO_SIGNAL)).toBe('now');
  });

  it('lets a flight fail for which nobody waits any more', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const { flights, value, renew } = renewable();
      const caller = new AbortController();
      const left = failureOf(value.get(caller.signal));
      await settled();
      caller.abort();
      await left;
      flights[0]?.crash(new Error('refused'));
      await settled();
      await settled();
      expect(unhandled).toEqual([]);
      expect(await renew('later')).toBe('later');
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('leaves no listeners on the signals of those who waited', async () => {
    const { clock, flights, value } = renewable();
    const longLived = new AbortController();
    const waiting = [1, 2, 3].map(() => value.get(longLived.signal));
    await settled();
    flights[0]?.land({ value: 'one', validUntil: clock.now + 1_000 });
    await Promise.all(waiting);
    await settled();
    expect(listeners(longLived.signal)).toBe(0);
  });

  it('is renewed after the counterpart refused it', async () => {
    const { value, renew } = renewable();
    await renew('first');
    expect(value.invalidate('first')).toBe(true);
    expect(await renew('second')).toBe('second');
  });

  it('is renewed once when many callers were refused with the same value', async () => {
    const { flights, value, renew } = renewable();
    await renew('first');
    expect([1, 2, 3].map(() => value.invalidate('first'))).toEqual([true, true, true]);
    const waiting = [value.get(NO_SIGNAL), value.get(NO_SIGNAL)];
    await settled();
    flights[1]?.land({ value: 'second', validUntil: Number.POSITIVE_INFINITY });
    expect(await Promise.all(waiting)).toEqual(['second', 'second']);
    expect(flights).toHaveLength(2);
  });

  it('stays when an older value is refused: another caller has renewed it since', async () => {
    const { flights, value, renew } = renewable();
    await renew('first');
    value.invalidate('first');
    await renew('second');
    expect(value.invalidate('first')).toBe(true);
    expect(await value.get(NO_SIGNAL)).toBe('second');
    expect(flights).toHaveLength(2);
  });

  it('is not renewed twice within the spacing, and says that another `get` gives the same', async () => {
    const { clock, flights, value, renew } = renewable({ spacingMs: 20_000 });
    await renew('first', 600_000);
    clock.now += 19_999;
    expect(value.invalidate('first')).toBe(false);
    expect(await value.get(NO_SIGNAL)).toBe('first');
    clock.now += 1;
    expect(value.invalidate('first')).toBe(true);
    expect(await renew('second')).toBe('second');
    expect(flights).toHaveLength(2);
  });

  it('is given even when it comes with less life than the margin, and renewed for the next caller', async () => {
    const { flights, renew } = renewable({ aheadMs: 60_000 });
    expect(await renew('short', 10)).toBe('short');
    expect(await renew('next', 10)).toBe('next');
    expect(flights).toHaveLength(2);
  });
});
