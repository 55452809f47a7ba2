import { accepted, type Fault } from './invalid-identifier.ts';

/**
 * Number of a unified real-estate certificate (不动产权证书号) or registration proof (不动产登记证明号) in its normal
 * form: half-width brackets and digits, no white space. Older papers (房产证号, 国用…) are titles too, but free text of
 * another field (real-estate.md 6.2).
 */
export type RealEstateCertificate = string & { readonly __brand: 'RealEstateCertificate' };

/** The parts of a certificate number (real-estate.md 6.2). */
export interface RealEstateCertificateParts {
  /** Short name of the province, 鄂 for Hubei. */
  readonly province: string;
  readonly year: number;
  /** County or city as written, with or without 区, 县 or 市. */
  readonly place: string;
  /** `title` 不动产权, `proof` 不动产证明. */
  readonly kind: 'title' | 'proof';
  /** 6 to 9 digits. */
  readonly serial: string;
}

const FORM = /^([\u4e00-\u9fa5])\((201[5-9]|20[2-9]\d)\)([\u4e00-\u9fa5]{2,12}?)(不动产权|不动产证明)第(\d{6,9})号$/;

/**
 * Takes a certificate number as typed or printed and gives its normal form. Throws `InvalidIdentifier`, also for years
 * before the unified certificate of 2015 (real-estate.md 6.2).
 *
 * @example parseRealEstateCertificate('鄂（2019）咸安区不动产权第0000871号') // '鄂(2019)咸安区不动产权第0000871号'
 */
export function parseRealEstateCertificate(text: string): RealEstateCertificate {
  const value = text.normalize('NFKC').replace(/\s+/g, '');
  return accepted<RealEstateCertificate>('RealEstateCertificate', value, faultOf(value));
}

/**
 * True for a certificate number in its normal form, as requests carry it. Answers may use full-width brackets: parse
 * those (real-estate.md 3.3, 6.2).
 *
 * @example isRealEstateCertificate('鄂(2022)咸安区不动产权第0001234号') // true
 */
export function isRealEstateCertificate(text: string): text is RealEstateCertificate {
  return faultOf(text) === undefined;
}

/**
 * Takes a certificate number apart (real-estate.md 6.2).
 *
 * @example splitRealEstateCertificate(parseRealEstateCertificate('鄂(2022)咸安区不动产证明第0002210号')).kind // 'proof'
 */
export function splitRealEstateCertificate(certificate: RealEstateCertificate): RealEstateCertificateParts {
  const [, province = '', year = '', place = '', kind = '', serial = ''] = FORM.exec(certificate) ?? [];
  return {
    province,
    year: Number(year),
    place,
    kind: kind === '不动产权' ? 'title' : 'proof',
    serial,
  };
}

function faultOf(text: string): Fault | undefined {
  if (FORM.test(text)) return undefined;
  const year = /^.\((\d{4})\)/.exec(text)?.[1];
  if (year === undefined) {
    return {
      reason: 'must begin with a province and a year of 4 digits in brackets',
      reasonZh: '应以省份简称及括号内4位年份开头',
    };
  }
  if (year < '2015' || year > '2099') {
    return { reason: 'year before 2015 or after 2099', reasonZh: '年份应在2015年至2099年之间' };
  }
  if (!/第\d{6,9}号$/.test(text)) {
    return { reason: 'must end with a serial of 6 to 9 digits', reasonZh: '应以“第”加6至9位顺序号加“号”结尾' };
  }
  return { reason: 'must name a place and the kind of paper', reasonZh: '应写明市县名称及“不动产权”或“不动产证明”' };
}
