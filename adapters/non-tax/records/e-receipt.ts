import type { Fen } from '../../values/fen.ts';

/** A fiscal e-bill (财政电子票据) is known by its code and number (wire spec 6.3). */
export interface EReceiptKey {
  /** 票据代码, 8 digits. The settings' kind of bill when absent. */
  readonly code?: string;
  /** Day of issue, `yyyy-MM-dd`: tells the kind of bill where the code is not known. */
  readonly issuedOn?: string;
  /** 票据号码, 10 digits. The standard-web dialect does without. */
  readonly number?: string;
  /** The notice it was issued for: the standard-web dialect asks by it. */
  readonly payCode: string;
  /** 校验码 of the request, at most 4 characters. */
  readonly crcCode?: string;
  /** 执收单位编码: whose node asks. The district's own node when absent. */
  readonly unitCode?: string;
}

/** Whose stock the number comes from. */
export interface EReceiptNumberRequest {
  /** 执收单位编码, one of the units in the settings. */
  readonly unitCode: string;
}

/** The content of an e-receipt (wire spec 3.7). Issue only for a notice whose state is `paid`. */
export interface EReceiptDraft {
  readonly payCode: string;
  readonly unitCode: string;
  /** 票据号码 from `allotEReceiptNumber`; the key of the issue. */
  readonly number: string;
  /** 校验码, 6 of a–z and 0–9. */
  readonly check: string;
  /** When it is issued, `yyyy-MM-ddTHH:mm:ss+08:00`. */
  readonly issuedAt: string;
  readonly payer: {
    /** `1` a person, `2` an organisation. */
    readonly type: '1' | '2';
    /** ID number or social credit code. */
    readonly idNumber: string;
    readonly name: string;
  };
  readonly items: readonly {
    readonly code: string;
    readonly name: string;
    readonly quantity: number;
    readonly unit: string;
    /** 收缴标准: the price of one. */
    readonly standardFen: Fen;
    readonly amountFen: Fen;
  }[];
  /** Where finance sends it, when it is to. */
  readonly recipient?: { readonly email?: string; readonly phone?: string };
}

export interface IssuedEReceipt {
  readonly code: string;
  readonly number: string;
  readonly check: string;
  /** Finance's own number of the transaction. */
  readonly tradeId: string;
  /** `yyyy-MM-dd`. */
  readonly issuedOn: string;
  /** Where the bill can be seen. */
  readonly url: string | null;
  /** The message id of the exchange. */
  readonly reference: string;
}

/** The bill itself, as a file (CNNONTAX) or as an address (standard-web). */
export interface EReceiptFile {
  readonly code: string;
  readonly number: string;
  /** 校验码, where finance tells it. */
  readonly check: string | null;
  readonly fileName: string | null;
  /** `application/pdf`, `application/ofd` or `application/octet-stream`. */
  readonly mediaType: string | null;
  readonly content: Uint8Array | null;
  readonly url: string | null;
  /** Trade_Id: finance's own number of the download. */
  readonly tradeId: string | null;
  /** Msg: what finance says of the download. */
  readonly message: string | null;
  /** Svr_Code: the result of the service behind finance's interface. */
  readonly serviceCode: string | null;
  /** Svr_Msg: what that service says. */
  readonly serviceMessage: string | null;
}
