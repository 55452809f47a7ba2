import { parseRealEstateCertificate } from '../../../adapters/identifiers/real-estate-certificate.ts';
import type { RealEstateClient } from '../../../adapters/real-estate/client.ts';
import type { PropertyRecord } from '../../../adapters/real-estate/records/property.ts';
import type { CasegraphError } from '../../../adapters/transport/errors.ts';
import { identifierInput, invalidInput } from '../../invalid-input.ts';
import type { CaseAtWork } from '../../services/case-for.ts';
import { CURRENT, DOCUMENT_TYPE } from '../codes.ts';

/** What a proof is about: one house, by certificate or unit, or with neither everything that the applicant has. */
export interface Wanted {
  readonly certificateNumber?: string | undefined;
  readonly unitNumber?: string | undefined;
  readonly purpose: string;
  /** CXSQSBH, the application form that covers the query. */
  readonly applicationForm: string;
}

type House = Pick<PropertyRecord, 'unitNumber' | 'certificateNumber'>;

/** A query that may be printed for the applicant during ten minutes, and the applicant's houses that it is about. */
export interface PrintableQuery {
  readonly queryNumber: string;
  readonly houses: readonly House[];
}

/**
 * Asks the registry for what a proof is to be about. What the applicant has is asked first, by the applicant's own number, so that
 * nobody else's house is ever asked for; a masked number in an answer about a unit would prove nothing (real-estate 6.3). Throws
 * `INVALID_INPUT` for a house that is not the applicant's, in the same words as for one that there is not.
 */
export async function queryOwned(
  client: RealEstateClient,
  { name, idNumber }: CaseAtWork['applicant'],
  { certificateNumber, unitNumber, ...query }: Wanted,
): Promise<PrintableQuery> {
  const certificate =
    certificateNumber === undefined
      ? undefined
      : identifierInput('input.certificateNumber', certificateNumber, parseRealEstateCertificate);
  const owned = await client.propertiesByOwner({ ...query, name, idType: DOCUMENT_TYPE.IDENTITY_CARD, idNumber });
  if (certificate !== undefined) {
    const isWanted = (house: House) => house.certificateNumber === certificate;
    const houses = current(owned.records).filter(isWanted);
    if (houses.length === 0) throw notOwned('input.certificateNumber');
    const found = await client.propertiesByCertificate({ ...query, certificateNumber: certificate, name });
    if (!current(found.records).some(isWanted)) throw notOwned('input.certificateNumber');
    return { queryNumber: found.queryNumber, houses };
  }
  if (unitNumber !== undefined) {
    const isWanted = (house: House) => house.unitNumber === unitNumber;
    const houses = current(owned.records).filter(isWanted);
    if (houses.length === 0) throw notOwned('input.unitNumber');
    const { queryNumber } = await client.propertiesByUnit({ ...query, unitNumber });
    return { queryNumber, houses };
  }
  return { queryNumber: owned.queryNumber, houses: current(owned.records) };
}

/** What is in force: historical entries own nothing. */
function current(records: readonly PropertyRecord[]): House[] {
  return records
    .filter(({ state }) => state === CURRENT)
    .map(({ unitNumber, certificateNumber }) => ({ unitNumber, certificateNumber }));
}

function notOwned(field: string): CasegraphError {
  return invalidInput(field, {
    en: 'is no property that is registered in the name of the applicant now.',
    zh: '不是申请人名下现势登记的不动产。',
  });
}
