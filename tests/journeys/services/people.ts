import type { Population, ResidentSeed } from '../../../seeds/model.ts';
import { TOWNS } from '../../../seeds/population/places.ts';

/** Who may be taken for a journey. */
export type Fit = 'anybody' | 'adult' | 'insured' | 'insured-woman' | 'poor-and-disabled' | 'severely-disabled';

/**
 * The residents of a district by what they may apply for. Each is taken once, so that what departments did for one is one journey's; where
 * it is only the case that counts, `anybody` may come as often as they like.
 */
export class People {
  readonly #waiting: Readonly<Record<Fit, ResidentSeed[]>>;
  readonly #taken = new Set<string>();

  constructor(population: Population) {
    const adults = population.residents.filter(({ birthDate, story }) => !story && birthDate < '2005');
    const insured = insuredOf(population);
    const { poor, severe } = disabledOf(population);
    const isKnown = (idNumber: string) => [insured, poor, severe].some((known) => known.has(idNumber));
    this.#waiting = {
      anybody: adults.slice(0, 100),
      adult: adults.slice(100).filter(({ idNumber }) => !isKnown(idNumber)),
      insured: adults.filter(({ idNumber, sex }) => sex === 'male' && insured.has(idNumber)),
      'insured-woman': adults.filter(
        ({ idNumber, sex, birthDate }) => sex === 'female' && birthDate > '1985' && insured.has(idNumber),
      ),
      'poor-and-disabled': adults.filter(({ idNumber }) => poor.has(idNumber)),
      'severely-disabled': adults.filter(({ idNumber }) => severe.has(idNumber) && !poor.has(idNumber)),
    };
  }

  /** Somebody whom no journey has taken yet. */
  take(fit: Fit): ResidentSeed {
    for (;;) {
      const next = this.#waiting[fit].shift();
      if (next && fit === 'anybody') {
        this.#waiting.anybody.push(next);
        return next;
      }
      if (!next) throw new Error(`nobody is left who is ${fit}: give the district more residents`);
      if (this.#taken.has(next.idNumber)) continue;
      this.#taken.add(next.idNumber);
      return next;
    }
  }
}

/** Those in the district's employee insurance about whom nothing is filed. */
function insuredOf({ medical }: Population): ReadonlySet<string> {
  const filed = new Set(
    [...medical.outOfAreaFilings, ...medical.referrals, ...medical.chronicFilings, ...medical.visits].map(
      ({ psnNo }) => psnNo,
    ),
  );
  const isInsured = ({ kind, status, region }: { kind: string; status: string; region: string }) =>
    kind === '310' && status === '1' && region === '421202';
  return new Set(
    medical.persons
      .filter(({ psnNo, insurances }) => !filed.has(psnNo) && insurances.some(isInsured))
      .map(({ idNumber }) => idNumber),
  );
}

/** Those with a certificate in force, who draw no subsidy yet: on the minimum living allowance, and of the two severe grades. */
function disabledOf({ subsidy }: Population): Readonly<Record<'poor' | 'severe', ReadonlySet<string>>> {
  const known = new Set([
    ...subsidy.enrolments.map(({ idNumber }) => idNumber),
    ...subsidy.applications.map(({ applicantIdNumber }) => applicantIdNumber),
  ]);
  const cared = subsidy.circumstances.filter(
    (one) => one.specialHardship || one.orphan || one.workInjuryNursing || one.elderlyNursing,
  );
  const excluded = new Set([...known, ...cared.map(({ idNumber }) => idNumber)]);
  const poor = new Set(
    subsidy.circumstances.filter(({ economicStatus }) => economicStatus === '1').map(({ idNumber }) => idNumber),
  );
  const open = subsidy.certificates.filter(({ idNumber, status, hukouDivision }) => {
    const hasOffice = TOWNS.some(({ code, kind }) => kind !== 'zone' && hukouDivision.startsWith(code));
    return status === '1' && hasOffice && !excluded.has(idNumber);
  });
  const numbers = (some: typeof open) => new Set(some.map(({ idNumber }) => idNumber));
  return {
    poor: numbers(open.filter(({ idNumber }) => poor.has(idNumber))),
    severe: numbers(open.filter(({ grade }) => grade <= '2')),
  };
}
