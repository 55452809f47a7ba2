import { describe, expect, it } from 'vitest';
import { type CallRecord, observe } from '../../adapters/transport/observe.ts';
import { failureOf, failureWith, HeldDepartment, toyCall } from './toy-line.ts';

function observed() {
  const records: CallRecord[] = [];
  const department = new HeldDepartment();
  return { records, department, line: observe((record) => records.push(record))(department.dispatch) };
}

describe('the observer', () => {
  it('is told of an answered call when it has ended, by its reference', async () => {
    const records: CallRecord[] = [];
    const line = observe((record) => records.push(record))(async () => ({ value: 'secret', reference: 'M-1' }));
    await line(toyCall({ transaction: 'LB04', mode: 'write', input: { idNumber: '421202197803159926' } }));

    expect(records).toEqual([
      {
        department: 'land',
        transaction: 'LB04',
        mode: 'write',
        outcome: 'OK',
        reference: 'M-1',
        durationMs: expect.any(Number),
      },
    ]);
    expect(records[0]?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('is not told before the call has ended', async () => {
    const { records, department, line } = observed();
    const call = line(toyCall());
    expect(records).toEqual([]);
    department.call(0).answer();
    await call;
    expect(records).toHaveLength(1);
  });

  it('sees a call without a reference as such', async () => {
    const { records, department, line } = observed();
    const call = line(toyCall());
    department.call(0).answer();
    await call;
    expect(records[0]).not.toHaveProperty('reference');
  });

  it('is told a failure’s code and reference, and the caller gets the failure itself', async () => {
    const { records, department, line } = observed();
    const call = failureOf(line(toyCall()));
    const error = failureWith('OUTCOME_UNKNOWN', { reference: 'M-2' });
    department.call(0).fail(error);
    expect(await call).toBe(error);
    expect(records).toMatchObject([{ outcome: 'OUTCOME_UNKNOWN', reference: 'M-2' }]);
  });

  it('is told INTERNAL for a fault of ours', async () => {
    const { records, department, line } = observed();
    const call = failureOf(line(toyCall()));
    department.call(0).fail(new TypeError('undefined is not a function'));
    expect(await call).toBeInstanceOf(TypeError);
    expect(records).toMatchObject([{ outcome: 'INTERNAL' }]);
  });

  it('is told once of each call, even when it fails itself', async () => {
    const told: string[] = [];
    const line = observe(({ outcome }) => {
      told.push(outcome);
      throw new Error('the metrics are broken');
    })(async () => ({ value: 1 }));
    expect(await failureOf(line(toyCall()))).toMatchObject({ message: 'the metrics are broken' });
    expect(told).toEqual(['OK']);
  });
});
