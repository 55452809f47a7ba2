import type { Referral, ReferralFiling } from '../../../adapters/medical-insurance/records/filing.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput, periodInput, textInput } from '../../invalid-input.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import { checkHandler, delegateFor, HOSPITAL } from './delegation.ts';
import type { FilingInput, FilingTraits } from './filing.ts';
import type { CancellationTraits } from './filing-cancellation.ts';
import {
  codeInput,
  entryInput,
  hospitalInput,
  optionalText,
  pastDay,
  phoneInput,
  regionElsewhere,
} from './form-fields.ts';
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
    async find(request, options) {
      const { personNumber, insuredRegion, from, to } = request;
      const period = { from, ...(to !== undefined && { to }) };
      const listed = await client.referrals({ personNumber, insuredRegion, ...period }, options);
      // The query does not tell the serial (medical-insurance 0).
      return listed.some((referral) => isSame(referral, request)) ? { serial: null } : undefined;
    },
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
    async isListed({ cancellation: { personNumber, insuredRegion }, reference: { values } }, options) {
      const { from = '', to = '' } = values;
      const listed = await client.referrals({ personNumber, insuredRegion, from, to }, options);
      return listed.some((referral) => referral.from === from && referral.to === to);
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
  const { caseId, from, to } = given;
  const wanted = { items: ITEMS.referral };
  const delegate = delegateFor(surroundings, given.operator, { levels: HOSPITAL });
  const diagnosis = entryInput('input.diagnosis', given.diagnosis, { code: 20, name: 100 });
  const hospital = hospitalInput('input.hospital.code', given.hospital.code);
  if (hospital.code === delegate.institution.code) {
    throw invalidInput('input.hospital.code', {
      en: 'is the hospital that refers.',
      zh: '转往医院不能是转出医院本身。',
    });
  }
  periodInput('input.to', { from, to });
  if (to < given.date) {
    throw invalidInput('input.to', { en: 'must not lie before the referral.', zh: '不应早于转院日期。' });
  }
  const condition = optionalText('input.condition', given.condition, 2_000);
  const address = optionalText('input.address', given.address, 200);
  const form = {
    toProviderCode: hospital.code,
    toProviderName: textInput('input.hospital.name', given.hospital.name, 200),
    date: pastDay('input.date', given.date, chinaDate(clock())),
    reason: textInput('input.reason', given.reason, 100),
    opinion: textInput('input.opinion', given.opinion, 200),
    referralType: codeInput('input.referralType', given.referralType, 30),
    ...(given.phone != null && { phone: phoneInput('input.phone', given.phone) }),
    ...(condition !== undefined && { condition }),
    ...(address !== undefined && { address }),
  };
  const work = await readCase(store, caseId, wanted);
  checkHandler(delegate, work);
  await checkNotFiled(surroundings, caseId, NAMES);

  const { institution } = delegate;
  const asking = { institution, signal };
  const { insurance, reference } = await insuredApplicant(surroundings, work, given.insuranceKind, asking);
  const request: ReferralFiling = {
    ...reference,
    ...form,
    toRegion: regionElsewhere('input.hospital.code', hospital.region, insurance.region),
    insuranceKind: insurance.kind,
    diagnosisCode: diagnosis.code,
    diagnosisName: diagnosis.name,
    from,
    to,
  };
  // Whatever the platform has for this period shares a day with it.
  const listed = await client.referrals({ ...reference, from, to }, asking);
  if (listed.some(({ toProviderCode }) => toProviderCode === hospital.code)) {
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

function isSame(referral: Referral, { toProviderCode, from, to }: ReferralFiling): boolean {
  return referral.toProviderCode === toProviderCode && referral.from === from && referral.to === (to ?? null);
}
