import type { PersonReference } from './person.ts';

/** What a filing gives back. The serial is needed to cancel it, and no query tells it again for referrals and chronic diseases. */
export interface Filed {
  /** trt_dcla_detl_sn 待遇申报明细流水号, opaque, up to 30 characters. */
  readonly serial: string;
  /** msgid of the call. */
  readonly messageId: string;
}

/** A write that gives nothing back. */
export interface Done {
  readonly messageId: string;
}

export interface FilingCancellation extends PersonReference {
  readonly serial: string;
  /** memo, up to 500 characters. */
  readonly reason?: string;
}

/** A stretch of time: each end a day (taken whole) or `yyyy-MM-dd HH:mm:ss`. */
export interface PeriodQuestion extends PersonReference {
  readonly from: string;
  readonly to?: string;
}

/** Somebody who acts for the person (代办人). */
export interface Agent {
  readonly name: string;
  readonly idType?: string;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly address?: string;
  /** agnter_rlts, a code. */
  readonly relation?: string;
}

/** 2501 转院备案, for out-of-area referrals (异地转诊人员备案, wire spec 3.3). Dates are `yyyy-MM-dd`. */
export interface ReferralFiling extends PersonReference {
  readonly insuranceKind: string;
  readonly phone?: string;
  readonly address?: string;
  /** Medical-insurance edition of ICD-10. */
  readonly diagnosisCode: string;
  readonly diagnosisName: string;
  readonly condition?: string;
  readonly toProviderCode: string;
  readonly toProviderName: string;
  /** Region of the receiving hospital, six digits. */
  readonly toRegion: string;
  /** hosp_agre_refl_flag; agreed when absent. */
  readonly hospitalAgrees?: boolean;
  /** refl_type, a code of the province; `1` when absent (assumed). */
  readonly referralType?: string;
  readonly date: string;
  readonly reason: string;
  readonly opinion: string;
  readonly from: string;
  readonly to?: string;
}

/** 5304 转院信息: a referral on file. The platform does not tell its serial (wire spec 0). */
export interface Referral {
  readonly personNumber: string;
  readonly insuranceKind: string | null;
  /** dcla_souc 申报来源. */
  readonly source: string | null;
  /** psn_cert_type: `01` resident identity card. */
  readonly idType: string | null;
  readonly idNumber: string | null;
  readonly name: string | null;
  readonly sex: string | null;
  readonly birthDate: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly insuredRegion: string | null;
  readonly employer: string | null;
  readonly diagnosisCode: string | null;
  readonly diagnosisName: string | null;
  readonly condition: string | null;
  readonly toProviderCode: string;
  readonly toProviderName: string | null;
  readonly outOfArea: boolean | null;
  readonly date: string | null;
  readonly reason: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly hospitalAgreed: boolean | null;
  readonly operatorNumber: string | null;
  readonly operatorName: string | null;
  readonly operatedAt: string | null;
}

/** 异地安置退休人员, 异地长期居住人员, 常驻异地工作人员. */
export type OutOfAreaCategory = 'settled-retiree' | 'long-term-resident' | 'posted-worker';

/** Assumed transaction (wire spec 3.4). */
export interface OutOfAreaFilingRequest extends PersonReference {
  readonly category: OutOfAreaCategory;
  readonly insuranceKind: string;
  readonly idNumber: string;
  readonly name: string;
  /** gend. */
  readonly sex: string;
  readonly nation: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly employer?: string;
  /** rloc_admdvs, six digits. */
  readonly destination: string;
  readonly destinationAddress: string;
  readonly from: string;
  /** Open end when absent. */
  readonly to?: string;
  readonly agent?: Agent;
  /** Follows the category's own beginning of `memo`. */
  readonly memo?: string;
}

/** Assumed transaction (wire spec 3.4). */
export interface OutOfAreaFiling {
  readonly serial: string;
  readonly insuranceKind: string | null;
  readonly personNumber: string;
  /** psn_cert_type: `01` resident identity card. */
  readonly idType: string | null;
  readonly idNumber: string | null;
  readonly name: string | null;
  readonly destination: string;
  readonly destinationAddress: string | null;
  /** rloc_rea as the platform wrote it. */
  readonly reasonCode: string;
  /** `null` where reason and memo do not tell it. */
  readonly category: OutOfAreaCategory | null;
  readonly from: string;
  readonly to: string | null;
  readonly uploaded: boolean | null;
  readonly valid: boolean | null;
  readonly reviewed: boolean | null;
}

/** 2503 人员慢特病备案 (wire spec 3.5). */
export interface ChronicDiseaseFilingRequest extends PersonReference {
  readonly insuranceKind: string;
  /** opsp_dise_code: `M03900` hypertension. */
  readonly diseaseCode: string;
  readonly diseaseName: string;
  readonly phone?: string;
  readonly address?: string;
  /** The hospital that recognised the disease (鉴定定点医药机构). */
  readonly providerCode: string;
  readonly providerName: string;
  readonly identifiedOn: string;
  readonly doctorCode: string;
  readonly doctorName: string;
  readonly from: string;
  readonly to?: string;
}

/** 5301: a recognised chronic disease. The platform does not tell its serial (wire spec 0). */
export interface ChronicDiseaseFiling {
  readonly diseaseCode: string;
  readonly diseaseName: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** 2505 人员定点备案 (wire spec 3.6). */
export interface FixedProviderFiling extends PersonReference {
  readonly phone?: string;
  readonly address?: string;
  /** biz_appy_type; `03` when absent. */
  readonly businessType?: string;
  readonly from: string;
  readonly to?: string;
  readonly agent?: Agent;
  /** fix_srt_no 定点排序号. */
  readonly rank: string;
  readonly providerCode: string;
  readonly providerName: string;
  readonly memo?: string;
}

/** 5302. */
export interface FixedProvider {
  readonly personNumber: string;
  readonly insuranceKind: string | null;
  readonly rank: string | null;
  readonly providerCode: string;
  readonly providerName: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly memo: string | null;
}

/** 生育备案 (wire spec 3.8), not national: its number and node are settings. */
export interface MaternityFiling extends PersonReference {
  readonly phone: string;
  /** geso_val, whole weeks. */
  readonly weeks?: number;
  /** fetts 胎次. */
  readonly parity?: number;
  /** matn_type. */
  readonly maternityType: string;
  /** matn_trt_dclaer_type. */
  readonly applicantType?: string;
  /** fpsc_no. */
  readonly serviceCertificate?: string;
  readonly lastMenstruation?: string;
  readonly expectedOn?: string;
  readonly from: string;
  readonly to: string;
  readonly agent?: Agent;
  readonly spouse?: { readonly name: string; readonly idType: string; readonly idNumber: string };
}
