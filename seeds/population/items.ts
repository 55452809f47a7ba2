import catalogue from '../catalogue.json' with { type: 'json' };
import items from '../items.json' with { type: 'json' };
import type { OrganisationSeed } from '../model.ts';
import { XIANAN } from './places.ts';

/** What the population needs to know of a service item. */
export interface Item {
  readonly id: string;
  readonly taskCode: string;
  readonly projectType: '1' | '2';
  /** Working days; 0 for an item handled on the spot. */
  readonly promiseDays: number;
  readonly process: readonly string[];
  /** Once where the plan does not say. */
  readonly visits: number;
  /** Who implements it, and decides. */
  readonly body: OrganisationSeed;
}

const ITEMS = new Map(items.items.map((item) => [item.id, itemOf(item)]));

/** @param id `S01` … `S13`, `O01` … `O07` */
export function itemById(id: string): Item {
  const item = ITEMS.get(id);
  if (!item) throw new RangeError(`no such item: ${id}`);
  return item;
}

function itemOf(codes: (typeof items.items)[number]): Item {
  const listed = catalogue.items.find(({ id }) => id === codes.id);
  if (!listed) throw new RangeError(`not in the catalogue: ${codes.id}`);
  return {
    id: codes.id,
    taskCode: codes.taskCode,
    projectType: codes.projectType === '1' ? '1' : '2',
    promiseDays: codes.promiseDays,
    process: listed.processSteps,
    visits: listed.visits ?? 1,
    body: { code: codes.orgCode, name: codes.orgName, division: `${XIANAN}000000` },
  };
}
