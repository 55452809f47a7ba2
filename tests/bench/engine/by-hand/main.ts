import { byId, type Keyed, of } from './keyed.ts';
import { entities, type SubgraphClient } from './subgraph-client.ts';

export interface Clients {
  readonly visits: SubgraphClient;
  readonly clinics: SubgraphClient;
  readonly patients: SubgraphClient;
  readonly bills: SubgraphClient;
}

export interface DayBookVariables {
  readonly day: string;
  readonly first: number;
}

interface Visit extends Keyed {
  readonly number: number;
  readonly arrivedAt: string;
  readonly reason: string;
  readonly urgent: boolean;
  readonly clinic: Keyed;
  readonly doctor: Keyed;
  readonly patient: Keyed;
  readonly findings: object[];
}

interface Clinic {
  readonly name: string;
  readonly level: number;
}

interface Doctor {
  readonly name: string;
  readonly title: string;
}

interface Patient {
  readonly name: string;
  readonly birthDate: string;
  readonly village: string;
  readonly insuranceKind: string;
}

const DAY_BOOK = JSON.stringify(
  `query($day:ID!,$first:Int!){dayBook(day:$day,first:$first){day note visits{id number arrivedAt reason urgent
  clinic{id} doctor{id} patient{id} findings{__typename code text ...on Diagnosis{chronic} ...on Measurement{value unit}}}}}`,
);
const CLINIC = entities('...on Clinic{name level}');
const DOCTOR = entities('...on Doctor{name title}');
const PATIENT = entities('...on Patient{name birthDate village insuranceKind}');
const BILL = entities('...on Visit{bill{number total state items{name quantity amount}}}');
const OWN_SHARE = entities('...on Visit{ownShare}');

/** The load `main`: the day book, four entity fetches beside each other, and the own shares, which need two of them. */
export async function answerMain(clients: Clients, variables: DayBookVariables): Promise<object> {
  const { dayBook } = await clients.visits.post<{ dayBook: { day: string; note: string; visits: Visit[] } }>(
    `{"query":${DAY_BOOK},"variables":${JSON.stringify(variables)}}`,
  );
  const { day, note, visits } = dayBook;

  const clinicsFetched = byId<Clinic>(
    clients.clinics,
    CLINIC,
    'Clinic',
    visits.map(({ clinic }) => clinic),
  );
  const patientsFetched = byId<Patient>(
    clients.patients,
    PATIENT,
    'Patient',
    visits.map(({ patient }) => patient),
  );
  const [clinics, patients, doctors, bills, ownShares] = await Promise.all([
    clinicsFetched,
    patientsFetched,
    byId<Doctor>(
      clients.clinics,
      DOCTOR,
      'Doctor',
      visits.map(({ doctor }) => doctor),
    ),
    byId<{ bill: object }>(clients.bills, BILL, 'Visit', visits),
    fetchOwnShares(clients.bills, visits, clinicsFetched, patientsFetched),
  ]);

  const shownClinics = new Map<string, object>();
  for (const [id, { name, level }] of clinics) shownClinics.set(id, { id, name, level });
  const shownDoctors = new Map<string, object>();
  for (const [id, { name, title }] of doctors) shownDoctors.set(id, { id, name, title });
  const shownPatients = new Map<string, object>();
  for (const [id, { name, birthDate, village }] of patients) shownPatients.set(id, { id, name, birthDate, village });

  return {
    dayBook: {
      day,
      note,
      visits: visits.map((visit, index) => ({
        id: visit.id,
        number: visit.number,
        arrivedAt: visit.arrivedAt,
        reason: visit.reason,
        urgent: visit.urgent,
        clinic: of(shownClinics, visit.clinic),
        doctor: of(shownDoctors, visit.doctor),
        patient: of(shownPatients, visit.patient),
        findings: visit.findings,
        bill: of(bills, visit).bill,
        ownShare: ownShares[index]?.ownShare,
      })),
    },
  };
}

/** Every visit stands once in a day book, so there is nothing to de-duplicate. */
export async function fetchOwnShares(
  bills: SubgraphClient,
  visits: readonly { readonly id: string; readonly clinic: Keyed; readonly patient: Keyed }[],
  clinicsFetched: Promise<ReadonlyMap<string, { readonly level: number }>>,
  patientsFetched: Promise<ReadonlyMap<string, { readonly insuranceKind: string }>>,
): Promise<readonly { readonly ownShare: number }[]> {
  const [clinics, patients] = await Promise.all([clinicsFetched, patientsFetched]);
  const representations = visits.map(({ id, clinic, patient }) => {
    const { level } = of(clinics, clinic);
    const { insuranceKind } = of(patients, patient);
    return `{"__typename":"Visit","clinic":{"level":${level}},"patient":{"insuranceKind":"${insuranceKind}"},"id":"${id}"}`;
  });
  return bills.entities(OWN_SHARE, representations.join(','));
}
