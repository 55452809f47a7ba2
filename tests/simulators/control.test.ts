import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../adapters/simulator/core.ts';
import { rawExchange, runningToy } from './toy-department.ts';

/** 2022-10-08 09:30:00 in China. */
const INSTANT = 1_665_192_600_000;

describe('the ledger', () => {
  it('tells what the department did, in order, with its own time', async () => {
    await using toy = await runningToy();
    toy.core.setClock(INSTANT - Date.now());
    await toy.pay('R1');
    await toy.pay('R2');
    const { status, body } = await toy.control('GET', 'ledger');
    expect(status).toBe(200);
    expect(body).toEqual(
      ['R1', 'R2'].map((reference) => ({
        at: expect.stringMatching(/^2022-10-08T09:3\d:\d\d\+08:00$/),
        kind: 'payment',
        reference,
        subject: 'toy',
        amountFen: 100,
      })),
    );
  });
});

describe('the count of calls', () => {
  it('goes by transaction, failed ones included, and knows the most in flight at once', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'delay', match: 'Pay', delayMs: 50 });
    await Promise.all(['A', 'B', 'C'].map(toy.pay));
    toy.core.clearFaults();
    toy.core.addFault({ kind: 'drop-before-work' });
    await rawExchange(toy.url, 'GET /Balance');
    await rawExchange(toy.url, 'GET /nothing');

    expect((await toy.control('GET', 'calls')).body).toMatchObject({
      calls: { Pay: 3, Balance: 1, unknown: 1 },
      total: 5,
      highestInFlight: 3,
    });
  });

  it('begins anew with a reset, with those still in flight as the most at once', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'late-answer', match: 'Pay', delayMs: 3_600_000 });
    void toy.pay();
    while (toy.ledger().length === 0) await toy.control('GET', 'ledger');
    await toy.control('POST', 'reset');
    await rawExchange(toy.url, 'GET /Balance');
    expect((await toy.control('GET', 'calls')).body).toMatchObject({
      calls: { Balance: 1 },
      total: 1,
      highestInFlight: 2,
    });
  });
});

describe('the faults', () => {
  it('are added, listed with all kinds there are, and cleared', async () => {
    await using toy = await runningToy();
    const fault = { match: 'Pay', kind: 'http-status', times: 2, probability: 0.5, delayMs: 10, status: 504 };
    expect(await toy.control('POST', 'faults', fault)).toEqual({ status: 200, body: fault });
    expect((await toy.control('GET', 'faults')).body).toEqual({ faults: [fault], kinds: FAULT_KINDS });
    expect(await toy.control('DELETE', 'faults')).toEqual({ status: 200, body: { faults: [] } });
    expect(toy.core.faults).toEqual([]);
  });

  it('take the transaction as a name or as an object', async () => {
    await using toy = await runningToy();
    await toy.control('POST', 'faults', { match: { transaction: 'Pay' }, kind: 'busy' });
    expect(toy.core.faults).toEqual([{ match: 'Pay', kind: 'busy' }]);
    expect((await toy.pay()).body).toBe('busy');
  });

  it.each([
    [{}, 'kind: one of delay, refuse-connection'],
    [{ kind: 'explode' }, 'kind: one of delay'],
    [{ kind: 'toString' }, 'kind: one of delay'],
    [{ kind: 7 }, 'kind: one of delay'],
    [{ kind: 'busy', time: 1 }, 'time: not a member of a fault'],
    [{ kind: 'busy', match: 7 }, 'match: '],
    [{ kind: 'busy', match: null }, 'match: '],
    [{ kind: 'busy', match: {} }, 'match: '],
    [{ kind: 'busy', match: { transaction: 7 } }, 'match: '],
    [{ kind: 'busy', match: { transaction: 'Pay', person: 'x' } }, 'match.person: not a member of match'],
    [{ kind: 'busy', times: 0 }, 'times: a whole number from 1'],
    [{ kind: 'busy', times: 1.5 }, 'times: a whole number from 1'],
    [{ kind: 'busy', times: '1' }, 'times: '],
    [{ kind: 'busy', times: null }, 'times: '],
    [{ kind: 'busy', probability: 1.1 }, 'probability: a number from 0 to 1'],
    [{ kind: 'busy', probability: -0.1 }, 'probability: '],
    [{ kind: 'delay', delayMs: -1 }, 'delayMs: '],
    [{ kind: 'delay', delayMs: 3_600_001 }, 'delayMs: a number from 0 to 3600000'],
    [{ kind: 'http-status', status: 600 }, 'status: a whole number from 200 to 599'],
    [{ kind: 'http-status', status: 100 }, 'status: '],
    [{ kind: 'http-status', status: 404.5 }, 'status: '],
  ])('%j is refused, and the place is named', async (body, error) => {
    await using toy = await runningToy();
    const answer = await toy.control('POST', 'faults', body);
    expect(answer).toEqual({ status: 422, body: { error: expect.stringContaining(error) } });
    expect(toy.core.faults).toEqual([]);
  });
});

describe('the acts', () => {
  it('are listed with what they need', async () => {
    await using toy = await runningToy();
    expect((await toy.control('GET', 'acts')).body).toMatchObject({
      'top-up': { about: 'Somebody pays at the counter.', parameters: { amountFen: 'whole number of fen' } },
      lunch: { about: 'Nothing happens.', parameters: {} },
    });
  });

  it('are done, and tell what came of it', async () => {
    await using toy = await runningToy();
    const answer = await toy.control('POST', 'acts', { kind: 'top-up', amountFen: 250 });
    expect(answer).toEqual({ status: 200, body: { balance: 250 } });
    expect(toy.ledger()).toEqual(['counter']);
  });

  it('may have nothing to tell', async () => {
    await using toy = await runningToy();
    expect(await toy.control('POST', 'acts', { kind: 'lunch' })).toEqual({ status: 200, body: {} });
  });

  it.each([
    [{ kind: 'top-up' }, 422, 'amountFen: a number'],
    [{ kind: 'top-up', amountFen: '250' }, 422, 'amountFen: a number'],
    [{}, 422, 'kind: one of top-up, lunch'],
    [{ kind: 'sleep' }, 422, 'kind: one of top-up'],
    [{ kind: 'constructor' }, 422, 'kind: one of top-up'],
    [{ kind: '__proto__' }, 422, 'kind: one of top-up'],
    [{ kind: 'strike' }, 500, 'on strike'],
    [{ kind: 'break-down' }, 500, 'BigInt'],
  ])('%j fails with %d and says "%s"', async (body, status, error) => {
    await using toy = await runningToy();
    expect(await toy.control('POST', 'acts', body)).toEqual({
      status,
      body: { error: expect.stringContaining(error) },
    });
    expect((await toy.control('GET', 'ledger')).body).toEqual([]);
  });
});

describe('the clock', () => {
  it('is moved by so much, and told', async () => {
    await using toy = await runningToy();
    const { status, body } = await toy.control('POST', 'clock', { offsetMs: -86_400_000 });
    expect(status).toBe(200);
    const now = Date.parse((body as { now: string }).now);
    expect(Math.abs(Date.now() - 86_400_000 - now)).toBeLessThan(60_000);
    expect(Math.abs(toy.core.now() - now)).toBeLessThan(60_000);
  });

  it.each([{}, { offsetMs: '1' }, { offsetMs: 0.5 }, { offsetMs: null }, { offsetMs: 1e300 }, { offsetMs: 9e15 }])(
    'refuses %j, names the place and stays',
    async (body) => {
      await using toy = await runningToy();
      const answer = await toy.control('POST', 'clock', body);
      expect(answer).toEqual({ status: 422, body: { error: expect.stringContaining('offsetMs: a whole number') } });
      expect(Math.abs(toy.core.now() - Date.now())).toBeLessThan(60_000);
    },
  );
});

describe('the reset', () => {
  it('takes everything back to the beginning', async () => {
    await using toy = await runningToy();
    await toy.pay();
    toy.core.addFault({ kind: 'busy' });
    toy.core.setClock(1_000_000);
    expect(await toy.control('POST', 'reset')).toEqual({ status: 200, body: { reset: true } });

    expect(toy.department.balance).toBe(0);
    expect(toy.core.ledger).toEqual([]);
    expect(toy.core.faults).toEqual([]);
    expect(toy.core.calls).toMatchObject({ calls: {}, total: 0, highestInFlight: 0 });
    expect(toy.core.calls.calls).toEqual({});
    expect(Math.abs(toy.core.now() - Date.now())).toBeLessThan(60_000);
  });

  it('sets the clock right before the department goes back, which may look at it', async () => {
    await using toy = await runningToy();
    toy.core.setClock(86_400_000);
    await toy.control('POST', 'reset');
    expect(Math.abs((toy.department.resetAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('opens a port that refused', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'refuse-connection' });
    await toy.control('POST', 'reset');
    expect((await toy.pay()).status).toBe(200);
  });
});

describe('the control server', () => {
  it.each(['{', '[]', '7', 'null', '"busy"', '{"kind": "busy"} x'])('takes a JSON object and not %s', async (text) => {
    await using toy = await runningToy();
    expect(await toy.control('POST', 'faults', text)).toEqual({ status: 400, body: { error: 'body: a JSON object' } });
  });

  it.each([
    ['GET', 'nothing'],
    ['POST', 'ledger'],
    ['DELETE', 'acts'],
    ['GET', 'reset'],
  ])('knows no %s of %s', async (method, path) => {
    await using toy = await runningToy();
    expect(await toy.control(method, path)).toEqual({
      status: 404,
      body: { error: `no such control: ${method} /control/${path}` },
    });
  });

  it('does not mind a query', async () => {
    await using toy = await runningToy();
    expect(await toy.control('GET', 'ledger?since=1')).toEqual({ status: 200, body: [] });
  });
});
