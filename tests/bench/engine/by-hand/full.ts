import { byId, type Keyed, of } from './keyed.ts';
import { type Clients, type DayBookVariables, fetchOwnShares } from './main.ts';
import { entities, type SubgraphClient } from './subgraph-client.ts';

interface LastVisit extends Keyed {
  readonly arrivedAt: string;
  readonly reason: string;
  readonly clinic: Keyed;
}

type Finding =
  | { readonly __typename: 'Diagnosis' | 'Measurement' }
  | {
      readonly __typename: 'LaboratoryResult';
      readonly code: string;
      readonly text: string;
      readonly value: number;
      readonly laboratory: Keyed;
    };

type Outcome =
  | { readonly __typename: 'Discharge' }
  | { readonly __typename: 'Referral'; readonly reason: string; readonly to: Keyed };

interface Visit extends Keyed {
  readonly number: number;
  readonly arrivedAt: string;
  readonly reason: string;
  readonly urgent: boolean;
  readonly clinic: Keyed;
  readonly doctor: Keyed;
  readonly patient: Keyed & { readonly lastVisits: LastVisit[] };
  readonly findings: Finding[];
  readonly outcome: Outcome;
}

interface DayBook {
  readonly day: string;
  readonly note: string;
  readonly dutyRota: Keyed[][];
  readonly visits: Visit[];
}

interface Clinic {
  readonly name: string;
  readonly address: string;
  readonly telephone: string;
  readonly level: number;
  readonly beds: number;
  readonly services: string[];
}

interface Doctor {
  readonly name: string;
  readonly title: string;
  readonly speciality: string;
  readonly languages: string[];
}

interface Patient {
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string;
  readonly village: string;
  readonly insuranceKind: string;
  readonly allergies: string[];
  readonly familyDoctor: Keyed;
}

interface Bill {
  readonly number: string;
  readonly total: number;
  readonly state: string;
  readonly items: object[];
  readonly issuedBy: Keyed;
  readonly payer: { readonly __typename: 'Insurer' } | ({ readonly __typename: 'Patient' } & Keyed);
}

const DAY_BOOK = JSON.stringify(
  `query($day:ID!,$first:Int!){dayBook(day:$day,first:$first){day note dutyRota{id}
  visits{id number arrivedAt reason urgent clinic{id} doctor{id} patient{id lastVisits(first:2){id arrivedAt reason clinic{id}}}
  findings{__typename code text ...on Diagnosis{chronic} ...on Measurement{value unit} ...on LaboratoryResult{value laboratory{id}}}
  outcome{__typename ...on Discharge{advice} ...on Referral{reason to{id}}}}}}`,
);
const ROTA_DOCTOR = entities('...on Doctor{name speciality telephone}');
const CLINIC = entities('...on Clinic{name address telephone level beds services}');
const REGISTRATION_FEE = entities('...on Clinic{registrationFee}');
const DOCTOR = entities('...on Doctor{name title speciality languages}');
const ACCOUNT = entities('...on Patient{account{year spent ceiling lastSettled}}');
const PATIENT = entities(
  '...on Patient{name sex birthDate village insuranceKind allergies familyDoctor{__typename id}}',
);
const FAMILY_DOCTOR = entities('...on Doctor{name title clinic{id}}');
const LAST_CLINIC = entities('...on Clinic{name}');
const LAST_TOTAL = entities('...on Visit{bill{total}}');
const LABORATORY = entities('...on Clinic{name telephone}');
const REFERRED_TO = entities('...on Clinic{name address}');
const BILL = entities(
  '...on Visit{bill{number total state items{name quantity amount} issuedBy{id} payer{__typename ...on Insurer{name contract} ...on Patient{id}}}}',
);
const ISSUER = entities('...on Clinic{name telephone level}');
const PAYER = entities('...on Patient{name village}');

/** The load `full`: each fetch begins as soon as what it needs is there. */
export async function answerFull(clients: Clients, variables: DayBookVariables): Promise<object> {
  const { dayBook } = await clients.visits.post<{ dayBook: DayBook }>(
    `{"query":${DAY_BOOK},"variables":${JSON.stringify(variables)}}`,
  );
  const { visits } = dayBook;
  const lastVisits = visits.flatMap(({ patient }) => patient.lastVisits);

  const clinicsFetched = byId<Clinic>(
    clients.clinics,
    CLINIC,
    'Clinic',
    visits.map(({ clinic }) => clinic),
  );
  const patientKeys = visits.map(({ patient }) => patient);
  const patientsFetched = byId<Patient>(clients.patients, PATIENT, 'Patient', patientKeys);
  const billsFetched = byId<{ bill: Bill }>(clients.bills, BILL, 'Visit', visits);

  const [
    rotaDoctors,
    clinics,
    fees,
    doctors,
    accounts,
    patients,
    familyDoctors,
    lastClinics,
    lastTotals,
    laboratories,
    referredTo,
    bills,
    issuers,
    payers,
    ownShares,
  ] = await Promise.all([
    byId<object>(clients.clinics, ROTA_DOCTOR, 'Doctor', dayBook.dutyRota.flat()),
    clinicsFetched,
    clinicsFetched.then((found) => fetchRegistrationFees(clients.bills, found)),
    byId<Doctor>(
      clients.clinics,
      DOCTOR,
      'Doctor',
      visits.map(({ doctor }) => doctor),
    ),
    byId<{ account: object }>(clients.bills, ACCOUNT, 'Patient', patientKeys),
    patientsFetched,
    patientsFetched.then((found) =>
      byId<object>(
        clients.clinics,
        FAMILY_DOCTOR,
        'Doctor',
        found.values().map(({ familyDoctor }) => familyDoctor),
      ),
    ),
    byId<{ name: string }>(
      clients.clinics,
      LAST_CLINIC,
      'Clinic',
      lastVisits.map(({ clinic }) => clinic),
    ),
    byId<{ bill: object }>(clients.bills, LAST_TOTAL, 'Visit', lastVisits),
    byId<object>(clients.clinics, LABORATORY, 'Clinic', laboratoriesOf(visits)),
    byId<object>(clients.clinics, REFERRED_TO, 'Clinic', referralsOf(visits)),
    billsFetched,
    billsFetched.then((found) =>
      byId<object>(
        clients.clinics,
        ISSUER,
        'Clinic',
        found.values().map(({ bill }) => bill.issuedBy),
      ),
    ),
    billsFetched.then((found) => byId<object>(clients.patients, PAYER, 'Patient', patientsWhoPay(found))),
    fetchOwnShares(clients.bills, visits, clinicsFetched, patientsFetched),
  ]);

  // An entity is shaped once and shown wherever it stands.
  const shownRotaDoctors = withId(rotaDoctors);
  const shownFamilyDoctors = withId(familyDoctors);
  const shownLastClinics = withId(lastClinics);
  const shownLaboratories = withId(laboratories);
  const shownReferredTo = withId(referredTo);
  const shownIssuers = withId(issuers);
  const shownDoctors = withId(doctors);
  const shownClinics = new Map<string, object>();
  for (const [id, clinic] of clinics) shownClinics.set(id, { id, ...clinic, registrationFee: fees.get(id) });
  const shownPatients = new Map<string, object>();
  for (const { patient } of visits) {
    if (shownPatients.has(patient.id)) continue;
    const { name, sex, birthDate, village, insuranceKind, allergies, familyDoctor } = of(patients, patient);
    shownPatients.set(patient.id, {
      id: patient.id,
      name,
      sex,
      birthDate,
      village,
      insuranceKind,
      allergies,
      account: of(accounts, patient).account,
      familyDoctor: of(shownFamilyDoctors, familyDoctor),
      lastVisits: patient.lastVisits.map((visit) => ({
        id: visit.id,
        arrivedAt: visit.arrivedAt,
        reason: visit.reason,
        clinic: of(shownLastClinics, visit.clinic),
        bill: of(lastTotals, visit).bill,
      })),
    });
  }

  return {
    dayBook: {
      day: dayBook.day,
      note: dayBook.note,
      dutyRota: dayBook.dutyRota.map((shift) => shift.map((doctor) => of(shownRotaDoctors, doctor))),
      visits: visits.map((visit, index) => ({
        id: visit.id,
        number: visit.number,
        arrivedAt: visit.arrivedAt,
        reason: visit.reason,
        urgent: visit.urgent,
        clinic: of(shownClinics, visit.clinic),
        doctor: of(shownDoctors, visit.doctor),
        patient: of(shownPatients, visit.patient),
        findings: visit.findings.map((finding) => showFinding(finding, shownLaboratories)),
        outcome: showOutcome(visit.outcome, shownReferredTo),
        bill: showBill(of(bills, visit).bill, shownIssuers, payers),
        ownShare: ownShares[index]?.ownShare,
      })),
    },
  };
}

async function fetchRegistrationFees(bills: SubgraphClient, clinics: ReadonlyMap<string, Clinic>) {
  const representations = [...clinics].map(
    ([id, { level }]) => `{"__typename":"Clinic","level":${level},"id":"${id}"}`,
  );
  const found = await bills.entities<{ registrationFee: number }>(REGISTRATION_FEE, representations.join(','));
  return new Map([...clinics.keys()].map((id, index) => [id, found[index]?.registrationFee]));
}

function laboratoriesOf(visits: readonly Visit[]): Keyed[] {
  const keys: Keyed[] = [];
  for (const { findings } of visits) {
    for (const finding of findings) if (finding.__typename === 'LaboratoryResult') keys.push(finding.laboratory);
  }
  return keys;
}

function referralsOf(visits: readonly Visit[]): Keyed[] {
  const keys: Keyed[] = [];
  for (const { outcome } of visits) if (outcome.__typename === 'Referral') keys.push(outcome.to);
  return keys;
}

function patientsWhoPay(bills: ReadonlyMap<string, { readonly bill: Bill }>): Keyed[] {
  const keys: Keyed[] = [];
  for (const { bill } of bills.values()) if (bill.payer.__typename === 'Patient') keys.push(bill.payer);
  return keys;
}

function withId(entities: ReadonlyMap<string, object>): ReadonlyMap<string, object> {
  const shown = new Map<string, object>();
  for (const [id, entity] of entities) shown.set(id, { id, ...entity });
  return shown;
}

function showFinding(finding: Finding, laboratories: ReadonlyMap<string, object>): object {
  if (finding.__typename !== 'LaboratoryResult') return finding;
  const { __typename, code, text, value, laboratory } = finding;
  return { __typename, code, text, value, laboratory: of(laboratories, laboratory) };
}

function showOutcome(outcome: Outcome, clinics: ReadonlyMap<string, object>): object {
  if (outcome.__typename !== 'Referral') return outcome;
  const { __typename, reason, to } = outcome;
  return { __typename, reason, to: of(clinics, to) };
}

function showBill(bill: Bill, issuers: ReadonlyMap<string, object>, payers: ReadonlyMap<string, object>): object {
  const { number, total, state, items, issuedBy, payer } = bill;
  return {
    number,
    total,
    state,
    items,
    issuedBy: of(issuers, issuedBy),
    payer: payer.__typename === 'Patient' ? { __typename: 'Patient', id: payer.id, ...of(payers, payer) } : payer,
  };
}
