import { isIdNumber } from '../../identifiers/id-number.ts';
import { isOrganisationCode } from '../../identifiers/organisation-code.ts';
import { isSocialCreditCode } from '../../identifiers/social-credit-code.ts';
import { CaseFile, type Step } from './case-file.ts';
import type { Platform } from './platform.ts';
import { ACCEPT_FIELDS, MATERIAL_FIELDS, PROCESS_FIELDS, RESULT_FIELDS, SPECIAL_FIELDS } from './record-fields.ts';
import { isAbsent, RecordRefused, type RecordRules, textOf, type WireRecord } from './record-rules.ts';

/** What is known when a record is worked on. */
export interface Work {
  readonly platform: Platform;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** True when the platform holds an older version of the record. */
  readonly held: boolean;
}

/** A kind of record that cases are reported with (wire spec 3.3). */
export interface ReportKind {
  readonly fields: RecordRules;
  /** The ledger's word for it. */
  readonly ledgerKind: string;
  /** What the fields say together. Throws `RecordRefused`. */
  check(record: WireRecord, work: Work): void;
  /** Makes the record's effect, all of it or none. Throws `RecordRefused`. Gives what the ledger says of it. */
  take(record: WireRecord, work: Work): Readonly<Record<string, unknown>>;
}

export const REPORTS: Readonly<Record<string, ReportKind>> = {
  accept: { fields: ACCEPT_FIELDS, ledgerKind: 'case-accepted', check: checkAcceptance, take: takeAcceptance },
  process: { fields: PROCESS_FIELDS, ledgerKind: 'process-reported', check: checkStep, take: takeStep },
  result: { fields: RESULT_FIELDS, ledgerKind: 'result-reported', check: checkClosing, take: takeClosing },
  special: { fields: SPECIAL_FIELDS, ledgerKind: 'special-reported', check: checkSpecial, take: takeSpecial },
  material: { fields: MATERIAL_FIELDS, ledgerKind: 'material-reported', check: () => {}, take: takeMaterial },
};

/** The case of a record, closed ones only for a correction (2201, 2203). Throws `RecordRefused`. */
export function caseOf(record: WireRecord, { platform, now, held }: Work): CaseFile {
  const file = platform.cases.get(textOf(record, 'projectNo'));
  if (!file) throw new RecordRefused('2201', '办件不存在');
  file.admit(held && record.cdOperation === 'U', now);
  return file;
}

function checkAcceptance(record: WireRecord, { platform, now }: Work): void {
  const needed = (fields: readonly string[], zh: string) => {
    const missing = fields.find((field) => isAbsent(record[field]));
    if (missing !== undefined) throw new RecordRefused('2101', `${zh}不能为空（${missing}）`);
  };
  if (isAbsent(record.localCatalogCode)) needed(['catalogCode'], '基本编码');
  if (isAbsent(record.localTaskCode)) needed(['taskCode'], '实施编码');
  if (/^[2-5]$/.test(textOf(record, 'applyerType'))) needed(['legal'], '法定代表人');
  if (record.projectType === '2') needed(['promiseTimeLimit', 'promiseTimeUnit', 'promiseDate'], '承诺时限');

  checkDocument(record.applyerPageType, textOf(record, 'applyerPageCode'), '申请人', now);
  checkDocument(record.contactType, textOf(record, 'contactCode'), '联系人', now);
  checkOrganisation(record);
  checkItem(record, platform);
  if (textOf(record, 'acceptDate') < textOf(record, 'applyDate')) {
    throw new RecordRefused('2105', '受理时间早于申请时间');
  }
}

/** The codes of an item and of the case must belong together (2104); an item that is not in the list has no code here (2102). */
function checkItem(record: WireRecord, platform: Platform): void {
  const taskCode = textOf(record, 'taskCode');
  const projectNo = textOf(record, 'projectNo');
  if (taskCode === '') return;
  const item = platform.items.get(taskCode);
  if (!item) throw new RecordRefused('2102', '实施编码不在事项清单内');
  const own = /^.{31}\d{12}$/.test(projectNo);
  if (own && !projectNo.startsWith(taskCode)) throw new RecordRefused('2104', '办件编号与实施编码不一致');
  const catalogCode = textOf(record, 'catalogCode');
  if (catalogCode !== '' && catalogCode !== item.catalogCode) {
    throw new RecordRefused('2104', '基本编码与实施编码不一致');
  }
  const handlingItem = textOf(record, 'taskHandleItem');
  if (handlingItem !== '' && handlingItem !== item.taskHandleItem) {
    throw new RecordRefused('2104', '业务办理项编码与实施编码不一致');
  }
}

function checkDocument(type: unknown, number: string, whose: string, now: number): void {
  if (number === '') return;
  const valid =
    type === '111'
      ? isIdNumber(number, { asOf: new Date(now) })
      : type === '01'
        ? isSocialCreditCode(number)
        : type === '02'
          ? isOrganisationCode(number)
          : true;
  if (!valid) throw new RecordRefused('2103', `${whose}证件号码校验不通过`);
}

/** A code of 18 characters is a social credit code; providers have codes of their own. */
function checkOrganisation(record: WireRecord): void {
  const code = textOf(record, 'orgCode');
  if (code.length === 18 && !isSocialCreditCode(code)) throw new RecordRefused('2103', '部门编码校验不通过');
}

function takeAcceptance(record: WireRecord, work: Work): Readonly<Record<string, unknown>> {
  const { platform, held } = work;
  if (record.cdOperation === 'D') throw new RecordRefused('2204', '受理信息不能删除');
  const number = textOf(record, 'projectNo');
  const acceptance = {
    password: textOf(record, 'projectPwd'),
    taskCode: textOf(record, 'taskCode'),
    taskName: textOf(record, 'taskName'),
    applicantName: textOf(record, 'applyerName'),
    applicantDocument: textOf(record, 'applyerPageCode'),
    acceptedAt: textOf(record, 'acceptDate'),
    promiseDate: record.projectType === '1' ? '' : textOf(record, 'promiseDate'),
  };
  if (held) caseOf(record, work).acceptance = acceptance;
  else if (platform.cases.has(number)) throw new RecordRefused('2204', '该办件编号已受理');
  else platform.addCase(new CaseFile(number, acceptance));
  return {};
}

function checkStep(record: WireRecord): void {
  if (record.nodeState === '02' && isAbsent(record.nodeResult)) {
    throw new RecordRefused('2101', '环节处理结果不能为空（nodeResult）');
  }
  checkOrganisation(record);
}

function takeStep(record: WireRecord, work: Work): Readonly<Record<string, unknown>> {
  const file = caseOf(record, work);
  const step: Step = {
    rowGuid: textOf(record, 'rowGuid'),
    number: record.sn as number,
    name: textOf(record, 'processName'),
    nodeType: textOf(record, 'nodeType'),
    nodeState: textOf(record, 'nodeState'),
    nodeResult: textOf(record, 'nodeResult'),
    action: textOf(record, 'eventName'),
    startedAt: textOf(record, 'eventStartTime'),
    endedAt: textOf(record, 'eventEndTime'),
  };
  if (record.cdOperation === 'D') file.removeStep(step.rowGuid);
  else if (work.held) file.replaceStep(step, work.now);
  else file.addStep(step, work.now);
  return { sn: step.number, nodeResult: step.nodeResult, status: file.status };
}

function checkClosing(record: WireRecord): void {
  const missing = (zh: string, field: string) => new RecordRefused('2101', `${zh}不能为空（${field}）`);
  if (record.resultType !== '0' && isAbsent(record.resultExplain)) throw missing('办结说明', 'resultExplain');
  const issued = record.resultType === '0' && !isAbsent(record.resultCertName);
  if (issued && isAbsent(record.resultCertNo)) throw missing('证照编号', 'resultCertNo');
  if (record.isFee === '1' && isAbsent(record.fee)) throw missing('收费金额', 'fee');
  checkOrganisation(record);
}

function takeClosing(record: WireRecord, work: Work): Readonly<Record<string, unknown>> {
  const file = caseOf(record, work);
  if (record.cdOperation === 'D') throw new RecordRefused('2204', '办结信息不能删除');
  const closing = { type: textOf(record, 'resultType'), at: textOf(record, 'resultDate') };
  if (work.held) file.correctClosing(closing);
  else file.close(closing, work.now);
  return { resultType: closing.type, status: file.status };
}

function checkSpecial(record: WireRecord): void {
  const end = textOf(record, 'endTime');
  if (end !== '' && end < textOf(record, 'specialTime')) {
    throw new RecordRefused('2105', '特别程序结束时间早于开始时间');
  }
}

function takeSpecial(record: WireRecord, work: Work): Readonly<Record<string, unknown>> {
  const file = caseOf(record, work);
  const rowGuid = textOf(record, 'rowGuid');
  const ended = textOf(record, 'endTime') !== '' || record.cdOperation === 'D';
  if (textOf(record, 'specialTime') < file.acceptance.acceptedAt) {
    throw new RecordRefused('2105', '特别程序开始时间早于受理时间');
  }
  if (ended && file.isSuspendedBy(rowGuid)) file.resume(rowGuid);
  else if (!work.held && !ended) file.suspend(rowGuid);
  else if (!work.held && file.status !== '2') throw new RecordRefused('2204', '没有正在进行的特别程序');
  return { specialType: textOf(record, 'specialType'), ended, status: file.status };
}

function takeMaterial(record: WireRecord, work: Work): Readonly<Record<string, unknown>> {
  const file = caseOf(record, work);
  const rowGuid = textOf(record, 'rowGuid');
  if (record.cdOperation === 'D') file.materials.delete(rowGuid);
  else file.materials.set(rowGuid, textOf(record, 'materialName'));
  return {};
}
