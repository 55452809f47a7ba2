import type { SubgraphClient } from './subgraph-client.ts';

export interface Keyed {
  readonly id: string;
}

/** Each id once, in the order of first sight. */
export function distinct(keys: Iterable<Keyed>): string[] {
  const ids = new Set<string>();
  for (const { id } of keys) ids.add(id);
  return [...ids];
}

/** Fetches each entity once by its id; none is asked for when there is no id. The ids of this graph need no escaping. */
export async function byId<Entity>(
  client: SubgraphClient,
  operation: string,
  typename: string,
  keys: Iterable<Keyed>,
): Promise<ReadonlyMap<string, Entity>> {
  const ids = distinct(keys);
  const found = new Map<string, Entity>();
  if (ids.length === 0) return found;
  const representations = ids.map((id) => `{"__typename":"${typename}","id":"${id}"}`).join(',');
  const entities = await client.entities<Entity>(operation, representations);
  for (let index = 0; index < ids.length; index += 1) found.set(ids[index] as string, entities[index] as Entity);
  return found;
}

/** What a subgraph was asked for it has given: the client throws otherwise. */
export function of<Entity>(entities: ReadonlyMap<string, Entity>, { id }: Keyed): Entity {
  return entities.get(id) as Entity;
}
