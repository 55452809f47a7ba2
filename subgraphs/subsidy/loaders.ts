import type { DisabilitySubsidyClient } from '../../adapters/disability-subsidy/client.ts';
import type {
  ApplicationProgress,
  CertificateQuery,
  CertificateRecord,
  Enrolment,
  PaymentsQuery,
  PendingPage,
  PendingQuery,
  SubsidyPaymentRecord,
} from '../../adapters/disability-subsidy/records.ts';
import { callLoader } from '../loader.ts';
import type { RequestScope } from '../subgraph.ts';
import type { SubsidyServices } from './services/subsidy-services.ts';

/** The loaders of one request: equal reads inside one operation are one call (disability-subsidy 5). */
export interface SubsidyContext {
  certificate(query: CertificateQuery): Promise<CertificateRecord | null>;
  enrolments(idNumber: string): Promise<readonly Enrolment[]>;
  application(number: string): Promise<ApplicationProgress | null>;
  payments(query: PaymentsQuery): Promise<readonly SubsidyPaymentRecord[]>;
  pending(query: PendingQuery): Promise<PendingPage>;
  readonly services: SubsidyServices;
  /** The header `idempotency-key` of the request. */
  readonly idempotencyKey: string | undefined;
}

export function subsidyContext(
  client: DisabilitySubsidyClient,
  services: SubsidyServices,
  { signal, idempotencyKey }: RequestScope,
): SubsidyContext {
  const certificates = callLoader((query: CertificateQuery) => client.verifyCertificate(query, { signal }));
  const enrolments = callLoader((idNumber: string) => client.enrolments(idNumber, { signal }));
  const applications = callLoader((number: string) => client.application(number, { signal }));
  const payments = callLoader((query: PaymentsQuery) => client.payments(query, { signal }));
  const pending = callLoader((query: PendingQuery) => client.pendingForHukou(query, { signal }));
  return {
    certificate: (query) => certificates.load(query),
    enrolments: (idNumber) => enrolments.load(idNumber),
    application: (number) => applications.load(number),
    payments: (query) => payments.load(query),
    pending: (query) => pending.load(query),
    services,
    idempotencyKey,
  };
}
