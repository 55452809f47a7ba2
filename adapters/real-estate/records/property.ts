import type { Fen } from '../../values/fen.ts';

/**
 * What the registry answers about rights in land and houses, in the domain's words. Codes of national lists stay text (wire spec
 * 3.1: unknown codes occur and vendors differ); times are ISO 8601 with `+08:00`, dates `yyyy-MM-dd`; an attribute that the registry
 * left empty is `null`.
 */

/** What every property query needs besides what it asks for (wire spec 3.2). */
export interface PropertyQuery {
  /** CXMD 查询目的: `1` own use … `5` court or department. */
  readonly purpose: string;
  /** CXSQSBH, the application form's number, up to 32 characters. */
  readonly applicationForm: string;
  /** From 1. Without it the method pages through the whole answer. */
  readonly page?: number;
  /** Entries a page, 1–50; 50 unless told. */
  readonly size?: number;
}

/** Wire spec 3.2, by owner (按权利人查询). */
export interface OwnerQuery extends PropertyQuery {
  readonly name: string;
  /** ZJZL 证件种类, `1` for the resident ID card. */
  readonly idType: string;
  readonly idNumber: string;
}

/** Wire spec 3.3, by certificate. */
export interface CertificateQuery extends PropertyQuery {
  /** Any brackets; the normal form is sent. */
  readonly certificateNumber: string;
  /** An owner's name: guards against guessing. */
  readonly name: string;
}

/** Wire spec 3.4, by unit number. */
export interface UnitQuery extends PropertyQuery {
  /** 28 characters, also with the spaces of the display form. */
  readonly unitNumber: string;
}

export interface QueryResult {
  /** CXBH 查询编号, valid for printing during 10 minutes. When several pages were fetched: the first page's. */
  readonly queryNumber: string;
  /** Entries in all, as the registry counts them: it may repeat one entry per owner, so `records` can be fewer. */
  readonly total: number;
  readonly page: number;
  readonly size: number;
  readonly queriedAt: string;
  /** Repeated entries of one unit and certificate are folded into one (wire spec 3.2, traps). */
  readonly records: readonly PropertyRecord[];
}

/** One unit and certificate (FDCQ, wire spec 3.2). */
export interface PropertyRecord {
  /** BDCDYH 不动产单元号; null on old records. */
  readonly unitNumber: string | null;
  /** BDCQZH in the normal form of wire spec 6.2, or the free text of an older paper. */
  readonly certificateNumber: string;
  /** True for a paper from before the unified certificate: `certificateNumber` is then free text. */
  readonly olderPaper: boolean;
  /** QLLX 权利类型. */
  readonly rightType: string;
  /** QLXZ 权利性质. */
  readonly rightNature: string | null;
  /** ZL 坐落. May hold line breaks. */
  readonly location: string;
  /** JZMJ 建筑面积, decimal text. */
  readonly areaSquareMetres: string | null;
  /** GHYT 房屋用途, in the list of wire spec 3.1. */
  readonly use: string | null;
  /** FWJG 房屋结构. */
  readonly structure: string | null;
  /** SZC 所在层; text, may read `12/3`. */
  readonly floor: string | null;
  /** ZCS 总层数. */
  readonly floors: string | null;
  /** DJSJ 登记时间; the first moment of the day where the registry keeps a date only. */
  readonly registeredAt: string;
  /** QDJG 取得价格. */
  readonly priceFen: Fen | null;
  /** TDSYJSSJ 土地使用结束时间. */
  readonly landUseEnd: string | null;
  /** QSZT 权属状态: `1` current, `2` historical. Count and show as owned only `1`. */
  readonly state: string;
  /** DYZT, CFZT, YGZT, YYZT. Never derive "free to sell" from them (wire spec 3.1). */
  readonly mortgaged: boolean;
  readonly seized: boolean;
  readonly preNoticed: boolean;
  readonly objected: boolean;
  readonly owners: readonly OwnerRecord[];
  readonly mortgages: readonly MortgageRecord[];
  readonly seizures: readonly SeizureRecord[];
  readonly preNotices: readonly PreNoticeRecord[];
  readonly objections: readonly ObjectionRecord[];
}

/** QLR 权利人. */
export interface OwnerRecord {
  /** SXH 顺序号, from 1. */
  readonly sequence: number;
  readonly name: string;
  /** ZJZL 证件种类. */
  readonly idType: string;
  /** ZJH; null where the registry masked it: a masked number is display text and never a key (wire spec 6.3). */
  readonly idNumber: string | null;
  /** ZJH as the registry wrote it, stars and all. */
  readonly idNumberAsShown: string;
  /** GYFS 共有方式: `0` sole, `1` joint, `2` by shares, `3` other. */
  readonly ownership: string;
  /** QLBL 权利比例, `50%`. */
  readonly share: string | null;
  /** SFCZR 是否持证人. */
  readonly holdsCertificate: boolean;
}

/** An amount whose unit the registry may have left out (JEDW, wire spec 3.2, traps). */
export interface RegisteredAmount {
  /** Null when the unit is missing or is not a Chinese yuan unit: ask the registry before showing `text` as money. */
  readonly amountFen: Fen | null;
  /** As the registry wrote it. */
  readonly text: string;
  /** JEDW, `元` or `万元`, another text, or null. */
  readonly unit: string | null;
  readonly unitMissing: boolean;
}

/** DYAQ 抵押权. */
export interface MortgageRecord {
  /** BDCDJZMH 不动产登记证明号. */
  readonly certificateNumber: string | null;
  /** DYQR 抵押权人. */
  readonly mortgagee: string;
  /** DYFS 抵押方式: `1` general, `2` maximum amount. */
  readonly kind: string;
  /** BDBZZQSE 被担保债权数额. */
  readonly secured: RegisteredAmount | null;
  /** ZGZQSE 最高债权额. */
  readonly maximum: RegisteredAmount | null;
  /** ZWLXQSSJ, ZWLXJSSJ 债务履行期限. */
  readonly from: string | null;
  readonly to: string | null;
  /** DYSW 抵押顺位. */
  readonly rank: string | null;
  readonly registeredAt: string;
  readonly state: string;
}

/** CF 查封. */
export interface SeizureRecord {
  /** CFJG 查封机关. */
  readonly court: string;
  /** CFWH 查封文号. */
  readonly documentNumber: string;
  /** CFLX 查封类型: `1` seizure, `2` waiting, `3` pre-seizure, `4` waiting pre-seizure, `5` prolonged. */
  readonly kind: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly registeredAt: string;
  readonly state: string;
}

/** YG 预告登记. */
export interface PreNoticeRecord {
  /** YGDJZL 预告登记种类. */
  readonly kind: string;
  /** QLR 权利人, YWR 义务人. */
  readonly holder: string;
  readonly obligor: string | null;
  readonly certificateNumber: string | null;
  readonly registeredAt: string;
}

/** YY 异议登记. */
export interface ObjectionRecord {
  /** YYSX 异议事项. */
  readonly matter: string;
  readonly registeredAt: string;
}
