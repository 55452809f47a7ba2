import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMedicalMessageId } from '../../../adapters/identifiers/medical-message-id.ts';
import { parseMedicalProvider } from '../../../adapters/identifiers/medical-provider.ts';
import { MessageNumbers } from '../../../adapters/medical-insurance/message-numbers.ts';
import { type Counter, memoryCounter } from '../../../adapters/transport/counter.ts';

const HOSPITAL = parseMedicalProvider('H42120200137');
const NOON = Date.parse('2026-03-16T12:00:00+08:00');

/** A counter that is far along in some series already. */
function counterFrom(start: (series: string) => number): Counter & { readonly series: Set<string> } {
  const values = new Map<string, number>();
  const series = new Set<string>();
  return {
    series,
    next(name) {
      const value = (values.get(name) ?? start(name)) + 1;
      values.set(name, value);
      series.add(name);
      return Promise.resolve(value);
    },
  };
}

describe('message ids', () => {
  test('are provider, China second and serial, and carry the instant for inf_time', async () => {
    const numbers = new MessageNumbers(memoryCounter(), () => NOON + 999);
    expect(await numbers.next(HOSPITAL)).toEqual({ messageId: 'H42120200137202603161200000001', instant: NOON + 999 });
    expect((await numbers.next(HOSPITAL)).messageId).toBe('H42120200137202603161200000002');
  });

  test('of two providers are counted apart', async () => {
    const numbers = new MessageNumbers(memoryCounter(), () => NOON);
    await numbers.next(HOSPITAL);
    expect((await numbers.next(parseMedicalProvider('H42120200555'))).messageId).toMatch(/0001$/);
  });

  test('after the day’s 4999 take 5000 to 9999 within the second, then the next second', async () => {
    const counter = counterFrom((series) => (/\d{14}$/.test(series) ? 4_998 : 4_998));
    const numbers = new MessageNumbers(counter, () => NOON);
    const given = [];
    for (let call = 0; call < 4; call += 1) given.push(await numbers.next(HOSPITAL));
    expect(given.map(({ messageId }) => messageId.slice(12))).toEqual([
      '202603161200004999', // the last of the day's own
      '202603161200009998',
      '202603161200009999', // the last of the second
      '202603161200019998',
    ]);
    expect(given[3]?.instant).toBe(NOON + 1_000);
  });

  test('ask for the day’s series once more after it is used up, and the next day again', async () => {
    let now = NOON;
    const counter = counterFrom((series) => (series.endsWith('/20260316') ? 9_000 : 0));
    const numbers = new MessageNumbers(counter, () => now);
    await numbers.next(HOSPITAL);
    await numbers.next(HOSPITAL);
    expect([...counter.series].filter((series) => series.endsWith('/20260316'))).toHaveLength(1);
    now += 86_400_000;
    expect((await numbers.next(HOSPITAL)).messageId).toBe('H42120200137202603171200000001');
  });

  test('never repeat, whatever the clock does, across restarts and processes that share the counter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ jumpMs: fc.integer({ min: -100_000, max: 2_000 }), restart: fc.boolean() }), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.constantFrom(0, 4_950, 4_999, 20_000),
        async (steps, dayStart) => {
          let now = NOON;
          const counter = counterFrom((series) => (/\/\d{8}$/.test(series) ? dayStart : 0));
          const processes = [new MessageNumbers(counter, () => now), new MessageNumbers(counter, () => now)];
          const given = new Set<string>();
          for (const [index, { jumpMs, restart }] of steps.entries()) {
            now += jumpMs;
            if (restart) processes[index % 2] = new MessageNumbers(counter, () => now);
            const { messageId } = await (processes[index % 2] as MessageNumbers).next(HOSPITAL);
            expect(isMedicalMessageId(messageId)).toBe(true);
            given.add(messageId);
          }
          expect(given.size).toBe(steps.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
