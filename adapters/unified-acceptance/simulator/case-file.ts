import { RecordRefused } from './record-rules.ts';

/** Case status (wire spec 3.2, state-transitions table). */
export type CaseStatus = '1' | '2' | '21' | '22' | '3' | '47' | '44' | '5' | '-1';

/** What the platform calls each status. */
export const STATUS_NAMES: Readonly<Record<CaseStatus, string>> = {
  '1': '待受理',
  '2': '办理中',
  '21': '待补正',
  '22': '特别程序',
  '3': '已办结',
  '47': '不予受理',
  '44': '不予批准',
  '5': '异常办结',
  '-1': '作废',
};

const CLOSED: ReadonlySet<CaseStatus> = new Set(['3', '47', '44', '5', '-1']);

/** What a close result makes of a case that is in progress; 6 has no transition of its own. */
const STATUS_AFTER: Readonly<Record<string, CaseStatus>> = {
  '0': '3',
  '1': '44',
  '2': '-1',
  '3': '-1',
  '4': '5',
  '5': '5',
};

/** A correction of a closed case is taken so long (wire spec section 4, 2203). */
const CORRECTION_MS = 24 * 3_600_000;

/** The rowGuid of what was reported before this platform's memory. */
export const FROM_BEFORE = '';

export interface Step {
  readonly rowGuid: string;
  readonly number: number;
  readonly name: string;
  readonly nodeType: string;
  readonly nodeState: string;
  readonly nodeResult: string;
  readonly action: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface Closing {
  readonly type: string;
  readonly at: string;
}

/** What the acceptance record tells of a case. */
export interface Acceptance {
  readonly password: string;
  readonly taskCode: string;
  readonly taskName: string;
  readonly applicantName: string;
  readonly applicantDocument: string;
  readonly acceptedAt: string;
  /** Empty for an immediate case. */
  readonly promiseDate: string;
}

/** One case as the platform keeps it, and the only place where its status changes. Every method throws `RecordRefused`. */
export class CaseFile {
  readonly number: string;
  acceptance: Acceptance;
  #status: CaseStatus = '1';
  #steps: Step[] = [];
  #closing: Closing | undefined;
  /** When the platform learnt of the closing, milliseconds since 1970. */
  #closedAt = 0;
  #special: { readonly rowGuid: string } | undefined;
  readonly materials = new Map<string, string>();

  constructor(number: string, acceptance: Acceptance) {
    this.number = number;
    this.acceptance = acceptance;
  }

  /** A case that the platform knows from before. */
  static restored(
    number: string,
    acceptance: Acceptance,
    past: { status: CaseStatus; steps: Step[]; closing?: Closing; closedAt: number },
  ): CaseFile {
    const file = new CaseFile(number, acceptance);
    file.#status = past.status;
    file.#steps = past.steps;
    file.#closing = past.closing;
    file.#closedAt = past.closedAt;
    if (past.status === '22') file.#special = { rowGuid: FROM_BEFORE };
    return file;
  }

  get status(): CaseStatus {
    return this.#status;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  get closing(): Closing | undefined {
    return this.#closing;
  }

  get isClosed(): boolean {
    return CLOSED.has(this.#status);
  }

  /** True once the promise was not kept: closed after it, or open while it has passed and the clock runs. */
  isOverdue(now: string): boolean {
    const { promiseDate } = this.acceptance;
    if (promiseDate === '' || this.#status === '21' || this.#status === '22') return false;
    return (this.#closing?.at ?? now) > promiseDate;
  }

  /** Refuses whatever a closed case does not take: all but a correction within 24 hours (2203). */
  admit(correction: boolean, now: number): void {
    if (!this.isClosed) return;
    if (!correction || now - this.#closedAt > CORRECTION_MS) throw new RecordRefused('2203', '办件已办结');
  }

  /**
   * A step that is new: its number follows the last, it does not begin before the last ended, and the state allows it. The first
   * report of a step that is to do and that the platform knows from before takes that step over.
   */
  addStep(step: Step, now: number): void {
    const last = this.#steps.at(-1);
    const takesOver = last?.rowGuid === FROM_BEFORE && last.nodeState === '01' && last.number === step.number;
    if (takesOver) {
      this.#replaceAt(this.#steps.length - 1, step, now);
      return;
    }
    if (step.number !== (last?.number ?? 0) + 1) throw new RecordRefused('2202', '步骤号不连续');
    this.#checkTimes(step, last);
    const status = this.#statusAfter(step);
    this.#steps = [...this.#steps, step];
    this.#enter(status, step.endedAt, now);
  }

  /** A step that is reported again. It keeps its number; a step that is done now moves the case as a new one would. */
  replaceStep(step: Step, now: number): void {
    const index = this.#steps.findIndex(({ rowGuid }) => rowGuid === step.rowGuid);
    if (this.#steps[index]?.number !== step.number) throw new RecordRefused('2202', '步骤号与原记录不一致');
    this.#replaceAt(index, step, now);
  }

  /** The last step, which was to do, is done. */
  finishLastStep(done: Pick<Step, 'nodeResult' | 'action' | 'endedAt'>, now: number): void {
    const last = this.#steps.at(-1);
    if (last?.nodeState !== '01') throw new RecordRefused('2204', '没有待办环节');
    this.#replaceAt(this.#steps.length - 1, { ...last, ...done, nodeState: '02' }, now);
  }

  /** Takes back a step; only the last one, or the numbers would have a gap. */
  removeStep(rowGuid: string): void {
    if (this.#steps.at(-1)?.rowGuid !== rowGuid) throw new RecordRefused('2202', '只能删除最后一个步骤');
    this.#steps = this.#steps.slice(0, -1);
  }

  /** The supplement came in without a step of its own. */
  receiveSupplement(): void {
    if (this.#status !== '21') throw new RecordRefused('2204', '办件不在待补正状态');
    this.#status = '2';
  }

  /** A special procedure begins and suspends the case. */
  suspend(rowGuid: string): void {
    if (this.#status !== '2') throw new RecordRefused('2204', '当前状态不能启动特别程序');
    this.#special = { rowGuid };
    this.#status = '22';
  }

  /** The special procedure that suspended the case has ended. */
  resume(rowGuid: string): void {
    if (!this.isSuspendedBy(rowGuid)) throw new RecordRefused('2204', '没有正在进行的特别程序');
    this.endSpecialProcedure();
  }

  /** Ends whatever special procedure runs. */
  endSpecialProcedure(): void {
    if (this.#status !== '22') throw new RecordRefused('2204', '没有正在进行的特别程序');
    this.#special = undefined;
    this.#status = '2';
  }

  /** Of a procedure from before this platform's memory any record may tell the end. */
  isSuspendedBy(rowGuid: string): boolean {
    return this.#special !== undefined && (this.#special.rowGuid === rowGuid || this.#special.rowGuid === FROM_BEFORE);
  }

  /** Closes the case (transition table: from in progress, or returned from waiting for a supplement). */
  close(closing: Closing, now: number): void {
    const status = STATUS_AFTER[closing.type];
    const possible = this.#status === '2' || (this.#status === '21' && closing.type === '5');
    if (!possible || status === undefined) throw new RecordRefused('2204', '当前状态不能办结');
    this.#checkClosingTime(closing);
    this.#closing = closing;
    this.#enter(status, closing.at, now);
  }

  /** A closing that is corrected; the 24 hours go on from the first. */
  correctClosing(closing: Closing): void {
    const status = STATUS_AFTER[closing.type];
    if (status === undefined) throw new RecordRefused('2204', '当前状态不能办结');
    this.#checkClosingTime(closing);
    this.#closing = closing;
    this.#status = status;
  }

  #replaceAt(index: number, step: Step, now: number): void {
    this.#checkTimes(step, this.#steps[index - 1]);
    const finished = this.#steps[index]?.nodeState === '01' && step.nodeState === '02' && !this.isClosed;
    const status = finished ? this.#statusAfter(step) : this.#status;
    this.#steps = this.#steps.with(index, step);
    this.#enter(status, step.endedAt, now);
  }

  #checkTimes(step: Step, previous: Step | undefined): void {
    const earliest = previous?.endedAt ?? '';
    if (step.startedAt < earliest || step.endedAt < step.startedAt) {
      throw new RecordRefused('2105', '办理时间早于上一环节');
    }
  }

  #checkClosingTime(closing: Closing): void {
    const earliest = this.#steps.at(-1)?.endedAt ?? this.acceptance.acceptedAt;
    if (closing.at < earliest || closing.at < this.acceptance.acceptedAt) {
      throw new RecordRefused('2105', '办结时间早于上一环节');
    }
  }

  /** The status that a step leads to (wire spec 3.2, transition table). */
  #statusAfter({ nodeState, nodeType, nodeResult, action }: Step): CaseStatus {
    const done = nodeState === '02';
    switch (this.#status) {
      case '1':
        if (!done) return '1';
        if (nodeResult === '4' || (nodeType === '4' && nodeResult === '1')) return '2';
        // 不受理 ends a case like the formal 不予受理; the table only has the latter.
        if (nodeResult === '2' || nodeResult === '3') return '47';
        // Receiving (收件) comes before the acceptance and leaves the case received.
        return nodeResult === '5' ? '21' : '1';
      case '2':
        return done && nodeResult === '5' ? '21' : '2';
      case '21':
        if (done && action === '4') return '2';
        throw new RecordRefused('2204', '办件待补正');
      case '22':
        if (action === '7' || action === '8') return '22';
        throw new RecordRefused('2204', '特别程序尚未结束');
      default:
        throw new RecordRefused('2203', '办件已办结');
    }
  }

  #enter(status: CaseStatus, at: string, now: number): void {
    if (CLOSED.has(status) && !this.isClosed) {
      this.#closedAt = now;
      // Refused acceptance closes a case without a closing record.
      this.#closing ??= { type: '6', at };
    }
    this.#status = status;
  }
}
