import type { BreakerState } from '../transport/circuit-breaker.ts';
import { type Clock, chinaDateTime, systemClock } from '../values/china-time.ts';
import { decode, isAbsence, sameAs } from './errors.ts';
import { takeBackFees } from './fee-taking-back.ts';
import { uploadFees } from './fee-upload.ts';
import { type Delivery, type MedicalInsuranceServices, PlatformLine } from './line.ts';
import { admissionInput, admitted, visits } from './messages/admission.ts';
import { chronicDiseaseFilings, chronicDiseaseInput, chronicDiseaseQuestion } from './messages/chronic-disease.ts';
import { periodInput } from './messages/filing.ts';
import { fixedProviderInput, fixedProviderQuestion, fixedProviders } from './messages/fixed-provider.ts';
import { maternityFilingInput } from './messages/maternity-filing.ts';
import { outOfAreaFilings, outOfAreaInput } from './messages/out-of-area.ts';
import { benefitInput, benefits, insuredPerson, personInput } from './messages/person.ts';
import { totalsCompared, totalsInput } from './messages/reconciliation.ts';
import { referralInput, referrals } from './messages/referral.ts';
import {
  settlement,
  settlementCancellationInput,
  settlementInput,
  settlementQuestionInput,
  settlementRecord,
  trialSettlement,
} from './messages/settlement.ts';
import { signedOut, signOutInput } from './messages/sign-in.ts';
import { admissionCancellationInput } from './messages/taking-back.ts';
import { type MedicalCallOptions, Orders, reading } from './orders.ts';
import { reconcileDetails } from './reconciliation.ts';
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
import type { FeesTakenBack, FeesTakingBack, VisitReference } from './records/taking-back.ts';
import { reverse } from './reversal.ts';
import type { MedicalInsuranceSettings } from './settings.ts';
import { assumedTransaction, TRANSACTIONS, takingBackTransaction } from './transactions.ts';

export type { MedicalInsuranceServices } from './line.ts';
export type { MedicalCallOptions } from './orders.ts';

/**
 * Client of the medical insurance platform (医疗保障信息平台) for designated providers. Throws only `CasegraphError`, and what the
 * caller's own `beforeSending` throws. Amounts are integer fen, days `yyyy-MM-dd`, times `yyyy-MM-dd HH:mm:ss` in China time, codes of national lists stay text.
 */
export class MedicalInsuranceClient {
  readonly #settings: MedicalInsuranceSettings;
  readonly #clock: Clock;
  readonly #line: PlatformLine;
  readonly #orders: Orders;

  constructor(settings: MedicalInsuranceSettings, services: MedicalInsuranceServices) {
    this.#settings = settings;
    this.#clock = services.clock ?? systemClock;
    this.#line = new PlatformLine(settings, services);
    this.#orders = new Orders(this.#line, settings.institution);
  }

  get breakerState(): BreakerState {
    return this.#line.breakerState;
  }

  /** Whether fees and admissions can be taken back: a setting. */
  get takesBack(): boolean {
    return this.#settings.takingBack.enabled;
  }

  /** How long the answer to a write is waited for, milliseconds: a setting. */
  get writeDeadlineMs(): number {
    return this.#settings.line.deadline.writeMs;
  }

  /** Lets running exchanges end and closes the sockets; operators stay signed in, see `signOut`. */
  close(): Promise<void> {
    return this.#line.close();
  }

  /** 9002 签退 for an operator who signed in through this client; `null` when there is nothing to sign out of (wire spec 3.1). */
  async signOut(options: MedicalCallOptions = {}): Promise<Done | null> {
    const institution = this.#orders.institution(options);
    const number = this.#line.desk.held(institution);
    if (number === undefined) return null;
    const input = signOutInput(institution.operator.number, number);
    const { messageId } = await this.#orders.place(TRANSACTIONS.signOut, null, input, reading(signedOut), options);
    this.#line.desk.givenBack(institution, number);
    return { messageId };
  }

  // ---- persons ----

  /**
   * 1101 参保人员查询 (wire spec 3.2), by identity number, by certificate or by both: `null` when the platform knows no such person. An
   * answer with another identity number than the one asked for is `DEPARTMENT_PROTOCOL`; by a credential token or a card alone there
   * is no number to compare.
   */
  async insuredPerson(question: PersonQuestion, options: MedicalCallOptions = {}): Promise<InsuredPerson | null> {
    const input = personInput(question, chinaDateTime(this.#clock()));
    const read = (output: unknown) => {
      const person = decode(insuredPerson, output);
      const { idNumber, certificate } = question;
      const asked = idNumber ?? (certificate.type === '02' ? certificate.number : undefined);
      if (asked !== undefined) sameAs('output.baseinfo.certno', asked, person.idNumber);
      return person;
    };
    try {
      return (await this.#orders.place(TRANSACTIONS.person, null, input, read, options)).value;
    } catch (error) {
      if (isAbsence(error)) return null;
      throw error;
    }
  }

  /** 2001 人员待遇享受检查 (wire spec 3.7). */
  async benefitCheck(question: BenefitQuestion, options: MedicalCallOptions = {}): Promise<readonly Benefit[]> {
    const input = benefitInput(question, this.#orders.institution(options).code);
    return this.#orders.list(TRANSACTIONS.benefit, question, input, benefits, 'trtinfo', options);
  }

  // ---- filings ----

  /** 2501 转院备案 (wire spec 3.3). Unknown outcome: ask `referrals` for target and dates before filing again. */
  fileReferral(filing: ReferralFiling, options: MedicalCallOptions = {}): Promise<Filed> {
    return this.#orders.file(TRANSACTIONS.fileReferral, filing, () => referralInput(filing), options);
  }

  /** 2502 (wire spec 3.3). */
  cancelReferral(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#orders.cancel(TRANSACTIONS.cancelReferral, cancellation, options);
  }

  /** 5304 转院信息查询 (wire spec 3.14). */
  async referrals(question: PeriodQuestion, options: MedicalCallOptions = {}): Promise<readonly Referral[]> {
    return this.#orders.list(TRANSACTIONS.referrals, question, periodInput(question), referrals, 'refmedin', options);
  }

  /** ASSUMED application of who lives outside the insured region (wire spec 3.4); `FORBIDDEN` while the setting is off. */
  async fileOutOfArea(filing: OutOfAreaFilingRequest, options: MedicalCallOptions = {}): Promise<Filed> {
    const assumed = this.#settings.assumedTransactions;
    const transaction = assumedTransaction(assumed, 'apply');
    return this.#orders.file(transaction, filing, () => outOfAreaInput(filing, assumed.categories), options);
  }

  /** ASSUMED cancellation; `FORBIDDEN` while the setting is off. */
  async cancelOutOfArea(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#orders.cancel(assumedTransaction(this.#settings.assumedTransactions, 'cancel'), cancellation, options);
  }

  /** ASSUMED query; `FORBIDDEN` while the setting is off. */
  async outOfAreaFilings(
    question: PeriodQuestion,
    options: MedicalCallOptions = {},
  ): Promise<readonly OutOfAreaFiling[]> {
    const assumed = this.#settings.assumedTransactions;
    const transaction = assumedTransaction(assumed, 'query');
    const schema = outOfAreaFilings(assumed.categories);
    return this.#orders.list(transaction, question, periodInput(question), schema, 'outappy', options);
  }

  /** 2503 人员慢特病备案 (wire spec 3.5); the agency reviews it afterwards. */
  fileChronicDisease(filing: ChronicDiseaseFilingRequest, options: MedicalCallOptions = {}): Promise<Filed> {
    return this.#orders.file(TRANSACTIONS.fileChronicDisease, filing, () => chronicDiseaseInput(filing), options);
  }

  /** 2504 (wire spec 3.5). A hospital should not cancel what `chronicDiseaseFilings` already lists. */
  cancelChronicDisease(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#orders.cancel(TRANSACTIONS.cancelChronicDisease, cancellation, options);
  }

  /** 5301 人员慢特病备案查询 (wire spec 3.14). */
  async chronicDiseaseFilings(
    question: PersonReference,
    options: MedicalCallOptions = {},
  ): Promise<readonly ChronicDiseaseFiling[]> {
    const input = chronicDiseaseQuestion(question.personNumber);
    const read = reading(chronicDiseaseFilings);
    return (await this.#orders.place(TRANSACTIONS.chronicDiseases, question, input, read, options)).value;
  }

  /** 2505 人员定点备案 (wire spec 3.6). */
  fileFixedProvider(filing: FixedProviderFiling, options: MedicalCallOptions = {}): Promise<Filed> {
    return this.#orders.file(TRANSACTIONS.fileFixedProvider, filing, () => fixedProviderInput(filing), options);
  }

  /** 2506 (wire spec 3.6). */
  cancelFixedProvider(cancellation: FilingCancellation, options: MedicalCallOptions = {}): Promise<Done> {
    return this.#orders.cancel(TRANSACTIONS.cancelFixedProvider, cancellation, options);
  }

  /** 5302 人员定点信息查询 (wire spec 3.14). */
  async fixedProviders(
    question: PersonReference & { readonly businessType?: string },
    options: MedicalCallOptions = {},
  ): Promise<readonly FixedProvider[]> {
    const input = fixedProviderQuestion(question.personNumber, question.businessType);
    return this.#orders.list(TRANSACTIONS.fixedProviders, question, input, fixedProviders, 'psnfixmedin', options);
  }

  /** 生育备案 (wire spec 3.8): number and node are settings, 2699 unless told. */
  fileMaternity(filing: MaternityFiling, options: MedicalCallOptions = {}): Promise<Filed> {
    const { transaction, node } = this.#settings.maternityFiling;
    const input = () => maternityFilingInput(filing, this.#orders.institution(options), node);
    return this.#orders.file({ number: transaction, mode: 'write' }, filing, input, options);
  }

  // ---- visits and settlements ----

  /** 2401 入院办理 (wire spec 3.9). Unknown outcome: `reverse`, then admit anew. */
  async admit(admission: Admission, options: MedicalCallOptions = {}): Promise<Admitted> {
    const input = admissionInput(admission);
    const { value, messageId } = await this.#orders.place(
      TRANSACTIONS.admit,
      admission,
      input,
      reading(admitted),
      options,
    );
    return { visitId: value, messageId };
  }

  /**
   * DESIGNED 2404 入院撤销 (README, *Taking back*) of a visit without fees; `FORBIDDEN` while the setting is off. Unknown outcome: ask
   * `visits` whether it is there before cancelling again.
   */
  async cancelAdmission(visit: VisitReference, options: MedicalCallOptions = {}): Promise<Done> {
    const transaction = takingBackTransaction(this.#settings.takingBack, 'cancelAdmission');
    const input = admissionCancellationInput(visit);
    const { messageId } = await this.#orders.place(transaction, visit, input, () => undefined, options);
    return { messageId };
  }

  /** 5303 在院信息查询 (wire spec 3.14). */
  async visits(question: PeriodQuestion, options: MedicalCallOptions = {}): Promise<readonly Visit[]> {
    return this.#orders.list(TRANSACTIONS.visits, question, periodInput(question), visits, 'data', options);
  }

  /**
   * 2301 住院费用明细上传 (wire spec 3.10), in slices one after another. The first slice that fails ends it with `FeeUploadStopped`,
   * which tells what had been accepted. Unknown outcome of a slice: its rows are to be taken back before they are sent again.
   */
  uploadFees(upload: FeeUpload, options: MedicalCallOptions = {}): Promise<FeesUploaded> {
    return uploadFees(this.#orders, upload, this.#settings.feeRowsPerCall, options);
  }

  /**
   * DESIGNED 2302 住院费用明细撤销 (README, *Taking back*), rows named in slices as they are uploaded; `FORBIDDEN` while the setting is off.
   * Doing it twice does no more: unknown outcome is met by doing it again.
   */
  async takeBackFees(taking: FeesTakingBack, options: MedicalCallOptions = {}): Promise<FeesTakenBack> {
    const transaction = takingBackTransaction(this.#settings.takingBack, 'takeBackFees');
    return takeBackFees(this.#orders, transaction, taking, this.#settings.feeRowsPerCall, options);
  }

  /** 2303 住院预结算 (wire spec 3.11): nothing is booked. */
  async trialSettlement(request: SettlementRequest, options: MedicalCallOptions = {}): Promise<TrialSettlement> {
    const read = (output: unknown) => sameVisit(request, decode(trialSettlement, output));
    return delivered(await this.#orders.place(TRANSACTIONS.trial, request, settlementInput(request), read, options));
  }

  /**
   * 2304 住院结算 (wire spec 3.11). Unknown outcome: `reverse` with the message id that `beforeSending` was told, never settle again
   * before that. Sums that do not hold are told in `sumsDisagree`.
   */
  async settle(request: SettlementRequest, options: MedicalCallOptions = {}): Promise<Settlement> {
    const read = (output: unknown) => sameVisit(request, decode(settlement, output));
    return delivered(await this.#orders.place(TRANSACTIONS.settle, request, settlementInput(request), read, options));
  }

  /** 2305 住院结算撤销 (wire spec 3.11): the answer is a settlement of its own with negative amounts. */
  async cancelSettlement(reference: SettlementReference, options: MedicalCallOptions = {}): Promise<Settlement> {
    const read = (output: unknown) => sameVisit(reference, decode(settlement, output));
    const input = settlementCancellationInput(reference);
    return delivered(await this.#orders.place(TRANSACTIONS.cancelSettlement, reference, input, read, options));
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
    const { value, messageId } = await this.#orders.place(TRANSACTIONS.settlement, question, input, read, options);
    return value && { ...value, messageId };
  }

  /**
   * 2601 冲正 (wire spec 3.12) of a call whose outcome is unknown. Its own unknown outcome is met by making it again with the same
   * original (wire spec 4); if that stays unknown, ask `settlement`. A call that the platform never had counts as reversed.
   */
  reverse(reversal: Reversal, options: MedicalCallOptions = {}): Promise<Reversed> {
    return reverse(this.#orders, reversal, this.#settings.line.retry, options);
  }

  // ---- reconciliation ----

  /** 3201 对总账 (wire spec 3.13). Totals that differ are an answer, not an error. */
  async reconcileTotals(totals: ReconciliationTotals, options: MedicalCallOptions = {}): Promise<TotalsCompared> {
    return delivered(
      await this.#orders.place(TRANSACTIONS.totals, null, totalsInput(totals), reading(totalsCompared), options),
    );
  }

  /** 3202 对明细账 with its files: 9101 takes the rows, 3202 compares, 9102 gives the rows compared (wire spec 3.13). */
  reconcileDetails(details: ReconciliationDetails, options: MedicalCallOptions = {}): Promise<DetailsCompared> {
    return reconcileDetails(this.#orders, details, this.#settings.reconciliationFiles, options);
  }
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
