import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMON_LINE, type LineSettings, lineSettings } from '../../adapters/transport/settings.ts';

const DEFAULTS: LineSettings = {
  connectTimeoutMs: 2_000,
  readTimeoutMs: 5_000,
  deadline: { readMs: 8_000, writeMs: 30_000 },
  concurrency: 4,
  rates: [{ calls: 10, perMs: 1_000 }],
  ...COMMON_LINE,
};

const settings = z.strictObject({ line: lineSettings(DEFAULTS) });

/** The places and kinds of what is wrong with a line, `line.deadline.readMs too_small`. */
function refusals(line: unknown): string[] {
  const { error } = settings.safeParse({ line });
  return error?.issues.map(({ path, code }) => `${path.join('.')} ${code}`) ?? [];
}

describe('the settings of a line', () => {
  it('are the adapter’s own where the file says nothing', () => {
    expect(settings.parse({}).line).toEqual(DEFAULTS);
    expect(settings.parse({ line: {} }).line).toEqual(DEFAULTS);
    expect(settings.parse({ line: { deadline: {}, retry: {}, breaker: {} } }).line).toEqual(DEFAULTS);
  });

  it('are replaced one by one', () => {
    const { line } = settings.parse({ line: { deadline: { readMs: 1_000 }, retry: { attempts: 1 }, rates: [] } });
    expect(line).toEqual({
      ...DEFAULTS,
      deadline: { readMs: 1_000, writeMs: 30_000 },
      retry: { ...COMMON_LINE.retry, attempts: 1 },
      rates: [],
    });
  });

  it('of one adapter are not changed by what is done to another’s', () => {
    const first = settings.parse({}).line;
    first.rates.push({ calls: 1, perMs: 1 });
    expect(settings.parse({}).line.rates).toEqual(DEFAULTS.rates);
    expect(DEFAULTS.rates).toHaveLength(1);
  });

  it('may count calls over a month, which no timer could wait for', () => {
    const rates = [{ calls: 100_000, perMs: 31 * 86_400_000 }];
    expect(settings.parse({ line: { rates } }).line.rates).toEqual(rates);
  });

  it.each([
    [{ connectTimeoutMs: 0 }, 'line.connectTimeoutMs too_small'],
    [{ readTimeoutMs: -1 }, 'line.readTimeoutMs too_small'],
    [{ readTimeoutMs: 1.5 }, 'line.readTimeoutMs invalid_type'],
    [{ deadline: { readMs: '5s' } }, 'line.deadline.readMs invalid_type'],
    [{ deadline: { writeMs: 0 } }, 'line.deadline.writeMs too_small'],
    [{ deadline: { writeMs: 2 ** 31 } }, 'line.deadline.writeMs too_big'],
    [{ concurrency: 0 }, 'line.concurrency too_small'],
    [{ concurrency: Number.POSITIVE_INFINITY }, 'line.concurrency invalid_type'],
    [
      {
        rates: [
          { calls: 1, perMs: 1 },
          { calls: 0, perMs: 1 },
        ],
      },
      'line.rates.1.calls too_small',
    ],
    [{ rates: [{ calls: 1 }] }, 'line.rates.0.perMs invalid_type'],
    [{ rates: { calls: 1, perMs: 1 } }, 'line.rates invalid_type'],
    [{ retry: { attempts: 0 } }, 'line.retry.attempts too_small'],
    [{ retry: { backoffMs: 2 ** 31 } }, 'line.retry.backoffMs too_big'],
    [{ retry: { budgetRatio: 0 } }, 'line.retry.budgetRatio too_small'],
    [{ breaker: { failures: 0 } }, 'line.breaker.failures too_small'],
    [{ breaker: { coolDownMs: null } }, 'line.breaker.coolDownMs invalid_type'],
    [{ timeout: 5 }, 'line unrecognized_keys'],
    [{ deadline: { readMS: 5 } }, 'line.deadline unrecognized_keys'],
    [{ breaker: { half: 1 } }, 'line.breaker unrecognized_keys'],
    ['fast', 'line invalid_type'],
  ])('%j are refused, and the place is told: %s', (line, refusal) => {
    expect(refusals(line)).toEqual([refusal]);
  });

  it('tell every place at once', () => {
    expect(refusals({ concurrency: 0, retry: { attempts: 'three' } })).toEqual([
      'line.concurrency too_small',
      'line.retry.attempts invalid_type',
    ]);
  });
});
