import type { NonTaxSeed } from '../../../seeds/model.ts';

/** A collecting unit (执收单位) as finance's table has it (wire spec 6.4). */
export interface CollectingUnit {
  readonly code: string;
  readonly name: string;
  /** The node whose listener takes the paid notices of this unit's notices. */
  readonly node: string;
  /** Codes of the revenue items it may collect. */
  readonly items: ReadonlySet<string>;
}

/** A revenue item (收入项目) of the fee table, wire spec 3.1. */
export interface RevenueItem {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
}

export interface Registers {
  readonly units: ReadonlyMap<string, CollectingUnit>;
  /** By name: the JSON dialect knows no item codes (wire spec 8). */
  readonly items: ReadonlyMap<string, RevenueItem>;
}

const ITEMS: readonly RevenueItem[] = [
  { code: '103100501', name: '公共租赁住房租金', unit: '月' },
  { code: '103043211', name: '不动产登记费', unit: '件' },
  { code: '103040104', name: '居民身份证工本费', unit: '证' },
  { code: '103040105', name: '居民身份证工本费(丢失补领)', unit: '证' },
];

const UNITS: readonly (Omit<CollectingUnit, 'items'> & { readonly items: readonly string[] })[] = [
  { code: '042001', name: '咸安区住房保障服务中心', node: 'K4212020001', items: ['103100501'] },
  { code: '038002', name: '咸宁市咸安区不动产登记中心', node: 'K4212020002', items: ['103043211'] },
  { code: '015003', name: '咸宁市公安局咸安分局', node: 'K4212020003', items: ['103040104', '103040105'] },
];

/** Finance's tables of units and items: those of the three services, and whatever the population's notices name. */
export function registersOf(seed: NonTaxSeed): Registers {
  const units = new Map(UNITS.map((unit) => [unit.code, { ...unit, items: new Set(unit.items) }]));
  const items = new Map(ITEMS.map((item) => [item.name, item]));
  for (const notice of seed.notices) {
    const { unitCode: code, unitName: name } = notice;
    const unit = units.get(code) ?? { code, name, node: 'K4212020001', items: new Set<string>() };
    units.set(code, unit);
    for (const item of notice.items) {
      unit.items.add(item.code);
      if (!items.has(item.name)) items.set(item.name, { code: item.code, name: item.name, unit: item.unit });
    }
  }
  return { units, items };
}
