import { describe, expect, test } from 'vitest';
import catalogue from '../../seeds/catalogue.json' with { type: 'json' };
import items from '../../seeds/items.json' with { type: 'json' };
import type { CaseSeed, Population } from '../../seeds/model.ts';
import calendar from '../../seeds/working-days.json' with { type: 'json' };
import { breaking, byKey, POPULATIONS } from './populations.ts';

const ITEMS = byKey(items.items, ({ id }) => id);
const PROCESSES = new Map(catalogue.items.map(({ id, processSteps }) => [id, processSteps]));

const NOTICES = Object.values(calendar.years);

/** unified-acceptance 3.2: the close result of each status that ends a case. */
const RESULT_OF: Readonly<Record<string, string>> = { '3': '0', '44': '1', '47': '6', '5': '5', '-1': '2' };
const OPEN = new Set(['1', '2', '21', '22']);

describe.each(POPULATIONS)('the cases of %s', (_, population) => {
  const { cases, residents } = population;

  test('are about one and a quarter for each resident', () => {
    expect(cases.length / residents.length).toBeGreaterThan(1);
    expect(cases.length / residents.length).toBeLessThan(1.5);
  });

  test('come from residents, with the name and phone that the residents have', () => {
    const known = byKey(residents, ({ idNumber }) => idNumber);
    expect(
      breaking(cases, ({ applicantIdNumber, applicantName, applicantPhone }) => {
        const applicant = known.get(applicantIdNumber);
        return applicant?.name === applicantName && applicant.phone === applicantPhone;
      }),
    ).toEqual([]);
  });

  test('are of all twenty items and came through all six channels', () => {
    expect(new Set(cases.map(({ itemId }) => itemId))).toEqual(new Set(items.items.map(({ id }) => id)));
    expect(new Set(cases.map(({ channel }) => channel))).toEqual(
      new Set(['window', 'online', 'kiosk', 'village', 'hospital', 'bank']),
    );
  });

  test('stand in every status', () => {
    expect(new Set(cases.map(({ status }) => status))).toEqual(new Set([...OPEN, ...Object.keys(RESULT_OF)]));
  });

  test('have the number of their item and day, counted from 1 without gaps', () => {
    const serials = new Map<string, number[]>();
    for (const { number, itemId, acceptedAt } of cases) {
      expect(number.slice(0, 39)).toBe(`${ITEMS.get(itemId)?.taskCode}${acceptedAt.slice(0, 10).replaceAll('-', '')}`);
      serials.set(number.slice(0, 39), [...(serials.get(number.slice(0, 39)) ?? []), Number(number.slice(39))]);
    }
    for (const counted of serials.values()) expect(counted).toEqual(counted.map((__, index) => index + 1));
  });

  test('promise what the item promises, on the State Council’s calendar', () => {
    expect(breaking(cases, (one) => one.projectType === ITEMS.get(one.itemId)?.projectType)).toEqual([]);
    expect(breaking(cases, (one) => one.promiseDays === ITEMS.get(one.itemId)?.promiseDays)).toEqual([]);
    expect(
      breaking(
        cases.filter(({ projectType }) => projectType === '1'),
        ({ promiseDate }) => promiseDate === '',
      ),
    ).toEqual([]);
    const promised = cases.filter(({ projectType }) => projectType === '2');
    expect(breaking(promised, (one) => one.promiseDate === expectedPromise(one))).toEqual([]);
    expect(promised.some((one) => (one.result?.at ?? '') > one.promiseDate)).toBe(true);
  });

  test('have steps in order, numbered from 1, none later than the population’s day', () => {
    expect(breaking(cases, inOrder)).toEqual([]);
  });

  test('follow their item’s process as far as they got', () => {
    expect(breaking(cases, followsProcess)).toEqual([]);
    const closed = cases.filter(({ status }) => status === '3');
    expect(breaking(closed, (one) => PROCESSES.get(one.itemId)?.length === withoutSupplement(one).length)).toEqual([]);
  });

  test('mark the first, the last and the only step', () => {
    expect(
      breaking(cases, ({ steps }) =>
        steps.every(({ nodeType }, index) => {
          if (steps.length === 1) return nodeType === '4';
          return nodeType === (index === 0 ? '1' : index === steps.length - 1 ? '3' : '2');
        }),
      ),
    ).toEqual([]);
  });

  test('only have a step to do, without result, as the last of an open case', () => {
    expect(
      breaking(cases, ({ steps, status }) =>
        steps.every((step, index) =>
          step.nodeState === '01'
            ? step.nodeResult === '' &&
              step.startedAt === step.endedAt &&
              index === steps.length - 1 &&
              OPEN.has(status)
            : step.nodeState === '02' && /^[0-7]$/.test(step.nodeResult),
        ),
      ),
    ).toEqual([]);
  });

  test('have exactly when they ended the result that belongs to their status', () => {
    expect(breaking(cases, ({ status, result }) => result?.type === RESULT_OF[status])).toEqual([]);
    expect(breaking(cases, ({ result }) => result === undefined || result.explanation !== '')).toEqual([]);
  });

  test('show in their steps why they stand where they stand', () => {
    const lastDone = (one: CaseSeed) => one.steps.filter(({ nodeState }) => nodeState === '02').at(-1)?.nodeResult;
    const expected: Readonly<Record<string, string>> = { '21': '5', '22': '6', '44': '0', '47': '3', '5': '7' };
    expect(breaking(cases, (one) => !(one.status in expected) || lastDone(one) === expected[one.status])).toEqual([]);
    const waiting = cases.filter(({ status }) => status === '21');
    expect(breaking(waiting, ({ steps }) => steps.at(-1)?.name === '补正' && steps.at(-1)?.nodeState === '01')).toEqual(
      [],
    );
    expect(breaking(waiting, ({ steps }) => (steps.at(-1)?.explanation ?? '') !== '')).toEqual([]);
  });

  test('are accepted and handled by hospitals exactly when they came through one', () => {
    const providers = new Set(population.medical.providers.map(({ code }) => code));
    expect(
      breaking(cases, ({ channel, organisation }) => (channel === 'hospital') === providers.has(organisation.code)),
    ).toEqual([]);
  });

  test('name records that exist, each in its own system', () => {
    const keys = recordKeys(population);
    expect(
      breaking(
        cases.flatMap(({ references }) => references),
        ({ system, kind, reference }) => kind === 'property-query' || keys.has(`${system}/${kind}/${reference}`),
      ),
    ).toEqual([]);
  });
});

function inOrder({ appliedAt, acceptedAt, steps, result }: CaseSeed): boolean {
  const moments = [
    appliedAt,
    ...steps.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]),
    result?.at ?? '2026-03-31 17:30:00',
  ];
  const rising = moments.every((moment, index) => index === 0 || moment >= (moments[index - 1] as string));
  const numbered = steps.every(({ number }, index) => number === index + 1);
  return (
    rising &&
    numbered &&
    appliedAt <= acceptedAt &&
    acceptedAt <= (result?.at ?? acceptedAt) &&
    (moments.at(-1) as string) <= '2026-03-31 17:30:00' &&
    steps.every(({ handler }) => handler !== '')
  );
}

/** The steps but the supplement and the review that asked for it, which stand beside the process. */
function withoutSupplement({ steps }: CaseSeed) {
  return steps.filter(({ name, nodeResult }) => name !== '补正' && nodeResult !== '5');
}

function followsProcess(one: CaseSeed): boolean {
  const process = PROCESSES.get(one.itemId) ?? [];
  // The catalogue's O02 and O03 stop at acceptance: a review on top of it comes under its own name.
  const extended = one.itemId === 'O02' || one.itemId === 'O03' ? [...process, '审核'] : process;
  return withoutSupplement(one).every(({ name }, index) => name === extended[index]);
}

/** Acceptance and promise, counted day by day; a supplement that arrived stops the clock from its notice to its arrival. */
function expectedPromise({ acceptedAt, promiseDays, steps }: CaseSeed): string {
  const arrived = steps.find(({ name, nodeResult }) => name === '补正' && nodeResult === '1');
  const paused = arrived ? workingDaysIn(arrived.startedAt.slice(0, 10), arrived.endedAt.slice(0, 10)) : 0;
  let left = promiseDays + paused;
  let day = acceptedAt.slice(0, 10);
  while (left > 0) {
    day = nextDay(day);
    if (isWorked(day)) left -= 1;
  }
  return `${day} 23:59:59`;
}

function workingDaysIn(from: string, to: string): number {
  let count = 0;
  for (let day = from; day <= to; day = nextDay(day)) if (isWorked(day)) count += 1;
  return count;
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function isWorked(day: string): boolean {
  if (NOTICES.some(({ workedWeekends }) => workedWeekends.includes(day))) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const off = NOTICES.some(({ daysOff }) => daysOff.some(([from = '', to = '']) => day >= from && day <= to));
  return weekday !== 0 && weekday !== 6 && !off;
}

function recordKeys({ medical, nonTax, realEstate, subsidy }: Population): ReadonlySet<string> {
  return new Set([
    ...medical.outOfAreaFilings.map(({ serial }) => `medical-insurance/out-of-area-filing/${serial}`),
    ...medical.referrals.map(({ serial }) => `medical-insurance/referral/${serial}`),
    ...medical.chronicFilings.map(({ serial }) => `medical-insurance/chronic-disease-filing/${serial}`),
    ...medical.settlements.map(({ id }) => `medical-insurance/maternity-settlement/${id}`),
    ...nonTax.notices.map(({ payCode }) => `non-tax/payment/${payCode}`),
    ...realEstate.registrations.map(({ acceptanceNumber }) => `real-estate/registration/${acceptanceNumber}`),
    ...subsidy.applications.map(({ number }) => `disability-subsidy/subsidy-application/${number}`),
  ]);
}
