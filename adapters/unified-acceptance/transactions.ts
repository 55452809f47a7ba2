/** One interface of the platform (wire spec 3.3). */
export interface Transaction {
  /** The last part of its path, `/uap/api/{name}`. */
  readonly name: string;
  /** 接口编码; the day's signature holds for one of them. */
  readonly apiCode: string;
  /** The array that its records stand in (wire spec 2). */
  readonly array: 'baseInfo' | 'postdata';
  readonly mode: 'read' | 'write';
}

/** The nine interfaces. */
export const TRANSACTIONS = {
  alloc: { name: 'alloc', apiCode: '421200W0101', array: 'baseInfo', mode: 'write' },
  accept: { name: 'accept', apiCode: '421200W0102', array: 'baseInfo', mode: 'write' },
  process: { name: 'process', apiCode: '421200W0103', array: 'postdata', mode: 'write' },
  result: { name: 'result', apiCode: '421200W0104', array: 'postdata', mode: 'write' },
  special: { name: 'special', apiCode: '421200W0105', array: 'postdata', mode: 'write' },
  material: { name: 'material', apiCode: '421200W0106', array: 'postdata', mode: 'write' },
  query: { name: 'query', apiCode: '421200W0107', array: 'baseInfo', mode: 'read' },
  item: { name: 'item', apiCode: '421200W0108', array: 'baseInfo', mode: 'read' },
  fee: { name: 'fee', apiCode: '421200W0109', array: 'baseInfo', mode: 'write' },
} as const satisfies Record<string, Transaction>;
