import { parseIdNumber } from '../../adapters/identifiers/id-number.ts';
import { maskIdNumber } from '../../adapters/identifiers/masking.ts';
import { parseRealEstateCertificate } from '../../adapters/identifiers/real-estate-certificate.ts';
import type {
  MortgageRecord,
  OwnerQuery,
  OwnerRecord,
  PropertyRecord,
  QueryResult,
  RegisteredAmount,
  SeizureRecord,
} from '../../adapters/real-estate/records/property.ts';
import { pageSize, sliceConnection } from '../connection.ts';
import { identifierInput, textInput } from '../invalid-input.ts';
import { nameNeeded } from '../name-needed.ts';
import { type Reference, referencesOf, referenceValue } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import { RIGHT_TYPES, SEIZURE_KINDS, STRUCTURES, USES } from './code-names.ts';
import { CURRENT, DOCUMENT_TYPE, PROOF_KIND, QUERY_PURPOSE } from './codes.ts';
import type { RealestateContext } from './loaders.ts';
import { checkProof, proofs } from './proofs.ts';
import { registrationFees } from './registration-fees.ts';

/** The largest page that the registry gives. */
const LARGEST_PAGE = 50;

interface PropertiesArguments {
  readonly purpose: string;
  readonly includeHistorical: boolean;
  readonly first: number;
  readonly after?: string | null;
}

interface OwnerArguments extends PropertiesArguments {
  readonly name: string;
  readonly documentType: string;
  readonly documentNumber: string;
}

export const resolvers: Resolvers = {
  Query: {
    propertiesByUnit: async (
      _: unknown,
      query: { unitNumber: string; purpose: string },
      { byUnit }: RealestateContext,
    ) => propertiesOf(await byUnit(query)),
    propertiesByCertificate: async (
      _: unknown,
      { certificateNumber, ownerName, purpose }: { certificateNumber: string; ownerName: string; purpose: string },
      { byCertificate }: RealestateContext,
    ) =>
      propertiesOf(
        await byCertificate({
          certificateNumber: identifierInput('certificateNumber', certificateNumber, parseRealEstateCertificate),
          name: textInput('ownerName', ownerName, 100),
          purpose,
        }),
      ),
    propertiesByOwner: (
      _: unknown,
      { name, documentType, documentNumber, ...given }: OwnerArguments,
      context: RealestateContext,
    ) => {
      const isCard = documentType === DOCUMENT_TYPE.IDENTITY_CARD;
      const owner = {
        name: textInput('name', name, 100),
        idType: documentType,
        idNumber: isCard
          ? identifierInput('documentNumber', documentNumber, parseIdNumber)
          : textInput('documentNumber', documentNumber, 50),
      };
      return propertiesOwned(owner, given, context);
    },
    checkProof,
  },
  ...proofs,
  ...registrationFees,
  Mutation: { ...proofs.Mutation, ...registrationFees.Mutation },
  Resident: {
    properties: (
      { idNumber, name }: { idNumber: string; name: string | null },
      given: PropertiesArguments,
      context: RealestateContext,
    ) => propertiesOwned({ name: nameNeeded(name), idType: DOCUMENT_TYPE.IDENTITY_CARD, idNumber }, given, context),
  },
  Case: {
    ...registrationFees.Case,
    propertyProofs: ({ id }: { id: string }, _: unknown, { proofsOfCase }: RealestateContext) => proofsOfCase(id),
    properties: async (
      { references }: { references: readonly Reference[] },
      _: unknown,
      { byUnit }: RealestateContext,
    ) => {
      const results = await Promise.all(unitQueries(references).map((query) => byUnit(query)));
      return results.flatMap(propertiesOf);
    },
  },
  Property: {
    rightTypeName: ({ rightType }: PropertyRecord) => RIGHT_TYPES[rightType] ?? null,
    areaSquareMetres: ({ areaSquareMetres }: PropertyRecord) =>
      areaSquareMetres === null ? null : Number(areaSquareMetres),
    useName: ({ use }: PropertyRecord) => (use === null ? null : (USES[use] ?? null)),
    structureName: ({ structure }: PropertyRecord) => (structure === null ? null : (STRUCTURES[structure] ?? null)),
    floors: ({ floors }: PropertyRecord) => (floors !== null && /^\d+$/.test(floors) ? Number(floors) : null),
    price: ({ priceFen }: PropertyRecord) => priceFen,
    current: ({ state }: PropertyRecord) => state === CURRENT,
  },
  PropertyOwner: {
    // The registry shows more digits than we do where it masks, and all of them where it does not.
    maskedIdNumber: ({ idNumberAsShown }: OwnerRecord) => maskIdNumber(idNumberAsShown),
  },
  Mortgage: {
    securedAmount: ({ secured }: MortgageRecord) => secured?.amountFen ?? null,
    securedText: ({ secured }: MortgageRecord) => asWritten(secured),
    maximumAmount: ({ maximum }: MortgageRecord) => maximum?.amountFen ?? null,
    maximumText: ({ maximum }: MortgageRecord) => asWritten(maximum),
    current: ({ state }: MortgageRecord) => state === CURRENT,
  },
  Seizure: {
    authority: ({ court }: SeizureRecord) => court,
    kindName: ({ kind }: SeizureRecord) => SEIZURE_KINDS[kind] ?? null,
    current: ({ state }: SeizureRecord) => state === CURRENT,
  },
  PropertyQueryPurpose: QUERY_PURPOSE,
  PropertyProofKind: PROOF_KIND,
  OwnerDocumentType: DOCUMENT_TYPE,
};

/** What an owner has, a page of it. */
async function propertiesOwned(
  owner: Pick<OwnerQuery, 'name' | 'idType' | 'idNumber'>,
  { purpose, includeHistorical, first, after }: PropertiesArguments,
  { byOwner }: RealestateContext,
) {
  pageSize(first, LARGEST_PAGE);
  const owned = await byOwner({ ...owner, purpose });
  const properties = propertiesOf(owned).filter(({ state }) => includeHistorical || state === CURRENT);
  const { queryNumber, queriedAt, total } = owned;
  const page = sliceConnection(properties, { first, after: after ?? null });
  return { ...page, queryNumber, queriedAt, registryEntries: total };
}

/** The rights of an answer, each with the query that told it. */
function propertiesOf({ records, queryNumber, queriedAt }: QueryResult) {
  return records.map((record) => ({ ...record, queryNumber, queriedAt }));
}

/** One query for each unit that a case names, under the application form that covers it where the case has one (real-estate 3.2). */
function unitQueries(references: readonly Reference[]) {
  const forms = new Map<string, string | undefined>();
  for (const reference of referencesOf(references, 'real-estate', 'registration')) {
    for (const unitNumber of unitsOf(reference)) forms.set(unitNumber, undefined);
  }
  for (const reference of referencesOf(references, 'real-estate', 'property-query')) {
    for (const unitNumber of unitsOf(reference)) forms.set(unitNumber, reference.reference);
  }
  return [...forms].map(([unitNumber, applicationForm]) => ({
    unitNumber,
    purpose: QUERY_PURPOSE.DEPARTMENT,
    ...(applicationForm !== undefined && { applicationForm }),
  }));
}

/** The units that a reference names: one, or for a query by owner several with commas between them. */
function unitsOf(reference: Reference): readonly string[] {
  const units = referenceValue(reference, 'unitNumber') ?? referenceValue(reference, 'unitNumbers') ?? '';
  return units.split(',').filter((unit) => unit !== '');
}

/** An amount in the registry's own words, with its unit where it gave one (real-estate 3.2, traps). */
function asWritten(amount: RegisteredAmount | null): string | null {
  return amount === null ? null : `${amount.text}${amount.unit ?? ''}`;
}
