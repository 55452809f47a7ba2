import type {
  DisabilityCertificateSeed,
  EnrolmentSeed,
  Population,
  ResidentSeed,
  SubsidyApplicationSeed,
  SubsidyPaymentSeed,
  SubsidySeed,
} from '../../../seeds/model.ts';
import { isStatus, MADE_BY, type Stage, type Status, type Verdict } from './status.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type Certificate = Mutable<DisabilityCertificateSeed>;
export type Enrolment = Mutable<EnrolmentSeed>;
export type Payment = Readonly<SubsidyPaymentSeed>;
export type Step = SubsidyApplicationSeed['steps'][number];
export type Circumstances = SubsidySeed['circumstances'][number];

export interface Application {
  readonly number: string;
  readonly clientSerial: string;
  readonly acceptDivision: string;
  readonly hukouDivision: string;
  readonly residenceDivision: string;
  readonly idNumber: string;
  readonly name: string;
  readonly certificateNumber: string;
  /** What was applied for. */
  readonly subsidyTypes: readonly string[];
  /** What no stage has rejected so far. */
  remainingTypes: readonly string[];
  readonly account: string;
  readonly acceptedAt: string;
  status: Status;
  updatedAt: string;
  readonly steps: Step[];
  /** Finished stages. */
  readonly decisions: Map<Stage, Verdict>;
  /** The state that asked for a supplement, while `11`. */
  returnTo: Status | undefined;
  /** Supplements filed. */
  rounds: number;
}

/** Everything the national system knows, indexed for its transactions. Made anew from the population at every reset. */
export class Records {
  readonly residents = new Map<string, ResidentSeed>();
  readonly certificatesOf = new Map<string, Certificate[]>();
  readonly certificates = new Map<string, Certificate>();
  readonly enrolmentsOf = new Map<string, Enrolment[]>();
  readonly paymentsOf = new Map<string, Payment[]>();
  readonly circumstances = new Map<string, Circumstances>();
  readonly applications = new Map<string, Application>();
  readonly applicationsOf = new Map<string, Application[]>();
  /** By district of the hukou, six digits. */
  readonly applicationsFor = new Map<string, Application[]>();
  /** By requester and clientSerialNo. */
  readonly filed = new Map<string, Application>();
  readonly #serials = new Map<string, number>();

  /** `rid` filed what the population brings along. */
  constructor(population: Population, rid: string) {
    const { subsidy } = population;
    for (const resident of population.residents) this.residents.set(resident.idNumber, resident);
    for (const seed of subsidy.certificates) {
      const certificate = { ...seed };
      this.certificates.set(seed.number, certificate);
      append(this.certificatesOf, seed.idNumber, certificate);
    }
    for (const seed of subsidy.enrolments) append(this.enrolmentsOf, seed.idNumber, { ...seed });
    for (const seed of subsidy.payments) this.addPayment(seed);
    for (const circumstances of subsidy.circumstances) this.circumstances.set(circumstances.idNumber, circumstances);
    for (const seed of subsidy.applications) this.addApplication(applicationOf(seed), rid);
  }

  addApplication(application: Application, rid: string): void {
    this.applications.set(application.number, application);
    append(this.applicationsOf, application.idNumber, application);
    append(this.applicationsFor, application.hukouDivision.slice(0, 6), application);
    this.filed.set(filedKey(rid, application.clientSerial), application);
    this.#used(application.number);
  }

  addPayment(payment: Payment): void {
    append(this.paymentsOf, payment.idNumber, payment);
    this.#used(payment.number);
  }

  addEnrolment(enrolment: Enrolment): void {
    append(this.enrolmentsOf, enrolment.idNumber, enrolment);
  }

  filedBefore(rid: string, clientSerial: string): Application | undefined {
    return this.filed.get(filedKey(rid, clientSerial));
  }

  /** The next number with this head: six digits that no record of the head has had. */
  nextNumber(head: string): string {
    const serial = (this.#serials.get(head) ?? 0) + 1;
    this.#serials.set(head, serial);
    return `${head}${serial.toString().padStart(6, '0')}`;
  }

  #used(number: string): void {
    const head = number.slice(0, -6);
    this.#serials.set(head, Math.max(this.#serials.get(head) ?? 0, Number(number.slice(-6))));
  }
}

function applicationOf(seed: SubsidyApplicationSeed): Application {
  if (!isStatus(seed.status)) throw new RangeError(`population: ${seed.number} has no known status`);
  const asked = seed.status === '11' ? askedBy(seed) : undefined;
  return {
    number: seed.number,
    clientSerial: seed.clientSerial,
    acceptDivision: seed.acceptDivision,
    hukouDivision: seed.hukouDivision,
    residenceDivision: seed.residenceDivision,
    idNumber: seed.applicantIdNumber,
    name: seed.applicantName,
    certificateNumber: seed.certificateNumber,
    subsidyTypes: seed.subsidyTypes,
    remainingTypes: seed.subsidyTypes,
    account: seed.bank.account,
    acceptedAt: seed.acceptedAt,
    status: seed.status,
    updatedAt: seed.updatedAt,
    steps: [...seed.steps],
    decisions: new Map(Object.entries(MADE_BY[asked ?? seed.status] ?? {}) as [Stage, Verdict][]),
    returnTo: asked,
    rounds: seed.steps.filter((step, index) => seed.steps[index - 1]?.status === '11' && step.status !== '60').length,
  };
}

/** The state that asked for the supplement: the last one before it. */
function askedBy(seed: SubsidyApplicationSeed): Status {
  const status = seed.steps.findLast((step) => step.status !== '11')?.status ?? '10';
  return isStatus(status) ? status : '10';
}

function append<T>(index: Map<string, T[]>, key: string, item: T): void {
  const items = index.get(key);
  if (items === undefined) index.set(key, [item]);
  else items.push(item);
}

function filedKey(rid: string, clientSerial: string): string {
  return `${rid} ${clientSerial}`;
}
