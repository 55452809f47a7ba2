import { describe, expect, it } from 'vitest';
import { assess, barsOf, HUBEI, REASONS, rateOf, rulesOf } from '../../../adapters/disability-subsidy/eligibility.ts';
import { monthlyFen } from '../../../adapters/disability-subsidy/simulator/rules.ts';
import { fenFromYuan } from '../../../adapters/values/fen.ts';
import { goldenJson } from './golden-files.ts';

interface Judgement {
  readonly eligible: boolean;
  readonly monthlyAmount: string | null;
}

interface EligibilityCases {
  readonly rates: readonly { from: string; life: string; nursing: string }[];
  readonly reasonCodes: Record<string, string>;
  readonly cases: readonly {
    id: string;
    description: string;
    input: Record<string, string>;
    expected: { life: Judgement; nursing: Judgement; reasons: string[] };
  }[];
}

const GOLDEN = goldenJson<EligibilityCases>('eligibility-cases.json');

describe('eligibility in Hubei', () => {
  it.each(GOLDEN.cases)('$id: $description', ({ input, expected }) => {
    const { living, nursing, reasons } = assess(circumstancesOf(input));
    expect({ life: inYuan(living), nursing: inYuan(nursing), reasons }).toEqual(expected);
  });

  it('pays nothing before the first rate', () => {
    const first = GOLDEN.cases[0]?.input ?? {};
    expect(assess(circumstancesOf({ ...first, month: '201512' }))).toEqual({
      living: { eligible: false, monthlyFen: null },
      nursing: { eligible: false, monthlyFen: null },
      reasons: [],
    });
  });

  it('names its reasons as the golden file does', () => {
    expect(REASONS).toEqual(GOLDEN.reasonCodes);
  });

  it('is a table: another place’s rows extend it', () => {
    const extended = {
      ...HUBEI,
      rules: [
        ...HUBEI.rules.filter(({ reason }) => reason !== 'R04'),
        {
          reason: 'R04',
          bars: ['nursing'] as const,
          unless: [{ grade: ['1', '2'] }, { category: ['5', '6'], grade: ['3', '4'] }],
        },
      ],
    };
    const mentalGrade3 = GOLDEN.cases.find(({ id }) => id === 'e09')?.input ?? {};
    expect(assess(circumstancesOf(mentalGrade3)).nursing.eligible).toBe(false);
    expect(assess(circumstancesOf(mentalGrade3), extended).nursing.eligible).toBe(true);
    expect(assess(circumstancesOf({ ...mentalGrade3, category: '4' }), extended).nursing.eligible).toBe(false);
  });
});

describe('the rates', () => {
  it.each(GOLDEN.rates)(
    'from $from are those of the golden file, here and in the simulator',
    ({ from, life, nursing }) => {
      expect(rateOf(from)).toMatchObject({ living: fenFromYuan(life), nursing: fenFromYuan(nursing) });
      expect(monthlyFen('421202000000', '1', from)).toBe(fenFromYuan(life));
      expect(monthlyFen('421202000000', '2', from)).toBe(fenFromYuan(nursing));
    },
  );
});

function circumstancesOf(input: Record<string, string>) {
  const text = (name: string) => input[name] ?? '';
  const flag = (name: string) => input[name] === '1';
  return {
    month: text('month'),
    certificateStatus: text('certStatus'),
    category: text('category'),
    grade: text('grade'),
    economicStatus: text('economicStatus'),
    needsLongTermCare: flag('needsLongTermCare'),
    specialHardship: flag('tekun'),
    orphan: flag('orphan'),
    workInjuryNursing: flag('workInjuryNursing'),
    elderlyNursing: flag('elderlyNursing'),
  };
}

function inYuan({ eligible, monthlyFen: amount }: { eligible: boolean; monthlyFen: number | null }): Judgement {
  return { eligible, monthlyAmount: amount === null ? null : (amount / 100).toFixed(2) };
}

describe('eligibility elsewhere', () => {
  const { input = {} } = GOLDEN.cases.find(({ id }) => id === 'e02') ?? {};

  it('is not known beyond what the State Council bars everywhere', () => {
    const elsewhere = rulesOf('440305005000');
    expect(rulesOf('421202001000')).toBe(HUBEI);
    expect(barsOf('living', circumstancesOf(input))).toEqual(['R03']);
    expect(barsOf('living', circumstancesOf(input), elsewhere)).toEqual([]);
    expect(barsOf('nursing', circumstancesOf({ ...input, tekun: '1', certStatus: '4' }), elsewhere)).toEqual([
      'R01',
      'R05',
    ]);
    expect(rateOf('202210', elsewhere.rates)).toBeUndefined();
  });
});
