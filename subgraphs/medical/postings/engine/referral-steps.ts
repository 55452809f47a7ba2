import { findReferral, findReferralCancellation } from '../../../../adapters/medical-insurance/finding-out/filings.ts';
import type { ReferralFiling } from '../../../../adapters/medical-insurance/records/filing.ts';
import { CasegraphError } from '../../../../adapters/transport/errors.ts';
import { regionElsewhere } from '../../forms/form-fields.ts';
import type { ReferralContent } from '../content.ts';
import { PERSON, PERSON_AGAIN } from './person-step.ts';
import { asking, CannotGoOn, type Chain, found, personOf, type Step, type StepContext } from './step.ts';

type Context = StepContext<ReferralContent>;

/**
 * 5304: whether the platform has the same filing already, made at the counter or by hand. It is then taken for this one, its serial unknown;
 * another one to the same hospital for a part of the time rules this one out (medical-insurance 4: asked before it is filed).
 */
const SEARCH: Step<ReferralContent> = {
  name: 'SEARCH',
  isDue: ({ progress }) => !progress.filing && !progress.passed?.includes('SEARCH'),
  async send({ client, content, progress, institution, signal }) {
    const { personNumber, insuredRegion } = personOf(progress);
    const { from, to, toProviderCode } = content.filing;
    const listed = await client.referrals({ personNumber, insuredRegion, from, to }, { institution, signal });
    const there = listed.filter((one) => one.toProviderCode === toProviderCode);
    if (there.some((one) => one.from === from && one.to === to)) return { filing: { serial: null, found: true } };
    if (there.length > 0) {
      throw new CannotGoOn(
        'FILED_ALREADY',
        'The platform has another referral of this patient to this hospital for a part of the time.',
        '该患者在此期间已有转往该医院的备案。',
      );
    }
    return { passed: [...(progress.passed ?? []), 'SEARCH'] };
  },
};

/** 2501 转院备案 (medical-insurance 3.3). */
const FILE: Step<ReferralContent> = {
  name: 'FILE',
  isDue: ({ progress }) => !progress.filing,
  async send(context, remember) {
    const { client, institution, signal } = context;
    const { serial } = await client.fileReferral(filingOf(context), { institution, signal, beforeSending: remember });
    return { filing: { serial, found: false } };
  },
  async findOut(context, messageId) {
    const outcome = await findReferral(context.client, filingOf(context), messageId, asking(context));
    return found(outcome, ({ serial }) => ({ filing: { serial, found: false } }));
  },
};

/** 2502 (medical-insurance 3.3): needs the serial. */
const CANCEL_FILING: Step<ReferralContent> = {
  name: 'CANCEL_FILING',
  isDue: ({ progress }) => progress.filing !== undefined,
  async send({ client, progress, institution, signal }, remember) {
    const { personNumber, insuredRegion } = personOf(progress);
    const serial = progress.filing?.serial;
    if (serial == null) throw new Error('a filing without a serial cannot be cancelled');
    const options = { institution, signal, beforeSending: remember };
    await client.cancelReferral({ personNumber, insuredRegion, serial }, options);
    return { filing: undefined };
  },
  async findOut(context, messageId) {
    const { client, content, progress } = context;
    const { personNumber, insuredRegion } = personOf(progress);
    const { from, to, toProviderCode } = content.filing;
    const sought = { personNumber, insuredRegion, from, to, toProviderCode };
    const outcome = await findReferralCancellation(client, sought, messageId, asking(context));
    return found(outcome, () => ({ filing: undefined }));
  },
};

export const REFERRAL_CHAIN: Chain<ReferralContent> = {
  forward: [PERSON, SEARCH, FILE],
  back: [PERSON_AGAIN, CANCEL_FILING],
};

function filingOf({ content, progress }: Context): ReferralFiling {
  const { insuredRegion, ...person } = personOf(progress);
  const { phone, address } = content.patient;
  return {
    ...content.filing,
    ...person,
    insuredRegion,
    toRegion: regionOutside(content.filing.toRegion, insuredRegion),
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
  };
}

/** That the receiving hospital lies elsewhere can only be seen when it is known where the patient is insured. */
function regionOutside(region: string, insuredRegion: string): string {
  try {
    return regionElsewhere('hospital.code', region, insuredRegion);
  } catch (error) {
    if (!(error instanceof CasegraphError) || error.code !== 'INVALID_INPUT') throw error;
    throw new CannotGoOn('NOT_ELSEWHERE', error.detail ?? error.message, error.details.detailZh ?? '');
  }
}
