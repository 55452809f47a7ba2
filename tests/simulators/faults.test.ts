import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind, SimulatorCore } from '../../adapters/simulator/core.ts';
import type { WireAnswer, WireRequest } from '../../adapters/simulator/http-front.ts';
import { NO_SIGNAL } from '../../adapters/transport/call.ts';
import { httpClient } from '../../adapters/transport/http.ts';
import { type RawAnswer, rawExchange, runningToy, ToyDepartment } from './toy-department.ts';

const AS_EVER = (answer: RawAnswer) => {
  expect(answer).toMatchObject({ status: 200, end: 'closed', body: '余额 100' });
  expect(answer.headers).toContain('x-signature: right');
};
const NOTHING = (answer: RawAnswer) => expect(answer.bytes).toHaveLength(0);

/** What a caller of a payment gets for each kind, and whether the payment was made. */
const OUTCOMES: Record<
  Exclude<FaultKind, 'refuse-connection'>,
  { worked: boolean; gives: (answer: RawAnswer) => void }
> = {
  delay: { worked: true, gives: AS_EVER },
  'drop-before-work': { worked: false, gives: NOTHING },
  'drop-after-work': { worked: true, gives: NOTHING },
  'late-answer': { worked: true, gives: AS_EVER },
  'duplicate-answer': {
    worked: true,
    gives: ({ bytes }) => {
      const answers = bytes.toString().split(/(?=HTTP\/1\.1 )/);
      expect(answers).toHaveLength(2);
      for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*x-signature: right[\s\S]*余额 100$/);
    },
  },
  truncate: {
    worked: true,
    gives: ({ headers, bytes }) => {
      expect(headers).toContain(`content-length: ${Buffer.byteLength('余额 100')}`);
      const half = Buffer.from('余额 100').subarray(0, Math.floor(Buffer.byteLength('余额 100') / 2));
      expect(bytes.subarray(headers.length + 4).equals(half)).toBe(true);
    },
  },
  'wrong-charset': {
    worked: true,
    gives: ({ headers, bytes }) => {
      expect(headers).toContain('charset=utf-8');
      expect(iconv.decode(bytes.subarray(headers.length + 4), 'gb18030')).toBe('余额 100');
    },
  },
  'html-error': {
    worked: false,
    gives: ({ status, body }) => {
      expect(status).toBe(502);
      expect(body).toMatch(/^<html>/);
    },
  },
  'http-status': { worked: false, gives: (answer) => expect(answer).toMatchObject({ status: 503, body: '' }) },
  busy: { worked: false, gives: (answer) => expect(answer).toMatchObject({ status: 200, body: 'busy' }) },
  'bad-signature': {
    worked: true,
    gives: (answer) => {
      expect(answer.body).toBe('余额 100');
      expect(answer.headers).toContain('x-signature: wrong');
    },
  },
  'expired-secret': {
    worked: false,
    gives: (answer) => expect(answer).toMatchObject({ status: 403, body: 'your secret has expired' }),
  },
  garbage: {
    worked: true,
    gives: ({ status, headers, bytes }) => {
      expect(status).toBe(200);
      expect(bytes.subarray(headers.length + 4)).toHaveLength(64);
      expect(bytes.includes('余额')).toBe(false);
    },
  },
};

describe('a fault', () => {
  it('is known for every kind that the contract names', () => {
    expect(Object.keys(FAULT_KINDS).toSorted()).toEqual([...Object.keys(OUTCOMES), 'refuse-connection'].toSorted());
  });

  it.each(Object.entries(OUTCOMES))(
    'of kind %s does over the wire what it says, once',
    async (kind, { worked, gives }) => {
      await using toy = await runningToy();
      await toy.control('POST', 'faults', { kind, match: 'Pay', times: 1, delayMs: 5 });

      gives(await toy.pay('R1'));
      expect(toy.ledger()).toEqual(worked ? ['R1'] : []);

      toy.department.reset();
      AS_EVER(await toy.pay('R2'));
      expect(toy.ledger()).toEqual(worked ? ['R1', 'R2'] : ['R2']);
    },
  );

  it('may answer with any HTTP status', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'http-status', status: 418 });
    expect((await toy.pay()).status).toBe(418);
  });

  it('cuts even an answer without a body', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'truncate' });
    const { bytes } = await rawExchange(toy.url, 'GET /Empty');
    expect(bytes.toString()).toMatch(/^HTTP\/1\.1 200/);
    expect(bytes.includes('\r\n\r\n')).toBe(false);
  });

  it('of the wrong character set is the department’s own where it has one', async () => {
    const asked: string[] = [];
    class Latin extends ToyDepartment {
      wrongCharset(request: WireRequest, answer: WireAnswer): WireAnswer {
        asked.push(`${request.url} ${answer.body}`);
        return { ...answer, body: Buffer.from('?? 100', 'latin1') };
      }
    }
    await using toy = await runningToy(new Latin(new SimulatorCore('toy')));
    toy.core.addFault({ kind: 'wrong-charset' });
    expect(await toy.pay()).toMatchObject({ status: 200, body: '?? 100' });
    expect(asked).toEqual(['/Pay 余额 100']);
  });

  it('of a duplicate answer reaches a caller who keeps the connection, and spoils no later exchange', async () => {
    await using toy = await runningToy();
    const client = httpClient({ origin: toy.url, connectTimeoutMs: 5_000, readTimeoutMs: 5_000, connections: 1 });
    const pay = async () =>
      (await client.exchange({ method: 'POST', path: '/Pay', signal: NO_SIGNAL })).body.toString();
    toy.core.addFault({ kind: 'duplicate-answer' });
    expect([await pay(), await pay(), await pay()]).toEqual(['余额 100', '余额 200', '余额 300']);
    await client.close();
  });

  it('hits only the transaction that it names', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'busy', match: 'Balance' });
    AS_EVER(await toy.pay());
    expect((await rawExchange(toy.url, 'GET /Balance')).body).toBe('busy');
  });

  it('hits every transaction when it names none, also one that cannot be told', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'busy' });
    expect((await rawExchange(toy.url, 'GET /nothing')).body).toBe('busy');
  });

  it('hits as often as it says and is gone then', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'busy', times: 2 });
    const bodies = [];
    for (let call = 0; call < 3; call += 1) bodies.push((await toy.pay()).body);
    expect(bodies).toEqual(['busy', 'busy', '余额 100']);
    expect(toy.core.faults).toEqual([]);
  });

  it('hits for ever when it does not say how often, until it is cleared', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'busy' });
    for (let call = 0; call < 3; call += 1) expect((await toy.pay()).body).toBe('busy');
    toy.core.clearFaults();
    AS_EVER(await toy.pay());
  });

  it('hits with its probability: never with 0, always with 1', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'drop-before-work', probability: 0 });
    toy.core.addFault({ kind: 'busy', probability: 1 });
    for (let call = 0; call < 5; call += 1) expect((await toy.pay()).body).toBe('busy');
  });

  it('that waits behind a delay hits the delayed call', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'delay', delayMs: 5, times: 1 });
    toy.core.addFault({ kind: 'busy', times: 1 });
    expect((await toy.pay()).body).toBe('busy');
    expect(toy.core.faults).toEqual([]);
  });

  it('that may hit once hits once, of several calls that were delayed before it', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'delay', delayMs: 20 });
    toy.core.addFault({ kind: 'busy', times: 1 });
    const bodies = (await Promise.all(['A', 'B', 'C', 'D'].map(toy.pay))).map(({ body }) => body);
    expect(bodies.filter((body) => body === 'busy')).toHaveLength(1);
    expect(toy.ledger()).toHaveLength(3);
  });

  it('that was cleared while a call was delayed does not hit it any more', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'delay', delayMs: 50, match: 'Pay' });
    toy.core.addFault({ kind: 'busy', match: 'Pay' });
    const delayed = toy.pay();
    while (toy.core.calls.total === 0) await rawExchange(toy.url, 'GET /nothing').then(() => {});
    toy.core.clearFaults();
    AS_EVER(await delayed);
  });

  it('is copied when it is added: one description may be used again', async () => {
    await using toy = await runningToy();
    const once = Object.freeze({ kind: 'busy', times: 1 } as const);
    for (let time = 0; time < 2; time += 1) {
      toy.core.addFault(once);
      expect((await toy.pay()).body).toBe('busy');
      expect((await toy.pay()).body).toMatch(/^余额/);
    }
  });

  it.each(['delay', 'late-answer'] as const)(
    'of kind %s does not hold up the closing of the simulator',
    async (kind) => {
      const toy = await runningToy();
      toy.core.addFault({ kind, delayMs: 3_600_000 });
      const waiting = toy.pay('R1');
      while (toy.core.calls.total === 0) await toy.control('GET', 'calls');
      await toy[Symbol.asyncDispose]();
      NOTHING(await waiting);
      // The call itself has ended too: no timer of an hour is left.
      await Promise.resolve();
      expect(toy.ledger()).toEqual(kind === 'delay' ? [] : ['R1']);
    },
  );

  it('of a late answer has done its work before it waits', async () => {
    await using toy = await runningToy();
    toy.core.addFault({ kind: 'late-answer', delayMs: 3_600_000, times: 1 });
    void toy.pay('late');
    while (toy.ledger().length === 0) await toy.control('GET', 'ledger');
    await toy.pay('prompt');
    expect(toy.ledger()).toEqual(['late', 'prompt']);
  });
});

describe('a department that fails of itself', () => {
  it('is told as a fault of the simulator, not as an answer of the department', async () => {
    class Broken extends ToyDepartment {
      override handle(): WireAnswer {
        throw new Error('bug in the simulator');
      }
    }
    await using toy = await runningToy(new Broken(new SimulatorCore('toy')));
    expect(await toy.pay()).toMatchObject({ status: 500, body: expect.stringContaining('bug in the simulator') });
    expect(toy.core.calls).toMatchObject({ total: 1 });
  });
});
