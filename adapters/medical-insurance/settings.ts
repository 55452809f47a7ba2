import { z } from 'zod';
import { isMedicalProvider } from '../identifiers/medical-provider.ts';
import { COMMON_LINE, lineSettings } from '../transport/settings.ts';

const text = (longest: number) => z.string().min(1).max(longest);

const institution = z.strictObject({
  code: z.string().refine(isMedicalProvider).describe('fixmedins_code 定点医药机构编号: H or P and 11 digits'),
  name: text(20).describe('fixmedins_name 定点医药机构名称'),
  region: z
    .string()
    .regex(/^\d{6}$/)
    .optional()
    .describe('mdtrtarea_admvs 就医地医保区划, six digits; the six after the first of the code unless told'),
  operator: z
    .strictObject({
      number: text(20).describe('opter 经办人: signs in once for each working day'),
      name: text(50).describe('opter_name 经办人姓名'),
      type: z.enum(['1', '2', '3']).default('1').describe('opter_type: 1 operator, 2 terminal, 3 mobile'),
    })
    .describe('In whose name calls are made'),
  workstation: z
    .strictObject({
      mac: text(20).default('00-00-00-00-00-00').describe('mac 网卡地址'),
      ip: text(20).default('127.0.0.1').describe('ip IP地址'),
    })
    .prefault({})
    .describe('What sign-in (9001) tells of the machine'),
});

const privateKey = text(4_096).describe(
  'SM2 private key: hex, base64 of the 32-byte scalar, or PKCS#8 (PEM or base64)',
);
const platformPublicKey = text(4_096)
  .optional()
  .describe(
    'SM2 public key of the platform, hex with or without the leading 04; answers are verified when it is given',
  );

/** How national algorithms are used (wire spec 1.4). None of the schemes is known to be the province's. */
const cipher = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('none') }),
  z.strictObject({
    scheme: z.literal('C1').describe('cainfo signs the envelope'),
    privateKey,
    platformPublicKey,
    form: z.enum(['rs', 'der']).default('rs').describe('What cainfo is the upper-case hex of'),
  }),
  z.strictObject({
    scheme: z.literal('C2').describe('input and output are encrypted, cainfo signs the plain input'),
    privateKey,
    platformPublicKey,
    clientId: z
      .string()
      .refine((value) => Buffer.byteLength(value) === 16)
      .describe('Client id, 16 bytes: SM4 key and SM2 user id'),
    cipherField: text(30).default('enc_type').describe('Name of the envelope field that says SM4'),
  }),
  z.strictObject({
    scheme: z.literal('D').describe('the whole envelope travels as encData, signed in signData'),
    privateKey,
    platformPublicKey,
    appId: z.string().min(16).describe('appId; its first 16 characters are the key of the secret'),
    appSecret: z.string().min(16).describe('appSecret: a secret'),
    userId: text(100).optional().describe('SM2 user id; the app secret unless told'),
    version: text(10).default('2.0.1').describe('version of the document'),
  }),
]);

const category = (reason: string, memo: string) =>
  z
    .strictObject({
      reason: z.string().min(1).default(reason).describe('rloc_rea 异地安置原因'),
      memo: z.string().default(memo).describe('How memo begins'),
    })
    .prefault({});

const assumedTransactions = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('ASSUMED: turns on the placeholder transactions; off until the province has named its own'),
    apply: text(10).default('Z501').describe('ASSUMED number of the application'),
    cancel: text(10).default('Z502').describe('ASSUMED number of the cancellation'),
    query: text(10).default('Z503').describe('ASSUMED number of the query'),
    categories: z
      .strictObject({
        settledRetiree: category('02', '').describe('异地安置退休人员'),
        longTermResident: category('07', '12').describe('异地长期居住人员'),
        postedWorker: category('07', '11').describe('常驻异地工作人员'),
      })
      .prefault({})
      .describe('ASSUMED codes of the three categories; two public lists disagree (wire spec 3.4)'),
  })
  .prefault({})
  .describe(
    'ASSUMED: out-of-area filing of people who live outside their insured region. No public provider transaction is known; ' +
      'numbers, nodes and codes are placeholders of the test double (wire spec 3.4)',
  );

const takingBack = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('DESIGNED: turns on 2302 and 2404; off until the province has confirmed their tables'),
  })
  .prefault({})
  .describe(
    'DESIGNED: taking back uploaded fees (2302) and an admission (2404). The wire spec has no tables for them; ' +
      "the adapter's README has the ones used",
  );

const texts = (...defaults: string[]) => z.array(z.string().min(1)).default(defaults);

/** Texts are all that tells one refusal from another: there is no numeric catalogue (wire spec 4). */
const refusalTexts = z
  .strictObject({
    signIn: texts('签到').describe('The sign-in number is missing or has expired'),
    notFound: texts(
      '未查询到人员',
      '未查到人员',
      '查询不到人员',
      '未查询到参保',
      '查无此人',
      '人员不存在',
      '未查询到该人员',
    ).describe('No such insured person (1101); the real texts are not known'),
    region: texts('参保地', '参保区划', 'insuplc_admdvs').describe('The person is not insured in the region named'),
    nothingToReverse: texts('原交易不存在', '未查询到原交易', '未找到原交易', '原报文不存在').describe(
      'The platform never had the call that a reversal (2601) names',
    ),
    nothingToTakeBack: texts('未查询到费用明细', '没有可撤销的费用明细', '费用明细不存在').describe(
      'The platform has none of the fee rows to be taken back (2302); the real texts are not known',
    ),
    busy: texts('系统繁忙', '稍后再试', '稍后重试').describe('The platform takes no calls now; nothing was done'),
  })
  .prefault({})
  .describe('Parts of err_msg by which a refusal is told from others; to be filled with what the province really says');

const reconciliationFiles = z
  .strictObject({
    separator: text(3).default('\t').describe('Between the columns of a file of 3202'),
    zipUpload: z.boolean().default(true).describe('Whether the uploaded file (9101) is a zip'),
    bytes: z.enum(['array', 'base64']).default('array').describe('How JSON carries the bytes of a file'),
  })
  .prefault({})
  .describe('Layout of the files of 3202; the separator and the zip on upload are not confirmed (wire spec 3.13)');

/** Settings of the medical insurance platform's line (医疗保障信息平台, medical-insurance.md). */
export const medicalInsuranceSettings = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).describe('Address of the platform or its gateway, with the gateway prefix'),
  addressForm: z
    .enum(['dispatcher', 'per-transaction', 'suffix'])
    .default('dispatcher')
    .describe('One dispatcher, one path for each transaction, or the base address followed by the transaction number'),
  paths: z
    .record(z.string(), z.string().startsWith('/'))
    .default({})
    .describe('For per-transaction: paths of transactions that the wire spec knows none for, or another than its own'),
  paasid: text(100).optional().describe('x-tif-paasid; without it and the token the four x-tif headers are not sent'),
  token: z.string().optional().describe('Secret paired with paasid; never travels'),
  extraHeaders: z
    .record(z.string(), z.string())
    .default({})
    .describe('Sent with every call: apikey, x-tif-serviceId, Authorization'),
  receiverSystemCode: text(10).default('HIS01').describe('recer_sys_code 接收方系统代码'),
  interfaceVersion: text(6).default('V1.0').describe('infver 接口版本号'),
  deviceNumber: z.string().max(100).default('').describe('dev_no 设备编号'),
  deviceSafety: z.string().max(2_000).default('').describe('dev_safe_info 设备安全信息'),
  institution: institution.describe(
    'The provider and operator in whose name calls are made unless a call names others',
  ),
  cipher: cipher.default({ scheme: 'none' }).describe('National algorithms: none, C1, C2 or D (wire spec 1.4)'),
  maternityFiling: z
    .strictObject({
      transaction: text(10).default('2699').describe('Number of the filing'),
      node: text(30).default('data').describe('Node of its input'),
    })
    .prefault({})
    .describe('Maternity filing (生育备案) is not national: 2699 with one vendor, 90201 in Guangzhou (wire spec 3.8)'),
  assumedTransactions,
  takingBack,
  refusalTexts,
  reconciliationFiles,
  feeRowsPerCall: z.int().positive().default(100).describe('Rows of one fee upload (2301)'),
  settlementDeadlineMs: z
    .int()
    .positive()
    .default(60_000)
    .describe('Milliseconds for a trial settlement, which only reads but takes as long as a settlement'),
  // Wire spec 4: 10 s to connect, 30 s for queries, 60 s for settlements; 5: four calls at once per provider code.
  line: lineSettings({
    ...COMMON_LINE,
    connectTimeoutMs: 10_000,
    readTimeoutMs: 60_000,
    deadline: { readMs: 30_000, writeMs: 70_000 },
    concurrency: 4,
    rates: [],
  }),
});

export type MedicalInsuranceSettings = z.output<typeof medicalInsuranceSettings>;

/** A provider (定点医药机构) with the operator (经办人) who signs in for it. */
export type Institution = z.input<typeof institution>;

/** Takes an institution as a caller gives it; throws `ZodError` naming the member that is wrong. */
export function parseInstitution(input: Institution): z.output<typeof institution> {
  return institution.parse(input);
}
