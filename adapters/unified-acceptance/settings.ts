import { z } from 'zod';
import { COMMON_LINE, lineSettings } from '../transport/settings.ts';

/** The settings of the unified acceptance platform (统一综合受理平台), wire spec sections 1 and 5. */
export const unifiedAcceptanceSettings = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).describe('Address of the platform; `/uap/api/…` is appended'),
  appId: z
    .string()
    .regex(/^[A-Z0-9]{6,20}$/)
    .describe('Caller id, given by the platform'),
  appSecret: z.string().min(1).describe('Secret that goes into the daily signature'),
  apiKey: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Key of the caller, 32 lower-case hex'),
  division: z
    .string()
    .regex(/^\d{6}$/)
    .default('421202')
    .describe('6-digit division that records come from (dataSource)'),
  line: lineSettings({
    connectTimeoutMs: 3_000,
    readTimeoutMs: 20_000,
    // A message may be sent four times, each waiting for the read time-out, with pauses between.
    deadline: { readMs: 20_000, writeMs: 90_000 },
    concurrency: 4,
    rates: [],
    // The first attempt and the three of wire spec section 4; writes are repeated too, with the same requestNo.
    retry: { attempts: 4, backoffMs: 200, budgetRatio: COMMON_LINE.retry.budgetRatio },
    breaker: COMMON_LINE.breaker,
  }),
});

export type UnifiedAcceptanceSettings = z.output<typeof unifiedAcceptanceSettings>;
