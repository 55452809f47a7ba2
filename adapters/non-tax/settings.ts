import { z } from 'zod';
import { COMMON_LINE, lineSettings } from '../transport/settings.ts';
import { DEFAULT_FEES, FEE_SERVICES, feeRow } from './fees.ts';

const node = z.string().regex(/^[A-Z][0-9A-Z]{1,19}$/);
const unitCode = z.string().regex(/^[0-9]{4,30}$/);

const unit = z.strictObject({
  code: unitCode.describe('执收单位编码 in finance’s table'),
  name: z.string().min(1).describe('执收单位名称'),
  node: node.optional().describe('The unit’s own node code (K + division + 4 digits); cnnontax.node when left out'),
  operator: z
    .strictObject({ code: z.string().max(30), name: z.string().max(30) })
    .default({ code: '', name: '' })
    .describe('操作人 of notices that name none; the code is also the operator account of e-receipts'),
  collects: z.array(z.enum(FEE_SERVICES)).default([]).describe('The services whose fees are paid to this unit'),
});

const payee = z.strictObject({
  accountType: z.enum(['1', '2']).default('1').describe('收款人账户类型: 1 财政专户, 2 汇缴专户'),
  name: z.string().min(1).describe('收款人全称'),
  account: z.string().min(1).describe('收款人账号, as printed'),
  realAccount: z
    .string()
    .min(1)
    .optional()
    .describe('The real account, when the printed one is a pseudo account 伪账号'),
  bank: z.string().min(1).describe('收款人开户行'),
  bankNumber: z.string().min(1).describe('收款人开户行行号'),
  creditCode: z.string().default('').describe('收款人统一社会信用代码'),
  interBank: z.boolean().default(false).describe('是否跨行'),
});

const eReceipt = z.strictObject({
  typeCode: z.string().default('0101').describe('票据种类编码'),
  typeName: z.string().default('非税收入统一票据(电子)').describe('票据种类名称'),
  code: z
    .string()
    .regex(/^\d{8}$/)
    .describe('票据代码, 8 digits, of the current year'),
  versionName: z.string().min(1).describe('票据版本名称: 2026版'),
  earlier: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(/^\d{8}$/)
          .describe('票据代码'),
        versionName: z.string().min(1).describe('票据版本名称'),
        until: z.iso.date().describe('The last day on which it was issued'),
      }),
    )
    .default([])
    .describe('The kinds of earlier years, the latest first: their bills are still fetched'),
  dataVersion: z.string().min(1).max(4).default('1.0').describe('Version of the request'),
  title: z.string().default('湖北省非税收入统一票据(电子)').describe('EInvoiceName of the bill'),
  tag: z.string().default('CZ-EI-42').describe('EInvoiceTag: CZ-EI- and the province'),
  signingKey: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional()
    .describe('SM2 private key for Sign_Info; unsigned when left out'),
});

const cnnontax = z.strictObject({
  transport: z.enum(['tcp', 'http']).default('tcp').describe('Raw TCP, or HTTP POST of the same frames'),
  token: z.string().min(1).describe('Token shared with finance, for the digest'),
  node: node.describe('The district’s own node code, SRC'),
  financeNode: node.describe('Finance’s node code, DES'),
  payee: payee.describe('The account that notices are paid to'),
  wantsNotices: z.boolean().default(true).describe('Ask finance to send 5996 when a notice is paid (Hold1 = Y)'),
  noticesPerFrame: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe(
      'Notices opened or voided at the same moment that one frame may carry; more than 1 only where finance takes it',
    ),
  eReceipt: eReceipt.optional().describe('The kind of e-bill; without it e-receipts are not available'),
});

const standardWeb = z.strictObject({
  appId: z.string().min(1).describe('appid'),
  key: z.string().min(1).describe('The secret of the signature'),
  validDays: z.int().positive().default(7).describe('Days until a notice ends, counted from its own date'),
});

const listener = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(0).describe('Port to listen on; 0 takes any free one'),
  maxFrameBytes: z.int().positive().default(65_536).describe('The largest frame taken, in bytes'),
  maxConnections: z.int().positive().default(32).describe('Connections at once; further ones are dropped'),
  timeoutMs: z.int().positive().default(10_000).describe('Milliseconds from the connection to the reply'),
});

/** Settings of the non-tax revenue system. The section of the chosen dialect is required. */
export const nonTaxSettings = z
  .strictObject({
    url: z
      .string()
      .regex(/^(?:tcp|https?):\/\/[^\s/]+/)
      .describe('Finance’s address: tcp://host:port, or http(s)://host:port/path for HTTP'),
    dialect: z
      .enum(['cnnontax', 'standard-web'])
      .default('cnnontax')
      .describe('CNNONTAX frames, or JSON over HTTP (wire spec section 8)'),
    division: z
      .string()
      .regex(/^\d{6}$/)
      .default('421202')
      .describe('行政区划'),
    units: z
      .array(unit)
      .min(1)
      .describe('The collecting units; in standard-web the first one asks where none is named'),
    fees: z
      .array(feeRow)
      .default([...DEFAULT_FEES])
      .describe('Fees with the day from which they hold'),
    cnnontax: cnnontax.optional(),
    standardWeb: standardWeb.optional(),
    listener: listener.prefault({}).describe('Where finance sends 5996'),
    // wire spec section 1 (30 s) and section 5 (8 connections)
    line: lineSettings({
      connectTimeoutMs: 30_000,
      readTimeoutMs: 30_000,
      deadline: { readMs: 30_000, writeMs: 60_000 },
      concurrency: 8,
      rates: [],
      ...COMMON_LINE,
    }),
  })
  .superRefine((settings, context) => {
    const wanted = settings.dialect === 'cnnontax' ? 'cnnontax' : 'standardWeb';
    if (settings[wanted] === undefined) {
      context.addIssue({
        code: 'custom',
        path: [wanted],
        message: `the ${settings.dialect} dialect needs this section`,
      });
    }
    const overTcp = settings.dialect === 'cnnontax' && settings.cnnontax?.transport === 'tcp';
    if (settings.url.startsWith('tcp:') !== overTcp) {
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: `an address of ${overTcp ? 'tcp://' : 'http://'} is needed`,
      });
    }
  });

export type NonTaxSettings = z.output<typeof nonTaxSettings>;
export type CnnontaxSettings = z.output<typeof cnnontax>;
export type StandardWebSettings = z.output<typeof standardWeb>;
export type CollectingUnitSettings = z.output<typeof unit>;
export type EReceiptSettings = z.output<typeof eReceipt>;
export type NoticeListenerSettings = z.output<typeof listener>;
