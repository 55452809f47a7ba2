import { type Call, type CallOptions, NO_SIGNAL } from '../../transport/call.ts';
import type { BreakerState } from '../../transport/circuit-breaker.ts';
import type { CasegraphError } from '../../transport/errors.ts';
import { type Clock, systemClock } from '../../values/china-time.ts';
import type { NonTaxClient, NonTaxServices, PaymentLookup } from '../binding.ts';
import {
  DEPARTMENT,
  NOTICE_EXPIRED,
  NOTICE_VOID,
  protocolFault,
  type Refusal,
  refusalError,
  SUCCESS,
  UNKNOWN_PAY_CODE,
  unsupported,
} from '../errors.ts';
import { type FinanceLine, lineToFinance } from '../line.ts';
import { DYNAMIC_QR, DYNAMIC_QR_ANSWER, dynamicQrVoucher, readDynamicQr } from '../messages/dynamic-qr.ts';
import {
  downloadVoucher,
  E_RECEIPT_DOWNLOAD,
  E_RECEIPT_ISSUE,
  E_RECEIPT_NUMBER,
  isSuccess,
  issueVoucher,
  kindOf,
  numberVoucher,
  readEReceiptAnswer,
  readFile,
  readIssued,
  readNumber,
} from '../messages/e-receipt.ts';
import { GENERAL_ANSWER, readGeneralAnswer } from '../messages/general-answer.ts';
import { checkedNotice, NOTICE, noticeVoucher, OPEN, personalValues, VOID } from '../messages/notice.ts';
import { closedRecord, QUERY, QUERY_ANSWER, queryVoucher, readPayment } from '../messages/payment-state.ts';
import {
  COMPARED,
  readStatementAnswer,
  STATEMENT,
  STATEMENT_ANSWER,
  statementPages,
  statementVoucher,
} from '../messages/statement.ts';
import type { XmlElement } from '../messages/xml.ts';
import { nextPayCode } from '../numbering.ts';
import type {
  EReceiptDraft,
  EReceiptFile,
  EReceiptKey,
  EReceiptNumberRequest,
  IssuedEReceipt,
} from '../records/e-receipt.ts';
import type { DynamicQr, OpenedPayment, PaymentNotice, PaymentRecord } from '../records/payment.ts';
import type { DailyStatement, StatementDifference, StatementResult } from '../records/reconciliation.ts';
import type { CnnontaxSettings, CollectingUnitSettings, EReceiptSettings, NonTaxSettings } from '../settings.ts';
import { unitOf } from '../unit.ts';
import { messageExchange, type Transaction, type VoucherReader } from './exchange.ts';
import { type FrameExchange, httpFrames, tcpFrames } from './frames.ts';
import { NoticeFrames } from './notice-frames.ts';

/** What of a refusal does not come from the answer. */
type RefusalContext = Omit<Refusal, 'result' | 'text'>;

/** The CNNONTAX dialect: frames of wire spec 1.1 over TCP or HTTP. */
export class CnnontaxClient implements NonTaxClient {
  readonly #settings: NonTaxSettings;
  readonly #wire: CnnontaxSettings;
  readonly #services: NonTaxServices;
  readonly #now: Clock;
  readonly #frames: FrameExchange;
  readonly #line: FinanceLine<Transaction>;
  readonly #noticeFrames: NoticeFrames;

  /** Throws `RangeError` when the settings lack the dialect's section. */
  constructor(settings: NonTaxSettings, services: NonTaxServices) {
    if (settings.cnnontax === undefined)
      throw new RangeError('non-tax: the cnnontax section of the settings is missing');
    const { line } = settings;
    this.#settings = settings;
    this.#wire = settings.cnnontax;
    this.#services = services;
    this.#now = services.clock ?? systemClock;
    this.#frames = this.#wire.transport === 'tcp' ? tcpFrames(settings.url, line) : httpFrames(settings.url, line);
    const exchange = messageExchange({
      ...this.#wire,
      counter: services.counter,
      now: this.#now,
      frames: this.#frames,
    });
    this.#line = lineToFinance<Transaction>(settings, services, exchange);
    this.#noticeFrames = new NoticeFrames(this.#wire.noticesPerFrame, async (frame) => {
      const { value } = await this.#dispatch('write', NOTICE, NO_SIGNAL, frame);
      return value;
    });
  }

  get breakerState(): BreakerState {
    return this.#line.breaker.state;
  }

  close(): Promise<void> {
    return this.#frames.close();
  }

  allotPayCode(): Promise<string> {
    return nextPayCode(this.#services.counter, this.#settings.division, this.#now);
  }

  async openPayment(notice: PaymentNotice, options: CallOptions = {}): Promise<OpenedPayment> {
    const { crcCode } = checkedNotice(notice);
    const { value, reference } = await this.#sendNotice(notice, OPEN, options);
    return { payCode: notice.payCode, crcCode, payUrl: value === '' ? null : value, reference };
  }

  async voidPayment(notice: PaymentNotice, options: CallOptions = {}): Promise<void> {
    await this.#sendNotice(notice, VOID, options);
  }

  async payment(payCode: string, lookup: PaymentLookup = {}, options: CallOptions = {}): Promise<PaymentRecord | null> {
    const unit = lookup.unitCode === undefined ? undefined : this.#unit(lookup.unitCode, 'lookup.unitCode');
    const { value } = await this.#call('read', QUERY, options, {
      node: this.#nodeOf(unit),
      voucher: queryVoucher(payCode, lookup.crcCode),
      read: ({ number, voucher, reference }) => {
        if (number === QUERY_ANSWER) return readPayment(voucher, payCode);
        const { result, information } = generalAnswer(number, QUERY, voucher);
        if (result === UNKNOWN_PAY_CODE) return null;
        if (result === NOTICE_VOID) return closedRecord(payCode, 'void');
        if (result === NOTICE_EXPIRED) return closedRecord(payCode, 'expired');
        throw refusedOrUnexpected(result, information, { mode: 'read', repeatable: true, reference });
      },
    });
    return value;
  }

  async dynamicQr(payCode: string, channel: string, minutes: number, options: CallOptions = {}): Promise<DynamicQr> {
    const { value } = await this.#call('read', DYNAMIC_QR, options, {
      node: this.#nodeOf(undefined),
      voucher: dynamicQrVoucher(payCode, channel, minutes),
      read: ({ number, voucher, reference }) => {
        const context: RefusalContext = { mode: 'read', reference };
        if (number === DYNAMIC_QR_ANSWER) {
          const qr = readDynamicQr(voucher, payCode);
          if ('result' in qr) throw refusalError({ ...context, result: qr.result, text: '' });
          return qr;
        }
        const { result, information } = generalAnswer(number, DYNAMIC_QR, voucher);
        throw refusedOrUnexpected(result, information, context);
      },
    });
    return value;
  }

  async reconcile(statement: DailyStatement, options: CallOptions = {}): Promise<StatementResult> {
    const pages = statementPages(statement);
    const differences: StatementDifference[] = [];
    let matched = 0;
    for (const [index, entries] of pages.entries()) {
      const page = { entries, number: index + 1, of: pages.length };
      const answer = await this.#sendPage(statement, page, options);
      matched += answer.matched;
      differences.push(...answer.differences);
    }
    const { statementNumber, settleDate } = statement;
    return { statementNumber, settleDate, matched, differences, pages: pages.length };
  }

  async allotEReceiptNumber(request: EReceiptNumberRequest, options: CallOptions = {}): Promise<string> {
    const unit = this.#unit(request.unitCode, 'unitCode');
    const { value } = await this.#call('write', E_RECEIPT_NUMBER, options, {
      node: this.#nodeOf(unit),
      voucher: numberVoucher(unit, this.#eReceipt()),
      read: ({ number, voucher, reference }) => {
        const { result, information } = generalAnswer(number, E_RECEIPT_NUMBER, voucher);
        if (result !== SUCCESS) throw refusalError({ result, text: information, mode: 'write', reference });
        return readNumber(information);
      },
    });
    return value;
  }

  async issueEReceipt(draft: EReceiptDraft, options: CallOptions = {}): Promise<IssuedEReceipt> {
    const unit = this.#unit(draft.unitCode, 'unitCode');
    const settings = this.#eReceipt();
    const { payer, recipient } = draft;
    const personal = [payer.name, payer.idNumber, recipient?.email ?? '', recipient?.phone ?? ''];
    const { value, reference } = await this.#call('write', E_RECEIPT_ISSUE, options, {
      node: this.#nodeOf(unit),
      voucher: issueVoucher(draft, { division: this.#settings.division, unit, settings }),
      read: ({ voucher, reference: messageId }) => {
        const answer = readEReceiptAnswer(voucher);
        if (!isSuccess(answer)) throw refusalError({ ...answer, mode: 'write', reference: messageId, personal });
        return readIssued(voucher);
      },
    });
    return { code: settings.code, number: draft.number, check: draft.check, ...value, reference };
  }

  async downloadEReceipt(key: EReceiptKey, options: CallOptions = {}): Promise<EReceiptFile> {
    const settings = this.#eReceipt();
    const unit = key.unitCode === undefined ? undefined : this.#unit(key.unitCode, 'unitCode');
    const { value } = await this.#call('read', E_RECEIPT_DOWNLOAD, options, {
      node: this.#nodeOf(unit),
      voucher: downloadVoucher(key, this.#settings.division, settings),
      read: ({ voucher, reference }) => {
        const answer = readEReceiptAnswer(voucher);
        if (!isSuccess(answer)) throw refusalError({ ...answer, mode: 'read', reference });
        return readFile(voucher);
      },
    });
    return { code: kindOf(key, settings).code, number: key.number ?? '', check: null, ...value, url: null };
  }

  /** 8994 in either state; its 5001 gives what Information says. */
  async #sendNotice(notice: PaymentNotice, state: typeof OPEN | typeof VOID, options: CallOptions) {
    const unit = this.#unit(notice.unitCode, 'unitCode');
    const context = { division: this.#settings.division, unit, settings: this.#wire };
    const node = this.#nodeOf(unit);
    const voucher = noticeVoucher(notice, state, context);
    const read: VoucherReader<string> = (answer) => {
      const { result, information } = generalAnswer(answer.number, NOTICE, answer.voucher);
      if (result === SUCCESS) return information;
      const { reference } = answer;
      const personal = personalValues(notice);
      throw refusalError({ result, text: information, mode: 'write', opening: state === OPEN, reference, personal });
    };
    return this.#wire.noticesPerFrame === 1
      ? this.#call('write', NOTICE, options, { node, voucher, read })
      : this.#noticeFrames.send({ node, payCode: notice.payCode, voucher, read });
  }

  /** One page of 8992. A read, in that it may be repeated with the same statement number (wire spec 3.6). */
  async #sendPage(
    statement: DailyStatement,
    page: Parameters<typeof statementVoucher>[1],
    options: CallOptions,
  ): Promise<{ readonly matched: number; readonly differences: readonly StatementDifference[] }> {
    const district = { division: this.#settings.division, payee: this.#wire.payee };
    const { value } = await this.#call('read', STATEMENT, options, {
      node: this.#nodeOf(undefined),
      voucher: statementVoucher(statement, page, district),
      read: ({ number, voucher, reference }) => {
        const context: RefusalContext = { mode: 'read', repeatable: true, reference };
        if (number !== STATEMENT_ANSWER) {
          const { result, information } = generalAnswer(number, STATEMENT, voucher);
          throw refusedOrUnexpected(result, information, context);
        }
        const answer = readStatementAnswer(voucher, statement, page.number);
        if (!COMPARED.has(answer.result)) throw refusalError({ ...context, result: answer.result, text: '' });
        return answer;
      },
    });
    return value;
  }

  /** A transaction of one voucher. */
  #call<Output>(
    mode: Call['mode'],
    transaction: string,
    { signal = NO_SIGNAL }: CallOptions,
    input: { readonly node: string; readonly voucher: XmlElement; readonly read: VoucherReader<Output> },
  ) {
    const { node, voucher, read } = input;
    return this.#dispatch(mode, transaction, signal, {
      node,
      vouchers: [voucher],
      // The exchange gives as many vouchers as it sent.
      read: ({ number, vouchers, reference }) => read({ number, voucher: vouchers[0] as XmlElement, reference }),
    });
  }

  async #dispatch<Output>(
    mode: Call['mode'],
    transaction: string,
    signal: AbortSignal,
    input: Transaction<Output>,
  ): Promise<{ readonly value: Output; readonly reference: string }> {
    const { value, reference = '' } = await this.#line.dispatch({
      department: DEPARTMENT,
      transaction,
      mode,
      input,
      signal,
    });
    return { value: value as Output, reference }; // the line gives what `input.read` made
  }

  #unit(code: string, input: string): CollectingUnitSettings {
    return unitOf(this.#settings.units, code, input);
  }

  #nodeOf(unit: CollectingUnitSettings | undefined): string {
    return unit?.node ?? this.#wire.node;
  }

  #eReceipt(): EReceiptSettings {
    if (this.#wire.eReceipt === undefined) throw unsupported('cnnontax', 'e-receipts in this district’s settings');
    return this.#wire.eReceipt;
  }
}

/** Reads 5001, which must answer this request. */
function generalAnswer(number: string, request: string, voucher: XmlElement) {
  if (number !== GENERAL_ANSWER) throw protocolFault('frame.number', 'the message number does not belong here');
  const answer = readGeneralAnswer(voucher);
  if (answer.requestNumber !== request) throw protocolFault('Voucher.OriMsgNo', 'answers another message');
  return answer;
}

/** A 5001 where only a refusal can be one: success without its content is no answer. */
function refusedOrUnexpected(result: string, text: string, context: RefusalContext): CasegraphError {
  if (result === SUCCESS) return protocolFault('frame.number', 'success without what was asked for');
  return refusalError({ ...context, result, text });
}
