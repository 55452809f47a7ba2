import { z } from 'zod';
import { isRealEstateCertificate } from '../../identifiers/real-estate-certificate.ts';
import { parseRealEstateUnit } from '../../identifiers/real-estate-unit.ts';
import { converted } from '../../values/checked.ts';
import { fenFromTenThousandYuan, fenFromYuan } from '../../values/fen.ts';
import type { PropertyRecord, RegisteredAmount } from '../records/property.ts';
import { blank, children, count, date, dateTime, decimal, filled, flag, orNull } from './answer-fields.ts';

/** A code of a national list. Lists differ between vendors: unknown codes stay (wire spec 3.1). */
const code = filled(10);

const owner = z
  .object({
    SXH: count,
    QLRMC: filled(100),
    ZJZL: code,
    ZJH: filled(50),
    GYFS: code,
    QLBL: blank(50),
    SFCZR: flag,
  })
  .transform((QLR) => ({
    sequence: QLR.SXH,
    name: QLR.QLRMC,
    idType: QLR.ZJZL,
    idNumber: QLR.ZJH.includes('*') ? null : QLR.ZJH,
    idNumberAsShown: QLR.ZJH,
    ownership: QLR.GYFS,
    share: QLR.QLBL,
    holdsCertificate: QLR.SFCZR,
  }));

const mortgage = z
  .object({
    BDCDJZMH: blank(200),
    DYQR: filled(200),
    DYFS: code,
    BDBZZQSE: orNull(decimal),
    ZGZQSE: orNull(decimal),
    JEDW: blank(10),
    ZWLXQSSJ: orNull(date),
    ZWLXJSSJ: orNull(date),
    DYSW: blank(10),
    DJSJ: dateTime,
    QSZT: code,
  })
  .transform((DYAQ, context) => {
    const amount = (field: 'BDBZZQSE' | 'ZGZQSE') => {
      try {
        return DYAQ[field] === null ? null : registeredAmount(DYAQ[field], DYAQ.JEDW);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        context.addIssue({ code: 'custom', path: [field], message: 'no amount' });
        return null;
      }
    };
    return {
      certificateNumber: DYAQ.BDCDJZMH === null ? null : normalCertificate(DYAQ.BDCDJZMH),
      mortgagee: DYAQ.DYQR,
      kind: DYAQ.DYFS,
      secured: amount('BDBZZQSE'),
      maximum: amount('ZGZQSE'),
      from: DYAQ.ZWLXQSSJ,
      to: DYAQ.ZWLXJSSJ,
      rank: DYAQ.DYSW,
      registeredAt: DYAQ.DJSJ,
      state: DYAQ.QSZT,
    };
  });

/** Without JEDW no unit is guessed: one observed record mixed 万元 and 元 (wire spec 3.2, traps). Throws `RangeError`. */
function registeredAmount(text: string, unit: string | null): RegisteredAmount {
  const base = { text, unit, unitMissing: unit === null };
  if (unit === '元') return { ...base, amountFen: fenFromYuan(text) };
  if (unit === '万元') return { ...base, amountFen: fenFromTenThousandYuan(text) };
  return { ...base, amountFen: null };
}

const seizure = z
  .object({
    CFJG: filled(200),
    CFWH: filled(200),
    CFLX: code,
    CFQSSJ: orNull(date),
    CFJSSJ: orNull(date),
    DJSJ: dateTime,
    QSZT: code,
  })
  .transform((CF) => ({
    court: CF.CFJG,
    documentNumber: CF.CFWH,
    kind: CF.CFLX,
    from: CF.CFQSSJ,
    to: CF.CFJSSJ,
    registeredAt: CF.DJSJ,
    state: CF.QSZT,
  }));

const preNotice = z
  .object({ YGDJZL: code, QLR: filled(200), YWR: blank(200), BDCDJZMH: blank(200), DJSJ: dateTime })
  .transform((YG) => ({
    kind: YG.YGDJZL,
    holder: YG.QLR,
    obligor: YG.YWR,
    certificateNumber: YG.BDCDJZMH === null ? null : normalCertificate(YG.BDCDJZMH),
    registeredAt: YG.DJSJ,
  }));

const objection = z
  .object({ YYSX: filled(500), DJSJ: dateTime })
  .transform((YY) => ({ matter: YY.YYSX, registeredAt: YY.DJSJ }));

/** FDCQ: one unit and certificate, attributes and children (wire spec 3.2). */
export const propertyEntry = z
  .object({
    BDCDYH: orNull(converted(parseRealEstateUnit)),
    BDCQZH: filled(200),
    QLLX: code,
    QLXZ: blank(10),
    ZL: filled(500),
    JZMJ: orNull(decimal),
    GHYT: blank(10),
    FWJG: blank(10),
    SZC: blank(50),
    ZCS: blank(10),
    DJSJ: dateTime,
    QDJG: orNull(decimal.pipe(converted(fenFromTenThousandYuan))),
    TDSYJSSJ: orNull(date),
    QSZT: code,
    DYZT: flag,
    CFZT: flag,
    YGZT: flag,
    YYZT: flag,
    QLR: children(owner),
    DYAQ: children(mortgage),
    CF: children(seizure),
    YG: children(preNotice),
    YY: children(objection),
  })
  .transform((FDCQ): PropertyRecord => {
    const certificateNumber = normalCertificate(FDCQ.BDCQZH);
    return {
      unitNumber: FDCQ.BDCDYH,
      certificateNumber,
      olderPaper: !isRealEstateCertificate(certificateNumber),
      rightType: FDCQ.QLLX,
      rightNature: FDCQ.QLXZ,
      location: FDCQ.ZL,
      areaSquareMetres: FDCQ.JZMJ,
      use: FDCQ.GHYT,
      structure: FDCQ.FWJG,
      floor: FDCQ.SZC,
      floors: FDCQ.ZCS,
      registeredAt: FDCQ.DJSJ,
      priceFen: FDCQ.QDJG,
      landUseEnd: FDCQ.TDSYJSSJ,
      state: FDCQ.QSZT,
      mortgaged: FDCQ.DYZT,
      seized: FDCQ.CFZT,
      preNoticed: FDCQ.YGZT,
      objected: FDCQ.YYZT,
      owners: FDCQ.QLR,
      mortgages: FDCQ.DYAQ,
      seizures: FDCQ.CF,
      preNotices: FDCQ.YG,
      objections: FDCQ.YY,
    };
  });

/** The normal form of a certificate number; an older paper's free text stays as it is (wire spec 6.2). */
function normalCertificate(text: string): string {
  const normal = text.normalize('NFKC').replace(/\s+/g, '');
  return isRealEstateCertificate(normal) ? normal : text;
}
