import { z } from 'zod';
import { nonTaxSettings } from '../../adapters/non-tax/settings.ts';

const notices = z.strictObject({
  mostFen: z.int().positive().default(10_000_000).describe('The largest amount of a notice that is opened here, fen'),
  validDays: z.int().min(1).max(365).default(30).describe('Days to pay when the notice names no last day'),
  watch: z
    .strictObject({
      leastPauseMs: z.int().positive().default(15_000).describe('Milliseconds before the first question'),
      mostPauseMs: z.int().positive().default(1_800_000).describe('Milliseconds between two questions at most'),
    })
    .prefault({})
    .describe(
      'How often finance is asked whether a notice was paid, in case its own word is lost: twice as seldom each time',
    ),
});

/** The non-tax system, and our own rules for the notices that are opened here. */
export const nontaxSettings = nonTaxSettings.safeExtend({
  notices: notices.prefault({}).describe('Notices that are opened here'),
});

export type NontaxSettings = z.output<typeof nontaxSettings>;
