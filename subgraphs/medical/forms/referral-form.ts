import { parseNationalDivision } from '../../../adapters/identifiers/national-division.ts';
import type { ReferralFiling } from '../../../adapters/medical-insurance/records/filing.ts';
import { invalidInput, periodInput } from '../../invalid-input.ts';
import { pastDay } from './form-fields.ts';
import { code, day, entry, hospital, text } from './readers.ts';
import { type Faults, optional, placeIn, type Read, shape, withDefault } from './shape.ts';

/** What a referral says besides whose it is (2501, medical-insurance 3.3). */
export const REFERRAL_MEMBERS = {
  diagnosis: entry({ code: 20, name: 100 }),
  condition: optional(text(2_000)),
  hospital: shape({ code: hospital, name: text(200) }),
  date: day,
  reason: text(100),
  opinion: text(200),
  from: day,
  to: day,
  referralType: withDefault(code(30), '1'),
};

export const REFERRAL_FORM = shape(REFERRAL_MEMBERS);

export type ReferralForm = Read<typeof REFERRAL_FORM>;

/** What of a filing does not depend on who the patient is. */
export type ReferralOfForm = Omit<ReferralFiling, 'personNumber' | 'insuredRegion' | 'insuranceKind'> & {
  readonly to: string;
};

/** The hospital that refers, and the day. */
export interface ReferralTime {
  readonly own: string;
  readonly today: string;
}

/** What the members of a referral must be to each other; members that are faulty themselves are left out. */
export function checkReferral(form: Partial<ReferralForm>, at: string, { own, today }: ReferralTime, faults: Faults) {
  const { hospital: receiving, date, from, to } = form;
  if (receiving?.code === own) {
    faults.add(
      invalidInput(placeIn(at, 'hospital.code'), {
        en: 'is the hospital that refers.',
        zh: '转往医院不能是转出医院本身。',
      }),
    );
  }
  if (date !== undefined) faults.check(() => pastDay(placeIn(at, 'date'), date, today));
  if (to === undefined) return;
  if (from !== undefined && to < from) {
    faults.check(() => periodInput(placeIn(at, 'to'), { from, to }));
  } else if (date !== undefined && to < date) {
    faults.add(invalidInput(placeIn(at, 'to'), { en: 'must not lie before the referral.', zh: '不应早于转院日期。' }));
  }
}

export function referralOf(
  form: ReferralForm,
  { phone, address }: { readonly phone?: string; readonly address?: string },
): ReferralOfForm {
  const { diagnosis, condition, hospital: receiving, date, reason, opinion, from, to, referralType } = form;
  return {
    diagnosisCode: diagnosis.code,
    diagnosisName: diagnosis.name,
    toProviderCode: receiving.code,
    toProviderName: receiving.name,
    // The six digits after the first are its region (medical-insurance 2.1).
    toRegion: parseNationalDivision(receiving.code.slice(1, 7)),
    date,
    reason,
    opinion,
    from,
    to,
    referralType,
    ...(condition !== undefined && { condition }),
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
  };
}
