/** The graph's names for the codes of disability-subsidy 3.0. */

export const SUBSIDY_TYPE = { LIVING: '1', NURSING: '2' } as const;

export const APPLICATION_STATUS = {
  ACCEPTED: '10',
  WAITING_FOR_SUPPLEMENT: '11',
  NOT_ACCEPTED: '12',
  PASSED_TO_HUKOU: '20',
  TOWNSHIP_CHECK: '21',
  FEDERATION_REVIEW: '30',
  FEDERATION_REFUSED: '32',
  CIVIL_AFFAIRS_DECISION: '40',
  CIVIL_AFFAIRS_REFUSED: '42',
  GRANTED: '50',
  PAID_MONTHLY: '51',
  STOPPED: '52',
  WITHDRAWN: '60',
} as const;

export const CERTIFICATE_STATUS = {
  VALID: '1',
  FROZEN: '2',
  CANCELLED: '3',
  EXPIRED: '4',
  MOVED_AWAY: '5',
} as const;

export const ENROLMENT_STATE = { GRANTED: '50', PAID_MONTHLY: '51', STOPPED: '52' } as const;

export const ECONOMIC_STATUS = { NONE: '0', MINIMUM_LIVING_ALLOWANCE: '1', BORDERLINE: '2' } as const;

export const HUKOU_TYPE = { URBAN: '1', RURAL: '2' } as const;

export const MATERIAL_FORM = { PAPER: '1', ELECTRONIC: '2', SHARED_DATA: '3' } as const;

export const MATERIAL_KIND = {
  IDENTITY_CARD: '01',
  DISABILITY_CERTIFICATE: '02',
  ALLOWANCE_CERTIFICATE: '03',
  HOUSEHOLD_REGISTER: '04',
  WRITTEN_APPLICATION: '05',
  AUTHORISATION: '06',
  BANK_CARD: '07',
} as const;

/** 材料, as the national list calls them. */
export const MATERIAL_NAMES: Readonly<Record<string, string>> = {
  '01': '居民身份证',
  '02': '残疾人证',
  '03': '低保证明',
  '04': '户口簿',
  '05': '书面申请书',
  '06': '委托书',
  '07': '银行卡',
};

export const DECISION = { PASS: '1', REFUSE: '2', ASK_FOR_SUPPLEMENT: '3' } as const;

/** What stands in the way of a subsidy (`eligibility-cases.json`). */
export const REASON = {
  CERTIFICATE_NOT_VALID: 'R01',
  HUKOU_DIFFERS: 'R02',
  NOT_IN_HARDSHIP: 'R03',
  GRADE_NOT_SEVERE: 'R04',
  SPECIAL_HARDSHIP_SUPPORT: 'R05',
  ORPHAN_SUPPORT: 'R06',
  WORK_INJURY_NURSING: 'R07',
  NO_CARE_NEEDED: 'R08',
  OTHER_NURSING_ALLOWANCE: 'R09',
  DRAWN_ALREADY: 'R10',
} as const;
