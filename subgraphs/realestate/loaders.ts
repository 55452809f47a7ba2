import type { IssuedDocument } from '../../adapters/database/documents.ts';
import type { Backlog } from '../../adapters/database/tasks.ts';
import type { RealEstateClient } from '../../adapters/real-estate/client.ts';
import type {
  CertificateQuery,
  OwnerQuery,
  QueryResult,
  UnitQuery,
} from '../../adapters/real-estate/records/property.ts';
import { batchLoader, callLoader } from '../loader.ts';
import { REGISTRY_QUEUE } from '../services/registration-fees.ts';
import type { RequestScope } from '../subgraph.ts';
import type { PropertyServices } from './services/property-services.ts';

type Without<Query> = Omit<Query, 'applicationForm'> & { readonly applicationForm?: string };

/** The loaders of one request. Queries without an application form of their own run under the configured one. */
export interface RealestateContext {
  byOwner(query: Without<OwnerQuery>): Promise<QueryResult>;
  byCertificate(query: Without<CertificateQuery>): Promise<QueryResult>;
  byUnit(query: Without<UnitQuery>): Promise<QueryResult>;
  proofsOfCase(caseId: string): Promise<readonly IssuedDocument[]>;
  /** What the registry is still to be told of a case's registration fee; null when nothing is. */
  feeBacklog(caseId: string): Promise<Backlog | null>;
  readonly services: PropertyServices;
  /** The header `idempotency-key` of the request. */
  readonly idempotencyKey: string | undefined;
}

export function realestateContext(
  client: RealEstateClient,
  services: PropertyServices,
  applicationForm: string,
  { signal, idempotencyKey }: RequestScope,
): RealestateContext {
  const { documents, tasks } = services.surroundings.store;
  const owners = callLoader((query: OwnerQuery) => client.propertiesByOwner(query, { signal }));
  const certificates = callLoader((query: CertificateQuery) => client.propertiesByCertificate(query, { signal }));
  const units = callLoader((query: UnitQuery) => client.propertiesByUnit(query, { signal }));
  const ofCases = batchLoader((ids) => documents.ofCases(ids), []);
  const backlogs = batchLoader(
    async (ids) => new Map((await tasks.backlogs(REGISTRY_QUEUE, ids)).map((one) => [one.orderKey, one])),
    null,
  );
  return {
    byOwner: (query) => owners.load({ applicationForm, ...query }),
    byCertificate: (query) => certificates.load({ applicationForm, ...query }),
    byUnit: (query) => units.load({ applicationForm, ...query }),
    proofsOfCase: (caseId) => ofCases.load(caseId),
    feeBacklog: (caseId) => backlogs.load(caseId),
    services,
    idempotencyKey,
  };
}
