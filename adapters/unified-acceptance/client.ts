import type { z } from 'zod';
import { type Call, type CallOptions, compose, type Dispatch, NO_SIGNAL } from '../transport/call.ts';
import { type BreakerState, CircuitBreaker } from '../transport/circuit-breaker.ts';
import { concurrency } from '../transport/concurrency.ts';
import type { Counter } from '../transport/counter.ts';
import { deadline } from '../transport/deadline.ts';
import { CasegraphError } from '../transport/errors.ts';
import { type HttpClient, httpClient } from '../transport/http.ts';
import { type CallObserver, observe } from '../transport/observe.ts';
import { rate } from '../transport/rate.ts';
import { checked, invalidInput } from '../values/checked.ts';
import { type Clock, chinaCompactDateTime, chinaDateTime, systemClock } from '../values/china-time.ts';
import { caseOrder } from './case-order.ts';
import { DEPARTMENT, protocolFault, refusalError } from './errors.ts';
import { messageExchange } from './exchange.ts';
import type { AcceptanceRecord } from './messages/acceptance.ts';
import { type AllotmentRequest, allotmentAnswer, allotmentRequest, encodeAllotment } from './messages/allocation.ts';
import { encodeFee, type FeeOrder, feeAnswer, feeOrder } from './messages/fee.ts';
import { encodeItemKey, itemAnswer, itemKey } from './messages/item.ts';
import type { MaterialRecord } from './messages/material.ts';
import { type Decode, Message } from './messages/message.ts';
import { refusalAnswer } from './messages/outcome.ts';
import type { ProcessRecord } from './messages/process.ts';
import { type CaseKey, caseKey, encodeCaseKey, progressAnswer } from './messages/progress.ts';
import type { Dispatched } from './messages/record.ts';
import type { ResultRecord } from './messages/result.ts';
import type { SpecialProcedureRecord } from './messages/special-procedure.ts';
import type {
  CaseNumberAllotment,
  CaseProgress,
  FeeState,
  ItemGuide,
  RejectedRecord,
  ReportOutcome,
} from './records.ts';
import {
  cutIntoMessages,
  type EncodedRecord,
  encodedRecord,
  REPORTS,
  type RecordKind,
  reportDecoder,
} from './reporting.ts';
import { resend } from './resend.ts';
import { SentContents } from './sent-contents.ts';
import type { UnifiedAcceptanceSettings } from './settings.ts';
import { DailySigner } from './signing.ts';
import { TRANSACTIONS, type Transaction } from './transactions.ts';

export interface UnifiedAcceptanceServices {
  /** Numbers the batches of acceptance records. */
  readonly counter: Counter;
  readonly clock?: Clock;
  readonly observer?: CallObserver;
}

type AnyRecord = z.ZodType<{ readonly rowGuid: string; readonly version: number; readonly caseNumber: string }>;

/**
 * The unified acceptance platform (统一综合受理平台). Every method rejects with a `CasegraphError` only.
 *
 * Reports are sent in the order of their records, at most 100 in a message; records of one case never in two messages at once. A
 * message whose outcome is unknown is sent again with its own requestNo up to three times; when it stays unknown the method rejects with
 * `OUTCOME_UNKNOWN` and the requestNo as `reference`. Reporting the same records again is always safe (wire spec section 4).
 */
export class UnifiedAcceptanceClient {
  readonly #settings: UnifiedAcceptanceSettings;
  readonly #counter: Counter;
  readonly #clock: Clock;
  readonly #http: HttpClient;
  readonly #breaker: CircuitBreaker;
  readonly #line: Dispatch<Message, unknown>;
  readonly #contents = new SentContents();

  constructor(settings: UnifiedAcceptanceSettings, services: UnifiedAcceptanceServices) {
    const { line } = settings;
    const base = new URL(settings.baseUrl);
    this.#settings = settings;
    this.#counter = services.counter;
    this.#clock = services.clock ?? systemClock;
    this.#http = httpClient({
      origin: base.origin,
      connectTimeoutMs: line.connectTimeoutMs,
      readTimeoutMs: line.readTimeoutMs,
      connections: line.concurrency,
    });
    this.#breaker = new CircuitBreaker(line.breaker);
    this.#line = compose<Message, unknown>(
      messageExchange({
        http: this.#http,
        path: `${base.pathname.replace(/\/+$/, '')}/uap/api`,
        appId: settings.appId,
        apiKey: settings.apiKey,
        signer: new DailySigner(settings, this.#clock),
      }),
      [
        observe(services.observer ?? (() => {})),
        deadline(line.deadline),
        caseOrder((input) => (input instanceof Message ? input.caseNumbers : [])),
        resend(line.retry),
        rate(line.rates),
        this.#breaker.interceptor,
        concurrency({ limit: line.concurrency }),
      ],
    );
  }

  get breakerState(): BreakerState {
    return this.#breaker.state;
  }

  /** Lets running exchanges end and closes the sockets. */
  close(): Promise<void> {
    return this.#http.close();
  }

  /**
   * Asks for a case number and its query password (办件编号分配, `alloc`). The same request under the same `requestNo` (32 lower-case hex)
   * gets the number that was allotted before, also from another process; without one it is another number each time.
   */
  async allocate(
    request: AllotmentRequest,
    { requestNo, ...options }: CallOptions & { readonly requestNo?: string } = {},
  ): Promise<CaseNumberAllotment> {
    const input = checked(allotmentRequest, request, '', invalidInput);
    const record = encodeAllotment(input, this.#settings.division);
    return this.#ask(TRANSACTIONS.alloc, record, allotmentAnswer, { ...options, requestNo });
  }

  /** Reports acceptances (办件受理信息, `accept`). Refused records are told, not thrown. */
  reportAcceptance(records: readonly AcceptanceRecord[], options: CallOptions = {}): Promise<ReportOutcome> {
    return this.#report(REPORTS.acceptance, records, options);
  }

  /** Reports steps (办件过程信息, `process`), of one case in the order of their numbers. Refused records are told, not thrown. */
  reportProcess(records: readonly ProcessRecord[], options: CallOptions = {}): Promise<ReportOutcome> {
    return this.#report(REPORTS.process, records, options);
  }

  /** Reports closings (办件结果信息, `result`). Refused records are told, not thrown. */
  reportResult(records: readonly ResultRecord[], options: CallOptions = {}): Promise<ReportOutcome> {
    return this.#report(REPORTS.result, records, options);
  }

  /** Reports the start or the end of special procedures (特别程序信息, `special`). Refused records are told, not thrown. */
  reportSpecialProcedure(
    records: readonly SpecialProcedureRecord[],
    options: CallOptions = {},
  ): Promise<ReportOutcome> {
    return this.#report(REPORTS.specialProcedure, records, options);
  }

  /** Reports the materials of cases (材料目录信息, `material`). Refused records are told, not thrown. */
  reportMaterials(records: readonly MaterialRecord[], options: CallOptions = {}): Promise<ReportOutcome> {
    return this.#report(REPORTS.materials, records, options);
  }

  /**
   * How far a case has come (进度查询, `query`); null when the platform does not know the number. A wrong password is
   * `DEPARTMENT_REJECTED` with `departmentCode` `2301` and field `password`; the platform locks the case after five.
   */
  async progress(key: CaseKey, options: CallOptions = {}): Promise<CaseProgress | null> {
    const input = checked(caseKey, key, '', invalidInput);
    const answer = progressAnswer.refine(({ number }) => number === input.number, {
      path: ['projectNo'],
      message: 'another case than was asked for',
    });
    return this.#ask(TRANSACTIONS.query, encodeCaseKey(input), answer, options);
  }

  /** An item of the implementation list by its code (实施清单, `item`); null when the platform does not know it. */
  async itemGuide(taskCode: string, options: CallOptions = {}): Promise<ItemGuide | null> {
    const input = checked(itemKey, { taskCode }, '', invalidInput);
    const answer = itemAnswer.refine((item) => item.implementationCode === input.taskCode, {
      path: ['taskCode'],
      message: 'another item than was asked for',
    });
    return this.#ask(TRANSACTIONS.item, encodeItemKey(input), answer, options);
  }

  /**
   * Attaches a fee order to a case (非税缴款, `fee`) and tells its pay state. The very same order again tells the state as it is then. A
   * refused order is `DEPARTMENT_REJECTED` with the platform's code: `2203` for a closed case.
   */
  async reportFee(order: FeeOrder, options: CallOptions = {}): Promise<FeeState> {
    const input = checked(feeOrder, order, '', invalidInput);
    const record = encodeFee(input, await this.#dispatched(TRANSACTIONS.fee));
    const answer = feeAnswer.refine(({ payCode }) => payCode === input.payCode, {
      path: ['payCode'],
      message: 'another code than was reported',
    });
    return this.#ask(TRANSACTIONS.fee, record, answer, options, [input.caseNumber]);
  }

  async #report<Schema extends AnyRecord>(
    kind: RecordKind<Schema>,
    records: readonly z.input<Schema>[],
    options: CallOptions,
  ): Promise<ReportOutcome> {
    const read = records.map((record, index) => checked(kind.schema, record, `records.${index}`, invalidInput));
    if (read.length === 0) return { accepted: 0, rejected: [] };
    const sent = await this.#dispatched(kind.transaction);
    const encoded = read.map((record) => encodedRecord(record, kind.encode, sent));

    let accepted = 0;
    const rejected: RejectedRecord[] = [];
    // One after the other: a case may have records in several messages, and what follows a failed message is not sent.
    for (const batch of cutIntoMessages(kind.transaction, encoded)) {
      const outcome = await this.#reportBatch(kind.transaction, batch, options);
      accepted += outcome.accepted;
      rejected.push(...outcome.rejected);
    }
    return { accepted, rejected };
  }

  /** Sends one batch, in halves when the platform finds it too large (`1007`: split, wire spec section 4). */
  async #reportBatch(
    transaction: Transaction,
    batch: readonly EncodedRecord[],
    options: CallOptions,
  ): Promise<ReportOutcome> {
    const records = batch.map((record) => record.json);
    const caseNumbers = batch.map((record) => record.caseNumber);
    try {
      const outcome = await this.#send(new Message(transaction, records, caseNumbers, reportDecoder(batch)), options);
      return this.#contents.judge(transaction.name, batch, outcome);
    } catch (error) {
      if (!(error instanceof CasegraphError)) throw error;
      if (error.code === 'OUTCOME_UNKNOWN') this.#contents.doubt(transaction.name, batch);
      if (error.details.departmentCode !== '1007' || batch.length === 1) throw error;
      const middle = Math.ceil(batch.length / 2);
      const first = await this.#reportBatch(transaction, batch.slice(0, middle), options);
      const second = await this.#reportBatch(transaction, batch.slice(middle), options);
      return { accepted: first.accepted + second.accepted, rejected: [...first.rejected, ...second.rejected] };
    }
  }

  /** Sends one record and reads the answers that are one object, or the refusal of that record (wire spec 2, 3.3). */
  #ask<Schema extends z.ZodType>(
    transaction: Transaction,
    record: object,
    answer: Schema,
    { requestNo, ...options }: CallOptions & { readonly requestNo?: string | undefined },
    caseNumbers: readonly string[] = [],
  ): Promise<z.output<Schema>> {
    const sent = JSON.stringify(record);
    const decode: Decode<z.output<Schema>> = (body) => {
      const refused = refusalAnswer.safeParse(body).data?.rejected[0];
      if (refused) {
        const { code, message } = refused;
        throw refusalError({ code, words: message, mode: transaction.mode, sent });
      }
      return checked(answer, body, 'body', protocolFault);
    };
    return this.#send(new Message(transaction, [sent], caseNumbers, decode, requestNo), options);
  }

  async #send<Output>(message: Message<Output>, options: CallOptions): Promise<Output> {
    const { transaction } = message;
    const call: Call<Message> = {
      department: DEPARTMENT,
      transaction: transaction.name,
      mode: transaction.mode,
      input: message,
      signal: options.signal ?? NO_SIGNAL,
    };
    // The value is what this message's own `decode` gave.
    return (await this.#line(call)).value as Output;
  }

  async #dispatched(transaction: Transaction): Promise<Dispatched> {
    const instant = this.#clock();
    return {
      at: chinaDateTime(instant),
      // Acceptance records alone carry a batch number (transcripts 02 to 09).
      batch: transaction.name === 'accept' ? await this.#batchNumber(instant) : '',
      source: this.#settings.division,
    };
  }

  async #batchNumber(instant: number): Promise<string> {
    const serial = (await this.#counter.next('unified-acceptance/batch')) % 1_000_000;
    return `${chinaCompactDateTime(instant)}${String(serial).padStart(6, '0')}`;
  }
}
