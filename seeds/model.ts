/**
 * What the demo population is made of: the residents and, system by system, the records each department holds about them, in the
 * domain's words. Simulators turn these into their wire's messages; the case registry is filled from `cases`. All of it is
 * invented. Money is integer fen, dates are `yyyy-MM-dd`, times `yyyy-MM-dd HH:mm:ss` in China time, months `yyyyMM`, codes are the
 * national ones cited at each field (wire documents).
 */
export interface Population {
  readonly seed: number;
  /** The day at which everything is told; nothing in the population depends on the machine's clock. */
  readonly asOf: string;
  readonly residents: readonly ResidentSeed[];
  readonly cases: readonly CaseSeed[];
  readonly medical: MedicalSeed;
  readonly nonTax: NonTaxSeed;
  readonly realEstate: RealEstateSeed;
  readonly subsidy: SubsidySeed;
}

export interface ResidentSeed {
  readonly idNumber: string;
  readonly name: string;
  readonly sex: 'male' | 'female';
  readonly birthDate: string;
  /** GB/T 3304, `01` Han. */
  readonly nation: string;
  readonly phone: string;
  /** 12 digits. */
  readonly hukouDivision: string;
  readonly residenceDivision: string;
  readonly address: string;
  /** Present for the named residents: a short name (`retiree-in-shenzhen`) and one English sentence. */
  readonly story?: { readonly name: string; readonly text: string };
}

// ---- cases (unified acceptance platform, and our own registry) ----

export interface CaseSeed {
  /** 43 characters: implementation code + yyyyMMdd + serial. */
  readonly number: string;
  /** 6-digit query password. */
  readonly password: string;
  /** Catalogue id: `S01` … `S13`, `O01` … `O07`. */
  readonly itemId: string;
  readonly applicantIdNumber: string;
  readonly applicantName: string;
  readonly applicantPhone: string;
  /** Through what it was submitted. */
  readonly channel: 'window' | 'online' | 'kiosk' | 'village' | 'hospital' | 'bank';
  readonly organisation: OrganisationSeed;
  readonly appliedAt: string;
  readonly acceptedAt: string;
  /** `1` immediate 即办件, `2` promised 承诺件. */
  readonly projectType: '1' | '2';
  /** Working days promised; 0 for an immediate case. */
  readonly promiseDays: number;
  /** `yyyy-MM-dd HH:mm:ss`; empty for an immediate case. */
  readonly promiseDate: string;
  /** unified-acceptance 3.2, case status: `1`, `2`, `21`, `22`, `3`, `47`, `44`, `5`, `-1`. */
  readonly status: string;
  readonly visitsPromised: number;
  readonly visitsMade: number;
  readonly steps: readonly CaseStepSeed[];
  readonly result?: {
    /** unified-acceptance 3.2, close result: `0` … `6`. */
    readonly type: string;
    readonly at: string;
    readonly explanation: string;
    readonly certificateName: string;
    readonly certificateNumber: string;
    readonly handler: string;
  };
  /** The department records that belong to this case. */
  readonly references: readonly ReferenceSeed[];
}

export interface CaseStepSeed {
  /** From 1 without gaps. */
  readonly number: number;
  /** A step of the item's process in the catalogue, or 补正. */
  readonly name: string;
  /** `1` first, `2` middle, `3` last, `4` the only one. */
  readonly nodeType: string;
  /** `01` to do, `02` done. */
  readonly nodeState: string;
  /** `0` … `7`. */
  readonly nodeResult: string;
  /** `1` … `8`. */
  readonly action: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly handler: string;
  readonly explanation: string;
  readonly organisation: OrganisationSeed;
}

export interface OrganisationSeed {
  /** Unified social credit code, or a provider code for a hospital. */
  readonly code: string;
  readonly name: string;
  /** 12 digits. */
  readonly division: string;
}

/** Ties a case to one department's record, with the values that reading it needs. */
export interface ReferenceSeed {
  readonly system: 'medical-insurance' | 'non-tax' | 'real-estate' | 'disability-subsidy';
  readonly kind:
    | 'out-of-area-filing' // reference: trt_dcla_detl_sn; values: psnNo
    | 'referral' // reference: trt_dcla_detl_sn; values: psnNo, from, to
    | 'chronic-disease-filing' // reference: trt_dcla_detl_sn; values: psnNo, diseaseCode
    | 'maternity-settlement' // reference: setl_id; values: psnNo, visitId
    | 'payment' // reference: PayCode; values: crcCode
    | 'registration' // reference: SLBH
    | 'property-query' // reference: CXSQSBH, the query's application form
    | 'subsidy-application'; // reference: applicationNo
  readonly reference: string;
  readonly values: Readonly<Record<string, string>>;
}

// ---- medical insurance ----

export interface MedicalSeed {
  readonly providers: readonly MedicalProviderSeed[];
  readonly persons: readonly InsuredPersonSeed[];
  readonly outOfAreaFilings: readonly OutOfAreaFilingSeed[];
  readonly referrals: readonly ReferralSeed[];
  readonly chronicFilings: readonly ChronicFilingSeed[];
  readonly fixedProviders: readonly FixedProviderSeed[];
  readonly visits: readonly VisitSeed[];
  readonly settlements: readonly SettlementSeed[];
}

export interface MedicalProviderSeed {
  /** `H` or `P` + 6 digits region + 5 digits. */
  readonly code: string;
  readonly name: string;
  readonly region: string;
}

export interface InsuredPersonSeed {
  readonly psnNo: string;
  readonly idNumber: string;
  readonly name: string;
  readonly sex: 'male' | 'female';
  readonly nation: string;
  readonly birthDate: string;
  readonly insurances: readonly {
    /** insutype: `310`, `330`, `390`, `510` … */
    readonly kind: string;
    /** psn_type: `1101`, `1201`, `1501`. */
    readonly personType: string;
    /** psn_insu_stas: `1` active, `2` suspended, `4` ended. */
    readonly status: string;
    readonly since: string;
    readonly pausedOn: string | null;
    /** insuplc_admdvs, 6 digits. */
    readonly region: string;
    readonly employer: string;
    readonly balanceFen: number;
  }[];
  readonly identities: readonly {
    readonly type: string;
    readonly level: string;
    readonly memo: string;
    readonly from: string;
    readonly to: string;
  }[];
}

export interface OutOfAreaFilingSeed {
  /** trt_dcla_detl_sn. */
  readonly serial: string;
  readonly psnNo: string;
  readonly insuranceKind: string;
  /** rloc_rea `02` settled retiree; `07` long-term resident (memo begins `12`) or posted worker (memo otherwise). */
  readonly reason: string;
  readonly memo: string;
  /** rloc_admdvs, 6 digits. */
  readonly destination: string;
  readonly destinationAddress: string;
  readonly employer: string;
  readonly phone: string;
  readonly filedAt: string;
  readonly from: string;
  /** null = open end. */
  readonly to: string | null;
  readonly uploaded: boolean;
  readonly valid: boolean;
  readonly reviewed: boolean;
}

export interface ReferralSeed {
  readonly serial: string;
  readonly psnNo: string;
  readonly insuranceKind: string;
  readonly phone: string;
  readonly address: string;
  readonly diagnosisCode: string;
  readonly diagnosisName: string;
  readonly condition: string;
  /** The referring provider. */
  readonly fromProviderCode: string;
  readonly toProviderCode: string;
  readonly toProviderName: string;
  /** mdtrtarea_admdvs, 6 digits. */
  readonly toRegion: string;
  readonly date: string;
  readonly reason: string;
  readonly opinion: string;
  readonly from: string;
  readonly to: string;
  readonly operatorId: string;
  readonly operatorName: string;
  readonly operatedAt: string;
}

export interface ChronicFilingSeed {
  readonly serial: string;
  readonly psnNo: string;
  readonly insuranceKind: string;
  /** opsp_dise_code, `M03900` hypertension … */
  readonly diseaseCode: string;
  readonly diseaseName: string;
  readonly providerCode: string;
  readonly providerName: string;
  readonly identifiedOn: string;
  readonly doctorCode: string;
  readonly doctorName: string;
  readonly from: string;
  readonly to: string | null;
}

export interface FixedProviderSeed {
  readonly serial: string;
  readonly psnNo: string;
  readonly insuranceKind: string;
  /** biz_appy_type. */
  readonly businessType: string;
  readonly rank: string;
  readonly providerCode: string;
  readonly providerName: string;
  readonly from: string;
  readonly to: string | null;
  readonly memo: string;
}

export interface VisitSeed {
  /** mdtrt_id. */
  readonly id: string;
  readonly psnNo: string;
  readonly insuranceKind: string;
  /** `21`, `52` … */
  readonly medType: string;
  readonly admittedAt: string;
  readonly dischargedAt: string | null;
  readonly admissionNumber: string;
  readonly providerCode: string;
  readonly providerName: string;
  readonly departmentName: string;
  readonly bed: string;
}

/** All amounts in fen; the sums of medical-insurance 3.11 hold. */
export interface SettlementSeed {
  /** setl_id. */
  readonly id: string;
  readonly visitId: string;
  readonly psnNo: string;
  readonly insuranceKind: string;
  readonly personType: string;
  readonly medType: string;
  readonly providerCode: string;
  readonly providerName: string;
  readonly from: string;
  readonly to: string;
  readonly settledAt: string;
  readonly totalFen: number;
  readonly fullySelfPaidFen: number;
  readonly overLimitFen: number;
  readonly firstSelfPaidFen: number;
  readonly inScopeFen: number;
  readonly deductibleFen: number;
  readonly poolFen: number;
  readonly fundTotalFen: number;
  readonly personTotalFen: number;
  readonly accountFen: number;
  readonly cashFen: number;
  readonly balanceFen: number;
  /** setldetail; the personal account is one of them. `510100` in its own line for some, merged in `310100` for others. */
  readonly funds: readonly { readonly type: string; readonly name: string; readonly amountFen: number }[];
  /** medins_setl_id: the msgid of the settling call, 30 characters. */
  readonly messageId: string;
  readonly refunded: boolean;
  readonly operatorId: string;
  readonly operatorName: string;
}

// ---- non-tax ----

export interface NonTaxSeed {
  readonly notices: readonly PaymentNoticeSeed[];
}

export interface PaymentNoticeSeed {
  /** 20 digits. */
  readonly payCode: string;
  readonly billDate: string;
  /** The last day to pay; the system answers 11003 after it. */
  readonly dueDate: string | null;
  readonly unitCode: string;
  readonly unitName: string;
  readonly payerName: string;
  readonly payerIdNumber: string;
  readonly payerPhone: string;
  readonly originalFen: number;
  readonly lateFeeFen: number;
  readonly items: readonly {
    readonly code: string;
    readonly name: string;
    readonly amountFen: number;
    readonly unit: string;
    readonly quantity: number;
  }[];
  readonly memo: string;
  /** non-tax 6.2; empty when the notice has none. */
  readonly crcCode: string;
  readonly state: 'unpaid' | 'paid' | 'void';
  readonly payment?: {
    readonly at: string;
    /** PayMode 3.3. */
    readonly mode: string;
    readonly tradeNumber: string;
  };
  readonly eReceipt?: {
    /** 8 digits. */
    readonly code: string;
    /** 10 digits. */
    readonly number: string;
    readonly check: string;
    readonly typeCode: string;
    readonly typeName: string;
    readonly versionName: string;
    readonly issuedOn: string;
  };
}

// ---- real estate ----

export interface RealEstateSeed {
  readonly properties: readonly PropertySeed[];
  readonly registrations: readonly RegistrationSeed[];
}

/** One FDCQ of real-estate 3.2: one unit and certificate. */
export interface PropertySeed {
  /** 28 characters; empty on old records. */
  readonly unitNumber: string;
  /** Normal form of 6.2, or free text on old records. */
  readonly certificateNumber: string;
  /** QLLX, QLXZ. */
  readonly rightType: string;
  readonly rightNature: string;
  readonly location: string;
  /** Square metres with two decimals, as text. */
  readonly areaSquareMetres: string;
  /** GHYT, FWJG. */
  readonly use: string;
  readonly structure: string;
  readonly floor: string;
  readonly floors: string;
  readonly registeredAt: string;
  /** Fen; the registry writes it in 万元. */
  readonly priceFen: number | null;
  readonly landUseEnd: string | null;
  /** QSZT: `1` current, `2` historical. */
  readonly state: string;
  readonly owners: readonly {
    readonly name: string;
    readonly idNumber: string;
    /** GYFS: `0` sole, `1` joint, `2` by shares. */
    readonly ownership: string;
    /** `100%`, `50%`. */
    readonly share: string;
    readonly holdsCertificate: boolean;
  }[];
  readonly mortgages: readonly {
    readonly certificateNumber: string;
    readonly mortgagee: string;
    /** DYFS `1` general, `2` maximum amount. */
    readonly kind: string;
    readonly securedFen: number;
    /** How the registry writes securedFen: `元` or `万元`. */
    readonly unit: '元' | '万元';
    readonly from: string;
    readonly to: string;
    readonly rank: string;
    readonly registeredAt: string;
    readonly state: string;
  }[];
  readonly seizures: readonly {
    readonly court: string;
    readonly documentNumber: string;
    /** CFLX `1` … `5`. */
    readonly kind: string;
    readonly from: string;
    readonly to: string;
    readonly registeredAt: string;
    readonly state: string;
  }[];
  readonly preNotices: readonly {
    readonly kind: string;
    readonly holder: string;
    readonly obligor: string;
    readonly certificateNumber: string;
    readonly registeredAt: string;
  }[];
  readonly objections: readonly { readonly matter: string; readonly registeredAt: string }[];
}

/** An application that the registry has accepted and whose fee goes through non-tax (3.7). */
export interface RegistrationSeed {
  /** SLBH, 12 digits. */
  readonly acceptanceNumber: string;
  readonly applicantIdNumber: string;
  readonly applicantName: string;
  readonly acceptedAt: string;
  readonly residential: boolean;
  readonly feeFen: number;
  /** The linked PayCode, once linked. */
  readonly payCode: string | null;
  readonly paidAt: string | null;
  readonly tradeNumber: string | null;
  readonly eReceipt: { readonly code: string; readonly number: string } | null;
}

// ---- disability subsidy ----

export interface SubsidySeed {
  readonly certificates: readonly DisabilityCertificateSeed[];
  readonly enrolments: readonly EnrolmentSeed[];
  readonly applications: readonly SubsidyApplicationSeed[];
  readonly payments: readonly SubsidyPaymentSeed[];
  /** What other registers say of a person, where it is not the default (no low income, no exclusion). */
  readonly circumstances: readonly {
    readonly idNumber: string;
    /** `0` none, `1` 低保, `2` 低保边缘. */
    readonly economicStatus: string;
    readonly specialHardship: boolean;
    readonly orphan: boolean;
    readonly workInjuryNursing: boolean;
    readonly elderlyNursing: boolean;
    readonly needsLongTermCare: boolean;
  }[];
}

export interface DisabilityCertificateSeed {
  /** 20 or 22 characters. */
  readonly number: string;
  readonly idNumber: string;
  readonly name: string;
  /** `1` … `7`; `1` … `4`. */
  readonly category: string;
  readonly grade: string;
  /** `1` valid, `2` frozen, `3` cancelled, `4` expired, `5` moved away. */
  readonly status: string;
  readonly firstIssuedOn: string;
  readonly issuedOn: string;
  readonly validTo: string;
  readonly hukouDivision: string;
  readonly guardian: { readonly name: string; readonly relation: string; readonly phone: string } | null;
  readonly subCategories: readonly { readonly category: string; readonly grade: string }[];
}

export interface EnrolmentSeed {
  readonly idNumber: string;
  /** `1` living, `2` nursing. */
  readonly subsidyType: string;
  readonly payDivision: string;
  readonly startMonth: string;
  readonly endMonth: string | null;
  readonly monthlyFen: number;
  /** `50`, `51`, `52`. */
  readonly state: string;
}

export interface SubsidyApplicationSeed {
  /** `LB` + 6 + yyyyMMdd + 6. */
  readonly number: string;
  readonly clientSerial: string;
  /** `1` at the hukou place, `2` elsewhere. */
  readonly mode: string;
  readonly acceptDivision: string;
  readonly hukouDivision: string;
  readonly residenceDivision: string;
  readonly subsidyTypes: readonly string[];
  readonly applicantIdNumber: string;
  readonly applicantName: string;
  readonly certificateNumber: string;
  readonly category: string;
  readonly grade: string;
  readonly economicStatus: string;
  readonly bank: { readonly code: string; readonly name: string; readonly account: string };
  readonly phone: string;
  readonly address: string;
  /** disability-subsidy 3.0: `10` … `60`. */
  readonly status: string;
  readonly acceptedAt: string;
  readonly updatedAt: string;
  readonly steps: readonly {
    readonly sequence: number;
    readonly status: string;
    readonly division: string;
    readonly department: string;
    readonly handler: string;
    readonly at: string;
    readonly opinion: string;
  }[];
}

export interface SubsidyPaymentSeed {
  readonly number: string;
  readonly idNumber: string;
  readonly subsidyType: string;
  readonly month: string;
  readonly amountFen: number;
  readonly arrearsFen: number;
  readonly paidOn: string | null;
  /** The whole account; the system shows it masked. */
  readonly account: string;
  /** `0` pending, `1` paid, `2` failed, `3` returned. */
  readonly result: string;
  readonly failure: string;
}
