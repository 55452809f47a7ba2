import type { Fen } from '../../values/fen.ts';

/** How a person shows who they are at a provider (就诊凭证): 01 electronic credential token, 02 identity card, 03 social security card. */
export interface Certificate {
  /** mdtrt_cert_type. */
  readonly type: string;
  readonly number: string;
  /** card_sn, with a social security card only. */
  readonly cardSerial?: string;
}

/** Who a person is, by the identity number, by the certificate shown, or by both. */
export type PersonQuestion = {
  readonly name?: string;
  /** `yyyy-MM-dd HH:mm:ss`: the moment whose state is asked for; now when absent. */
  readonly at?: string;
} & (
  | {
      readonly idNumber: string;
      /** Shown instead of the identity card. */
      readonly certificate?: Certificate;
    }
  | { readonly idNumber?: never; readonly certificate: Certificate }
);

/** An insured person as 1101 tells (wire spec 3.2). Codes stay codes. */
export interface InsuredPerson {
  /** psn_no, opaque, up to 30 characters. */
  readonly personNumber: string;
  /** psn_cert_type: `01` resident identity card. */
  readonly idType: string | null;
  readonly idNumber: string;
  readonly name: string;
  /** gend: `1` male, `2` female, `9` not stated. */
  readonly sex: string | null;
  /** naty, two digits. */
  readonly nation: string | null;
  /** `yyyy-MM-dd`. */
  readonly birthDate: string | null;
  /** Years with one decimal. */
  readonly age: number | null;
  /** One for each insurance kind and region. */
  readonly insurances: readonly Insurance[];
  readonly identities: readonly PersonIdentity[];
}

export interface Insurance {
  /** insutype: `310`, `330`, `390`, `510` … */
  readonly kind: string;
  /** psn_type: `1101`, `1201`, `1501` … */
  readonly personType: string | null;
  /** psn_insu_stas: `1` active, `2` suspended, `4` ended. */
  readonly status: string;
  readonly since: string | null;
  readonly pausedOn: string | null;
  readonly civilServant: boolean | null;
  /** insuplc_admdvs of this row, six digits: the `insuredRegion` of every later call under this insurance. */
  readonly region: string;
  readonly employer: string | null;
  readonly balanceFen: Fen | null;
}

export interface PersonIdentity {
  readonly type: string;
  readonly level: string | null;
  readonly memo: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** What every call about one person names. */
export interface PersonReference {
  readonly personNumber: string;
  /** The region of the insurance used, from `Insurance.region` (insuplc_admdvs). */
  readonly insuredRegion: string;
}

export interface BenefitQuestion extends PersonReference {
  readonly insuranceKind: string;
  /** med_type: `52` maternity inpatient … (wire spec 3.11). */
  readonly medType: string;
  /** `yyyy-MM-dd HH:mm:ss`. */
  readonly from: string;
  readonly to?: string;
  readonly disease?: CodedName;
  readonly operation?: CodedName;
  /** matn_type. */
  readonly maternityType?: string;
  /** birctrl_type. */
  readonly birthControlType?: string;
}

export interface CodedName {
  readonly code: string;
  readonly name: string;
}

/** One row of a benefit check (待遇享受检查, wire spec 3.7). */
export interface Benefit {
  readonly personNumber: string;
  readonly checkType: string | null;
  readonly fundType: string | null;
  readonly enjoyed: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly result: string | null;
}

/**
 * The row to work under: the active insurance of the kind asked for, or, without a kind, the first active basic insurance (310, 390)
 * and else any active one. `null` when the person has none (wire spec 3.2: the region of later calls comes from that row).
 *
 * @example activeInsurance(person, '310')?.region // '421202'
 */
export function activeInsurance(person: InsuredPerson, kind?: string): Insurance | null {
  const active = person.insurances.filter((insurance) => insurance.status === '1');
  if (kind !== undefined) return active.find((insurance) => insurance.kind === kind) ?? null;
  return active.find((insurance) => insurance.kind === '310' || insurance.kind === '390') ?? active[0] ?? null;
}
