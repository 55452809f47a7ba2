/** What a print of a query's result needs (wire spec 3.5). The registry answers 2003 for a query older than 10 minutes. */
export interface ProofRequest {
  /** CXBH of a query that was made for the same person. */
  readonly queryNumber: string;
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
  /** CXMD 查询目的. */
  readonly purpose: string;
}

/** Wire spec 3.6, housing certificate (有房无房证明). */
export interface HousingProofRequest extends ProofRequest {
  /** QXDM: the 6-digit districts to be searched, one at least. */
  readonly districts: readonly string[];
}

/** A printed certificate (证明, wire spec 3.5 and 3.6). */
export interface Proof {
  /** ZMLX: `1` query result, `3` housing. */
  readonly kind: string;
  /** ZMBH 证明编号. */
  readonly proofNumber: string;
  readonly queryNumber: string;
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
  /** ZMSJ 证明时间, ISO 8601. */
  readonly issuedAt: string;
  /** YXQ 有效期, `yyyy-MM-dd`. */
  readonly validUntil: string;
  /** JBR 经办人. */
  readonly clerk: string;
  /** QKSM 情况说明; names the area searched: "no record" is not "no house". */
  readonly statement: string;
  /** Houses counted. */
  readonly records: number;
  /** YZM 验证码. */
  readonly checkCharacters: string;
  /** EWM: address under which the paper can be verified. */
  readonly verificationUrl: string;
  /** The document, byte for byte as the registry made it; its digest was checked. */
  readonly pdf: Uint8Array;
  /** SHA-256 of `pdf`, lower-case hex. */
  readonly sha256: string;
}
