import { beforeEach, describe, expect, it } from 'vitest';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { type Pause, realPause, ServiceSecret } from '../../../adapters/disability-subsidy/secret.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { closeLater } from '../closing.ts';
import { json } from '../http-message.ts';
import { rawLoopback } from '../loopback.ts';
import { clientOf, type Department, GOLDEN_START, startDepartment } from './department.ts';
import { INDEX } from './golden-files.ts';
import { AT_HOME } from './inputs.ts';
import { LI, populationWithProgress, TO_SHENZHEN, ZHOU } from './population.ts';

const NEVER = new AbortController().signal;

describe('the secret of a service', () => {
  let now: number;
  let renewals: number;
  let lasting: number;
  let pauses: number[];
  let secret: ServiceSecret;
  const advance: Pause = async (milliseconds, signal) => {
    signal.throwIfAborted();
    pauses.push(milliseconds);
    now += milliseconds;
  };

  beforeEach(() => {
    now = GOLDEN_START;
    renewals = 0;
    lasting = 3_600_000;
    pauses = [];
    const renew = async () => {
      renewals += 1;
      return { value: `secret ${renewals}`, validUntil: now + lasting };
    };
    secret = new ServiceSecret(renew, () => now, advance);
  });

  it('is fetched once for everyone who waits', async () => {
    const got = await Promise.all([secret.get(NEVER), secret.get(NEVER), secret.get(NEVER)]);
    expect(got).toEqual(['secret 1', 'secret 1', 'secret 1']);
    expect(renewals).toBe(1);
  });

  it('is renewed when less than a minute is left, and not before', async () => {
    await secret.get(NEVER);
    now += 3_600_000 - 60_001;
    expect(await secret.get(NEVER)).toBe('secret 1');
    now += 1;
    expect(await secret.get(NEVER)).toBe('secret 2');
  });

  it('is not renewed twice in 20 seconds even where it lasts less than a minute', async () => {
    lasting = 30_000;
    await secret.get(NEVER);
    now += 19_999;
    expect(await secret.get(NEVER)).toBe('secret 1');
    now += 1;
    expect(await secret.get(NEVER)).toBe('secret 2');
  });

  it('is renewed after a refusal when the 20 seconds are over, which are waited for', async () => {
    await secret.get(NEVER);
    now += 5_000;
    expect(await secret.instead('secret 1', NEVER)).toBe('secret 2');
    expect(pauses).toEqual([15_000]);
  });

  it('is not renewed for a refusal of an older one', async () => {
    await secret.get(NEVER);
    now += 20_000;
    await secret.instead('secret 1', NEVER);
    expect(await secret.instead('secret 1', NEVER)).toBe('secret 2');
    expect([renewals, pauses]).toEqual([2, []]);
  });

  it('is renewed in one flight for everyone who was refused', async () => {
    await secret.get(NEVER);
    now += 20_000;
    const got = await Promise.all([secret.instead('secret 1', NEVER), secret.instead('secret 1', NEVER)]);
    expect(got).toEqual(['secret 2', 'secret 2']);
    expect(renewals).toBe(2);
  });

  it('is not waited for by a caller who has left', async () => {
    await secret.get(NEVER);
    await expect(secret.instead('secret 1', AbortSignal.abort())).rejects.toBeInstanceOf(DOMException);
    expect(renewals).toBe(1);
  });

  it('is waited for on a real clock, unless the caller leaves', async () => {
    await realPause(1, NEVER);
    const leaving = new AbortController();
    const waiting = realPause(60_000, leaving.signal);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is not asked for again for 20 seconds after the exchange refused it', async () => {
    const error = new CasegraphError('DEPARTMENT_REJECTED', 'no grant', { departmentCode: 'E-106' });
    let asked = 0;
    const refused = new ServiceSecret(
      () => {
        asked += 1;
        return Promise.reject(error);
      },
      () => now,
      advance,
    );
    await expect(refused.get(NEVER)).rejects.toBe(error);
    now += 12_000;
    await expect(refused.get(NEVER)).rejects.toMatchObject({
      details: { departmentCode: 'E-106', retryAfterMs: 8_000 },
    });
    expect(asked).toBe(1);
    now += 8_000;
    await expect(refused.get(NEVER)).rejects.toBe(error);
    expect(asked).toBe(2);
  });

  it('is asked for again at once when the exchange could not be reached', async () => {
    let reachable = false;
    const flaky = new ServiceSecret(
      () =>
        reachable
          ? Promise.resolve({ value: 'secret', validUntil: now + 3_600_000 })
          : Promise.reject(new CasegraphError('DEPARTMENT_UNREACHABLE', undefined, { safeToRepeat: true })),
      () => now,
      advance,
    );
    await expect(flaky.get(NEVER)).rejects.toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    reachable = true;
    expect(await flaky.get(NEVER)).toBe('secret');
  });
});

describe('a client and its secrets', () => {
  let department: Department;
  let client: DisabilitySubsidyClient;
  let pauses: number[];
  const refreshes = () => department.core.calls.calls.refreshappsecret ?? 0;
  const letTimePass: Pause = async (milliseconds, signal) => {
    signal.throwIfAborted();
    pauses.push(milliseconds);
    department.setTime(department.core.now() + milliseconds);
  };

  beforeEach(async () => {
    department = closeLater(await startDepartment(populationWithProgress()));
    pauses = [];
    client = clientOf(department, {}, { pause: letTimePass });
  });

  it('fetches one secret for each service and keeps it', async () => {
    await client.enrolments(ZHOU.idNumber);
    await client.enrolments(LI.idNumber);
    await client.application(TO_SHENZHEN);
    expect(refreshes()).toBe(2);
  });

  it('fetches it once for many callers at the same time', async () => {
    await Promise.all(Array.from({ length: 25 }, () => client.enrolments(ZHOU.idNumber)));
    expect(refreshes()).toBe(1);
    expect(department.core.calls.calls.LB02).toBe(25);
    expect(department.core.calls.highestInFlight).toBeLessThanOrEqual(10);
  });

  it('renews a secret that ended, sends once more, and the caller notices nothing', async () => {
    await client.enrolments(ZHOU.idNumber);
    await department.act('expire-secrets');
    department.setTime(GOLDEN_START + 30_000);
    expect(await client.enrolments(ZHOU.idNumber)).toHaveLength(1);
    expect([refreshes(), pauses]).toEqual([2, []]);
  });

  it('does so for a write too, which is done once', async () => {
    department.core.addFault({ kind: 'expired-secret', match: 'LB03', times: 1 });
    expect(await client.submitApplication(AT_HOME)).toMatchObject({ duplicate: false });
    expect(department.core.ledger).toHaveLength(1);
    expect(refreshes()).toBe(2);
    expect(pauses[0]).toBeGreaterThan(19_000); // the first renewal was just now
  });

  it('fails after the second refusal', async () => {
    department.core.addFault({ kind: 'bad-signature', match: 'LB02' });
    await expect(client.enrolments(ZHOU.idNumber)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '-5' },
    });
    expect(department.core.calls.calls.LB02).toBe(2);
    expect(refreshes()).toBe(2);
  });

  it('comes back after 20 seconds when the exchange is renewing the secret, once', async () => {
    await client.enrolments(ZHOU.idNumber);
    await department.act('expire-secrets', { transaction: 'LB02', renewingMs: 20_000 });
    expect(await client.enrolments(ZHOU.idNumber)).toHaveLength(1);
    expect(pauses[0]).toBe(20_000);

    await department.act('expire-secrets', { transaction: 'LB02', renewingMs: 3_600_000 });
    await expect(client.enrolments(ZHOU.idNumber)).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { departmentCode: '-50', retryAfterMs: 20_000 },
    });
  });

  it('stops waiting for the exchange when the caller leaves', async () => {
    await client.enrolments(ZHOU.idNumber);
    await department.act('expire-secrets', { transaction: 'LB02', renewingMs: 60_000 });
    const leaving = new AbortController();
    const impatient = clientOf(
      department,
      {},
      {
        pause: (_milliseconds, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            leaving.abort();
          }),
      },
    );
    await expect(impatient.enrolments(ZHOU.idNumber, { signal: leaving.signal })).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { departmentCode: '-50' },
    });
  });

  it('renews ahead of a short-lived secret’s end without ever being refused', async () => {
    await department.act('set-secret-lifetime', { ms: 120_000 });
    for (let minute = 0; minute < 5; minute += 1) {
      await client.enrolments(ZHOU.idNumber);
      department.setTime(department.core.now() + 60_000);
    }
    expect(department.core.calls.calls.LB02).toBe(5);
    expect(refreshes()).toBe(5);
  });

  it('reports a missing grant as it is, and does not ask again at once', async () => {
    await department.act('set-grant', { transaction: 'LB02', standing: 'unlisted' });
    for (const departmentCode of ['E-106', 'E-106']) {
      await expect(client.enrolments(ZHOU.idNumber)).rejects.toMatchObject({
        code: 'DEPARTMENT_REJECTED',
        details: { departmentCode },
      });
    }
    expect(refreshes()).toBe(1);
    expect(await client.application(TO_SHENZHEN)).not.toBeNull();
  });

  it('does not let a write whose secret cannot be fetched look as if it was sent', async () => {
    department.core.addFault({ kind: 'drop-before-work', match: 'refreshappsecret' });
    await expect(client.submitApplication(AT_HOME)).rejects.toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(department.core.calls.calls.LB03).toBeUndefined();
  });

  it('goes on with other services while one waits for its secret', async () => {
    const waiting = new AbortController();
    department.core.addFault({ kind: 'late-answer', match: 'refreshappsecret', times: 1, delayMs: 60_000 });
    const held = Array.from({ length: 15 }, () => client.enrolments(ZHOU.idNumber, { signal: waiting.signal }));
    const outcomes = Promise.allSettled(held);
    await untilCalled(department, 'refreshappsecret');
    expect(await client.application(TO_SHENZHEN)).not.toBeNull();
    waiting.abort();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'DEPARTMENT_TIMEOUT' } });
    }
    await department.close(); // cuts the renewal that is still held
  });

  it('takes the end of the day in China where the exchange tells no end', async () => {
    const bodies: unknown[] = [];
    const server = closeLater(
      await rawLoopback((request) => {
        bodies.push(json(request));
        return httpJson({ code: 0, message: '成功', data: { secret: WRAPPED_LB02 } });
      }),
    );
    let now = Date.parse('2022-10-08T23:58:00+08:00');
    const alone = clientOf({ url: server.url, core: { now: () => now } as never });
    await alone.enrolments(ZHOU.idNumber).catch(() => undefined);
    now = Date.parse('2022-10-08T23:58:59.998+08:00');
    await alone.enrolments(ZHOU.idNumber).catch(() => undefined);
    expect(refreshBodies(bodies)).toHaveLength(1);
    now = Date.parse('2022-10-08T23:58:59.999+08:00');
    await alone.enrolments(ZHOU.idNumber).catch(() => undefined);
    expect(refreshBodies(bodies)).toHaveLength(2);
  });

  it('never shows a key or secret in an error', async () => {
    const shown: string[] = [];
    const note = (error: unknown) => {
      const { message, details } = error as CasegraphError;
      shown.push(message, JSON.stringify(details), String((error as CasegraphError).cause));
    };
    department.core.addFault({ kind: 'bad-signature', match: 'LB02' });
    await client.enrolments(ZHOU.idNumber).catch(note);
    const wrongKeys = clientOf(department, {
      appKeys: Object.fromEntries(Object.values(INDEX.appKeys).map((_, place) => [`LB0${place + 1}`, 'f'.repeat(32)])),
    });
    await wrongKeys.application(TO_SHENZHEN).catch(note);
    const server = closeLater(
      await rawLoopback(() =>
        httpJson({ code: '0', message: '', data: { secret: WRAPPED_LB02, secretEndTime: '1665244799000' } }),
      ),
    );
    const wrongWrapping = clientOf({ url: server.url, core: department.core });
    await wrongWrapping.application(TO_SHENZHEN).catch(note);
    expect(shown).toHaveLength(9);
    for (const value of [
      ...Object.values(INDEX.appKeys),
      ...Object.values(INDEX.secrets),
      'f'.repeat(32),
      WRAPPED_LB02,
    ]) {
      expect(shown.join('\n')).not.toContain(value);
    }
  });
});

describe('the clocks', () => {
  it('may differ by five minutes; more is told once, and named when the exchange refuses the time', async () => {
    const department = closeLater(await startDepartment(populationWithProgress()));
    const told: number[] = [];
    let behindMs = 4 * 60_000;
    const client = clientOf(
      department,
      {},
      { clock: () => department.core.now() - behindMs, clockSkewed: (skewMs) => told.push(skewMs) },
    );
    await client.enrolments(ZHOU.idNumber);
    expect(told).toEqual([]);

    behindMs = 6 * 60_000;
    await client.enrolments(ZHOU.idNumber);
    await client.enrolments(ZHOU.idNumber);
    expect(told).toHaveLength(1);
    expect(Math.round((told[0] ?? 0) / 60_000)).toBe(6);

    behindMs = 11 * 60_000;
    await expect(client.enrolments(ZHOU.idNumber)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: expect.stringMatching(/clock is 6(59|60) s behind/),
      details: { departmentCode: '-19' },
    });
    expect(department.core.calls.calls.LB02).toBe(5); // signed once more with a fresh time
  });
});

/** LB02's golden secret in its wrapping. */
const WRAPPED_LB02 = 'z++7DCPovUtxCBLkgC+h5nYX4Z8c/UxqNA5tctAmZcFw5zw2XUNI9c5ZZidZMN8t';

function refreshBodies(bodies: readonly unknown[]): unknown[] {
  return bodies.filter((body) => typeof body === 'object' && body !== null && 'gjgxjhpt_sign' in body);
}

function httpJson(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value));
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

async function untilCalled(department: Department, transaction: string): Promise<void> {
  while (!department.core.calls.calls[transaction]) await new Promise((resolve) => setImmediate(resolve));
}
