import type { SimulatorCore } from '../../simulator/core.ts';
import { chinaCompactDate, chinaDateTime } from '../../values/china-time.ts';
import { type CaseFile, STATUS_NAMES } from './case-file.ts';
import type { MessageFault } from './gate.ts';
import type { FeeOrder, Platform } from './platform.ts';
import { contentOf } from './record-desk.ts';
import { ALLOC_FIELDS, FEE_FIELDS, FEE_ITEM_FIELDS, ITEM_FIELDS, QUERY_FIELDS } from './record-fields.ts';
import { checkRecord, RecordRefused, textOf, type WireRecord } from './record-rules.ts';
import { caseOf } from './reports.ts';

/** The interfaces whose answer is one object, so that a message carries one record (wire spec 3.3). */
export class SingleAnswers {
  readonly #core: SimulatorCore;
  readonly #platform: Platform;

  constructor(core: SimulatorCore, platform: Platform) {
    this.#core = core;
    this.#platform = platform;
  }

  /** The body of an answer, or the fault of the whole message. A refused record stands in `rejected` (wire spec 2). */
  answer(name: string, record: WireRecord): { body: unknown } | { fault: MessageFault } {
    try {
      return this.#answer(name, record);
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      return { body: { accepted: 0, rejected: [{ rowGuid: textOf(record, 'rowGuid'), ...error.fault }] } };
    }
  }

  #answer(name: string, record: WireRecord): { body: unknown } | { fault: MessageFault } {
    switch (name) {
      case 'alloc':
        return { body: this.#allocate(record) };
      case 'fee':
        return { body: this.#attachFee(record) };
      case 'query':
        return this.#progress(record);
      case 'item':
        return this.#item(record);
      default:
        throw new Error(`no interface with one answer is called ${name}`);
    }
  }

  #allocate(record: WireRecord): object {
    const now = this.#core.now();
    checkRecord(record, ALLOC_FIELDS, now);
    const item = this.#platform.items.get(textOf(record, 'taskCode'));
    if (!item) throw new RecordRefused('2102', '实施编码不在事项清单内');
    const handlingItem = textOf(record, 'taskHandleItem');
    if (handlingItem !== '' && handlingItem !== item.taskHandleItem) {
      throw new RecordRefused('2104', '业务办理项编码与实施编码不一致');
    }
    const projectNo = this.#platform.nextNumber(item.taskCode, chinaCompactDate(now));
    if (projectNo === undefined) throw new RecordRefused('2204', '该事项当日办件编号已用完');
    this.#core.record({ kind: 'case-allotted', reference: projectNo });
    return { projectNo, projectPwd: this.#platform.passwordOf(projectNo) };
  }

  #progress(record: WireRecord): { body: unknown } | { fault: MessageFault } {
    const now = this.#core.now();
    checkRecord(record, QUERY_FIELDS, now);
    const file = this.#platform.cases.get(textOf(record, 'projectNo'));
    if (!file) return { fault: { code: '2302', message: '未查询到数据' } };
    switch (this.#platform.tryPassword(file, textOf(record, 'projectPwd'), chinaCompactDate(now))) {
      case 'locked':
        return { fault: { code: '2301', message: '查询密码错误次数过多，当日已锁定' } };
      case 'wrong':
        return { fault: { code: '2301', message: '查询密码错误' } };
      case 'right':
        return { body: progressOf(file, chinaDateTime(now)) };
    }
  }

  #item(record: WireRecord): { body: unknown } | { fault: MessageFault } {
    checkRecord(record, ITEM_FIELDS, this.#core.now());
    const item = this.#platform.items.get(textOf(record, 'taskCode'));
    return item ? { body: item.guide } : { fault: { code: '2302', message: '未查询到数据' } };
  }

  /**
   * Attaches a fee order. The same record again tells how the payment stands by now: a refusal with 2106 would leave the caller without
   * the answer that the interface is for (this simulator's reading of wire spec section 4).
   */
  #attachFee(record: WireRecord): object {
    const platform = this.#platform;
    const now = this.#core.now();
    checkRecord(record, FEE_FIELDS, now);
    const amountFen = checkFeeItems(record, now);
    const rowGuid = textOf(record, 'rowGuid');
    const payCode = textOf(record, 'payCode');
    const projectNo = textOf(record, 'projectNo');
    const dataVer = record.dataVer as number;
    const known = platform.fees.get(payCode);

    const held = platform.record('fee', rowGuid);
    if (held && held.dataVer >= dataVer) {
      if (known && held.dataVer === dataVer && held.content === contentOf(record)) return stateOf(known);
      throw new RecordRefused('2106', '记录已存在，版本不低于本次');
    }
    const file = caseOf(record, { platform, now, held: false });
    if (known && (known.rowGuid !== rowGuid || known.projectNo !== projectNo)) {
      throw new RecordRefused('2104', '缴款码已关联其他办件');
    }
    const payState = record.cdOperation === 'D' ? '2' : (known?.payState ?? platform.payStateOf(payCode));
    const order: FeeOrder = { rowGuid, projectNo, payCode, amountFen, payState };
    platform.fees.set(payCode, order);
    platform.hold('fee', rowGuid, { projectNo, dataVer, content: contentOf(record), deleted: false });
    this.#core.record({
      kind: 'fee-reported',
      reference: projectNo,
      subject: file.acceptance.applicantDocument,
      amountFen,
      payCode,
      rowGuid,
      dataVer,
      operation: record.cdOperation,
    });
    return stateOf(order);
  }
}

function stateOf({ payCode, payState }: FeeOrder): object {
  return { payCode, payState };
}

/** Checks the lines of a fee order and that they make its total; gives the total in fen. Throws `RecordRefused`. */
function checkFeeItems(record: WireRecord, now: number): number {
  let totalFen = 0;
  for (const item of record.items as unknown[]) {
    if (typeof item !== 'object' || item === null) throw new RecordRefused('2102', '收费项目不符合要求（items）');
    checkRecord(item as WireRecord, FEE_ITEM_FIELDS, now);
    totalFen += fenOf(textOf(item as WireRecord, 'amount'));
  }
  if (totalFen !== fenOf(textOf(record, 'totalAmount'))) {
    throw new RecordRefused('2102', '总金额与项目金额合计不一致（totalAmount）');
  }
  return totalFen;
}

/** `80.00` as 8000. */
function fenOf(yuan: string): number {
  return Number(yuan.replace('.', ''));
}

/** The body of a query's answer (transcript 11). `""` where nothing applies yet (wire spec 2). */
function progressOf(file: CaseFile, now: string): object {
  const { acceptance, closing, status } = file;
  return {
    projectNo: file.number,
    taskName: acceptance.taskName,
    applyerName: maskedName(acceptance.applicantName),
    status,
    statusName: STATUS_NAMES[status],
    acceptDate: acceptance.acceptedAt,
    promiseDate: acceptance.promiseDate,
    resultDate: closing?.at ?? '',
    resultType: closing?.type ?? '',
    overdue: file.isOverdue(now) ? '1' : '0',
    steps: file.steps.map((step) => ({
      sn: step.number,
      processName: step.name,
      nodeResult: step.nodeState === '02' ? step.nodeResult : '',
      eventEndTime: step.nodeState === '02' ? step.endedAt : step.startedAt,
    })),
  };
}

/** 张惠兰 as 张**. */
function maskedName(name: string): string {
  const [first = '', ...others] = name;
  return first + '*'.repeat(others.length);
}
