import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulatorCore } from '../../adapters/simulator/core.ts';
import { Listening } from '../../adapters/simulator/listening.ts';
import { rawExchange, runningToy } from './toy-department.ts';

const REFUSE = { kind: 'refuse-connection' } as const;

/** How connecting ends: `connected`, or the error's code. */
function connecting(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}

async function front() {
  const core = new SimulatorCore('toy');
  const sockets: Socket[] = [];
  const listening = new Listening(core, () => createServer((socket) => sockets.push(socket)));
  const port = await listening.listen(0);
  return {
    core,
    listening,
    port,
    sockets,
    [Symbol.asyncDispose]: () => listening.close(),
  };
}

describe('the port of a simulator', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
    expect(unhandled).toEqual([]);
  });

  it('listens, and listens no more when it is closed', async () => {
    const { listening, port } = await front();
    expect(await connecting(port)).toBe('connected');
    await listening.close();
    expect(await connecting(port)).toBe('ECONNREFUSED');
  });

  it('refuses connections while the fault lasts, at once, and takes them again at the same address', async () => {
    await using toy = await runningToy();
    toy.core.addFault(REFUSE);
    expect(await toy.pay()).toMatchObject({ end: 'ECONNREFUSED' });
    expect(toy.ledger()).toEqual([]);
    toy.core.clearFaults();
    expect(await toy.pay()).toMatchObject({ status: 200 });
  });

  it('refuses by the control server too, which goes on serving', async () => {
    await using toy = await runningToy();
    await toy.control('POST', 'faults', { kind: 'refuse-connection' });
    expect(await toy.pay()).toMatchObject({ end: 'ECONNREFUSED' });
    await toy.control('DELETE', 'faults');
    expect(await toy.pay()).toMatchObject({ status: 200 });
  });

  it('drops those who are connected when it begins to refuse', async () => {
    await using server = await front();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const dropped = once(socket.resume(), 'close');
    server.core.addFault(REFUSE);
    await dropped;
  });

  it('stays closed when the faults are cleared after it was closed', async () => {
    const { core, listening, port } = await front();
    await listening.close();
    core.addFault(REFUSE);
    core.clearFaults();
    expect(await connecting(port)).toBe('ECONNREFUSED');
  });

  it('stays closed when it is closed while it refuses, whatever comes after', async () => {
    const { core, listening, port } = await front();
    core.addFault({ ...REFUSE, delayMs: 1 });
    await listening.close();
    core.clearFaults();
    core.reset();
    expect(await connecting(port)).toBe('ECONNREFUSED');
  });

  it('stays closed when it is closed in the moment in which it opens again', async () => {
    const { core, listening, port } = await front();
    core.addFault(REFUSE);
    core.clearFaults();
    await listening.close();
    expect(await connecting(port)).toBe('ECONNREFUSED');
  });

  it('may be opened anew after it was closed, and refuses then as before', async () => {
    await using server = await front();
    await server.listening.close();
    const port = await server.listening.listen(0);
    expect(await connecting(port)).toBe('connected');
    server.core.addFault(REFUSE);
    expect(await connecting(port)).toBe('ECONNREFUSED');
  });

  it('refuses for as long as the fault says, and other faults do not begin that time anew', async () => {
    await using server = await front();
    server.core.addFault({ ...REFUSE, delayMs: 20 });
    expect(await connecting(server.port)).toBe('ECONNREFUSED');
    await vi.waitFor(async () => expect(await connecting(server.port)).toBe('connected'), { timeout: 5_000 });

    server.core.addFault({ kind: 'busy' });
    expect(await connecting(server.port)).toBe('connected');
  });

  it('refuses again when it is told so again, though the first time is over and was never cleared', async () => {
    await using server = await front();
    server.core.addFault({ ...REFUSE, delayMs: 1 });
    await vi.waitFor(async () => expect(await connecting(server.port)).toBe('connected'), { timeout: 5_000 });
    server.core.addFault(REFUSE);
    expect(await connecting(server.port)).toBe('ECONNREFUSED');
  });

  it('opens once when a refusal is cleared and another fault comes at once', async () => {
    await using server = await front();
    server.core.addFault(REFUSE);
    server.core.clearFaults();
    server.core.addFault({ kind: 'busy' });
    server.core.clearFaults();
    expect(await connecting(server.port)).toBe('connected');
  });

  it('is refused from the start when the fault was there first', async () => {
    const core = new SimulatorCore('toy');
    core.addFault(REFUSE);
    const listening = new Listening(core, () => createServer());
    const port = await listening.listen(0);
    expect(await connecting(port)).toBe('ECONNREFUSED');
    core.clearFaults();
    expect(await connecting(port)).toBe('connected');
    await listening.close();
  });

  it('goes with every other port of the same simulator', async () => {
    const core = new SimulatorCore('toy');
    const ports = [new Listening(core, () => createServer()), new Listening(core, () => createServer())];
    const numbers = await Promise.all(ports.map((port) => port.listen(0)));
    core.addFault(REFUSE);
    expect(await Promise.all(numbers.map(connecting))).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    core.clearFaults();
    expect(await Promise.all(numbers.map(connecting))).toEqual(['connected', 'connected']);
    await Promise.all(ports.map((port) => port.close()));
  });

  it('that another already has is told', async () => {
    await using server = await front();
    const other = new Listening(new SimulatorCore('toy'), () => createServer());
    await expect(other.listen(server.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('is open or closed as the last fault says, in whatever order faults come and go', async () => {
    const step = fc.constantFrom('refuse', 'other', 'clear', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await using server = await front();
        let refusing = false;
        for (const step of steps) {
          if (step === 'refuse') server.core.addFault(REFUSE);
          if (step === 'other') server.core.addFault({ kind: 'busy' });
          if (step === 'clear') server.core.clearFaults();
          if (step === 'wait') await new Promise((resolve) => setImmediate(resolve));
          refusing = step === 'refuse' || (refusing && step !== 'clear');
        }
        expect(await connecting(server.port)).toBe(refusing ? 'ECONNREFUSED' : 'connected');
      }),
      { numRuns: 60 },
    );
  });

  it('tells its front when it closes, and not when it only refuses', async () => {
    const { core, listening } = await front();
    const { closing } = listening;
    core.addFault(REFUSE);
    expect(closing.aborted).toBe(false);
    await listening.close();
    expect(closing.aborted).toBe(true);
  });

  it('gives nothing to those who ask when it is gone', async () => {
    const toy = await runningToy();
    await toy[Symbol.asyncDispose]();
    expect(await rawExchange(toy.url, 'GET /Balance')).toMatchObject({ end: 'ECONNREFUSED' });
  });
});
