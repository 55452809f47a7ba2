import type { Population } from '../../../seeds/model.ts';
import type { SimulatorCore } from '../../simulator/core.ts';
import type { HttpDepartment, WireAnswer, WireRequest } from '../../simulator/http-front.ts';
import {
  type AnswerStamp,
  type Envelope,
  failureEnvelope,
  readEnvelope,
  readJson,
  successEnvelope,
} from './envelope.ts';
import { type Credentials, Gateway, GatewayRefusal, wrongSignature } from './gateway.ts';
import { openPlatform, type Platform } from './platform.ts';
import { fieldRefusal, Refusal, refusal } from './refusal.ts';
import { FileAnswer, type Output, type Transactions } from './transaction.ts';
import { admissionTransactions } from './transactions/admissions.ts';
import { chronicFilingTransactions } from './transactions/chronic-filings.ts';
import { feeTransactions } from './transactions/fees.ts';
import { fixedProviderTransactions } from './transactions/fixed-providers.ts';
import { maternityFilingTransactions } from './transactions/maternity-filings.ts';
import { outOfAreaFilingTransactions } from './transactions/out-of-area-filings.ts';
import { personTransactions } from './transactions/persons.ts';
import { reconciliationTransactions } from './transactions/reconciliation.ts';
import { referralTransactions } from './transactions/referrals.ts';
import { reversalTransactions } from './transactions/reversal.ts';
import { settlementTransactions } from './transactions/settlements.ts';
import { signInTransactions } from './transactions/sign-in.ts';
import { takingBackTransactions } from './transactions/taking-back.ts';

const SIGN_IN = '9001';

/** One opened platform with everything that can be asked of it; a reset opens another. */
interface Office {
  readonly platform: Platform;
  readonly transactions: Transactions;
  readonly gateway: Gateway;
}

/** The platform behind its gateway: who is let in, which transaction it is, the envelope around the answer (wire spec 1, 2, 4). */
export class MedicalInsuranceDepartment implements HttpDepartment {
  readonly #open: () => Office;
  readonly #now: () => number;
  #office: Office;

  constructor(core: SimulatorCore, population: Population, credentials: Credentials) {
    this.#now = core.now;
    this.#open = () => {
      const platform = openPlatform(core, population);
      return { platform, transactions: transactionsOf(platform), gateway: new Gateway(credentials, core.now) };
    };
    this.#office = this.#open();
  }

  get platform(): Platform {
    return this.#office.platform;
  }

  reset(): void {
    this.#office = this.#open();
  }

  identify({ body }: WireRequest): string {
    return transactionOf(readJson(body));
  }

  handle(request: WireRequest): WireAnswer {
    const receivedAt = this.#now();
    const body = readJson(request.body);
    try {
      this.#office.gateway.admit(request);
      this.#office.gateway.route(request, transactionOf(body));
    } catch (error) {
      if (error instanceof GatewayRefusal) return smallJson(error.status, { error: error.message });
      throw error;
    }
    try {
      return this.#work(readEnvelope(body), receivedAt);
    } catch (error) {
      // Refused before it was understood, so without ids of its own.
      if (error instanceof Refusal) return json(failureEnvelope(this.#stamp(null, receivedAt), error.message));
      throw error;
    }
  }

  busy(): WireAnswer {
    // The middleware in front of the platform, in its wrapper (wire spec 4).
    return smallJson(200, { code: 500_159, success: false, message: '示例：系统繁忙，请稍后再试' });
  }

  expiredSecret(): WireAnswer {
    const now = this.#now();
    return json(failureEnvelope(this.#stamp(this.#messageId(now), now), refusal('signInMissing').message));
  }

  refuseSignature(): WireAnswer {
    const { status, message } = wrongSignature();
    return smallJson(status, { error: message });
  }

  #work(envelope: Envelope, receivedAt: number): WireAnswer {
    const stamp = () => this.#stamp(this.#messageId(receivedAt), receivedAt);
    try {
      const output = this.#run(envelope);
      if (output instanceof FileAnswer) return file(output.bytes);
      return json(successEnvelope(stamp(), output));
    } catch (error) {
      if (error instanceof Refusal) return json(failureEnvelope(stamp(), error.message));
      throw error;
    }
  }

  #run(envelope: Envelope): Output {
    const { platform, transactions } = this.#office;
    const { infno, fixmedins_code, sign_no, opter } = envelope;
    const transaction = Object.hasOwn(transactions, infno) ? transactions[infno] : undefined;
    if (!transaction) throw refusal('transactionUnknown');
    if (!platform.register.providers.has(fixmedins_code)) throw refusal('providerUnknown');
    if (infno === SIGN_IN) {
      if (sign_no !== '') throw fieldRefusal('sign_no', '签到交易中应为空');
    } else {
      platform.signIns.check(sign_no, opter, fixmedins_code);
    }
    return transaction.run(envelope);
  }

  #messageId(receivedAt: number): string {
    return this.#office.platform.serials.message(receivedAt);
  }

  #stamp(referenceId: string | null, receivedAt: number): AnswerStamp {
    const { infcodeAsText } = this.#office.platform;
    return { referenceId, receivedAt, respondedAt: this.#now(), infcodeAsText };
  }
}

/** Every transaction that the simulator serves, by `infno` (wire spec 3). */
function transactionsOf(platform: Platform): Transactions {
  return {
    ...signInTransactions(platform),
    ...personTransactions(platform),
    ...referralTransactions(platform),
    ...outOfAreaFilingTransactions(platform),
    ...chronicFilingTransactions(platform),
    ...fixedProviderTransactions(platform),
    ...maternityFilingTransactions(platform),
    ...admissionTransactions(platform),
    ...feeTransactions(platform),
    ...settlementTransactions(platform),
    ...takingBackTransactions(platform),
    ...reversalTransactions(platform),
    ...reconciliationTransactions(platform),
  };
}

function transactionOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('infno' in body)) return 'unknown';
  return typeof body.infno === 'string' && body.infno !== '' ? body.infno : 'unknown';
}

function json(envelope: unknown): WireAnswer {
  const headers = { 'content-type': 'application/json;charset=UTF-8' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(envelope)) };
}

function smallJson(status: number, body: unknown): WireAnswer {
  return { ...json(body), status };
}

function file(bytes: Buffer): WireAnswer {
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes };
}
