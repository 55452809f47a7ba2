import type { PaymentItem, PaymentNotice } from '../../../adapters/non-tax/records/payment.ts';
import { type NonTaxSettings, nonTaxSettings } from '../../../adapters/non-tax/settings.ts';
import type { Counter } from '../../../adapters/transport/counter.ts';
import { fen } from '../../../adapters/values/fen.ts';

/** The district of the golden files: its token, units, account and kind of e-bill. Every person is invented. */
export const TOKEN = 'XA-TEST-TOKEN-20260101';
export const REST_KEY = 'XA-TEST-KEY-0001';

const operator = { code: 'xa001', name: '王磊' };

const LINE = {
  connectTimeoutMs: 2_000,
  readTimeoutMs: 2_000,
  deadline: { readMs: 5_000, writeMs: 5_000 },
  retry: { attempts: 2, backoffMs: 1, budgetRatio: 1 },
};

export function district(url: string, changes: Record<string, unknown> = {}): NonTaxSettings {
  return nonTaxSettings.parse({
    url,
    units: [
      { code: '042001', name: '咸安区住房保障服务中心', node: 'K4212020001', operator },
      { code: '038002', name: '咸宁市咸安区不动产登记中心', node: 'K4212020002', operator },
      { code: '015003', name: '咸宁市公安局咸安分局', node: 'K4212020003', operator },
    ],
    cnnontax: cnnontaxSection(url.startsWith('tcp:') ? 'tcp' : 'http'),
    line: LINE,
    ...changes,
  });
}

/** The same district in the standard-web dialect. */
export function standardWebDistrict(url: string, changes: Record<string, unknown> = {}): NonTaxSettings {
  return district(url, {
    dialect: 'standard-web',
    cnnontax: undefined,
    standardWeb: { appId: 'XABDC0000001', key: REST_KEY },
    ...changes,
  });
}

export function cnnontaxSection(transport: 'tcp' | 'http', changes: Record<string, unknown> = {}) {
  return {
    transport,
    token: TOKEN,
    node: 'K4212020001',
    financeNode: 'F421202',
    payee: {
      name: '咸宁市咸安区财政局',
      account: '42050100000000000017',
      bank: '中国建设银行咸宁咸安支行',
      bankNumber: '0105',
    },
    eReceipt: { code: '42010126', versionName: '2026版' },
    ...changes,
  };
}

export { LINE };

export const RENT: PaymentItem = {
  code: '103100501',
  name: '公共租赁住房租金',
  amountFen: fen(41_250),
  unit: '月',
  quantity: 1,
};

export const REGISTRATION: PaymentItem = {
  code: '103043211',
  name: '不动产登记费',
  amountFen: fen(8_000),
  unit: '件',
  quantity: 1,
};

export const LOST_CARD: PaymentItem = {
  code: '103040105',
  name: '居民身份证工本费(丢失补领)',
  amountFen: fen(4_000),
  unit: '证',
  quantity: 1,
};

export const RENT_NOTICE: PaymentNotice = {
  payCode: '42120226300000001001',
  billDate: '2026-03-16',
  unitCode: '042001',
  payer: { name: '孙䶮', phone: '13800000001', idNumber: '421202198803056219' },
  items: [RENT],
  memo: '浮山街道㙍头路8号泉山苑3栋1204室 2026年3月租金',
};

export const REGISTRATION_NOTICE: PaymentNotice = {
  payCode: '42120226300000001002',
  businessNumber: '202603160007',
  billDate: '2026-03-16',
  unitCode: '038002',
  payer: { name: '赵㙍生', phone: '13800000002', idNumber: '421202197511120034' },
  items: [REGISTRATION],
  memo: '受理编号202603160007 温泉街道双鹤路19号',
};

export const CARD_NOTICE: PaymentNotice = {
  payCode: '42120226300000001003',
  billDate: '2026-03-16',
  unitCode: '015003',
  payer: { name: '𠮷䶮', phone: '13800000003', idNumber: '421202200106301450' },
  items: [LOST_CARD],
  memo: '丢失补领',
};

/** A counter that always gives the same number, as the golden messages have theirs. */
export function fixedCounter(serial: number): Counter {
  return { next: () => Promise.resolve(serial) };
}
