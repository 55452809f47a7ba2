import { describe, expect, test } from 'vitest';
import { recordVisit } from '../../subgraphs/cases/visits.ts';

describe('a visit', () => {
  test('within the promise, or where the plan does not say, is only counted', () => {
    expect(recordVisit({ promised: 1, made: 0 })).toEqual({ made: 1, excess: null });
    expect(recordVisit({ promised: null, made: 7 })).toEqual({ made: 8, excess: null });
  });

  test('beyond the promise is counted and told in both languages', () => {
    const first = recordVisit({ promised: 0, made: 0 });
    expect(first.made).toBe(1);
    expect(first.excess).toEqual({
      en: 'The plan promises no visit; this is visit 1.',
      zh: '方案承诺零跑腿，实际已到场1次。',
    });
    expect(recordVisit({ promised: 1, made: 1 }).excess).toEqual({
      en: 'The plan promises 1 visit; this is visit 2.',
      zh: '方案承诺跑1次，实际已到场2次。',
    });
  });
});
