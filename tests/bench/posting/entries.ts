import type { NewPosting } from '../../../adapters/database/postings.ts';

const PATIENT = {
  idNumber: '421202197803159926',
  name: '甘安',
  phone: '13800000001',
  address: '咸安区汀泗桥镇彭碑村三组',
};

let documents = 0;

/** A document number of its own; they come in no order of an index. */
export function newDocumentNumber(): string {
  documents += 1;
  return `ZZ${(Math.imul(documents, 0x9e3779b1) >>> 0).toString().padStart(10, '0')}-${documents}`;
}

/** A referral filing of about 1 KB. */
export function referral(provider = 'H42120200001'): NewPosting {
  const documentNumber = newDocumentNumber();
  const at = Date.now();
  return {
    provider,
    kind: 'referral',
    documentNumber,
    version: 1,
    requestKey: `key-${documentNumber}`,
    operator: 'hospital-first',
    idNumber: PATIENT.idNumber,
    caseId: null,
    totalFen: null,
    entry: {
      kind: 'referral',
      patient: PATIENT,
      filing: {
        documentNumber,
        diagnosis: { code: 'I63.902', name: '脑梗死' },
        from: { code: provider, name: '咸宁市咸安区第一人民医院', level: '05' },
        to: { code: 'H42010200017', name: '华中科技大学同济医学院附属协和医院', level: '11', area: '420100' },
        begins: '2026-03-01',
        ends: '2026-08-31',
        reason: '本院无神经介入手术条件，经会诊建议转上级医院进一步治疗。患者及家属知情同意。',
        consultation:
          '神经内科、神经外科、影像科三方会诊，头颅CTA提示左侧大脑中动脉M1段重度狭窄，发病时间窗内，需急诊血管内治疗。',
        doctor: { code: 'D421202001234', name: '彭守仁' },
      },
    },
    at,
  };
}
