/** The graph's names for codes of real-estate 3.1. */

/** CXMD 查询目的. */
export const QUERY_PURPOSE = { OWN_USE: '1', LOAN: '2', HOUSING_SUPPORT: '3', SCHOOL: '4', DEPARTMENT: '5' } as const;

/** ZJZL 证件种类. */
export const DOCUMENT_TYPE = {
  IDENTITY_CARD: '1',
  HONG_KONG_MACAO_TAIWAN_CARD: '2',
  PASSPORT: '3',
  HOUSEHOLD_REGISTER: '4',
  MILITARY_CARD: '5',
  ORGANISATION_CODE: '6',
  BUSINESS_LICENCE: '7',
  OTHER: '99',
} as const;

/** QSZT: in force. */
export const CURRENT = '1';

/** Proofs, and what they are called. */
export const PROOF_KIND = { QUERY_RESULT: 'query-result', HOUSING: 'housing' } as const;

export type ProofKind = (typeof PROOF_KIND)[keyof typeof PROOF_KIND];

export const PROOF_NAMES: Readonly<Record<ProofKind, string>> = {
  [PROOF_KIND.QUERY_RESULT]: '不动产登记信息查询结果证明',
  [PROOF_KIND.HOUSING]: '有房无房证明',
};
