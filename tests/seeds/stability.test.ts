import { describe, expect, test } from 'vitest';
import type { Population } from '../../seeds/model.ts';
import { DEFAULT_SEED, NAMED, populate, STRANGER } from '../../seeds/population.ts';

const NAMES = Object.keys(NAMED);

describe('a population', () => {
  test('is the same whenever it is made of the same seed', () => {
    const size = { seed: DEFAULT_SEED, residents: 300 };
    expect(populate(size)).toEqual(populate(size));
  });

  test('of another seed has other residents, but the same named ones with the same records', () => {
    const one = populate({ seed: 1, residents: 120 });
    const other = populate({ seed: 2 ** 40 + 1, residents: 120 });
    const named = NAMES.length;
    expect(one.residents.slice(0, named)).toEqual(other.residents.slice(0, named));
    const ids = new Set(Object.values(NAMED).map(({ idNumber }) => idNumber));
    const ofNamed = ({ cases }: Population) => cases.filter(({ applicantIdNumber }) => ids.has(applicantIdNumber));
    expect(ofNamed(one)).toEqual(ofNamed(other));
    const shared = new Set(one.residents.slice(named).map(({ idNumber }) => idNumber));
    expect(other.residents.slice(named).filter(({ idNumber }) => shared.has(idNumber))).toEqual([]);
  });

  test.each([20, 21, 137, 500])('of %i residents is the beginning of every larger one', (residents) => {
    const small = lists(populate({ seed: 3, residents }));
    const large = lists(populate({ seed: 3, residents: 900 }));
    for (const [name, rows] of Object.entries(small)) {
      expect(large[name]?.slice(0, rows.length), name).toEqual(rows);
    }
  });

  test.each([19, 20.5, 1_000_001])('cannot have %d residents', (residents) => {
    expect(() => populate({ seed: 1, residents })).toThrow(RangeError);
  });

  test('of 100,000 residents still has no number twice', () => {
    const population = populate({ seed: 5, residents: 100_000 });
    for (const numbers of [
      population.residents.map(({ idNumber }) => idNumber),
      population.cases.map(({ number }) => number),
      population.nonTax.notices.map(({ payCode }) => payCode),
      population.realEstate.properties.map(({ unitNumber }) => unitNumber).filter((unit) => unit !== ''),
      population.medical.outOfAreaFilings.map(({ serial }) => serial),
    ]) {
      expect(new Set(numbers).size).toBe(numbers.length);
    }
    expect(population.cases.every(({ number }) => number.length === 43)).toBe(true);
  });

  test('is made quickly (reported, not judged)', () => {
    for (const residents of [500, 500, 5_000, 20_000]) {
      const started = performance.now();
      const { cases } = populate({ seed: DEFAULT_SEED, residents });
      const spent = (performance.now() - started).toFixed(0);
      console.log(`${residents} residents with ${cases.length} cases: ${spent} ms`);
      expect(cases.length).toBeGreaterThan(residents);
    }
  });
});

describe('the named residents', () => {
  const population = populate({ seed: DEFAULT_SEED, residents: 20 });

  test('are the first, in the order of their names, with a story each', () => {
    expect(population.residents.map(({ story, idNumber, name }) => [story?.name, { idNumber, name }])).toEqual(
      Object.entries(NAMED),
    );
    for (const { story } of population.residents) expect(story?.text).toMatch(/^[A-Z].+\.$/);
  });

  test('do not include the stranger, whom nothing mentions', () => {
    const larger = populate({ seed: DEFAULT_SEED, residents: 3_000 });
    expect(JSON.stringify(larger)).not.toContain(STRANGER.idNumber);
  });
});

/** Every list of a population by name; the system's own directory of providers is the same in all. */
function lists({
  residents,
  cases,
  medical,
  nonTax,
  realEstate,
  subsidy,
}: Population): Record<string, readonly unknown[]> {
  const { providers: _, ...records } = medical;
  return { residents, cases, ...records, ...nonTax, ...realEstate, ...subsidy };
}
