import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type TcpDepartment, TcpFront } from '../../../adapters/non-tax/simulator/tcp-front.ts';
import { FAULT_KINDS, type FaultKind, SimulatorCore } from '../../../adapters/simulator/core.ts';
import { goldenVoucher, manifest } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { frameOf, readAnswer, running } from './simulator-wire.ts';

const OPEN = goldenVoucher('01-open-rent.request.bin');
const QUERY = goldenVoucher('05-query-unpaid.request.bin');
const frame = frameOf('8994', [OPEN]);
const query = frameOf('8997', [QUERY]);

/** What a unit receives for each kind, and whether the notice was opened. */
const OUTCOMES: Record<Exclude<FaultKind, 'refuse-connection'>, { worked: boolean; sees: (answer: Buffer) => void }> = {
  delay: { worked: true, sees: (answer) => expect(readAnswer(answer).get('Result')).toBe('00000') },
  'drop-before-work': { worked: false, sees: (answer) => expect(answer).toHaveLength(0) },
  'drop-after-work': { worked: true, sees: (answer) => expect(answer).toHaveLength(0) },
  'duplicate-answer': {
    worked: true,
    sees: (answer) => {
      const half = answer.length / 2;
      expect(answer.subarray(0, half).equals(answer.subarray(half))).toBe(true);
      expect(readAnswer(answer.subarray(0, half)).get('Result')).toBe('00000');
    },
  },
  'late-answer': { worked: true, sees: (answer) => expect(readAnswer(answer).get('Result')).toBe('00000') },
  truncate: {
    worked: true,
    sees: (answer) => expect(answer.length).toBe(Math.floor(Number(answer.toString('latin1', 0, 8)) / 2)),
  },
  'wrong-charset': { worked: true, sees: (answer) => expect(readAnswer(answer).get('Result')).toBe('00000') },
  'html-error': {
    worked: false,
    sees: (answer) => expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.0 502 [\s\S]*<html>/),
  },
  'http-status': { worked: false, sees: (answer) => expect(answer).toHaveLength(0) },
  busy: { worked: false, sees: (answer) => expect(readAnswer(answer).get('Result')).toBe('99999') },
  'bad-signature': {
    worked: true,
    sees: (answer) => expect(() => readAnswer(answer)).toThrow('wrong digest'),
  },
  'expired-secret': {
    worked: false,
    sees: (answer) => {
      expect(() => readAnswer(answer)).toThrow('wrong digest');
      expect(readAnswer(answer, 'the token of another period').get('Result')).toBe('99999');
    },
  },
  garbage: { worked: true, sees: (answer) => expect(() => readAnswer(answer)).toThrow('not one whole frame') },
};

describe('the faults of the simulator on TCP', () => {
  it.each(Object.entries(OUTCOMES))('%s does what its kind says, once', async (kind, { worked, sees }) => {
    await using finance = await running(goldenPopulation());
    finance.core.addFault({ kind: kind as FaultKind, match: '8994', times: 1, delayMs: 5 });

    sees(await finance.send(frame));

    expect(finance.ledger().map((entry) => entry.kind)).toEqual(worked ? ['payment-opened'] : []);
    expect(readAnswer(await finance.send(frame)).get('Result')).toBe('00000');
    expect(finance.ledger()).toHaveLength(1);
  });

  it('has an outcome here for every kind there is', () => {
    expect([...Object.keys(OUTCOMES), 'refuse-connection'].sort()).toEqual(Object.keys(FAULT_KINDS).sort());
  });

  it('hits only the transaction that the fault names', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));
    finance.core.addFault({ kind: 'drop-before-work', match: '8995' });

    expect(readAnswer(await finance.send(query)).get('PayStats')).toBe('0');
  });

  it('writes the vouchers of a wrong-charset answer in UTF-8', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));
    finance.core.addFault({ kind: 'wrong-charset' });

    const bytes = await finance.send(query);

    const base64 = /<Voucher>([^<]*)</.exec(bytes.toString('latin1'))?.[1] ?? '';
    expect(Buffer.from(base64, 'base64').toString('utf8')).toContain('<PayerName>孙䶮</PayerName>');
  });

  it('refuses connections until the faults are cleared', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));
    finance.core.addFault({ kind: 'refuse-connection' });
    expect(await connectFails(finance.port)).toBe('ECONNREFUSED');
    expect(await connectFails(Number(new URL(finance.simulator.httpUrl).port))).toBe('ECONNREFUSED');

    finance.core.clearFaults();

    await expect.poll(() => connectFails(finance.port)).toBe('connected');
    expect(readAnswer(await finance.send(query)).get('PayStats')).toBe('0');
  });

  it('listens again by itself when the refusal was for a while', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));
    finance.core.addFault({ kind: 'refuse-connection', delayMs: 20 });
    expect(await connectFails(finance.port)).toBe('ECONNREFUSED');

    await expect.poll(() => connectFails(finance.port)).toBe('connected');
  });

  it('refuses for a while only once, whatever other faults follow', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));
    finance.core.addFault({ kind: 'refuse-connection', delayMs: 20 });
    await expect.poll(() => connectFails(finance.port)).toBe('connected');

    finance.core.addFault({ kind: 'delay', delayMs: 1 });

    expect(await connectFails(finance.port)).toBe('connected');
  });

  it.each([
    ['cleared and set in one go', ['clear', 'refuse'], 'ECONNREFUSED'],
    ['cleared, followed by another fault', ['clear', 'delay'], 'connected'],
    ['cleared, set and cleared', ['clear', 'refuse', 'clear'], 'connected'],
  ] as const)('keeps up with a refusal that is %s', async (_, steps, outcome) => {
    const core = new SimulatorCore('non-tax');
    const front = new TcpFront(core, SILENT, 1_000);
    const port = Number(new URL(await front.listen(0)).port);
    core.addFault({ kind: 'refuse-connection' });

    for (const step of steps) {
      if (step === 'clear') core.clearFaults();
      else core.addFault({ kind: step === 'refuse' ? 'refuse-connection' : 'delay' });
    }

    await expect.poll(() => connectFails(port)).toBe(outcome);
    for (let again = 0; again < 10; again += 1) expect(await connectFails(port)).toBe(outcome);
    await front.close();
  });

  it('does not listen again once it is closed', async () => {
    const core = new SimulatorCore('non-tax');
    const front = new TcpFront(core, SILENT, 1_000);
    const port = Number(new URL(await front.listen(0)).port);
    core.addFault({ kind: 'refuse-connection' });
    await front.close();

    core.clearFaults();

    expect(await connectFails(port)).toBe('ECONNREFUSED');
  });

  it('has the notice paid and told while its opening is not answered yet', async () => {
    await using finance = await running(goldenPopulation());
    finance.core.addFault({ kind: 'late-answer', match: '8994', delayMs: 200 });
    const answered = finance.send(frame);
    await expect.poll(() => finance.ledger().length).toBe(1);

    await finance.act('pay', { payCode: GOLDEN_NOTICES.rent.payCode });

    expect(readAnswer(await finance.send(query)).get('PayStats')).toBe('1');
    expect(readAnswer(await answered).get('Result')).toBe('00000');
  });
});

describe('the connections of the simulator', () => {
  it('takes a frame in as many pieces as it comes', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));

    const answer = await new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(finance.port, '127.0.0.1');
      socket.setNoDelay(true);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('close', () => resolve(Buffer.concat(chunks)));
      const pieces = Array.from(query, (byte) => Buffer.from([byte]));
      const next = (): void => {
        const piece = pieces.shift();
        if (piece) socket.write(piece, () => setImmediate(next));
      };
      next();
    });

    expect(readAnswer(answer).get('PayStats')).toBe('0');
  });

  it('answers a unit that closed its sending side after the frame', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));

    const answer = await new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(finance.port, '127.0.0.1', () => socket.end(query));
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('close', () => resolve(Buffer.concat(chunks)));
    });

    expect(readAnswer(answer).get('PayStats')).toBe('0');
  });

  it('serves many at once and counts them', async () => {
    await using finance = await running(goldenPopulation(GOLDEN_NOTICES.rent));
    finance.core.addFault({ kind: 'delay', delayMs: 20 });

    const answers = await Promise.all(Array.from({ length: 16 }, () => finance.send(query)));

    expect(answers.every((answer) => readAnswer(answer, manifest.token).get('PayStats') === '0')).toBe(true);
    expect(finance.core.calls).toMatchObject({ calls: { '8997': 16 }, total: 16, highestInFlight: 16 });
  });
});

/** A department that never has a whole frame. */
const SILENT: TcpDepartment = {
  frameLength: () => undefined,
  identify: () => 'unknown',
  handle: () => undefined,
  busy: () => undefined,
  expiredSecret: () => undefined,
  wrongCharset: (answer) => answer,
  badSignature: (answer) => answer,
};

/** How connecting ends: the error's code, or `connected`. */
function connectFails(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}
