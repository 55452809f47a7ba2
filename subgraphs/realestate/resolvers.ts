import { maskIdNumber } from '../../adapters/identifiers/masking.ts';
import type {
  MortgageRecord,
  OwnerRecord,
  PropertyRecord,
  RegisteredAmount,
  SeizureRecord,
} from '../../adapters/real-estate/records/property.ts';
import { pageSize, sliceConnection } from '../connection.ts';
import { nameNeeded } from '../name-needed.ts';
import { type Reference, referencesOf, referenceValue } from '../reference.ts';
import type { Resolvers } from '../schema.ts';
import { RIGHT_TYPES, SEIZURE_KINDS, STRUCTURES, USES } from './code-names.ts';
import type { RealestateContext } from './loaders.ts';

/** CXMD 查询目的 (real-estate 3.1). */
const QUERY_PURPOSE = { OWN_USE: '1', LOAN: '2', HOUSING_SUPPORT: '3', SCHOOL: '4', DEPARTMENT: '5' } as const;

/** ZJZL: resident identity card. */
const IDENTITY_CARD = '1';

/** QSZT: in force. */
const CURRENT = '1';

/** The largest page that the registry gives. */
const LARGEST_PAGE = 50;

interface PropertiesArguments {
  readonly purpose: string;
  readonly includeHistorical: boolean;
  readonly first: number;
  readonly after?: string | null;
}

export const resolvers: Resolvers = {
  Query: {
    propertiesByUnit: async (
      _: unknown,
      query: { unitNumber: string; purpose: string },
      { byUnit }: RealestateContext,
    ) => (await byUnit(query)).records,
    propertiesByCertificate: async (
      _: unknown,
      { certificateNumber, ownerName, purpose }: { certificateNumber: string; ownerName: string; purpose: string },
      { byCertificate }: RealestateContext,
    ) => (await byCertificate({ certificateNumber, name: ownerName, purpose })).records,
  },
  Resident: {
    properties: async (
      { idNumber, name }: { idNumber: string; name: string | null },
      { purpose, includeHistorical, first, after }: PropertiesArguments,
      { byOwner }: RealestateContext,
    ) => {
      pageSize(first, LARGEST_PAGE);
      const owned = await byOwner({ name: nameNeeded(name), idType: IDENTITY_CARD, idNumber, purpose });
      const records = owned.records.filter(({ state }) => includeHistorical || state === CURRENT);
      const { queryNumber, queriedAt } = owned;
      return { ...sliceConnection(records, { first, after: after ?? null }), queryNumber, queriedAt };
    },
  },
  Case: {
    properties: async (
      { references }: { references: readonly Reference[] },
      _: unknown,
      { byUnit }: RealestateContext,
    ) => {
      const results = await Promise.all(unitQueries(references).map((query) => byUnit(query)));
      return results.flatMap(({ records }) => records);
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
};

/** One query for each unit that a case names, under the application form that covers it where the case has one (real-estate 3.2). */
function unitQueries(references: readonly Reference[]) {
  const forms = new Map<string, string | undefined>();
  for (const reference of referencesOf(references, 'real-estate', 'registration')) {
    const unitNumber = referenceValue(reference, 'unitNumber');
    if (unitNumber) forms.set(unitNumber, undefined);
  }
  for (const reference of referencesOf(references, 'real-estate', 'property-query')) {
    const unitNumber = referenceValue(reference, 'unitNumber');
    if (unitNumber) forms.set(unitNumber, reference.reference);
  }
  return [...forms].map(([unitNumber, applicationForm]) => ({
    unitNumber,
    purpose: QUERY_PURPOSE.DEPARTMENT,
    ...(applicationForm !== undefined && { applicationForm }),
  }));
}

/** An amount in the registry's own words, with its unit where it gave one (real-estate 3.2, traps). */
function asWritten(amount: RegisteredAmount | null): string | null {
  return amount === null ? null : `${amount.text}${amount.unit ?? ''}`;
}
