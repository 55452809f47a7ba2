import { chinaDate } from '../../adapters/values/china-time.ts';
import type { Population, ResidentSeed } from '../../seeds/model.ts';
import { HOSPITALS, RECEIVING_HOSPITALS } from '../../seeds/population/hospitals.ts';
import { People } from '../journeys/services/people.ts';

/** What a hospital posts, as its own system keeps it. */
export interface HospitalDocument {
  /** The hospital that posts it, and the account that does. */
  readonly hospital: string;
  readonly operator: string;
  readonly number: string;
  readonly patient: Pick<ResidentSeed, 'idNumber' | 'name'>;
  readonly kind: 'REFERRAL' | 'MATERNITY_SETTLEMENT';
  /** The members of the mutation's input and of a batch's entry. */
  readonly content: object;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DEPARTMENT = { code: 'A05.02', name: '产科专业' };
const DOCTOR = { code: 'D421202000045', name: '示例产科医师' };
/** Fen: a price is a hundredth of each. */
const FEE_AMOUNTS = [230_000, 30_000, 12_500, 7_500, 20_000];
const TOTAL = FEE_AMOUNTS.reduce((sum, amount) => sum + amount, 0);
/** Rows of one upload in these tests: the fees of a visit go up in three. */
export const ROWS_PER_CALL = 2;
export const FEE_ROWS = FEE_AMOUNTS.length;
/** All of them elsewhere than the district's people are insured. */
const ELSEWHERE = RECEIVING_HOSPITALS.filter(({ region }) => !region.startsWith('4212'));

/** Who may post for the hospitals of the demo directory, the largest hospital first. */
export const POSTERS = HOSPITALS.map(({ code }, index) => ({
  hospital: code,
  operator: index === 0 ? 'hospital' : `hospital-${index + 1}`,
}));

/** Makes documents that have nothing to do with one another. */
export class Documents {
  readonly #men: readonly ResidentSeed[];
  readonly #women: readonly ResidentSeed[];
  #referrals = 0;
  #settlements = 0;

  constructor(population: Population) {
    const people = new People(population);
    this.#men = everybody(people, 'insured');
    this.#women = everybody(people, 'insured-woman');
  }

  /** A referral that nothing stands against. Those of one patient go to different hospitals, or begin on different days. */
  referral(poster = this.#poster(this.#referrals)): HospitalDocument {
    const round = Math.floor(this.#referrals / this.#men.length);
    const patient = this.#men[this.#referrals % this.#men.length] as ResidentSeed;
    this.#referrals += 1;
    return referralOf(poster, `ZZ-${this.#referrals}`, patient, {
      to: round % ELSEWHERE.length,
      days: 40 * Math.floor(round / ELSEWHERE.length),
    });
  }

  /** A maternity settlement that nothing stands against; `expected` as the hospital's own system worked it out. */
  settlement(expected?: { readonly cashPaid: number }, poster = this.#poster(this.#settlements)): HospitalDocument {
    const patient = this.#women[this.#settlements % this.#women.length] as ResidentSeed;
    this.#settlements += 1;
    const number = `SY-${this.#settlements}`;
    const at = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
    return {
      ...poster,
      number,
      patient,
      kind: 'MATERNITY_SETTLEMENT',
      content: {
        document: number,
        patient: { idNumber: patient.idNumber, name: patient.name },
        admission: {
          admittedAt: at(30),
          admissionNumber: `ZY${number}`,
          department: DEPARTMENT,
          doctor: DOCTOR,
          bed: '12',
          diagnosis: { code: 'O80.000', name: '头位顺产' },
          diagnosisText: '孕39周待产',
          maternity: { weeks: 39, parity: 1, on: chinaDate(Date.now() - DAY_MS) },
        },
        fees: FEE_AMOUNTS.map((amount, index) => ({
          serial: `${number}-${index + 1}`,
          at: at(20),
          catalogueCode: '003314000020000-331400002',
          hospitalCode: `SF1000${index}`,
          amount,
          quantity: '1',
          unitPrice: String(amount / 100),
          department: DEPARTMENT,
          doctor: DOCTOR,
        })),
        settlement: { total: TOTAL, ...(expected && { expected }) },
      },
    };
  }

  #poster(index: number) {
    return POSTERS[index % POSTERS.length] as (typeof POSTERS)[number];
  }
}

/** A referral to the hospital of this number, from so many days after today. */
export function referralOf(
  poster: (typeof POSTERS)[number],
  number: string,
  { idNumber, name }: Pick<ResidentSeed, 'idNumber' | 'name'>,
  { to, days }: { readonly to: number; readonly days: number },
): HospitalDocument {
  const hospital = ELSEWHERE[to] as (typeof ELSEWHERE)[number];
  const from = Date.now() + days * DAY_MS;
  return {
    ...poster,
    number,
    patient: { idNumber, name },
    kind: 'REFERRAL',
    content: {
      document: number,
      patient: { idNumber, name },
      diagnosis: { code: 'I25.103', name: '冠状动脉粥样硬化性心脏病' },
      hospital: { code: hospital.code, name: hospital.name },
      date: chinaDate(Date.now()),
      reason: '本院不具备相应诊疗条件',
      opinion: '同意转院',
      from: chinaDate(from),
      to: chinaDate(from + 30 * DAY_MS),
    },
  };
}

function everybody(people: People, fit: 'insured' | 'insured-woman'): readonly ResidentSeed[] {
  const all: ResidentSeed[] = [];
  for (;;) {
    try {
      all.push(people.take(fit));
    } catch {
      return all;
    }
  }
}
