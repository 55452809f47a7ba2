import {
  barsOf,
  type Circumstances,
  type EligibilityRules,
  REASONS,
  rateOf,
  rulesOf,
  type Subsidy,
} from '../../../adapters/disability-subsidy/eligibility.ts';
import type { CertificateRecord, Enrolment } from '../../../adapters/disability-subsidy/records.ts';
import type { Fen } from '../../../adapters/values/fen.ts';
import { CERTIFICATE_STATUS, ENROLMENT_STATE, REASON, SUBSIDY_TYPE } from '../codes.ts';

/** What the applicant declares, or papers show; codes of disability-subsidy 3.0. */
export interface Declared {
  readonly economicStatus: string;
  readonly needsLongTermCare: boolean;
  readonly specialHardship: boolean;
  readonly orphan: boolean;
  readonly workInjuryNursing: boolean;
  readonly elderlyNursing: boolean;
}

/** Why a subsidy is not open: `R01` … `R10`, and in words. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** One subsidy for one person in one month. */
export interface SubsidyAssessment {
  /** Null where nothing is known to stand in the way and the rules are the hukou place's own. */
  readonly eligible: boolean | null;
  /** Null where it is not open, and where the rate is the hukou place's own. */
  readonly monthlyFen: Fen | null;
  readonly reasons: readonly Reason[];
}

export interface Known {
  /** `yyyyMM`. */
  readonly month: string;
  /** Null where the system finds none under this name and number. */
  readonly certificate: CertificateRecord | null;
  readonly enrolments: readonly Enrolment[];
  readonly declared: Declared;
  /** Where the applicant says the hukou is, 12 digits; the certificate's where not told. */
  readonly hukouDivision?: string | undefined;
}

/** The subsidy that a type of the wire is. */
export const SUBSIDY_OF_TYPE: Readonly<Record<string, Subsidy>> = {
  [SUBSIDY_TYPE.LIVING]: 'living',
  [SUBSIDY_TYPE.NURSING]: 'nursing',
};

/**
 * Judges whether a subsidy is open: by the rules of the hukou place, which decides and pays (disability-subsidy 3.0), and by what the
 * person draws already. Advice before an application; the system decides.
 */
export function assessSubsidy(type: string, known: Known): SubsidyAssessment {
  const subsidy = SUBSIDY_OF_TYPE[type];
  if (subsidy === undefined) throw new RangeError('no such subsidy');
  const { certificate, month } = known;
  if (certificate === null) {
    return refused([{ code: REASON.CERTIFICATE_NOT_VALID, text: '未查到与姓名、身份号码相符的残疾人证' }]);
  }
  const rules = rulesOf(certificate.hukouDivision);
  const reasons = [
    ...hukouReasons(certificate, known.hukouDivision),
    ...ruleReasons(subsidy, certificate, known, rules),
    ...enrolmentReasons(type, certificate, known.enrolments),
  ].sort((one, other) => (one.code < other.code ? -1 : 1));
  if (reasons.length > 0) return refused(reasons);
  const rate = rateOf(month, rules.rates);
  return { eligible: rate === undefined ? null : true, monthlyFen: rate?.[subsidy] ?? null, reasons };
}

/** 证件状态 of a certificate that is not valid, as it is said. */
const STATUS_TEXTS: Readonly<Record<string, string>> = {
  [CERTIFICATE_STATUS.FROZEN]: '残疾人证已冻结',
  [CERTIFICATE_STATUS.CANCELLED]: '残疾人证已注销',
  [CERTIFICATE_STATUS.EXPIRED]: '残疾人证已过期',
  [CERTIFICATE_STATUS.MOVED_AWAY]: '残疾人证已迁出',
};

function ruleReasons(
  subsidy: Subsidy,
  certificate: CertificateRecord,
  { month, declared }: Known,
  rules: EligibilityRules,
): Reason[] {
  const circumstances: Circumstances = {
    month,
    certificateStatus: certificate.status,
    category: certificate.category,
    grade: certificate.grade,
    ...declared,
  };
  return barsOf(subsidy, circumstances, rules).map((code) => ({
    code,
    text: (code === REASON.CERTIFICATE_NOT_VALID && STATUS_TEXTS[certificate.status]) || (REASONS[code] ?? code),
  }));
}

function hukouReasons({ hukouDivision }: CertificateRecord, told: string | undefined): Reason[] {
  const same = told === undefined || told.slice(0, 6) === hukouDivision.slice(0, 6);
  return same ? [] : [{ code: REASON.HUKOU_DIFFERS, text: '户籍地与残疾人证记载不符' }];
}

function enrolmentReasons(
  type: string,
  { hukouDivision }: CertificateRecord,
  enrolments: readonly Enrolment[],
): Reason[] {
  const drawn = enrolments.find(({ subsidyType, state }) => subsidyType === type && state !== ENROLMENT_STATE.STOPPED);
  if (drawn === undefined) return [];
  const isHere = drawn.payDivision.slice(0, 6) === hukouDivision.slice(0, 6);
  return [{ code: REASON.DRAWN_ALREADY, text: isHere ? '已在户籍地享受该项补贴' : '已在其他地区享受' }];
}

function refused(reasons: readonly Reason[]): SubsidyAssessment {
  return { eligible: false, monthlyFen: null, reasons };
}
