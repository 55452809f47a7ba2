import { randomUUID } from 'node:crypto';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import { DEPARTMENT } from '../../../adapters/disability-subsidy/errors.ts';
import type { SubmissionReceipt, SubsidyApplication } from '../../../adapters/disability-subsidy/records.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { DirectoryOperator } from '../../services/directory.ts';
import type { MutationRequest } from '../../services/mutation.ts';
import type { SubmissionKind, Submitted } from '../../services/submissions.ts';
import { APPLICATION_STATUS } from '../codes.ts';
import { type Applicant, type ApplyInput, applicationOf, checkForm, declaredOf } from './application-form.ts';
import { APPLICATION, applicationNumber, ITEM } from './application-of-case.ts';
import { requireAnother, requireTownOrStreet } from './desks.ts';
import { assessSubsidy, SUBSIDY_OF_TYPE } from './eligibility.ts';
import type { Following } from './following.ts';
import type { Surroundings } from './surroundings.ts';
import { judgedOr, mayHaveBeenDone } from './unknown-outcomes.ts';

/** Submission of an application (LB03). Its client serial number is chosen before it is kept, so that it is the same every time it is sent. */
export function applicationKind(
  { client, store, clock }: Omit<Surroundings, 'writes'>,
  following: Following,
): SubmissionKind<SubsidyApplication, SubmissionReceipt> {
  return {
    name: APPLICATION,
    send: (application) => client.submitApplication(application),
    // The same serial never files twice and tells what it filed before (disability-subsidy 3.3, 4).
    settle: (application) => judgedOr(() => client.submitApplication(application)),
    async recorded(tx, { caseId, operator }, { number }) {
      if (caseId === null) throw new Error('an application without its case');
      await store.registry.addReference(tx, caseId, {
        system: DEPARTMENT,
        kind: APPLICATION,
        reference: number,
        values: {},
      });
      await tellCase(tx, store.tasks, { caseId, kind: 'subsidy-submitted', at: clock(), operator });
      await following.followNew(tx, { reference: number, caseId });
    },
  };
}

/** Files an application for the applicant of a case. Everything that can be known before is checked before anything is sent. */
export async function apply(
  surroundings: Surroundings,
  kind: SubmissionKind<SubsidyApplication, SubmissionReceipt>,
  input: ApplyInput,
  mutation: MutationRequest,
): Promise<Submitted<SubmissionReceipt>> {
  const { store, writes, directory, clock } = surroundings;
  const operator = directory.operator(input.operator);
  const known = await writes.known<SubmissionReceipt>(mutation);
  if (known) return known;
  requireTownOrStreet(operator);
  const { applicant, case: atWork } = await readCase(store, input.caseId, { items: [ITEM] });
  requireAnother(operator, [applicant.idNumber, input.agent?.idNumber]);
  checkForm(input, applicant, chinaDate(clock()));
  const application = await prepared(surroundings, input, applicant, operator);
  await refuseDouble(surroundings, input, atWork.applicantHandle);
  return writes.submit(kind, {
    mutation,
    caseId: input.caseId,
    operator: operator.account,
    input: application,
    async check(tx) {
      await caseFor(tx, store, input.caseId, { items: [ITEM] });
      await refuseSecond(surroundings, tx, input.caseId);
    },
  });
}

/** Asks for certificate and enrolments, the latter never from a cache (disability-subsidy 5), and judges each subsidy applied for. */
async function prepared(
  { client, clock }: Surroundings,
  input: ApplyInput,
  applicant: Applicant,
  { organisation }: DirectoryOperator,
): Promise<SubsidyApplication> {
  const [certificate, enrolments] = await Promise.all([
    client.verifyCertificate({ ...applicant, certificateNumber: input.certificateNumber ?? undefined }),
    client.enrolments(applicant.idNumber),
  ]);
  const declared = declaredOf(input.circumstances);
  const month = chinaDate(clock()).slice(0, 7).replace('-', '');
  const hukouDivision = input.hukouDivision ?? undefined;
  input.types.forEach((type, index) => {
    const { reasons } = assessSubsidy(type, { month, certificate, enrolments, declared, hukouDivision });
    if (reasons.length === 0) return;
    const codes = reasons.map(({ code }) => code).join(', ');
    throw invalidInput(`input.types.${index}`, {
      en: `the ${SUBSIDY_OF_TYPE[type]} subsidy is not open to the applicant: ${codes}.`,
      zh: `不符合申领条件：${reasons.map(({ text }) => text).join('；')}。`,
    });
  });
  if (certificate === null) throw new Error('judged without a certificate');
  return applicationOf(input, applicant, certificate, {
    clientSerial: randomUUID(),
    acceptDivision: organisation.division,
  });
}

/** States in which an application stands in the way of another for the same subsidy (LB3001). */
const OPEN: ReadonlySet<string> = new Set([
  APPLICATION_STATUS.ACCEPTED,
  APPLICATION_STATUS.WAITING_FOR_SUPPLEMENT,
  APPLICATION_STATUS.PASSED_TO_HUKOU,
  APPLICATION_STATUS.TOWNSHIP_CHECK,
  APPLICATION_STATUS.FEDERATION_REVIEW,
  APPLICATION_STATUS.CIVIL_AFFAIRS_DECISION,
  APPLICATION_STATUS.GRANTED,
  APPLICATION_STATUS.PAID_MONTHLY,
]);

/** Looks at the applications on all of the applicant's cases here; those filed elsewhere only the system knows. */
async function refuseDouble({ store, client }: Surroundings, input: ApplyInput, handle: string): Promise<void> {
  const own = await applicationNumber(store, input.caseId);
  if (own !== undefined) throw alreadyApplied('input.caseId', own);
  const references = (await store.registry.referencesOfResidents([handle])).get(handle) ?? [];
  const numbers = references.filter(({ system, kind }) => system === DEPARTMENT && kind === APPLICATION);
  const found = await Promise.all(numbers.map(({ reference }) => client.application(reference)));
  for (const application of found) {
    const type = input.types.findIndex((wanted) => application?.subsidyTypes.includes(wanted));
    if (application && type >= 0 && OPEN.has(application.status)) {
      throw alreadyApplied(`input.types.${type}`, application.number);
    }
  }
}

function alreadyApplied(field: string, number: string): Error {
  return invalidInput(field, {
    en: `application ${number} is there already; follow that one.`,
    zh: `已有申请${number}，请查询该申请的进度。`,
  });
}

/** Another application on the same case may be under way, or its outcome not known. */
async function refuseSecond({ store }: Surroundings, tx: WriteTransaction, caseId: string): Promise<void> {
  const submissions = (await store.submissions.ofCases([caseId], tx)).get(caseId) ?? [];
  if (!submissions.some(({ kind, state }) => kind === APPLICATION && mayHaveBeenDone(state))) return;
  throw invalidInput('input.caseId', {
    en: 'an application of this case is there or under way; look at its submissions.',
    zh: '该办件已提交申请或正在提交，请查看报送状态。',
  });
}
