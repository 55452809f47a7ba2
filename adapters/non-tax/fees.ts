import { z } from 'zod';
import { invalidInput } from '../values/checked.ts';
import { isCalendarDate } from '../values/china-time.ts';
import { type Fen, fen } from '../values/fen.ts';
import type { PaymentItem } from './records/payment.ts';

/** What residents pay for through this system (wire spec 3.1). */
export const FEE_SERVICES = [
  'public-rental-rent',
  'registration-residential',
  'registration-non-residential',
  'id-card-renewal',
  'id-card-lost',
  'id-card-damaged',
  'id-card-first-issue',
] as const;

export type FeeService = (typeof FEE_SERVICES)[number];

/** One row of the fee table: what a service costs from a day on, until a later row of the same service. */
export const feeRow = z.strictObject({
  service: z.enum(FEE_SERVICES).describe('The service'),
  from: z.string().refine(isCalendarDate).describe('The first day of this fee, yyyy-MM-dd'),
  itemCode: z
    .string()
    .regex(/^[0-9]{6,12}$/)
    .describe('收入项目编码, out of finance’s table'),
  itemName: z.string().min(1).describe('收入项目名称'),
  unit: z.string().min(1).describe('计量单位'),
  amountFen: z.int().nonnegative().nullable().describe('Fen for one; 0 is free of charge, null is by contract'),
  basis: z.string().default('').describe('The document that sets the fee'),
});

export type FeeRow = z.output<typeof feeRow>;

const LONG_AGO = '2000-01-01';
const REGISTRATION = { itemCode: '103043211', itemName: '不动产登记费', unit: '件', basis: '发改价格规〔2016〕2559号' };
const ID_CARD = { unit: '证', basis: '发改价格[2003]2322号' };

/** The table of wire spec 3.1; items and dates of the district to be confirmed by finance. */
export const DEFAULT_FEES: readonly FeeRow[] = [
  {
    service: 'public-rental-rent',
    from: LONG_AGO,
    itemCode: '103100501',
    itemName: '公共租赁住房租金',
    unit: '月',
    amountFen: null,
    basis: '租赁合同',
  },
  { service: 'registration-residential', from: '2016-12-06', ...REGISTRATION, amountFen: 8_000 },
  { service: 'registration-non-residential', from: '2016-12-06', ...REGISTRATION, amountFen: 55_000 },
  {
    service: 'id-card-renewal',
    from: '2004-01-01',
    itemCode: '103040104',
    itemName: '居民身份证工本费',
    ...ID_CARD,
    amountFen: 2_000,
  },
  {
    service: 'id-card-lost',
    from: '2004-01-01',
    itemCode: '103040105',
    itemName: '居民身份证工本费(丢失补领)',
    ...ID_CARD,
    amountFen: 4_000,
  },
  {
    service: 'id-card-damaged',
    from: '2004-01-01',
    itemCode: '103040105',
    itemName: '居民身份证工本费(损坏换领)',
    ...ID_CARD,
    amountFen: 4_000,
  },
  {
    service: 'id-card-first-issue',
    from: '2018-04-01',
    itemCode: '103040104',
    itemName: '居民身份证工本费',
    ...ID_CARD,
    amountFen: 0,
  },
];

/** The row that holds on a day, `yyyy-MM-dd`; undefined when none does yet. */
export function feeOn(fees: readonly FeeRow[], service: FeeService, day: string): FeeRow | undefined {
  return fees
    .filter((row) => row.service === service && row.from <= day)
    .reduce<FeeRow | undefined>(
      (latest, row) => (latest === undefined || row.from > latest.from ? row : latest),
      undefined,
    );
}

export interface FeeRequest {
  readonly service: FeeService;
  /** `yyyy-MM-dd`. */
  readonly day: string;
  /** Cases, months or cards; 1 when absent. */
  readonly quantity?: number;
  /** The contract's amount for one, where the table has none. */
  readonly contractFen?: Fen;
}

/**
 * The line of a notice for a service; null when it is free of charge and no notice is needed. Throws `INVALID_INPUT` when the table has
 * no fee for that day, or a contract's amount is missing or not wanted.
 *
 * @example feeItem(settings.fees, { service: 'registration-residential', day: '2026-03-16' })?.amountFen // 8000
 */
export function feeItem(fees: readonly FeeRow[], request: FeeRequest): PaymentItem | null {
  const { service, day, quantity = 1, contractFen } = request;
  const row = feeOn(fees, service, day);
  if (row === undefined) throw invalidInput('day', `no fee is set for ${service} on that day`);
  if (!Number.isSafeInteger(quantity) || quantity < 1)
    throw invalidInput('quantity', 'a whole number from 1 is needed');
  if ((row.amountFen === null) !== (contractFen !== undefined)) {
    throw invalidInput(
      'contractFen',
      row.amountFen === null ? 'the contract’s amount is needed' : 'the fee is set by the table',
    );
  }
  const one = row.amountFen ?? contractFen ?? 0;
  if (one === 0) return null;
  return { code: row.itemCode, name: row.itemName, amountFen: fen(one * quantity), unit: row.unit, quantity };
}
