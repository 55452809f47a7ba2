import type {
  ChronicFilingSeed,
  FixedProviderSeed,
  InsuredPersonSeed,
  MedicalProviderSeed,
  MedicalSeed,
  OutOfAreaFilingSeed,
  ReferralSeed,
  SettlementSeed,
  VisitSeed,
} from '../../../seeds/model.ts';
import type { Fee } from './fees.ts';
import { FilingIndex } from './filing-index.ts';
import { type Settlement, SettlementIndex } from './settlement-index.ts';

type Writable<Seed> = { -readonly [Name in keyof Seed]: Seed[Name] };

/** One row of a person's insurance; suspension and settlements change it. */
export type Insurance = Writable<InsuredPersonSeed['insurances'][number]>;

export interface Person extends Omit<InsuredPersonSeed, 'insurances'> {
  readonly insurances: readonly Insurance[];
}

export interface Referral extends Omit<ReferralSeed, 'to'> {
  readonly to: string | null;
  /** hosp_agre_refl_flag. */
  readonly agreed: string;
}

export interface ChronicFiling extends ChronicFilingSeed {
  review: 'pending' | 'approved' | 'refused';
}

export type OutOfAreaFiling = Writable<OutOfAreaFilingSeed>;

export interface MaternityFiling {
  readonly serial: string;
  readonly psnNo: string;
}

/** A call that 2601 can name (wire spec 3.12). */
export interface Operation {
  readonly transaction: '2304' | '2305' | '2401';
  readonly psnNo: string;
  /** mdtrt_id of an admission; setl_id of a settlement or of a refund. */
  readonly reference: string;
  reversed: boolean;
}

/** A number that stands for a person at the window: a credential's token or a social security card (wire spec 3.2). */
export interface Certificate {
  /** `01` electronic credential, `03` social security card. */
  readonly type: string;
  readonly number: string;
  /** card_sn; empty for a credential. */
  readonly cardSerial: string;
  readonly psnNo: string;
}

/** All that the platform knows, found by the keys its transactions use. Built from the population, changed by transactions and acts. */
export class Register {
  readonly providers: ReadonlyMap<string, MedicalProviderSeed>;
  readonly persons: ReadonlyMap<string, Person>;
  readonly personsByIdNumber: ReadonlyMap<string, Person>;
  readonly certificates = new Map<string, Certificate>();
  readonly referrals: FilingIndex<Referral>;
  readonly chronicFilings: FilingIndex<ChronicFiling>;
  readonly fixedProviders: FilingIndex<FixedProviderSeed>;
  readonly outOfAreaFilings: FilingIndex<OutOfAreaFiling>;
  readonly maternityFilings = new FilingIndex<MaternityFiling>([]);
  readonly visits: Map<string, VisitSeed>;
  readonly visitsByPerson: Map<string, readonly VisitSeed[]>;
  /** By mdtrt_id, then by feedetl_sn. */
  readonly fees = new Map<string, Map<string, Fee>>();
  readonly settlements: SettlementIndex;
  /** By msgid; a repeated msgid names several. */
  readonly operations = new Map<string, Operation[]>();

  constructor(seed: MedicalSeed) {
    const persons = seed.persons.map(personOf);
    this.providers = new Map(seed.providers.map((provider) => [provider.code, provider]));
    this.persons = new Map(persons.map((person) => [person.psnNo, person]));
    this.personsByIdNumber = new Map(persons.map((person) => [person.idNumber, person]));
    this.referrals = new FilingIndex(seed.referrals.map((referral) => ({ ...referral, agreed: '1' })));
    this.chronicFilings = new FilingIndex(seed.chronicFilings.map((filing) => ({ ...filing, review: 'approved' })));
    this.fixedProviders = new FilingIndex(seed.fixedProviders);
    this.outOfAreaFilings = new FilingIndex(seed.outOfAreaFilings.map((filing) => ({ ...filing })));
    this.visits = new Map(seed.visits.map((visit) => [visit.id, visit]));
    this.visitsByPerson = new Map(
      Object.entries(Object.groupBy(seed.visits, (visit) => visit.psnNo)).map(([psnNo, own]) => [psnNo, own ?? []]),
    );
    this.settlements = new SettlementIndex(seed.settlements.map((settlement) => this.#settlementOf(settlement)));
    for (const { id, psnNo, messageId } of seed.settlements) {
      this.addOperation(messageId, { transaction: '2304', psnNo, reference: id, reversed: false });
    }
  }

  addVisit(visit: VisitSeed): void {
    this.visits.set(visit.id, visit);
    this.visitsByPerson.set(visit.psnNo, [...(this.visitsByPerson.get(visit.psnNo) ?? []), visit]);
  }

  removeVisit(visit: VisitSeed): void {
    this.visits.delete(visit.id);
    this.fees.delete(visit.id);
    const own = this.visitsByPerson.get(visit.psnNo) ?? [];
    this.visitsByPerson.set(
      visit.psnNo,
      own.filter((other) => other !== visit),
    );
  }

  addOperation(messageId: string, operation: Operation): void {
    const known = this.operations.get(messageId);
    if (known) known.push(operation);
    else this.operations.set(messageId, [operation]);
  }

  #settlementOf(seed: SettlementSeed): Settlement {
    const insurance = this.persons.get(seed.psnNo)?.insurances.find(({ kind }) => kind === seed.insuranceKind);
    const region = insurance?.region ?? this.providers.get(seed.providerCode)?.region ?? '';
    return { ...seed, region, certificateType: '02', invoice: '', refundOf: null };
  }
}

function personOf(seed: InsuredPersonSeed): Person {
  return { ...seed, insurances: seed.insurances.map((insurance) => ({ ...insurance })) };
}
