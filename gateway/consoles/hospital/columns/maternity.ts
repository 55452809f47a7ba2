import { type Column, DOCUMENT_COLUMNS, needed, optional } from './column.ts';

/** What a maternity settlement has once, however many fees there are. */
export const MATERNITY_COLUMNS: readonly Column[] = [
  ...DOCUMENT_COLUMNS,
  optional('treatmentType', 'treatmentType', '医疗类别', '52', { kind: 'number-text' }),
  needed('admission.admittedAt', 'admittedAt', '入院时间', '2026-11-20 08:30', { kind: 'moment' }),
  needed('admission.admissionNumber', 'admissionNumber', '住院号', 'ZY0001', { kind: 'number-text' }),
  optional('admission.recordNumber', 'recordNumber', '病历号', '', { kind: 'number-text', also: ['病案号'] }),
  needed('admission.department.code', 'departmentCode', '入院科室代码', '0502', { kind: 'number-text' }),
  needed('admission.department.name', 'departmentName', '入院科室', '产科', { also: ['入院科室名称'] }),
  needed('admission.doctor.code', 'doctorCode', '主治医生代码', 'D421202000001'),
  needed('admission.doctor.name', 'doctorName', '主治医生', '示例医生', { also: ['主治医生姓名'] }),
  needed('admission.bed', 'bed', '入院床位', '12', { kind: 'number-text', also: ['床位', '床号'] }),
  needed('admission.diagnosis.code', 'diagnosisCode', '主诊断代码', 'O80.000'),
  needed('admission.diagnosis.name', 'diagnosisName', '主诊断', '单胎顺产', { also: ['主诊断名称'] }),
  needed('admission.diagnosisText', 'diagnosisText', '入院诊断描述', '孕39周临产'),
  optional('admission.otherDiagnoses', 'otherDiagnoses', '其他诊断', '', { kind: 'codes' }),
  optional('admission.maternity.type', 'maternityType', '生育类别', '1', { kind: 'number-text' }),
  optional('admission.maternity.birthControlType', 'birthControlType', '计划生育手术类别', '', { kind: 'number-text' }),
  needed('admission.maternity.weeks', 'weeks', '孕周数', '39', { kind: 'whole' }),
  needed('admission.maternity.parity', 'parity', '胎次', '1', { kind: 'whole' }),
  optional('admission.maternity.fetuses', 'fetuses', '胎儿数', '1', { kind: 'whole' }),
  optional('admission.maternity.premature', 'premature', '早产标志', '否', { kind: 'yes-no' }),
  optional('admission.maternity.late', 'late', '晚育标志', '否', { kind: 'yes-no' }),
  optional('admission.maternity.serviceCertificate', 'serviceCertificate', '计划生育服务证号', '', {
    kind: 'number-text',
  }),
  optional('admission.maternity.on', 'birthDate', '计划生育手术或生育日期', '2026-11-21', {
    kind: 'day',
    also: ['生育日期'],
  }),
  optional('admission.contactName', 'contactName', '联系人姓名', ''),
  needed('settlement.total', 'totalYuan', '医疗费总额(元)', '4200.00', { kind: 'yuan' }),
  optional('settlement.useAccount', 'useAccount', '个人账户使用标志', '是', { kind: 'yes-no' }),
  optional('settlement.way', 'way', '个人结算方式', '01', { kind: 'number-text' }),
  optional('settlement.invoice', 'invoice', '发票号', '', { kind: 'number-text' }),
  optional('settlement.expected.fundTotal', 'expectedFundYuan', '预期基金支付总额(元)', '', { kind: 'yuan' }),
  optional('settlement.expected.cashPaid', 'expectedCashYuan', '预期个人现金支付(元)', '', { kind: 'yuan' }),
];

/** What each fee has. */
export const FEE_COLUMNS: readonly Column[] = [
  needed('serial', 'feeSerial', '费用明细流水号', 'F0001', { kind: 'number-text', also: ['明细流水号'] }),
  optional('orderNumber', 'feeOrderNumber', '医嘱号', '', { kind: 'number-text' }),
  needed('at', 'feeAt', '费用发生时间', '2026-11-21 10:00', { kind: 'moment' }),
  needed('catalogueCode', 'feeCatalogueCode', '医疗目录编码', '003315010020000', { kind: 'number-text' }),
  needed('hospitalCode', 'feeHospitalCode', '医药机构目录编码', 'HIS-0001', { kind: 'number-text' }),
  needed('amount', 'feeAmountYuan', '明细项目费用总额(元)', '4200.00', { kind: 'yuan', also: ['费用金额(元)'] }),
  needed('quantity', 'feeQuantity', '数量', '1', { kind: 'decimal' }),
  needed('unitPrice', 'feeUnitPriceYuan', '单价(元)', '4200.00', { kind: 'decimal' }),
  needed('department.code', 'feeDepartmentCode', '开单科室代码', '0502', { kind: 'number-text' }),
  needed('department.name', 'feeDepartmentName', '开单科室', '产科', { also: ['开单科室名称'] }),
  needed('doctor.code', 'feeDoctorCode', '开单医生代码', 'D421202000001'),
  needed('doctor.name', 'feeDoctorName', '开单医生', '示例医生', { also: ['开单医生姓名'] }),
  optional('maternity', 'feeMaternity', '生育费用标志', '是', { kind: 'yes-no' }),
  optional('takeHome', 'feeTakeHome', '出院带药标志', '否', { kind: 'yes-no' }),
  optional('memo', 'feeMemo', '备注', ''),
];

/** The document by which a file of fees names the settlement they belong to. */
export const FEE_KEY_COLUMNS: readonly Column[] = DOCUMENT_COLUMNS.filter(({ path }) =>
  ['document', 'version'].includes(path),
);
