import { ageOn } from './clock.ts';
import type { Envelope } from './envelope.ts';
import { fieldRefusal, refusal } from './refusal.ts';
import type { Insurance, Person, Register } from './register.ts';

/** Insurance kinds that carry a personal account: employee basic medical (wire spec 3.2). */
const ACCOUNT_KIND = '310';
const MATERNITY_KIND = '510';
const CIVIL_SERVANT_KIND = '320';
/** Employees, residents, retired cadres; the other kinds come beside one of these. */
const BASIC_KINDS = ['310', '390', '340'];
const ACTIVE = '1';

/**
 * The person a transaction names, insured in the envelope's `insuplc_admdvs` (wire spec 3.2: one of the person's rows must have it).
 * Throws `Refusal`.
 */
export function personOf(register: Register, psnNo: string, { insuplc_admdvs }: Envelope): Person {
  const person = register.persons.get(psnNo);
  if (!person) throw refusal('personNotFound');
  if (insuplc_admdvs === '') throw fieldRefusal('insuplc_admdvs', '不能为空');
  if (!person.insurances.some(({ region }) => region === insuplc_admdvs)) throw refusal('regionWrong');
  return person;
}

/** The person's active row of one insurance kind in the envelope's region. Throws `Refusal`. */
export function insuranceOf(person: Person, kind: string, { insuplc_admdvs }: Envelope): Insurance {
  const rows = person.insurances.filter((row) => row.kind === kind);
  if (rows.length === 0) throw refusal('insuranceMissing');
  const here = rows.filter(({ region }) => region === insuplc_admdvs);
  if (here.length === 0) throw refusal('regionWrong');
  const active = here.find(({ status }) => status === ACTIVE);
  if (!active) throw refusal('insuranceNotActive');
  return active;
}

/** The person's active row of a basic insurance in the envelope's region, for filings that name no kind. Throws `Refusal`. */
export function basicInsuranceOf(person: Person, envelope: Envelope): Insurance {
  const basic = person.insurances.filter(({ kind }) => BASIC_KINDS.includes(kind));
  const here = basic.find(({ region, status }) => region === envelope.insuplc_admdvs && status === ACTIVE);
  const [first] = basic;
  if (!first) throw refusal('insuranceMissing');
  return here ?? insuranceOf(person, first.kind, envelope);
}

/** The row whose personal account pays for this person, if any; a suspended insurance keeps its account. */
export function accountOf(person: Person): Insurance | undefined {
  return person.insurances.find(({ kind }) => kind === ACCOUNT_KIND);
}

/** Whether the person is in a maternity insurance of its own, apart from the employee insurance. */
export function hasMaternityInsurance(person: Person): boolean {
  return person.insurances.some(({ kind, status }) => kind === MATERNITY_KIND && status === ACTIVE);
}

/** cvlserv_flag of a person: in the civil servants' supplement. */
export function civilServantFlag(person: Person): string {
  return person.insurances.some(({ kind, status }) => kind === CIVIL_SERVANT_KIND && status === ACTIVE) ? '1' : '0';
}

/** gend: 1 male, 2 female (wire spec 3.2). */
export function genderCode(person: Person): string {
  return person.sex === 'male' ? '1' : '2';
}

/** The members that name a person in every answer about one (wire spec 3.2, 3.11, 3.14); the age is the one at the population's day. */
export function identityOf(person: Person, asOf: string): Record<string, unknown> {
  return {
    psn_no: person.psnNo,
    psn_cert_type: '01',
    certno: person.idNumber,
    psn_name: person.name,
    gend: genderCode(person),
    naty: person.nation,
    brdy: person.birthDate,
    age: ageOn(person.birthDate, asOf),
  };
}

/**
 * Checks that a certificate shown at the window is this person's: 02 identity card by its number, 01 and 03 by what the platform gave
 * out (wire spec 3.2). Throws `Refusal`.
 */
export function checkCertificate(register: Register, person: Person, type: string, number: string): void {
  const certificate = register.certificates.get(number);
  const own =
    type === '02' ? person.idNumber === number : certificate?.type === type && certificate.psnNo === person.psnNo;
  if (!own) throw refusal('certificateWrong');
}

/** Throws the `Refusal` of a period that ends before it begins; an empty end is open. */
export function checkPeriod(begin: string | null, end: string | null): void {
  if (begin !== null && end !== null && end < begin) throw refusal('datesReversed');
}

/** Whether two periods share a day or a moment; null at an end leaves it open. */
export function overlaps(
  [from, to]: readonly [string, string | null],
  [begin, end]: readonly [string | null, string | null],
): boolean {
  return (begin === null || to === null || to >= begin) && (end === null || from <= end);
}
