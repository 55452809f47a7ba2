import { chinaDate } from '../../../adapters/values/china-time.ts';
import { formed } from '../forms/readers.ts';
import { checkReferral, REFERRAL_MEMBERS, referralOf } from '../forms/referral-form.ts';
import { type Faults, type Read, shape } from '../forms/shape.ts';
import type { ReferralContent } from './content.ts';
import { ENTRY_MEMBERS, type EntrySurroundings, headOf } from './entry-members.ts';

export const REFERRAL_ENTRY = shape({
  kind: formed(/^REFERRAL$/, { en: 'must be REFERRAL.', zh: '应为REFERRAL。' }),
  ...ENTRY_MEMBERS,
  ...REFERRAL_MEMBERS,
});

export type ReferralEntry = Read<typeof REFERRAL_ENTRY>;

export function checkReferralEntry(
  entry: Partial<ReferralEntry>,
  at: string,
  { hospital, now }: EntrySurroundings,
  faults: Faults,
): void {
  checkReferral(entry, at, { own: hospital, today: chinaDate(now) }, faults);
}

export function referralContent(entry: ReferralEntry): ReferralContent {
  return { kind: 'referral', ...headOf(entry), filing: referralOf(entry, entry.patient) };
}
