import { setTimeout as sleep } from 'node:timers/promises';
import { ZodError, type z } from 'zod';
import type { CallOptions } from '../transport/call.ts';
import type { BreakerState } from '../transport/circuit-breaker.ts';
import { CasegraphError } from '../transport/errors.ts';
import { type Clock, chinaDateTime, systemClock } from '../values/china-time.ts';
import { regionOf } from './envelope.ts';
import { DEPARTMENT, decode, FeeUploadStopped, sameAs, UnusableAnswer } from './errors.ts';
import { type Delivery, type LineServices, PlatformLine } from './line.ts';
import { admissionInput, admitted, visits } from './messages/admission.ts';
import { chronicDiseaseFilings, chronicDiseaseInput, chronicDiseaseQuestion } from './messages/chronic-disease.ts';
import { feeResults, feesInput } from './messages/fees.ts';
import { downloadInput, uploaded, uploadInput } from './messages/file.ts';
import { cancellationInput, filed, periodInput } from './messages/filing.ts';
import { fixedProviderInput, fixedProviderQuestion, fixedProviders } from './messages/fixed-provider.ts';
import { invalid, type Node, region } from './messages/input-fields.ts';
import { maternityFilingInput } from './messages/maternity-filing.ts';
import { outOfAreaFilings, outOfAreaInput } from './messages/out-of-area.ts';
import { benefitInput, benefits, insuredPerson, personInput } from './messages/person.ts';
import { detailsInput, resultFile, totalsCompared, totalsInput } from './messages/reconciliation.ts';
import { referralInput, referrals } from './messages/referral.ts';
import {
  reversalInput,
  settlement,
  settlementCancellationInput,
  settlementInput,
  settlementQuestionInput,
  settlementRecord,
  trialSettlement,
} from './messages/settlement.ts';
import { signedOut, signOutInput } from './messages/sign-in.ts';
import { RESULT_ENTRY, readRows, writeRows } from './reconciliation-file.ts';
import type {
  ChronicDiseaseFiling,
  ChronicDiseaseFilingRequest,
  Done,
  Filed,
  FilingCancellation,
  FixedProvider,
  FixedProviderFiling,
  MaternityFiling,
  OutOfAreaFiling,
  OutOfAreaFilingRequest,
  PeriodQuestion,
  Referral,
  ReferralFiling,
} from './records/filing.ts';
import type { Benefit, BenefitQuestion, InsuredPerson, PersonQuestion, PersonReference } from './records/person.ts';
import type {
  DetailsCompared,
  ReconciliationDetails,
  ReconciliationTotals,
  TotalsCompared,
} from './records/reconciliation.ts';
import type {
  Admission,
  Admitted,
  FeeResult,
  FeesUploaded,
  FeeUpload,
  Reversal,
  Reversed,
  Settlement,
  SettlementQuestion,
  SettlementRecord,
  SettlementReference,
  SettlementRequest,
  TrialSettlement,
  Visit,
} from './records/settlement.ts';
import { type Institution, type MedicalInsuranceSettings, parseInstitution } from './settings.ts';
import { assumedTransaction, TRANSACTIONS, type Transaction } from './transactions.ts';
import { unzip, ZipFault, zipOf } from './zip.ts';

export interface MedicalCallOptions extends CallOptions {
  /** The provider and operator in whose name the call is made; the settings' own when absent. Each signs in by itself. */
  readonly institution?: Institution;
  /**
   * Awaited with the message id of each attempt before anything of it is sent. Keep it with the pending operation: a reversal of an
   * unknown outcome names it (wire spec 2.3). What it throws ends the call with nothing sent.
   */
  readonly beforeSending?: (messageId: string) => void | Promise<void>;
}

/** `result.txt` of one day, unpacked, stays far below this. */
const LARGEST_RESULT_BYTES = 64 * 1024 * 1024;

/**
 * Client of the medical insurance platform (医疗保障信息平台) for designated providers. Throws only `CasegraphError`, and what the
 * caller's own `beforeSending` throws. Amounts are integer fen, days `yyyy-MM-dd`, times `yyyy-MM-dd HH:mm:ss` in China time, codes of national lists stay text.
 */
export class MedicalInsuranceClient {
  readonly #settings: MedicalInsuranceSettings;
  readonly #clock: Clock;
  readonly #line: PlatformLine;

  constructor(settings: MedicalInsuranceSettings, services: LineServices) {
    this.#settings = settings;
    this.#clock = services.clock ?? systemClock;
    this.#line = new PlatformLine(settings, services);
  }

  get breakerState(): BreakerState {
    return this.#line.breakerState;
  }

  /** Lets running exchanges end and closes the sockets; operators stay signed in, see `signOut`. */
  close(): Promise<void> {
    return this.#line.close();
  }

  /** 9002 签退 for an operator who signed in through this client; `null` when there is nothing to sign out of (wire spec 3.1). */
  async signOut(options: MedicalCallOptions = {}): Promise<Done | null> {
    const institution = this.#institution(options);
    const number = this.#line.desk.held(institution);
    if (number === undefined) return null;
    const input = signOutInput(institution.operator.number, number);
    const { messageId } = await this.#send(TRANSACTIONS.signOut, null, input, reading(signedOut), options);
    this.#line.desk.givenBack(institution, number);
    return { messageId };
  }

  // ---- persons ----

  /** 1101 参保人员查询 (wire spec 3.2): `null` when the platform knows no such person. */
  async insuredPerson(question: PersonQuestion, options: MedicalCallOptions = {}): Promise<InsuredPerson | null> {
    const input = personInput(question, chinaDateTime(this.#clock()));
    const read = (output: unknown) => {
      const person = decode(insuredPerson, output);
      sameAs('output.baseinfo.certno', question.idNumber, person.idNumber);
      return person;
    };
    try {
      return (await this.#send(TRANSACTIONS.person, null, input, read, options)).value;
    } catch (error) {
      if (isAbsence(error)) return null;
      throw error;
    }
  }

  /** 2001 人员待遇享受检查 (wire spec 3.7). */
  async benefitCheck(question: BenefitQuestion, options: MedicalCallOptions = {}): Promise<readonly Benefit[]> {
    const input = benefitInput(question, this.#institution(options).code);
    return this.#list(TRANSACTIONS.benefit, question, input, benefits, 'trtinfo', options);
  }

  // ---- filings ----

  /** 2501 转院备案 (wire spec 3.3). Unknown outcome: ask `referrals` for target and dates before filing again. */
  fileReferral(filing: ReferralFiling, options: MedicalCallOptions = {}): Promise<Filed> {
    return this.#file(TRANSACTIONS.fileReferral, filing, () => referralInput(filing), options);
  }

  /** 2502 (wire spec 3.3). */
  cancelReferral(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#cancel(TRANSACTIONS.cancelReferral, cancellation, options);
  }

  /** 5304 转院信息查询 (wire spec 3.14). */
  async referrals(question: PeriodQuestion, options: MedicalCallOptions = {}): Promise<readonly Referral[]> {
    return this.#list(TRANSACTIONS.referrals, question, periodInput(question), referrals, 'refmedin', options);
  }

  /** ASSUMED application of who lives outside the insured region (wire spec 3.4); `FORBIDDEN` while the setting is off. */
  async fileOutOfArea(filing: OutOfAreaFilingRequest, options: MedicalCallOptions = {}): Promise<Filed> {
    const assumed = this.#settings.assumedTransactions;
    const transaction = assumedTransaction(assumed, 'apply');
    return this.#file(transaction, filing, () => outOfAreaInput(filing, assumed.categories), options);
  }

  /** ASSUMED cancellation; `FORBIDDEN` while the setting is off. */
  async cancelOutOfArea(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#cancel(assumedTransaction(this.#settings.assumedTransactions, 'cancel'), cancellation, options);
  }

  /** ASSUMED query; `FORBIDDEN` while the setting is off. */
  async outOfAreaFilings(
    question: PeriodQuestion,
    options: MedicalCallOptions = {},
  ): Promise<readonly OutOfAreaFiling[]> {
    const assumed = this.#settings.assumedTransactions;
    const transaction = assumedTransaction(assumed, 'query');
    const schema = outOfAreaFilings(assumed.categories);
    return this.#list(transaction, question, periodInput(question), schema, 'outappy', options);
  }

  /** 2503 人员慢特病备案 (wire spec 3.5); the agency reviews it afterwards. */
  fileChronicDisease(filing: ChronicDiseaseFilingRequest, options: MedicalCallOptions = {}): Promise<Filed> {
    return this.#file(TRANSACTIONS.fileChronicDisease, filing, () => chronicDiseaseInput(filing), options);
  }

  /** 2504 (wire spec 3.5). A hospital should not cancel what `chronicDiseaseFilings` already lists. */
  cancelChronicDisease(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#cancel(TRANSACTIONS.cancelChronicDisease, cancellation, options);
  }

  /** 5301 人员慢特病备案查询 (wire spec 3.14). */
  async chronicDiseaseFilings(
    question: PersonReference,
    options: MedicalCallOptions = {},
  ): Promise<readonly ChronicDiseaseFiling[]> {
    const input = chronicDiseaseQuestion(question.personNumber);
    const read = reading(chronicDiseaseFilings);
    return (await this.#send(TRANSACTIONS.chronicDiseases, question, input, read, options)).value;
  }

  /** 2505 人员定点备案 (wire spec 3.6). */
  fileFixedProvider(filing: FixedProviderFiling, options: MedicalCallOptions = {}): Promise<Filed> {
    return this.#file(TRANSACTIONS.fileFixedProvider, filing, () => fixedProviderInput(filing), options);
  }

  /** 2506 (wire spec 3.6). */
  cancelFixedProvider(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#cancel(TRANSACTIONS.cancelFixedProvider, cancellation, options);
  }

  /** 5302 人员定点信息查询 (wire spec 3.14). */
  async fixedProviders(
    question: PersonReference & { readonly businessType?: string },
    options: MedicalCallOptions = {},
  ): Promise<readonly FixedProvider[]> {
    const input = fixedProviderQuestion(question.personNumber, question.businessType);
    return this.#list(TRANSACTIONS.fixedProviders, question, input, fixedProviders, 'psnfixmedin', options);
  }

  /** 生育备案 (wire spec 3.8): number and node are settings, 2699 unless told. */
  fileMaternity(filing: MaternityFiling, options: MedicalCallOptions = {}): Promise<Filed> {
    const { transaction, node } = this.#settings.maternityFiling;
    const input = () => maternityFilingInput(filing, this.#institution(options), node);
    return this.#file({ number: transaction, mode: 'write' }, filing, input, options);
  }

  // ---- visits and settlements ----

  /** 2401 入院办理 (wire spec 3.9). Unknown outcome: `reverse`, then admit anew. */
  async admit(admission: Admission, options: MedicalCallOptions = {}): Promise<Admitted> {
    const input = admissionInput(admission);
    const { value, messageId } = await this.#send(TRANSACTIONS.admit, admission, input, reading(admitted), options);
    return { visitId: value, messageId };
  }

  /** 5303 在院信息查询 (wire spec 3.14). */
  async visits(question: PeriodQuestion, options: MedicalCallOptions = {}): Promise<readonly Visit[]> {
    return this.#list(TRANSACTIONS.visits, question, periodInput(question), visits, 'data', options);
  }

  /**
   * 2301 住院费用明细上传 (wire spec 3.10), in slices one after another. The first slice that fails ends it with `FeeUploadStopped`,
   * which tells what had been accepted. Unknown outcome of a slice: its rows are to be taken back before they are sent again.
   */
  async uploadFees(upload: FeeUpload, options: MedicalCallOptions = {}): Promise<FeesUploaded> {
    if (upload.rows.length === 0) throw invalid('rows', 'must hold one row at least');
    const size = this.#settings.feeRowsPerCall;
    const starts = Array.from({ length: Math.ceil(upload.rows.length / size) }, (_, index) => index * size);
    const slices = starts.map((start) => ({
      start,
      input: feesInput(upload, upload.rows.slice(start, start + size), start),
    }));

    const rows: FeeResult[] = [];
    const messageIds: string[] = [];
    for (const { start, input } of slices) {
      const sent = upload.rows.slice(start, start + size).map((row) => row.serial);
      const read = (output: unknown) => {
        const results = decode(feeResults, output);
        const answered = new Set(results.map((row) => row.serial));
        if (sent.some((serial) => !answered.has(serial)))
          throw new UnusableAnswer('Rows are missing.', 'output.result');
        return results;
      };
      try {
        const { value, messageId } = await this.#send(TRANSACTIONS.fees, upload, input, read, options);
        rows.push(...value);
        messageIds.push(messageId);
      } catch (error) {
        if (!(error instanceof CasegraphError)) throw error;
        throw new FeeUploadStopped(error, { rows, messageIds }, start);
      }
    }
    return { rows, messageIds };
  }

  /** 2303 住院预结算 (wire spec 3.11): nothing is booked. */
  async trialSettlement(request: SettlementRequest, options: MedicalCallOptions = {}): Promise<TrialSettlement> {
    const read = (output: unknown) => sameVisit(request, decode(trialSettlement, output));
    return delivered(await this.#send(TRANSACTIONS.trial, request, settlementInput(request), read, options));
  }

  /**
   * 2304 住院结算 (wire spec 3.11). Unknown outcome: `reverse` with the message id that `beforeSending` was told, never settle again
   * before that. Sums that do not hold are told in `sumsDisagree`.
   */
  async settle(request: SettlementRequest, options: MedicalCallOptions = {}): Promise<Settlement> {
    const read = (output: unknown) => sameVisit(request, decode(settlement, output));
    return delivered(await this.#send(TRANSACTIONS.settle, request, settlementInput(request), read, options));
  }

  /** 2305 住院结算撤销 (wire spec 3.11): the answer is a settlement of its own with negative amounts. */
  async cancelSettlement(reference: SettlementReference, options: MedicalCallOptions = {}): Promise<Settlement> {
    const read = (output: unknown) => sameVisit(reference, decode(settlement, output));
    const input = settlementCancellationInput(reference);
    return delivered(await this.#send(TRANSACTIONS.cancelSettlement, reference, input, read, options));
  }

  /**
   * 5203 结算信息查询 (wire spec 3.14): `null` when there is no such settlement. Without an id it gives what the platform has of the
   * visit; one whose `providerSettlementId` is the message id of a call of unknown outcome is that call's.
   */
  async settlement(question: SettlementQuestion, options: MedicalCallOptions = {}): Promise<SettlementRecord | null> {
    const read = (output: unknown) => {
      const record = decode(settlementRecord, output);
      if (record === null) return null;
      sameAs('output.setlinfo.setl_id', question.settlementId ?? record.id, record.id);
      return sameVisit(question, record);
    };
    const input = settlementQuestionInput(question);
    const { value, messageId } = await this.#send(TRANSACTIONS.settlement, question, input, read, options);
    return value && { ...value, messageId };
  }

  /**
   * 2601 冲正 (wire spec 3.12) of a call whose outcome is unknown. Its own unknown outcome is met by making it again with the same
   * original (wire spec 4); if that stays unknown, ask `settlement`. A call that the platform never had counts as reversed.
   */
  async reverse(reversal: Reversal, options: MedicalCallOptions = {}): Promise<Reversed> {
    const input = reversalInput(reversal);
    const { attempts, backoffMs } = this.#settings.line.retry;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { messageId } = await this.#send(TRANSACTIONS.reverse, reversal, input, () => undefined, options);
        return { outcome: 'reversed', messageId };
      } catch (error) {
        if (isAbsence(error)) return { outcome: 'nothing-there', messageId: error.details.reference ?? '' };
        const unknown = error instanceof CasegraphError && error.code === 'OUTCOME_UNKNOWN';
        if (!unknown || attempt >= attempts) throw error;
        await sleep(backoffMs * 2 ** (attempt - 1));
      }
    }
  }

  // ---- reconciliation ----

  /** 3201 对总账 (wire spec 3.13). Totals that differ are an answer, not an error. */
  async reconcileTotals(totals: ReconciliationTotals, options: MedicalCallOptions = {}): Promise<TotalsCompared> {
    return delivered(
      await this.#send(TRANSACTIONS.totals, null, totalsInput(totals), reading(totalsCompared), options),
    );
  }

  /** 3202 对明细账 with its files: 9101 takes the rows, 3202 compares, 9102 gives the rows compared (wire spec 3.13). */
  async reconcileDetails(details: ReconciliationDetails, options: MedicalCallOptions = {}): Promise<DetailsCompared> {
    const { code } = this.#institution(options);
    const { separator, zipUpload, bytes } = this.#settings.reconciliationFiles;
    const name = `${code}_${details.from}_${details.to}`;
    const rows = Buffer.from(writeRows(details.rows, separator), 'utf8');
    const upload = zipUpload
      ? uploadInput(zipOf(`${name}.txt`, rows), `${name}.zip`, code, bytes)
      : uploadInput(rows, `${name}.txt`, code, bytes);

    const { value: rowsFile } = await this.#send(TRANSACTIONS.upload, null, upload, reading(uploaded), options);
    const compared = await this.#send(
      TRANSACTIONS.details,
      null,
      detailsInput(details, rowsFile),
      reading(resultFile),
      options,
    );
    const { fileQueryNumber, fileName } = compared.value;
    const download = downloadInput(fileQueryNumber, fileName, code);
    const read = (output: unknown) => readRows(unpacked(output), separator);
    const result = await this.#send(TRANSACTIONS.download, null, download, read, options);
    return { ...compared.value, rows: result.value, messageId: compared.messageId };
  }

  // ---- what the methods share ----

  async #file(
    transaction: Transaction,
    subject: PersonReference,
    input: () => Node,
    options: MedicalCallOptions,
  ): Promise<Filed> {
    const { value, messageId } = await this.#send(transaction, subject, input(), reading(filed), options);
    return { serial: value, messageId };
  }

  async #cancel(
    transaction: Transaction,
    cancellation: FilingCancellation,
    options: MedicalCallOptions,
  ): Promise<Done> {
    const input = cancellationInput(cancellation);
    const { messageId } = await this.#send(transaction, cancellation, input, () => undefined, options);
    return { messageId };
  }

  /** A query for one person's rows, each of which must be that person's. */
  async #list<Row extends { readonly personNumber: string }>(
    transaction: Transaction,
    subject: PersonReference,
    input: Node,
    schema: z.ZodType<readonly Row[]>,
    node: string,
    options: MedicalCallOptions,
  ): Promise<readonly Row[]> {
    const read = (output: unknown) => {
      const rows = decode(schema, output);
      rows.forEach((row, index) => {
        sameAs(`output.${node}.${index}.psn_no`, subject.personNumber, row.personNumber);
      });
      return rows;
    };
    return (await this.#send(transaction, subject, input, read, options)).value;
  }

  /** `subject` is the person whose region the envelope names; without one it names the provider's own region. */
  #send<Output>(
    transaction: Transaction,
    subject: PersonReference | null,
    input: Node,
    read: (output: unknown) => Output,
    options: MedicalCallOptions,
  ): Promise<Delivery<Output>> {
    const institution = this.#institution(options);
    const alone = subject !== null && (transaction.mode === 'write' || transaction.slow);
    return this.#line.send(
      {
        transaction,
        institution,
        insuredRegion: transaction.impersonal
          ? ''
          : subject
            ? region('insuredRegion', subject.insuredRegion)
            : regionOf(institution),
        input,
        person: alone ? subject.personNumber : undefined,
        read,
        beforeSending: options.beforeSending,
      },
      options.signal,
    );
  }

  #institution(options: MedicalCallOptions): Institution {
    if (options.institution === undefined) return this.#settings.institution;
    try {
      return parseInstitution(options.institution);
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      const field = ['institution', ...(error.issues[0]?.path ?? [])].map(String).join('.');
      throw invalid(field, 'is not what the platform takes');
    }
  }
}

function reading<Output>(schema: z.ZodType<Output>): (output: unknown) => Output {
  return (output) => decode(schema, output);
}

function delivered<Value extends object>({ value, messageId }: Delivery<Value>): Value & { messageId: string } {
  return { ...value, messageId };
}

function sameVisit<Value extends { readonly personNumber: string; readonly visitId: string }>(
  asked: { readonly personNumber: string; readonly visitId: string },
  answered: Value,
): Value {
  sameAs('output.setlinfo.psn_no', asked.personNumber, answered.personNumber);
  sameAs('output.setlinfo.mdtrt_id', asked.visitId, answered.visitId);
  return answered;
}

function isAbsence(error: unknown): error is CasegraphError {
  return error instanceof CasegraphError && error.code === 'NOT_FOUND' && error.details.department === DEPARTMENT;
}

/** The text of `result.txt`; a download is a zip and nothing else (wire spec 3.13). */
function unpacked(output: unknown): string {
  if (!Buffer.isBuffer(output)) throw new UnusableAnswer('The file is not a zip.');
  try {
    const content = unzip(output, RESULT_ENTRY, LARGEST_RESULT_BYTES);
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (error instanceof ZipFault)
      throw new UnusableAnswer(`The file cannot be unpacked: ${error.message}.`, RESULT_ENTRY);
    throw new UnusableAnswer('The file is not UTF-8.', RESULT_ENTRY);
  }
}
