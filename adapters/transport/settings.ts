import { z } from 'zod';

/**
 * The settings of a department's line, the same for every system; each adapter gives its own defaults from its wire document's
 * sections 1 and 5.
 */
export interface LineSettings {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly deadline: { readonly readMs: number; readonly writeMs: number };
  readonly concurrency: number;
  readonly rates: readonly { readonly calls: number; readonly perMs: number }[];
  readonly retry: { readonly attempts: number; readonly backoffMs: number; readonly budgetRatio: number };
  readonly breaker: { readonly failures: number; readonly coolDownMs: number };
}

const positive = z.int().positive();

/** What a timer can hold, 24 days: beyond that it would fire at once. */
const milliseconds = positive.max(2 ** 31 - 1);

/** The zod schema of `LineSettings` with an adapter's defaults filled in for whatever the file leaves out. */
export function lineSettings(defaults: LineSettings) {
  return z
    .strictObject({
      connectTimeoutMs: milliseconds.default(defaults.connectTimeoutMs).describe('Milliseconds to connect'),
      readTimeoutMs: milliseconds.default(defaults.readTimeoutMs).describe('Milliseconds of silence while reading'),
      deadline: z
        .strictObject({
          readMs: milliseconds
            .default(defaults.deadline.readMs)
            .describe('Milliseconds for a reading call, all attempts included'),
          writeMs: milliseconds.default(defaults.deadline.writeMs).describe('Milliseconds for a writing call'),
        })
        .prefault({}),
      concurrency: positive.default(defaults.concurrency).describe('The most calls in flight at once'),
      rates: z
        .array(z.strictObject({ calls: positive, perMs: positive }))
        .default([...defaults.rates])
        .describe('Calls allowed per window; every window holds'),
      retry: z
        .strictObject({
          attempts: positive.default(defaults.retry.attempts).describe('Attempts of a reading call in all'),
          backoffMs: milliseconds
            .default(defaults.retry.backoffMs)
            .describe('Milliseconds before the second attempt; doubles'),
          budgetRatio: z
            .number()
            .positive()
            .default(defaults.retry.budgetRatio)
            .describe('Repeated attempts per first attempt'),
        })
        .prefault({}),
      breaker: z
        .strictObject({
          failures: positive.default(defaults.breaker.failures).describe('Failures in a row that open the breaker'),
          coolDownMs: milliseconds
            .default(defaults.breaker.coolDownMs)
            .describe('Milliseconds until a probe is let through'),
        })
        .prefault({}),
    })
    .prefault({});
}

/** Retry and breaker settings used where a wire document asks for nothing else. */
export const COMMON_LINE = {
  retry: { attempts: 3, backoffMs: 100, budgetRatio: 0.2 },
  breaker: { failures: 5, coolDownMs: 2_000 },
} as const;
