import { findReferral, findReferralCancellation } from '../../../adapters/medical-insurance/finding-out/filings.ts';
import type { ReferralFiling } from '../../../adapters/medical-insurance/records/filing.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import { optionalText, phoneInput, regionElsewhere } from '../forms/form-fields.ts';
import {
  checkReferral,
  REFERRAL_FORM,
  type ReferralForm,
  type ReferralOfForm,
  type ReferralTime,
  referralOf,
} from '../forms/referral-form.ts';
import { type Reader, readForm } from '../forms/shape.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import type { FilingInput, FilingTraits } from './filing.ts';
import type { CancellationTraits } from './filing-cancellation.ts';
import type { Prepared } from './handling.ts';
import { insuredApplicant } from './insured-applicant.ts';
import { checkNotFiled, type FilingNames } from './single-filing.ts';
import { ITEMS, type ServiceSurroundings } from './surroundings.ts';

export interface FileReferralInput extends MutationInput {
  readonly caseId: string;
  readonly diagnosis: { readonly code: string; readonly name: string };
  readonly condition?: string | null;
  readonly hospital: { readonly code: string; readonly name: string };
  readonly date: string;
  readonly reason: string;
  readonly opinion: string;
  readonly from: string;
  readonly to: string;
  readonly referralType: string;
  readonly insuranceKind?: string | null;
  readonly phone?: string | null;
  readonly address?: string | null;
}

const NAMES: FilingNames = {
  filing: 'file-referral',
  cancellation: 'cancel-referral',
  reference: 'referral',
};

/** 2501 (medical-insurance 3.3). */
export function referralTraits({ client }: Pick<ServiceSurroundings, 'client'>): FilingTraits<ReferralFiling> {
  return {
    name: NAMES.filing,
    referenceKind: NAMES.reference,
    event: 'referral-filed',
    certificate: '异地转诊备案',
    values: ({ from, to = '' }) => ({ from, to }),
    file: (request, options) => client.fileReferral(request, options),
    find: (request, messageId, options) => findReferral(client, request, messageId, options),
  };
}

export function referralCancellation({ client }: Pick<ServiceSurroundings, 'client'>): CancellationTraits {
  return {
    name: NAMES.cancellation,
    items: ITEMS.referral,
    levels: HOSPITAL,
    referenceKind: NAMES.reference,
    event: 'referral-cancelled',
    cancel: (cancellation, options) => client.cancelReferral(cancellation, options),
    find({ cancellation: { personNumber, insuredRegion }, reference: { values } }, messageId, options) {
      const { from = '', to = '' } = values;
      return findReferralCancellation(client, { personNumber, insuredRegion, from, to }, messageId, options);
    },
  };
}

/** Checks the form, looks the patient up, and makes sure that the same is not filed already. */
export async function prepareReferral(
  surroundings: ServiceSurroundings,
  given: FileReferralInput,
  signal: AbortSignal,
): Promise<Prepared<FilingInput<ReferralFiling>>> {
  const { client, store, clock } = surroundings;
  const { caseId } = given;
  const wanted = { items: ITEMS.referral };
  const delegate = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const form = referralForm(given, { own: delegate.institution.code, today: chinaDate(clock()) });
  const work = await readCase(store, caseId, wanted);
  checkHandler(delegate, work);
  await checkNotFiled(surroundings, caseId, NAMES);

  const { institution } = delegate;
  const asking = { institution, signal };
  const { insurance, reference } = await insuredApplicant(surroundings, work, given.insuranceKind, asking);
  const request: ReferralFiling = {
    ...reference,
    ...form,
    toRegion: regionElsewhere('input.hospital.code', form.toRegion, insurance.region),
    insuranceKind: insurance.kind,
  };
  const { from, to, toProviderCode } = form;
  // Whatever the platform has for this period shares a day with it.
  const listed = await client.referrals({ ...reference, from, to }, asking);
  if (listed.some((one) => one.toProviderCode === toProviderCode)) {
    throw invalidInput('input.hospital.code', {
      en: 'has a referral of this person for a part of this time already.',
      zh: '该患者在此期间已有转往该医院的备案。',
    });
  }
  return {
    input: { institution, request },
    async check(tx) {
      await caseFor(tx, store, caseId, wanted);
      await checkNotFiled(surroundings, caseId, NAMES, tx);
    },
  };
}

function referralForm(given: FileReferralInput, time: ReferralTime): ReferralOfForm {
  const { diagnosis, condition, hospital, date, reason, opinion, from, to, referralType } = given;
  const checked: Reader<ReferralForm> = (value, at, faults) => {
    const form = REFERRAL_FORM(value, at, faults);
    checkReferral(form, at, time, faults);
    return form;
  };
  const members = { diagnosis, condition, hospital, date, reason, opinion, from, to, referralType };
  const phone = given.phone == null ? undefined : phoneInput('input.phone', given.phone);
  const address = optionalText('input.address', given.address, 200);
  return referralOf(readForm(checked, members, 'input'), {
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
  });
}
