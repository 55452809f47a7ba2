import type { Resolvers } from '../schema.ts';
import type { Catalogue, CatalogueItem } from './catalogue.ts';

interface Context {
  readonly catalogue: Catalogue;
}

export const resolvers: Resolvers = {
  Query: {
    plan: (_: unknown, __: unknown, { catalogue }: Context) => catalogue.document,
    serviceItems: (
      _: unknown,
      { list, domain, level }: { list?: string | null; domain?: string | null; level?: string | null },
      { catalogue }: Context,
    ) =>
      catalogue.items.filter(
        (item) =>
          (list == null || item.list === list) &&
          (domain == null || item.domain === domain) &&
          (level == null || item.levels.includes(level)),
      ),
    serviceItem: (_: unknown, { id }: { id: string }, { catalogue }: Context) => catalogue.byId.get(id) ?? null,
  },
  ServiceList: { SECOND_BATCH: 'second-batch', OPTIMISED: 'optimised' },
  ServiceItemType: { PUBLIC_SERVICE: '公共服务', ADMINISTRATIVE_CONFIRMATION: '行政确认' },
  ServiceItem: {
    __resolveReference: ({ id }: { id: string }, { catalogue }: Context) => catalogue.byId.get(id) ?? null,
    number: (item: CatalogueItem) => item.no,
    process: (item: CatalogueItem) => item.processSteps,
    visitsPromised: (item: CatalogueItem) => item.visits,
    type: (item: CatalogueItem) => item.itemType,
    standard: (item: CatalogueItem) => item.note !== '非标准事项',
  },
  ServiceItemCodes: {
    implementation: (entry: CatalogueItem['codes']) => entry.taskCode,
    basic: (entry: CatalogueItem['codes']) => entry.catalogCode,
    handlingItem: (entry: CatalogueItem['codes']) => entry.taskHandleItem,
    implementingBody: (entry: CatalogueItem['codes']) => entry.orgName,
    implementingBodyCode: (entry: CatalogueItem['codes']) => entry.orgCode,
  },
};
