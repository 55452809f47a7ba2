import type { CertificateRecord, Material, SubsidyApplication } from '../../../adapters/disability-subsidy/records.ts';
import { isBankCard } from '../../../adapters/identifiers/bank-card.ts';
import { significantDigits } from '../../../adapters/identifiers/division.ts';
import { birthDate, type IdNumber } from '../../../adapters/identifiers/id-number.ts';
import { formInput, invalidInput, textInput } from '../../invalid-input.ts';
import type { MutationInput } from '../../services/mutation.ts';
import { ECONOMIC_STATUS, MATERIAL_NAMES } from '../codes.ts';
import type { Declared } from './eligibility.ts';

/** A material as the clerk names it. */
export interface MaterialInput {
  readonly kind: string;
  readonly name?: string | null;
  readonly form: string;
  readonly fileId: string;
}

export interface CircumstancesInput {
  readonly economicStatus: string;
  readonly needsLongTermCare: boolean;
  readonly specialHardship: boolean;
  readonly orphan: boolean;
  readonly workInjuryNursing: boolean;
  readonly elderlyNursing: boolean;
}

/** The form of 两补 as the clerk fills it in; who the applicant is comes from the case. */
export interface ApplyInput extends MutationInput {
  readonly caseId: string;
  readonly types: readonly string[];
  readonly certificateNumber?: string | null;
  readonly hukouDivision?: string | null;
  readonly residenceDivision: string;
  readonly nation: string;
  readonly phone: string;
  readonly address: string;
  readonly circumstances: CircumstancesInput;
  readonly household: { readonly type: string; readonly allowanceNumber?: string | null };
  readonly bank: {
    readonly code: string;
    readonly name: string;
    readonly accountName: string;
    readonly account: string;
  };
  readonly agent?: {
    readonly name: string;
    readonly idNumber?: string | null;
    readonly relation: string;
    readonly phone: string;
  } | null;
  readonly materials: readonly MaterialInput[];
}

/** Who applies. */
export interface Applicant {
  readonly idNumber: IdNumber;
  readonly name: string;
}

const LONGEST_NAME = 50;
const PHONE = /^[\d-]{7,20}$/;
const PHONE_REFUSAL = { en: 'must be 7 to 20 digits and hyphens.', zh: '应为7至20位数字或连字符。' };
const OF_AGE = 18;
const MOST_MATERIALS = 50;

/**
 * Checks what the form alone shows, before any department is asked. Throws `INVALID_INPUT` naming the place.
 *
 * @param today `yyyy-MM-dd`.
 */
export function checkForm(input: ApplyInput, { idNumber }: Applicant, today: string): void {
  checkTypes(input.types);
  if (input.certificateNumber != null && !input.certificateNumber.startsWith(idNumber)) {
    throw invalidInput('input.certificateNumber', {
      en: 'is not a certificate of the applicant.',
      zh: '不是申请人本人的残疾人证。',
    });
  }
  townOrBelow('input.residenceDivision', input.residenceDivision);
  if (input.hukouDivision != null) townOrBelow('input.hukouDivision', input.hukouDivision);
  formInput('input.nation', input.nation, /^\d{2}$/, { en: 'must be two digits, GB/T 3304.', zh: '应为2位民族代码。' });
  formInput('input.phone', input.phone, PHONE, PHONE_REFUSAL);
  textInput('input.address', input.address, 200);
  checkHousehold(input);
  checkBank(input.bank);
  checkAgent(input, idNumber, today);
  materialsOf(input.materials);
}

/** The application as it is sent. Throws `INVALID_INPUT` where it does not agree with the certificate or with where it is made. */
export function applicationOf(
  input: ApplyInput,
  applicant: Applicant,
  certificate: CertificateRecord,
  { clientSerial, acceptDivision }: { readonly clientSerial: string; readonly acceptDivision: string },
): SubsidyApplication {
  const hukouDivision = (input.hukouDivision ?? certificate.hukouDivision).padEnd(12, '0');
  const residenceDivision = input.residenceDivision.padEnd(12, '0');
  checkPlaces(acceptDivision, hukouDivision, residenceDivision);
  checkAccountHolder(input, applicant, certificate);
  const { circumstances, household, bank, agent } = input;
  return {
    clientSerial,
    mode: inDistrictOf(hukouDivision, acceptDivision) ? '1' : '2',
    acceptDivision,
    hukouDivision,
    residenceDivision,
    subsidyTypes: [...input.types].sort(),
    applicant: { ...applicant, nation: input.nation, phone: input.phone, address: input.address },
    certificate: { number: certificate.number, category: certificate.category, grade: certificate.grade },
    household: {
      hukouType: household.type,
      economicStatus: circumstances.economicStatus,
      dibaoNumber: household.allowanceNumber ?? null,
    },
    exclusions: {
      specialHardship: circumstances.specialHardship,
      orphan: circumstances.orphan,
      workInjuryNursing: circumstances.workInjuryNursing,
      elderlyNursing: circumstances.elderlyNursing,
    },
    bank: { code: bank.code, name: bank.name, accountName: bank.accountName, account: bank.account },
    agent: agent
      ? { name: agent.name, idNumber: agent.idNumber ?? null, relation: agent.relation, phone: agent.phone }
      : null,
    materials: materialsOf(input.materials),
  };
}

/** The same circumstances as they are judged. */
export function declaredOf(circumstances: CircumstancesInput): Declared {
  const { economicStatus, needsLongTermCare, specialHardship, orphan, workInjuryNursing, elderlyNursing } =
    circumstances;
  return { economicStatus, needsLongTermCare, specialHardship, orphan, workInjuryNursing, elderlyNursing };
}

/** Materials as the wire takes them. Throws `INVALID_INPUT` naming the one. */
export function materialsOf(materials: readonly MaterialInput[], field = 'input.materials'): Material[] {
  if (materials.length > MOST_MATERIALS) {
    throw invalidInput(field, { en: `must be ${MOST_MATERIALS} at most.`, zh: `不得超过${MOST_MATERIALS}份。` });
  }
  return materials.map(({ kind, name, form, fileId }, index) => ({
    code: kind,
    name: textInput(`${field}.${index}.name`, name ?? MATERIAL_NAMES[kind] ?? '', 100),
    form,
    fileId: textInput(`${field}.${index}.fileId`, fileId, 100),
  }));
}

function checkTypes(types: readonly string[]): void {
  if (types.length > 0 && new Set(types).size === types.length) return;
  throw invalidInput('input.types', { en: 'name each subsidy wanted once.', zh: '请选择申请的补贴，不得重复。' });
}

/** The hukou place's township has the first word, therefore the division must tell it. */
function townOrBelow(field: string, division: string): void {
  if (significantDigits(division).length >= 9) return;
  throw invalidInput(field, {
    en: 'must tell the town or street, 9 or 12 digits.',
    zh: '应具体到乡镇（街道），9位或12位。',
  });
}

function checkHousehold({ circumstances, household }: ApplyInput): void {
  const number = household.allowanceNumber;
  if (number != null) textInput('input.household.allowanceNumber', number, 40);
  if (circumstances.economicStatus === ECONOMIC_STATUS.MINIMUM_LIVING_ALLOWANCE && number == null) {
    throw invalidInput('input.household.allowanceNumber', {
      en: 'is needed for a household with the minimum living allowance.',
      zh: '低保家庭应填写低保证号。',
    });
  }
}

function checkBank({ code, name, accountName, account }: ApplyInput['bank']): void {
  textInput('input.bank.code', code, 20);
  textInput('input.bank.name', name, 100);
  textInput('input.bank.accountName', accountName, LONGEST_NAME);
  if (isBankCard(account)) return;
  throw invalidInput('input.bank.account', { en: 'is no bank card number.', zh: '不是有效的银行卡号。' });
}

function checkAgent({ agent }: ApplyInput, applicant: IdNumber, today: string): void {
  if (agent == null) {
    if (isOfAge(applicant, today)) return;
    throw invalidInput('input.agent', {
      en: 'is needed: the applicant is a minor, for whom the guardian applies.',
      zh: '申请人未成年，应由监护人代为申请。',
    });
  }
  textInput('input.agent.name', agent.name, LONGEST_NAME);
  textInput('input.agent.relation', agent.relation, 20);
  formInput('input.agent.phone', agent.phone, PHONE, PHONE_REFUSAL);
  if (agent.idNumber == null) return;
  if (agent.idNumber === applicant) {
    throw invalidInput('input.agent.idNumber', { en: 'is the applicant’s own.', zh: '代理人不能是申请人本人。' });
  }
  if (!isOfAge(agent.idNumber as IdNumber, today)) {
    throw invalidInput('input.agent.idNumber', { en: 'is that of a minor.', zh: '代理人未成年。' });
  }
}

function isOfAge(idNumber: IdNumber, today: string): boolean {
  const born = birthDate(idNumber);
  return `${Number(born.slice(0, 4)) + OF_AGE}${born.slice(4)}` <= today;
}

/** Applied for where one lives or where one is registered (catalogue, O03), not at a third place. */
function checkPlaces(acceptDivision: string, hukouDivision: string, residenceDivision: string): void {
  if ([hukouDivision, residenceDivision].some((division) => inDistrictOf(division, acceptDivision))) return;
  throw invalidInput('input.residenceDivision', {
    en: `neither residence nor hukou lies in ${acceptDivision.slice(0, 6)}. What fits: an office of ${residenceDivision.slice(0, 6)} or of ${hukouDivision.slice(0, 6)}.`,
    zh: `居住地和户籍地均不在${acceptDivision.slice(0, 6)}，请到居住地（${residenceDivision.slice(0, 6)}）或户籍地（${hukouDivision.slice(0, 6)}）申请。`,
  });
}

/** The account belongs to the applicant or the guardian (disability-subsidy 3.3). */
function checkAccountHolder({ bank, agent }: ApplyInput, { name }: Applicant, { guardian }: CertificateRecord): void {
  if ([name, agent?.name, guardian?.name].includes(bank.accountName)) return;
  throw invalidInput('input.bank.accountName', {
    en: 'is neither the applicant nor the guardian or agent.',
    zh: '开户人应为申请人、监护人或代理人。',
  });
}

function inDistrictOf(division: string, other: string): boolean {
  return division.slice(0, 6) === other.slice(0, 6);
}
