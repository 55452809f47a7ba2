import type { RealEstateClient } from '../../adapters/real-estate/client.ts';
import type {
  CertificateQuery,
  OwnerQuery,
  QueryResult,
  UnitQuery,
} from '../../adapters/real-estate/records/property.ts';
import { callLoader } from '../loader.ts';
import type { RequestScope } from '../subgraph.ts';

type Without<Query> = Omit<Query, 'applicationForm'> & { readonly applicationForm?: string };

/** The loaders of one request. Queries without an application form of their own run under the configured one. */
export interface RealestateContext {
  byOwner(query: Without<OwnerQuery>): Promise<QueryResult>;
  byCertificate(query: Without<CertificateQuery>): Promise<QueryResult>;
  byUnit(query: Without<UnitQuery>): Promise<QueryResult>;
}

export function realestateContext(
  client: RealEstateClient,
  applicationForm: string,
  { signal }: RequestScope,
): RealestateContext {
  const owners = callLoader((query: OwnerQuery) => client.propertiesByOwner(query, { signal }));
  const certificates = callLoader((query: CertificateQuery) => client.propertiesByCertificate(query, { signal }));
  const units = callLoader((query: UnitQuery) => client.propertiesByUnit(query, { signal }));
  return {
    byOwner: (query) => owners.load({ applicationForm, ...query }),
    byCertificate: (query) => certificates.load({ applicationForm, ...query }),
    byUnit: (query) => units.load({ applicationForm, ...query }),
  };
}
