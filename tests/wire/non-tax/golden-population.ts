import type { PaymentNoticeSeed, Population } from '../../../seeds/model.ts';
import { EMPTY_POPULATION } from '../empty-population.ts';

/** The notices of the golden files as finance's book has them; a test takes those that its moment of the day needs. */

const rent: PaymentNoticeSeed = {
  payCode: '42120226300000001001',
  billDate: '2026-03-16',
  dueDate: null,
  unitCode: '042001',
  unitName: '咸安区住房保障服务中心',
  payerName: '孙䶮',
  payerIdNumber: '421202198803056219',
  payerPhone: '13800000001',
  originalFen: 41_250,
  lateFeeFen: 0,
  items: [{ code: '103100501', name: '公共租赁住房租金', amountFen: 41_250, unit: '月', quantity: 1 }],
  memo: '浮山街道㙍头路8号泉山苑3栋1204室 2026年3月租金',
  crcCode: '78F5',
  state: 'unpaid',
};

const registrationFee: PaymentNoticeSeed = {
  payCode: '42120226300000001002',
  billDate: '2026-03-16',
  dueDate: null,
  unitCode: '038002',
  unitName: '咸宁市咸安区不动产登记中心',
  payerName: '赵㙍生',
  payerIdNumber: '421202197511120034',
  payerPhone: '13800000002',
  originalFen: 8_000,
  lateFeeFen: 0,
  items: [{ code: '103043211', name: '不动产登记费', amountFen: 8_000, unit: '件', quantity: 1 }],
  memo: '受理编号202603160007 温泉街道双鹤路19号',
  crcCode: '81B0',
  state: 'unpaid',
};

const lostCard: PaymentNoticeSeed = {
  payCode: '42120226300000001003',
  billDate: '2026-03-16',
  dueDate: null,
  unitCode: '015003',
  unitName: '咸宁市公安局咸安分局',
  payerName: '𠮷䶮',
  payerIdNumber: '421202200106301450',
  payerPhone: '13800000003',
  originalFen: 4_000,
  lateFeeFen: 0,
  items: [{ code: '103040105', name: '居民身份证工本费(丢失补领)', amountFen: 4_000, unit: '证', quantity: 1 }],
  memo: '丢失补领',
  crcCode: '52CF',
  state: 'unpaid',
};

const eBill = {
  typeCode: '0101',
  typeName: '非税收入统一票据(电子)',
  code: '42010126',
  versionName: '2026版',
} as const;

const registrationFeePaid: PaymentNoticeSeed = {
  ...registrationFee,
  state: 'paid',
  payment: { at: '2026-03-16 10:33:22', mode: '51', tradeNumber: '2026031622001400000000000001' },
};

export const GOLDEN_NOTICES = {
  rent,
  rentPaid: {
    ...rent,
    state: 'paid',
    payment: { at: '2026-03-16 15:33:05', mode: '50', tradeNumber: '4200002026031600000000000017' },
  },
  registrationFee,
  registrationFeePaid,
  registrationFeeReceipted: {
    ...registrationFeePaid,
    eReceipt: { ...eBill, number: '0000012345', check: '8f3k2a', issuedOn: '2026-03-16' },
  },
  lostCard,
  lostCardVoid: { ...lostCard, state: 'void' },
  /** Paid on the golden day and missing in the statement of example 12. */
  renewal: {
    ...lostCard,
    payCode: '42120226300000001005',
    payerName: '李明',
    originalFen: 2_000,
    items: [{ code: '103040104', name: '居民身份证工本费', amountFen: 2_000, unit: '证', quantity: 1 }],
    memo: '换领',
    crcCode: '',
    state: 'paid',
    payment: { at: '2026-03-16 11:20:00', mode: '14', tradeNumber: '20260316140000000000000005' },
  },
  /** Of the day before, with the e-bill number before the golden one. */
  yesterday: {
    ...registrationFee,
    payCode: '42120226300000000999',
    crcCode: '',
    state: 'paid',
    payment: { at: '2026-03-15 10:00:00', mode: '11', tradeNumber: '20260315110000000000000001' },
    eReceipt: { ...eBill, number: '0000012344', check: 'a1b2c3', issuedOn: '2026-03-15' },
  },
} as const satisfies Record<string, PaymentNoticeSeed>;

/** A population of nothing but some notices, told as of the golden day. */
export function goldenPopulation(...notices: readonly PaymentNoticeSeed[]): Population {
  return { ...EMPTY_POPULATION, nonTax: { notices } };
}
