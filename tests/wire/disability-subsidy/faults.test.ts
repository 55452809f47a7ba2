import { beforeEach, describe, expect, it } from 'vitest';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from '../../../adapters/simulator/core.ts';
import { closeLater } from '../closing.ts';
import { clientOf, type Department, startDepartment } from './department.ts';
import { AT_HOME, FEDERATION_PASSES, SUPPLEMENT } from './inputs.ts';
import { FROM_SHENZHEN, populationWithProgress, TO_SHENZHEN, ZHOU } from './population.ts';

const QUICK = { line: { retry: { backoffMs: 1 }, breaker: { failures: 50 } } };

/** For what comes later than any deadline. */
const IMPATIENT = { line: { ...QUICK.line, deadline: { readMs: 400, writeMs: 400 } } };

let department: Department;
let client: DisabilitySubsidyClient;

beforeEach(async () => {
  department = closeLater(await startDepartment(populationWithProgress()));
  client = clientOf(department, QUICK);
  // The secrets are there: what follows meets the business calls.
  await client.enrolments(ZHOU.idNumber);
  await client.application(TO_SHENZHEN);
});

/** A client that waits for little; what it reads with is there. */
async function impatient(): Promise<DisabilitySubsidyClient> {
  const made = clientOf(department, IMPATIENT);
  await made.application(TO_SHENZHEN);
  return made;
}

function fault(kind: FaultKind, other: Partial<Fault> = {}): void {
  department.core.addFault({ kind, ...other });
}

const calls = (transaction: string) => department.core.calls.calls[transaction] ?? 0;
const filed = () => department.core.ledger.filter(({ kind }) => kind === 'application-submitted').length;

type Expected = { readonly code: string; readonly calls: number } | { readonly calls: number };

/** Once is forgiven, lasting is reported: what a reading caller sees of each fault, and how often the department was called. */
const READS: Readonly<
  Record<FaultKind, { readonly lasting: Expected; readonly once: Expected; readonly late?: boolean }>
> = {
  delay: {
    late: true,
    lasting: { code: 'DEPARTMENT_TIMEOUT', calls: 1 },
    once: { code: 'DEPARTMENT_TIMEOUT', calls: 1 },
  },
  'late-answer': {
    late: true,
    lasting: { code: 'DEPARTMENT_TIMEOUT', calls: 1 },
    once: { code: 'DEPARTMENT_TIMEOUT', calls: 1 },
  },
  'refuse-connection': {
    lasting: { code: 'DEPARTMENT_UNREACHABLE', calls: 0 },
    once: { code: 'DEPARTMENT_UNREACHABLE', calls: 0 },
  },
  'drop-before-work': { lasting: { code: 'DEPARTMENT_UNREACHABLE', calls: 3 }, once: { calls: 2 } },
  'drop-after-work': { lasting: { code: 'DEPARTMENT_UNREACHABLE', calls: 3 }, once: { calls: 2 } },
  'duplicate-answer': { lasting: { calls: 1 }, once: { calls: 1 } },
  truncate: { lasting: { code: 'DEPARTMENT_UNREACHABLE', calls: 3 }, once: { calls: 2 } },
  'wrong-charset': { lasting: { code: 'DEPARTMENT_PROTOCOL', calls: 3 }, once: { calls: 2 } },
  'html-error': { lasting: { code: 'DEPARTMENT_UNREACHABLE', calls: 3 }, once: { calls: 2 } },
  'http-status': { lasting: { code: 'DEPARTMENT_UNREACHABLE', calls: 3 }, once: { calls: 2 } },
  garbage: { lasting: { code: 'DEPARTMENT_PROTOCOL', calls: 3 }, once: { calls: 2 } },
  busy: { lasting: { code: 'DEPARTMENT_BUSY', calls: 1 }, once: { code: 'DEPARTMENT_BUSY', calls: 1 } },
  'bad-signature': { lasting: { code: 'DEPARTMENT_REJECTED', calls: 2 }, once: { calls: 2 } },
  'expired-secret': { lasting: { code: 'DEPARTMENT_REJECTED', calls: 2 }, once: { calls: 2 } },
};

describe('a read', () => {
  const kinds = Object.keys(FAULT_KINDS) as FaultKind[];

  it.each(kinds)('under %s that lasts', async (kind) => {
    await meets(kind, READS[kind].lasting, {});
  });

  it.each(kinds.filter((kind) => kind !== 'refuse-connection'))('under %s that comes once', async (kind) => {
    await meets(kind, READS[kind].once, { times: 1 });
  });

  async function meets(kind: FaultKind, expected: Expected, other: Partial<Fault>): Promise<void> {
    const { late = false } = READS[kind];
    const caller = late ? await impatient() : client;
    const before = calls('LB04');
    fault(kind, { match: 'LB04', ...(late && { delayMs: 60_000 }), ...other });
    const outcome = await outcomeOf(caller.application(TO_SHENZHEN));
    if ('code' in expected)
      expect(outcome).toMatchObject({ code: expected.code, details: { department: 'disability-subsidy' } });
    else expect(outcome).toMatchObject({ number: TO_SHENZHEN, status: '30' });
    expect(calls('LB04') - before).toBe(expected.calls);
  }

  it('goes on well after an answer came twice', async () => {
    fault('duplicate-answer', { times: 3 });
    for (let round = 0; round < 6; round += 1) {
      expect(await client.application(TO_SHENZHEN)).toMatchObject({ number: TO_SHENZHEN });
    }
  });
});

describe('a write that is safe to make again', () => {
  const answered = [
    'drop-before-work',
    'drop-after-work',
    'truncate',
    'wrong-charset',
    'html-error',
    'http-status',
    'garbage',
  ] as const;

  it.each(answered)('is made once more after %s, and done once', async (kind) => {
    fault(kind, { match: 'LB03', times: 1 });
    const receipt = await client.submitApplication(AT_HOME);
    expect(receipt.number).toBe('LB42120220221008000019');
    expect(filed()).toBe(1);
    expect(calls('LB03')).toBe(2);
  });

  it.each(answered)('is OUTCOME_UNKNOWN with the first message id after %s twice', async (kind) => {
    fault(kind, { match: 'LB03' });
    const outcome = await outcomeOf(client.submitApplication(AT_HOME));
    expect(outcome).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { department: 'disability-subsidy', reference: '42120220221008000003' },
    });
    expect(calls('LB03')).toBe(2);
    department.core.clearFaults();
    expect((await client.submitApplication(AT_HOME)).number).toBe('LB42120220221008000019');
    expect(filed()).toBe(1);
  });

  it('is OUTCOME_UNKNOWN when the answer is later than the deadline, and was done once', async () => {
    const caller = await impatient();
    fault('late-answer', { match: 'LB03', delayMs: 60_000, times: 1 });
    expect(await outcomeOf(caller.submitApplication(AT_HOME))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(await client.submitApplication(AT_HOME)).toMatchObject({ duplicate: true });
    expect(filed()).toBe(1);
  });

  it('runs on to the end when its caller leaves', async () => {
    fault('delay', { match: 'LB03', delayMs: 100, times: 1 });
    const leaving = new AbortController();
    const filing = client.submitApplication(AT_HOME, { signal: leaving.signal });
    leaving.abort();
    expect(await filing).toMatchObject({ duplicate: false });
  });

  it('is not made again where nothing was sent', async () => {
    fault('refuse-connection');
    expect(await outcomeOf(client.submitApplication(AT_HOME))).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    department.core.clearFaults();
  });

  it('stays unknown when the second attempt meets a limit', async () => {
    fault('drop-after-work', { match: 'LB03', times: 1 });
    fault('busy', { match: 'LB03' });
    expect(await outcomeOf(client.submitApplication(AT_HOME))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(filed()).toBe(1);
  });

  it('supplements once, whatever happens to the first answer', async () => {
    await department.act('ask-supplement', { applicationNo: TO_SHENZHEN });
    fault('drop-after-work', { match: 'LB05', times: 1 });
    expect(await client.supplement(SUPPLEMENT)).toMatchObject({ status: '30' });
    expect(department.core.ledger.filter(({ kind }) => kind === 'supplemented')).toHaveLength(1);
  });
});

describe('a decision of unknown outcome', () => {
  const firstCheck = { ...FEDERATION_PASSES, number: FROM_SHENZHEN, stage: '1', opinion: '初审通过' };
  const decided = () => department.core.ledger.filter(({ kind }) => kind === 'decided').length;

  it('is looked up and not made again when it was done', async () => {
    fault('drop-after-work', { match: 'LB07', times: 1 });
    const before = calls('LB04');
    expect(await client.decide(firstCheck)).toEqual({ number: FROM_SHENZHEN, status: '30' });
    expect([calls('LB07'), calls('LB04') - before, decided()]).toEqual([1, 1, 1]);
  });

  it('is looked up and made again when it was not done', async () => {
    fault('drop-before-work', { match: 'LB07', times: 1 });
    expect(await client.decide(firstCheck)).toEqual({ number: FROM_SHENZHEN, status: '30' });
    expect([calls('LB07'), decided()]).toEqual([2, 1]);
  });

  it('is found although the application has moved on since', async () => {
    fault('drop-after-work', { match: 'LB07', times: 1 });
    department.core.addFault({ kind: 'delay', match: 'LB04', delayMs: 50, times: 1 });
    const deciding = client.decide(firstCheck);
    while (decided() === 0) await new Promise((resolve) => setImmediate(resolve));
    await department.act('review', { applicationNo: FROM_SHENZHEN, stage: '2' });
    expect(await deciding).toEqual({ number: FROM_SHENZHEN, status: '40' });
    expect(calls('LB07')).toBe(1);
  });

  it('stays unknown when it cannot be looked up', async () => {
    fault('drop-after-work', { match: 'LB07' });
    fault('html-error', { match: 'LB04' });
    expect(await outcomeOf(client.decide(firstCheck))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect([calls('LB07'), decided()]).toEqual([1, 1]);
  });
});

describe('deadlines, limits, the breaker', () => {
  it('cancel a read and its socket when the caller leaves', async () => {
    fault('delay', { match: 'LB04', delayMs: 400 });
    const leaving = new AbortController();
    const reading = outcomeOf(client.application(TO_SHENZHEN, { signal: leaving.signal }));
    const before = calls('LB04');
    while (calls('LB04') === before) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    expect(await reading).toMatchObject({ code: 'DEPARTMENT_TIMEOUT' });
    expect(client.breakerState).toBe('closed');
  });

  it('tell when to come back after the limit per minute, and send the next call all the same', async () => {
    fault('busy', { match: 'LB02', times: 1 });
    expect(await outcomeOf(client.enrolments(ZHOU.idNumber))).toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { departmentCode: '12101', retryAfterMs: 60_000 },
    });
    expect(await client.enrolments(ZHOU.idNumber)).toHaveLength(1);
  });

  it('keep to the agreed calls of each service by themselves', async () => {
    const careful = clientOf(department, { line: { ...QUICK.line, rates: [{ calls: 2, perMs: 3_600_000 }] } });
    await careful.enrolments(ZHOU.idNumber);
    await careful.enrolments(ZHOU.idNumber);
    expect(await outcomeOf(careful.enrolments(ZHOU.idNumber))).toMatchObject({ code: 'DEPARTMENT_BUSY' });
    expect(await careful.application(TO_SHENZHEN)).not.toBeNull();
  });

  it('keep to the calls in flight', async () => {
    fault('delay', { match: 'LB04', delayMs: 20 });
    const narrow = clientOf(department, { line: { ...QUICK.line, concurrency: 3 } });
    await Promise.all(Array.from({ length: 12 }, () => narrow.application(TO_SHENZHEN)));
    expect(department.core.calls.highestInFlight).toBe(3);
  });

  it('open the breaker after failures in a row, and let one call try again after a while', async () => {
    const wary = clientOf(department, { line: { ...QUICK.line, breaker: { failures: 2, coolDownMs: 60_000 } } });
    await wary.application(TO_SHENZHEN);
    fault('html-error', { match: 'LB04' });
    await outcomeOf(wary.application(TO_SHENZHEN));
    expect(wary.breakerState).toBe('open');
    const before = department.core.calls.total;
    expect(await outcomeOf(wary.enrolments(ZHOU.idNumber))).toMatchObject({ code: 'DEPARTMENT_UNREACHABLE' });
    expect(department.core.calls.total).toBe(before);
    department.core.clearFaults();
    department.setTime(department.core.now() + 61_000);
    expect(await wary.application(TO_SHENZHEN)).not.toBeNull();
    expect(wary.breakerState).toBe('closed');
  });
});

/** The value, or the error as a value. */
function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}
