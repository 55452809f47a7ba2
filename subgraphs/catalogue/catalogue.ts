import plan from '../../seeds/catalogue.json' with { type: 'json' };
import codes from '../../seeds/items.json' with { type: 'json' };

/** A service item as published, with its codes on the unified acceptance platform. */
export type CatalogueItem = (typeof plan.items)[number] & { readonly codes: (typeof codes.items)[number] };

export interface Catalogue {
  readonly document: typeof plan.document;
  /** In the order of the plan. */
  readonly items: readonly CatalogueItem[];
  readonly byId: ReadonlyMap<string, CatalogueItem>;
}

/** The catalogue from `seeds/`. Throws when an item has no codes. */
export function readCatalogue(): Catalogue {
  const codesById = new Map(codes.items.map((entry) => [entry.id, entry]));
  const items = plan.items.map((item) => {
    const entry = codesById.get(item.id);
    if (!entry) throw new Error(`seeds/items.json: no codes for ${item.id}`);
    return { ...item, codes: entry };
  });
  return { document: plan.document, items, byId: new Map(items.map((item) => [item.id, item])) };
}
