import type { Fault } from '../journeys/services/district.ts';

/** Transactions that do something (medical-insurance 3). */
const WRITES = ['2301', '2302', '2304', '2305', '2401', '2404', '2501', '2502', '2601'];
/** Longer than the tests' gateway waits, but not so long that it takes the work for not done; and later than it waits for any answer. */
const DAWDLING_MS = 1_200;
const TOO_LATE_MS = 2_000;

/** What befalls a platform all the time: it drops before and after the work, dawdles, answers late, twice, and what is not so. */
export function troubles(): readonly Fault[] {
  const atWrites = [
    { kind: 'drop-before-work', probability: 0.05 },
    { kind: 'drop-after-work', probability: 0.06 },
    { kind: 'delay', probability: 0.06, delayMs: 300 },
    { kind: 'delay', probability: 0.04, delayMs: DAWDLING_MS },
    { kind: 'late-answer', probability: 0.1, delayMs: 300 },
    { kind: 'late-answer', probability: 0.02, delayMs: TOO_LATE_MS },
    { kind: 'duplicate-answer', probability: 0.05 },
    { kind: 'garbage', probability: 0.03 },
    { kind: 'truncate', probability: 0.03 },
  ];
  const anywhere = ['drop-before-work', 'busy', 'html-error', 'http-status', 'wrong-charset', 'expired-secret'];
  return [
    ...WRITES.flatMap((match) => atWrites.map((fault) => ({ match, ...fault }))),
    ...anywhere.map((kind) => ({ kind, probability: 0.01 })),
  ];
}
