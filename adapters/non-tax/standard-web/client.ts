import { type Answer, type Call, type CallOptions, NO_SIGNAL } from '../../transport/call.ts';
import type { BreakerState } from '../../transport/circuit-breaker.ts';
import { CasegraphError } from '../../transport/errors.ts';
import { type HttpClient, httpClient } from '../../transport/http.ts';
import { invalidInput } from '../../values/checked.ts';
import { type Clock, systemClock } from '../../values/china-time.ts';
import type { NonTaxClient, NonTaxServices, PaymentLookup } from '../binding.ts';
import { attemptFailure, checkStatus, DEPARTMENT, operatorText, unsupported } from '../errors.ts';
import { type FinanceLine, lineToFinance } from '../line.ts';
import { personalValues } from '../messages/notice.ts';
import { unpaidRecord } from '../messages/payment-state.ts';
import { nextPayCode } from '../numbering.ts';
import type { EReceiptFile, EReceiptKey, IssuedEReceipt } from '../records/e-receipt.ts';
import type { DynamicQr, OpenedPayment, PaymentNotice, PaymentRecord } from '../records/payment.ts';
import type { StatementResult } from '../records/reconciliation.ts';
import type { NonTaxSettings, StandardWebSettings } from '../settings.ts';
import { unitOf } from '../unit.ts';
import {
  BASE_PATH,
  confirmation,
  eBill,
  opened,
  openingData,
  qrCode,
  readAnswer,
  readPayload,
  SUCCESS,
  writeRequest,
} from './messages.ts';

/** One call as the line carries it. */
interface Transaction<Output = unknown> {
  readonly unitCode: string;
  readonly data: unknown;
  /** The business's number: the dialect has no message ids. */
  readonly reference: string;
  /** Values of the request that must not show in an error. */
  readonly personal?: readonly string[];
  /** Makes the result of a payload of success. Throws `CasegraphError`. */
  readonly read: (payload: string) => Output;
  /** Makes a result of a refusal; undefined lets it be an error. */
  readonly refusal?: (text: string) => Output | undefined;
}

const DIALECT = 'standard-web';

/**
 * The JSON dialect of wire spec section 8. Its `payment` knows unpaid and paid only, and it has no call for voiding, reconciling,
 * allotting numbers and issuing e-receipts.
 */
export class StandardWebClient implements NonTaxClient {
  readonly #settings: NonTaxSettings;
  readonly #wire: StandardWebSettings;
  readonly #services: NonTaxServices;
  readonly #now: Clock;
  readonly #http: HttpClient;
  readonly #line: FinanceLine<Transaction>;

  /** Throws `RangeError` when the settings lack the dialect's section. */
  constructor(settings: NonTaxSettings, services: NonTaxServices) {
    if (settings.standardWeb === undefined) {
      throw new RangeError('non-tax: the standardWeb section of the settings is missing');
    }
    const { line } = settings;
    this.#settings = settings;
    this.#wire = settings.standardWeb;
    this.#services = services;
    this.#now = services.clock ?? systemClock;
    this.#http = httpClient({
      origin: new URL(settings.url).origin,
      connectTimeoutMs: line.connectTimeoutMs,
      readTimeoutMs: line.readTimeoutMs,
      connections: line.concurrency,
    });
    this.#line = lineToFinance<Transaction>(settings, services, (call) => this.#exchange(call));
  }

  get breakerState(): BreakerState {
    return this.#line.breaker.state;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Here only a number of our own for the notice: finance gives the code to pay by when the notice is opened. */
  allotPayCode(): Promise<string> {
    return nextPayCode(this.#services.counter, this.#settings.division, this.#now);
  }

  async openPayment(notice: PaymentNotice, options: CallOptions = {}): Promise<OpenedPayment> {
    const unit = unitOf(this.#settings.units, notice.unitCode, 'unitCode');
    const data = openingData(notice, unit, this.#wire.validDays);
    const { payCode, payNo } = await this.#call('write', 'invoiceEPayBook', options, {
      unitCode: unit.code,
      data,
      reference: data.busNo,
      personal: personalValues(notice),
      read: (payload) => readPayload(opened, payload),
    });
    return { payCode, crcCode: null, payUrl: null, reference: payNo || data.busNo };
  }

  async payment(payCode: string, lookup: PaymentLookup = {}, options: CallOptions = {}): Promise<PaymentRecord | null> {
    return this.#call('read', 'getPayBookConfirmResult', options, {
      ...this.#about(payCode, lookup.unitCode),
      read: (payload): PaymentRecord | null => {
        const { paymentChannel } = readPayload(confirmation, payload);
        const record = unpaidRecord(payCode);
        return paymentChannel ? { ...record, state: 'paid', channel: paymentChannel } : record;
      },
      // The dialect's codes are not public; its words for an unknown code are.
      refusal: (text) => (/缴款码不存在|不存在的缴款码/.test(text) ? null : undefined),
    });
  }

  async dynamicQr(payCode: string, channel: string, minutes: number, options: CallOptions = {}): Promise<DynamicQr> {
    if (!/^\d{2}$/.test(channel)) throw invalidInput('channel', 'a code of two digits is needed');
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 30) throw invalidInput('minutes', '1 to 30 are allowed');
    const { qrCode: url } = await this.#call('read', 'getPayQrCode', options, {
      ...this.#about(payCode),
      read: (payload) => readPayload(qrCode, payload),
    });
    return { payCode, amountFen: null, url, image: null, expiresAt: null };
  }

  async downloadEReceipt(key: EReceiptKey, options: CallOptions = {}): Promise<EReceiptFile> {
    const bill = await this.#call('read', 'getEBillByPayCode', options, {
      ...this.#about(key.payCode, key.unitCode),
      read: (payload) => readPayload(eBill, payload),
    });
    return {
      code: bill.billBatchCode,
      number: bill.billNo,
      check: bill.random || null,
      fileName: null,
      mediaType: null,
      content: null,
      url: bill.pictureUrl,
      tradeId: null,
      message: null,
      serviceCode: null,
      serviceMessage: null,
    };
  }

  voidPayment(): Promise<void> {
    return Promise.reject(unsupported(DIALECT, 'voidPayment'));
  }

  reconcile(): Promise<StatementResult> {
    return Promise.reject(unsupported(DIALECT, 'reconcile'));
  }

  allotEReceiptNumber(): Promise<string> {
    return Promise.reject(unsupported(DIALECT, 'allotEReceiptNumber'));
  }

  issueEReceipt(): Promise<IssuedEReceipt> {
    return Promise.reject(unsupported(DIALECT, 'issueEReceipt'));
  }

  #about(payCode: string, unitCode = this.#settings.units[0]?.code ?? '') {
    if (!/^(?:\d{16}|\d{20})$/.test(payCode)) throw invalidInput('payCode', '20 or 16 digits are needed');
    return { unitCode: unitOf(this.#settings.units, unitCode, 'unitCode').code, data: { payCode }, reference: payCode };
  }

  async #call<Output>(
    mode: Call['mode'],
    transaction: string,
    { signal = NO_SIGNAL }: CallOptions,
    input: Transaction<Output>,
  ): Promise<Output> {
    const { value } = await this.#line.dispatch({ department: DEPARTMENT, transaction, mode, input, signal });
    return value as Output; // the line gives what `input.read` made
  }

  async #exchange(call: Call<Transaction>): Promise<Answer> {
    const { input } = call;
    try {
      const { result, payload } = await this.#send(call);
      if (result === SUCCESS) return { value: input.read(payload), reference: input.reference };
      const value = input.refusal?.(payload);
      if (value !== undefined) return { value, reference: input.reference };
      throw new CasegraphError('DEPARTMENT_REJECTED', operatorText(payload, input.personal) || result, {
        department: DEPARTMENT,
        departmentCode: result,
      });
    } catch (error) {
      throw attemptFailure(error, call, input.reference);
    }
  }

  async #send({ transaction, input, signal }: Call<Transaction>) {
    const body = writeRequest(input.data, {
      region: this.#settings.division,
      unitCode: input.unitCode,
      appId: this.#wire.appId,
      key: this.#wire.key,
      noise: this.#now(),
    });
    const answer = await this.#http.exchange({
      method: 'POST',
      path: BASE_PATH + transaction,
      headers: { 'content-type': 'application/json' },
      body,
      signal,
    });
    checkStatus(answer.status);
    return readAnswer(answer.body);
  }
}
