import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { isIdNumber } from '../../../adapters/identifiers/id-number.ts';
import { readEntries } from '../../../gateway/consoles/hospital/files/entries.ts';
import { jsonFaultAt } from '../../../gateway/consoles/hospital/files/json-fault.ts';
import { readRows } from '../../../gateway/consoles/hospital/files/separated.ts';
import { fileOf, linesOf, referral, run } from './command.ts';

const REFERRAL_HEADER =
  '单据号,公民身份号码,姓名,诊断代码,诊断名称,转往医院编号,转往医院名称,转院日期,转院原因,转院意见,开始日期,结束日期';
const REFERRAL_ROW =
  'ZZ-1,421202199003070025,示例甲,C34.900,"恶性肿瘤,\n支气管或肺",H42010600902,武汉示例医院（虚构）,2026/11/4,"需""放疗""",同意,2026年11月4日,20270503';

const REFERRAL = `${REFERRAL_HEADER}\r\n${REFERRAL_ROW}\r\n`;

const EXPECTED = {
  kind: 'REFERRAL',
  document: 'ZZ-1',
  patient: { idNumber: '421202199003070025', name: '示例甲' },
  diagnosis: { code: 'C34.900', name: '恶性肿瘤,\n支气管或肺' },
  hospital: { code: 'H42010600902', name: '武汉示例医院（虚构）' },
  date: '2026-11-04',
  reason: '需"放疗"',
  opinion: '同意',
  from: '2026-11-04',
  to: '2027-05-03',
};

const read = (content: string | Uint8Array, options = {}) => {
  const { entries, encoding, format } = readEntries({ file: fileOf(content), ignored: [], ...options });
  return { encoding, format, entries: entries.map(({ json }) => JSON.parse(json) as Record<string, unknown>) };
};

/** The message by which a file is refused, without the file's path. */
const refusal = (content: string | Uint8Array, options: { fees?: string; ignored?: readonly string[] } = {}) => {
  const file = fileOf(content);
  try {
    readEntries({ file, ignored: [], ...options });
  } catch (error) {
    return (error as Error).message.replaceAll(file, 'FILE');
  }
  return 'taken';
};

describe('a table', () => {
  it('is the same in UTF-8, with and without a mark, in GB18030 and in UTF-16', () => {
    const files = {
      'utf-8': [Buffer.from(REFERRAL), Buffer.from(`\ufeff${REFERRAL}`)],
      gb18030: [iconv.encode(REFERRAL, 'gb18030')],
      'utf-16le': [iconv.encode(REFERRAL, 'utf-16le', { addBOM: true })],
    };
    for (const [encoding, contents] of Object.entries(files))
      for (const content of contents) expect(read(content)).toEqual({ encoding, format: 'CSV', entries: [EXPECTED] });
  });

  it('keeps characters that GB2312 lacks', () => {
    const rare = REFERRAL.replace('示例甲', '𠮷㛃');
    expect(read(iconv.encode(rare, 'gb18030')).entries).toEqual(read(rare).entries);
  });

  it('is the same with tabs and semicolons, with English headers, line feeds alone, comments and empty rows', () => {
    const english = `${REFERRAL_HEADER.replace('单据号', ' Document ').replace('公民身份号码', 'ID_Number').replace('转院日期', 'date')}`;
    const cells = REFERRAL_ROW.replace('恶性肿瘤,', '恶性肿瘤\u0001').split(',');
    for (const separator of ['\t', ';', ',']) {
      const row = cells
        .map((cell) => cell.replace('\u0001', ','))
        .join(separator)
        .replace(/\r/g, '');
      const text = `# a comment, "and more\n\n${english.replaceAll(',', separator)}\n${separator}${separator}\n#${row.split('\n')[0]?.replace('"', '')}\n${row}`;
      expect(read(text).entries).toEqual([EXPECTED]);
    }
  });

  it('tells every fault with line and column, never a cell', () => {
    const rows = [
      REFERRAL_HEADER,
      REFERRAL_ROW.replace('2026/11/4', '2026/02/30'),
      REFERRAL_ROW.replace('421202199003070025', '4.21202E+17').replace('20270503', 'soon'),
      REFERRAL_ROW.replace('示例甲', ''),
      `${REFERRAL_ROW},more`,
      'ZZ-9',
    ];
    expect(refusal(rows.join('\n'))).toBe(
      [
        'FILE:3:32: 转院日期: must be a day of the calendar, 2026-11-24 or 2026/11/24',
        'FILE:4:6: 公民身份号码: the spreadsheet has rounded this number: format the column as text and enter it again',
        'FILE:5:66: 结束日期: must be a day of the calendar, 2026-11-24 or 2026/11/24',
        'FILE:6:25: 姓名: must not be empty',
        'FILE:9:75: the row has more cells than the header, which has 12',
        ...[
          '公民身份号码',
          '姓名',
          '诊断代码',
          '诊断名称',
          '转往医院编号',
          '转往医院名称',
          '转院日期',
          '转院原因',
          '转院意见',
          '开始日期',
          '结束日期',
        ].map((header) => `FILE:10:1: ${header}: must not be empty`),
        'Nothing was sent.',
      ].join('\n'),
    );
  });

  it('tells what is wrong with its headers and quotes', () => {
    expect(refusal(REFERRAL.replace('姓名', '患者').replace('转院日期,', '单据编号,'))).toBe(
      [
        'FILE:1:12: no column is called “患者”; --ignore “患者” leaves it out, and `template` shows all',
        'FILE:1:39: “单据编号” is there twice',
        'FILE:1:1: the column “name” (姓名) is missing',
        'FILE:1:1: the column “date” (转院日期) is missing',
        'Nothing was sent.',
      ].join('\n'),
    );
    expect(refusal(REFERRAL.replace('"需', '"需"x'))).toContain('FILE:3:45: text follows a closing quote');
    expect(refusal(`${REFERRAL}ZZ-2,"421\n\n`)).toContain('FILE:4:6: a quote opens here and is not closed');
    expect(refusal('a,b\n1,2\n')).toContain('FILE:1:1: the first row must name the columns');
    expect(refusal('单据号,姓名\n1,2\n')).toContain('FILE:1:1: the columns are neither those of referrals nor');
    expect(refusal('')).toBe('FILE: holds no entry');
    expect(refusal(`${REFERRAL_HEADER}\n`)).toBe('FILE: holds no entry');
  });

  it('leaves out what it is told to ignore', () => {
    const text = REFERRAL.replace('单据号', '科室,单据号').replace('ZZ-1', '内科,ZZ-1');
    expect(refusal(text)).toContain('FILE:1:1: no column is called “科室”');
    expect(read(text, { ignored: ['科室'] }).entries).toEqual([EXPECTED]);
  });

  it('reads any cells that were written by the rules', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '中', '"', ',', '\n', '\r', '\t', ';', ' ', '#') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(';'));
        const kept = rows.filter((cells) => cells.some((text) => text.trim() !== ''));
        const found = [...readRows('x', quoted.join('\r\n'), ';')].map(({ cells }) => cells.map(({ text }) => text));
        expect(found).toEqual(kept);
      }),
    );
  });
});

describe('a file of no known encoding', () => {
  it('is refused with the place, also where it is UTF-8 with a broken place', () => {
    const bytes = Buffer.from(REFERRAL.repeat(3));
    bytes[bytes.indexOf(Buffer.from('示例甲')) + 4] = 0x41;
    expect(refusal(bytes)).toContain('FILE:2:26: is not UTF-8 here');
    expect(refusal(Buffer.from([0x61, 0xff, 0xff, 0x0a]))).toContain('FILE:1:2: is not GB18030 here');
    expect(refusal(REFERRAL.replace('甲', '\ufffd'))).toContain('FILE:2:27: a character was lost here');
  });
});

const MATERNITY_HEADER = [
  'document,version,idNumber,name,admittedAt,admissionNumber,departmentCode,departmentName,doctorCode,doctorName,bed',
  'diagnosisCode,diagnosisName,diagnosisText,otherDiagnoses,weeks,parity,premature,医疗费总额（元）,预期个人现金支付(元)',
].join(',');
const FEE_HEADER =
  'feeSerial,feeAt,feeCatalogueCode,feeHospitalCode,feeAmountYuan,feeQuantity,feeUnitPriceYuan,feeDepartmentCode,feeDepartmentName,feeDoctorCode,feeDoctorName,feeTakeHome';
const STAY =
  '421202199003070025,示例甲,2026-11-20 8:30,ZY1,0502,产科,D1,示例医生,12,O80.000,单胎顺产,临产,O34.201 瘢痕子宫|O14.900 子痫前期,39,1,否,"4,200.50",0';
const FEES = [
  'F1,2026/11/21 10:00:05,003315010020000,HIS-1,4200,1,4200.00,0502,产科,D1,示例医生,是',
  'F2,2026-11-21T11:00,003315010020001,HIS-2,0.5,2.5,0.2,0502,产科,D1,示例医生,否',
];

const SETTLEMENT = {
  kind: 'MATERNITY_SETTLEMENT',
  document: 'M-1',
  version: 2,
  patient: { idNumber: '421202199003070025', name: '示例甲' },
  admission: {
    admittedAt: '2026-11-20T08:30:00+08:00',
    admissionNumber: 'ZY1',
    department: { code: '0502', name: '产科' },
    doctor: { code: 'D1', name: '示例医生' },
    bed: '12',
    diagnosis: { code: 'O80.000', name: '单胎顺产' },
    diagnosisText: '临产',
    otherDiagnoses: [
      { code: 'O34.201', name: '瘢痕子宫' },
      { code: 'O14.900', name: '子痫前期' },
    ],
    maternity: { weeks: 39, parity: 1, premature: false },
  },
  settlement: { total: 420_050, expected: { cashPaid: 0 } },
  fees: [
    {
      serial: 'F1',
      at: '2026-11-21T10:00:05+08:00',
      catalogueCode: '003315010020000',
      hospitalCode: 'HIS-1',
      amount: 420_000,
      quantity: '1',
      unitPrice: '4200.00',
      department: { code: '0502', name: '产科' },
      doctor: { code: 'D1', name: '示例医生' },
      takeHome: true,
    },
    {
      serial: 'F2',
      at: '2026-11-21T11:00:00+08:00',
      catalogueCode: '003315010020001',
      hospitalCode: 'HIS-2',
      amount: 50,
      quantity: '2.5',
      unitPrice: '0.2',
      department: { code: '0502', name: '产科' },
      doctor: { code: 'D1', name: '示例医生' },
      takeHome: false,
    },
  ],
};

describe('maternity settlements in tables', () => {
  const one = (second: string) =>
    [`${MATERNITY_HEADER},${FEE_HEADER}`, `M-1,2,${STAY},${FEES[0]}`, `M-1,2,${second},${FEES[1]}`].join('\n');
  const empty = ','.repeat(17);

  it('are a row for each fee, which repeats the stay or leaves it out', () => {
    expect(read(one(STAY)).entries).toEqual([SETTLEMENT]);
    expect(read(one(empty)).entries).toEqual([SETTLEMENT]);
  });

  it('are two tables, joined by the document', () => {
    const stays = `${MATERNITY_HEADER}\nM-1,2,${STAY}\nM-2,,${STAY}\n`;
    const fees = `feeMemo,document,version,${FEE_HEADER}\n,M-1,2,${FEES[0]}\nx,M-2,,${FEES[0]}\n,M-1,2,${FEES[1]}\n`;
    const { entries } = read(stays, { fees: fileOf(iconv.encode(fees, 'gb18030')) });
    expect(entries).toEqual([
      SETTLEMENT,
      expect.objectContaining({ document: 'M-2', fees: [{ ...SETTLEMENT.fees[0], memo: 'x' }] }),
    ]);
    expect(entries[1]).not.toHaveProperty('version');
  });

  it('are refused where rows of one document differ, or where fees and stays do not match', () => {
    expect(refusal(one(STAY.replace('临产', '足月')))).toContain(
      'FILE:3:82: diagnosisText: differs from line 2, which is the same document',
    );
    expect(refusal(one(empty).replace(`M-1,2,${STAY}`, `M-1,2,${empty}`))).toContain('FILE:2:7: idNumber: must not');
    const stays = `${MATERNITY_HEADER}\nM-1,,${STAY}\n`;
    const fees = fileOf(`document,${FEE_HEADER}\nM-9,${FEES[0]}\n`, 'fees');
    expect(refusal(stays, { fees })).toMatch(/fees:2:1: its document is not in FILE/);
    expect(refusal(stays, { fees: fileOf(`document,${FEE_HEADER}\n`) })).toMatch(/^FILE:2:1: has no fee in /);
    expect(refusal(`${stays}M-1,1,${STAY}\n`, { fees })).toContain('FILE:3:1: the same document as line 2');
  });
});

describe('NDJSON', () => {
  it('is read as it stands, without empty lines and comments, in any encoding', () => {
    const text = `# a comment\n\n${linesOf(['甲-1'])}  ${linesOf(['甲-2'])}`;
    const { format, entries } = read(iconv.encode(text, 'gb18030'));
    expect(format).toBe('NDJSON');
    expect(entries).toEqual([referral('甲-1'), referral('甲-2')]);
    expect(read(`\ufeff${text}`).entries).toEqual(entries);
  });

  it('tells where a line is not JSON, or not an entry', () => {
    const lines = [
      '{"kind":"REFERRAL","document":"甲",}',
      '  {"kind":"REFERRAL" "document":1}',
      '{"kind":"REFERRAL","document":"A',
      '[1]',
      '{"kind":"OTHER"}',
      '{"kind":"REFERRAL","document":01}',
      '{"kind":"REFERRAL"} x',
      `{"kind":"REFERRAL","reason":"${'x'.repeat(1_000_000)}"}`,
    ];
    const entry = 'must be an object whose "kind" is REFERRAL or MATERNITY_SETTLEMENT';
    expect(refusal(lines.join('\n'))).toBe(
      [
        'FILE:1:35: not JSON from here on',
        'FILE:2:22: not JSON from here on',
        'FILE:3:31: not JSON from here on',
        `FILE:4:1: ${entry}`,
        `FILE:5:1: ${entry}`,
        'FILE:6:32: not JSON from here on',
        'FILE:7:21: not JSON from here on',
        'FILE:8:1: larger than 1,000,000 bytes',
        'Nothing was sent.',
      ].join('\n'),
    );
  });

  it('a fault is found where JSON ends: whatever is cut off is missed at the cut, what is whole is whole', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        expect(jsonFaultAt(text)).toBe(text.length);
        const cut = text.slice(0, at % (text.length + 1));
        expect(jsonFaultAt(cut)).toBeLessThanOrEqual(cut.length);
        expect(jsonFaultAt(`${text}x`)).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('template', () => {
  it('writes files that are taken when the example is no comment any more, of an invented person', async () => {
    for (const kind of ['referral', 'maternity'])
      for (const format of ['--csv', '--ndjson'])
        for (const lang of ['zh', 'en']) {
          const out = `${fileOf('')}.template`;
          const { code } = await run(['template', kind, format, '--lang', lang, '--out', out]);
          expect(code).toBe(0);
          expect(refusalOf(out)).toBe(`${out}: holds no entry`);
          const { output } = await run(['template', kind, format, '--lang', lang]);
          const [entry] = read(output.replace(/^# ?/m, '')).entries;
          expect(entry).toMatchObject({
            kind: kind === 'referral' ? 'REFERRAL' : 'MATERNITY_SETTLEMENT',
            patient: { name: '示例甲' },
          });
          const { patient } = (entry ?? {}) as { patient?: { idNumber: string } };
          expect(isIdNumber(patient?.idNumber ?? '')).toBe(true);
        }
  });

  it('writes GB18030, the fees alone, and never over a file', async () => {
    const out = `${fileOf('')}.csv`;
    await run(['template', 'maternity', '--fees', '--encoding', 'gb18030', '--lang', 'zh', '--out', out]);
    expect(iconv.decode(readFileSync(out), 'gb18030')).toMatch(/^单据号,版本号,费用明细流水号,/);
    const again = await run(['template', 'referral', '--out', out]);
    expect(again.code).toBe(2);
    expect(again.errors).toContain(`${out}: cannot be written (EEXIST)`);
  });
});

/** The message by which a written file is refused. */
function refusalOf(file: string): string {
  try {
    readEntries({ file, ignored: [] });
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}
