import type { ApplicationProgress } from '../../../adapters/disability-subsidy/records.ts';
import { invalidInput, type Refusal } from '../../invalid-input.ts';
import type { DirectoryOperator, DirectoryOrganisation } from '../../services/directory.ts';
import { APPLICATION_STATUS } from '../codes.ts';

/** The stages of a decision (disability-subsidy 3.7). */
export const STAGE = { TOWNSHIP: '1', FEDERATION: '2', CIVIL_AFFAIRS: '3' } as const;

type Stage = (typeof STAGE)[keyof typeof STAGE];

/** Which stage decides in a state. */
const STAGE_OF: Readonly<Record<string, Stage>> = {
  [APPLICATION_STATUS.ACCEPTED]: STAGE.TOWNSHIP,
  [APPLICATION_STATUS.PASSED_TO_HUKOU]: STAGE.TOWNSHIP,
  [APPLICATION_STATUS.TOWNSHIP_CHECK]: STAGE.TOWNSHIP,
  [APPLICATION_STATUS.FEDERATION_REVIEW]: STAGE.FEDERATION,
  [APPLICATION_STATUS.CIVIL_AFFAIRS_DECISION]: STAGE.CIVIL_AFFAIRS,
};

interface Desk {
  fits(office: DirectoryOrganisation, division: string): boolean;
  names(division: string): Refusal;
}

/** Whose decision each stage is: the township's or street's of the division, the district's federation, its civil affairs. */
const DESKS: Readonly<Record<Stage, Desk>> = {
  [STAGE.TOWNSHIP]: {
    fits: isTownOf,
    names: (division) => ({ en: `the town or street office of ${division}`, zh: `${division}的乡镇（街道）` }),
  },
  [STAGE.FEDERATION]: districtBody('残疾人联合会', {
    en: "the district's disabled federation",
    zh: '区残疾人联合会',
  }),
  [STAGE.CIVIL_AFFAIRS]: districtBody('民政局', { en: "the district's civil affairs bureau", zh: '区民政局' }),
};

const OPERATOR = 'input.operator';

/**
 * The stage in which an operator may decide an application as it stands. Throws `INVALID_INPUT`, saying what would fit, when no decision
 * is due, when it lies with another district (whose hukou it is), and when it is another office's of this one.
 *
 * @param district Six digits: for its hukou the requester may decide.
 */
export function decidingStage(operator: DirectoryOperator, application: ApplicationProgress, district: string): Stage {
  const stage = STAGE_OF[application.status];
  if (stage === undefined) {
    throw invalidInput('input.caseId', {
      en: `the application is in state ${application.statusName}: no decision is due. One is due when it is accepted, passed to the hukou place, or under review.`,
      zh: `申请状态为“${application.statusName}”，当前没有待作出的意见；受理、转户籍地、审核或审定中的申请方可审核。`,
    });
  }
  requireDesk(operator, application, district, DESKS[stage]);
  return stage;
}

/** Throws `INVALID_INPUT` unless the operator is of the office that may supplement: the township or street that accepted the application. */
export function requireAcceptingOffice(
  operator: DirectoryOperator,
  application: ApplicationProgress,
  district: string,
): void {
  requireDesk(operator, application, district, DESKS[STAGE.TOWNSHIP]);
}

/** Throws `INVALID_INPUT` for an office that does not take these applications (catalogue, O03: 乡镇（街道）). */
export function requireTownOrStreet({ organisation }: DirectoryOperator): void {
  if (organisation.level === 'town' || organisation.level === 'street') return;
  throw invalidInput(OPERATOR, {
    en: `${organisation.name} does not take subsidy applications. What fits: a town or street office (乡镇（街道）).`,
    zh: `${organisation.name}不受理两项补贴申请，可办单位：乡镇（街道）。`,
  });
}

/** Throws `INVALID_INPUT` for an operator who is the applicant or the agent. */
export function requireAnother(operator: DirectoryOperator, people: readonly (string | null | undefined)[]): void {
  if (operator.idNumber === undefined || !people.includes(operator.idNumber)) return;
  throw invalidInput(OPERATOR, {
    en: 'nobody handles an application of their own; what fits: another operator.',
    zh: '经办人不得办理本人的申请，请由其他经办人办理。',
  });
}

/** The wire tells on whose desk an application lies: the division of its last step (3.4). */
function requireDesk(
  { organisation }: DirectoryOperator,
  { steps }: ApplicationProgress,
  district: string,
  desk: Desk,
): void {
  const division = steps.at(-1)?.division ?? '';
  if (!division.startsWith(district)) {
    throw invalidInput('input.caseId', {
      en: `this now lies with ${division}, which is another district: it is done there, and followed here.`,
      zh: `该申请当前由${division}办理，不属于本区；由该地办理，本系统跟踪进度。`,
    });
  }
  if (desk.fits(organisation, division)) return;
  const { en, zh } = desk.names(division);
  throw invalidInput(OPERATOR, {
    en: `this is not for ${organisation.name}. What fits: ${en}.`,
    zh: `${organisation.name}不能办理此环节，可办单位：${zh}。`,
  });
}

function isTownOf(office: DirectoryOrganisation, division: string): boolean {
  return (office.level === 'town' || office.level === 'street') && office.division.slice(0, 9) === division.slice(0, 9);
}

/** A body of the district, known by how its name ends. */
function districtBody(ending: string, names: Refusal): Desk {
  return {
    fits: ({ level, name, division: own }, division) =>
      level === 'district' && name.endsWith(ending) && own.slice(0, 6) === division.slice(0, 6),
    names: () => names,
  };
}
