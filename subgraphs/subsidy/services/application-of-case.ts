import type { Store } from '../../../adapters/database/store.ts';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { DEPARTMENT } from '../../../adapters/disability-subsidy/errors.ts';
import type { ApplicationProgress } from '../../../adapters/disability-subsidy/records.ts';
import { invalidInput } from '../../invalid-input.ts';

/** The catalogue's item: both subsidies. */
export const ITEM = 'O03';

/** What a reference to an application is called. */
export const APPLICATION = 'subsidy-application';

/** The number of the application on a case; undefined where none was filed. */
export async function applicationNumber(
  { registry }: Pick<Store, 'registry'>,
  caseId: string,
): Promise<string | undefined> {
  const references = (await registry.references([caseId])).get(caseId) ?? [];
  return references.findLast(({ system, kind }) => system === DEPARTMENT && kind === APPLICATION)?.reference;
}

/** Where the application of a case stands now. Throws `INVALID_INPUT` for a case without one. */
export async function applicationOfCase(
  store: Pick<Store, 'registry'>,
  client: DisabilitySubsidyClient,
  caseId: string,
): Promise<ApplicationProgress> {
  const number = await applicationNumber(store, caseId);
  const application = number === undefined ? null : await client.application(number);
  if (application) return application;
  throw invalidInput('input.caseId', {
    en: 'has no subsidy application; what fits: applyForSubsidy, or receiveSubsidyApplication for one that another place accepted.',
    zh: '尚无补贴申请，可先提交申请，或接收异地受理的申请。',
  });
}
