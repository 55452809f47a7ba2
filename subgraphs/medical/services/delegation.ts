import { isMedicalProvider } from '../../../adapters/identifiers/medical-provider.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import { invalidInput } from '../../invalid-input.ts';
import type { CaseAtWork } from '../../services/case-for.ts';
import type { DirectoryOperator, Level } from '../../services/directory.ts';
import type { ServiceSurroundings } from './surroundings.ts';

/** Who acts at the platform: an operator by the account delegated to them (委托授权账号), in the name of a provider. */
export interface Delegate {
  readonly operator: DirectoryOperator;
  readonly institution: Institution;
}

/** Who may do something: the levels to which the plan moves it, and the argument that names the operator. */
export interface DelegateWanted {
  readonly levels: readonly Level[];
  readonly field?: string;
}

/** Filings of villages; the bureau itself may make them too. */
export const VILLAGE_OR_BUREAU: readonly Level[] = ['village', 'district'];
export const BUREAU: readonly Level[] = ['district'];
export const HOSPITAL: readonly Level[] = ['hospital'];

const LEVEL_NAMES: Readonly<Record<Level, { readonly en: string; readonly zh: string }>> = {
  district: { en: 'the district bureau', zh: '区级部门' },
  street: { en: 'a street', zh: '街道' },
  town: { en: 'a town', zh: '乡镇' },
  village: { en: 'a village or community', zh: '村（社区）' },
  bank: { en: 'a bank branch', zh: '银行网点' },
  hospital: { en: 'a hospital', zh: '医院' },
  fund: { en: 'the housing fund', zh: '公积金营业部' },
  online: { en: 'an app', zh: '线上平台' },
};

/**
 * The delegate whom a mutation names. A hospital acts in its own name, its code being the provider's; any other office in the name of the
 * configured provider. Throws `INVALID_INPUT` naming the argument for an unknown account, an office of another level, and an operator
 * without a delegated account.
 */
export function delegateFor(
  { directory, institution }: Pick<ServiceSurroundings, 'directory' | 'institution'>,
  account: string,
  { levels, field = 'input.operator' }: DelegateWanted,
): Delegate {
  const operator = directory.operator(account, field);
  const { organisation, medicalInsurance } = operator;
  if (!levels.includes(organisation.level)) {
    const { en, zh } = LEVEL_NAMES[organisation.level];
    throw invalidInput(field, {
      en: `is an account of ${en}; this is done by ${levels.map((level) => LEVEL_NAMES[level].en).join(' or ')}.`,
      zh: `为${zh}账号，此操作由${levels.map((level) => LEVEL_NAMES[level].zh).join('或')}办理。`,
    });
  }
  if (!medicalInsurance) {
    throw invalidInput(field, {
      en: 'has no account delegated on the medical insurance platform; an operator who has one must act.',
      zh: '没有省医疗保障信息平台的委托授权账号，须由有授权账号的人员办理。',
    });
  }
  const { number, name, type } = medicalInsurance;
  const provider = organisation.level === 'hospital' ? ownProvider(operator, field) : institution;
  const { workstation } = institution;
  return {
    operator,
    institution: { ...provider, operator: { number, name, type }, ...(workstation && { workstation }) },
  };
}

/** Refuses who applied for it themselves, and an office that the case is not at: the one that took it, or the bureau, goes on with it. */
export function checkHandler(
  { operator }: Delegate,
  { case: { organisation }, applicant }: CaseAtWork,
  field = 'input.operator',
): void {
  if (operator.idNumber === applicant.idNumber) {
    throw invalidInput(field, {
      en: 'is the applicant of this case, who may not handle it: another account must.',
      zh: '为本件申请人，应当回避，须由其他人员办理。',
    });
  }
  if (operator.organisation.level !== 'district' && operator.organisation.code !== organisation.code) {
    throw invalidInput(field, {
      en: `belongs to another office than ${organisation.name}, which took this case.`,
      zh: `不属于本件的受理机构（${organisation.name}）。`,
    });
  }
}

function ownProvider({ organisation }: DirectoryOperator, field: string): Pick<Institution, 'code' | 'name'> {
  const { code, name } = organisation;
  if (isMedicalProvider(code)) return { code, name };
  throw invalidInput(field, {
    en: 'belongs to a hospital without a provider code in the directory.',
    zh: '所属医院在名录中没有定点医药机构编号。',
  });
}
