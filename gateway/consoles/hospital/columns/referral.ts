import { type Column, DOCUMENT_COLUMNS, needed, optional } from './column.ts';

/** A referral filing is one row. */
export const REFERRAL_COLUMNS: readonly Column[] = [
  ...DOCUMENT_COLUMNS,
  needed('diagnosis.code', 'diagnosisCode', '诊断代码', 'C34.900'),
  needed('diagnosis.name', 'diagnosisName', '诊断名称', '支气管或肺恶性肿瘤'),
  optional('condition', 'condition', '疾病病情描述', '', { also: ['病情描述'] }),
  needed('hospital.code', 'hospitalCode', '转往医院编号', 'H42010600902', { also: ['转往定点医药机构编号'] }),
  needed('hospital.name', 'hospitalName', '转往医院名称', '武汉示例医院（虚构）', { also: ['转往定点医药机构名称'] }),
  needed('date', 'date', '转院日期', '2026-11-24', { kind: 'day' }),
  needed('reason', 'reason', '转院原因', '本院不具备放射治疗条件'),
  needed('opinion', 'opinion', '转院意见', '同意转院'),
  needed('from', 'from', '开始日期', '2026-11-24', { kind: 'day' }),
  needed('to', 'to', '结束日期', '2027-05-23', { kind: 'day' }),
  optional('referralType', 'referralType', '转院类型', '1', { kind: 'number-text' }),
];
