import { describe, expect, it } from 'vitest';
import { type CoverSheet, CoverSheetPrinter } from '../../adapters/documents/cover-sheet.ts';
import { noReaders, OpenedPdf, qrTextOf } from './readers.ts';

const SHEET: CoverSheet = {
  proofNumber: 'XA20260316000017',
  kind: '有房无房证明',
  applicantName: '孙䶮',
  applicantIdNumber: '421202198803056219',
  // Half past midnight in China, the day before in UTC.
  issuedAt: Date.parse('2026-03-16T00:30:00+08:00'),
  issuingBody: '咸宁市咸安区不动产登记中心',
  sha256: '2e38744f396a98f959a655b78d2006b372bd0dd79c3015430400fa4f36491c42',
  checkAddress: 'https://xianan.example.invalid/check/XA20260316000017-7H2KQ9',
};

const printer = new CoverSheetPrinter();
const print = (change: Partial<CoverSheet> = {}) => printer.print({ ...SHEET, ...change });
const opened = async (change: Partial<CoverSheet> = {}) => new OpenedPdf((await print(change)).pdf);

describe.skipIf(noReaders() !== undefined)('a cover sheet, opened by a reader', () => {
  it('shows what it is about, with the applicant masked', async () => {
    const { text } = await opened();
    for (const shown of [
      '不动产登记信息查询结果证明封面',
      '证明编号XA20260316000017',
      '证明类型有房无房证明',
      '申请人孙*',
      '证件号码421202**********19',
      '出具日期2026年3月16日',
      '出具单位咸宁市咸安区不动产登记中心',
      SHEET.sha256,
      SHEET.checkAddress,
      '核验方法：用手机扫描左侧二维码',
    ]) {
      expect(text).toContain(shown);
    }
    expect(text).not.toMatch(/䶮|421202198803056219|〓|说明/);
  });

  it('is one A4 page in Chinese with its only font embedded, titled and dated by what it is about', async () => {
    const sheet = await opened();
    expect(sheet.fonts).toEqual([{ name: 'CASEGR+NotoSansSC-Regular', embedded: true, subset: true, unicode: true }]);
    expect(sheet.properties).toMatchObject({
      Title: '不动产登记信息查询结果证明 封面',
      Subject: SHEET.proofNumber,
      Author: SHEET.issuingBody,
      CreationDate: expect.stringMatching(/^2026-03-15T16:30:00(?:Z|\+00)/),
      ModDate: expect.stringMatching(/^2026-03-15T16:30:00(?:Z|\+00)/),
      Pages: '1',
      'Page size': '595.28 x 841.89 pts (A4)',
    });
  });

  it('leaves ink for every character: none is there to be copied only', async () => {
    const sheet = await opened();
    expect(sheet.words.map(({ text }) => text)).toContain('不动产登记信息查询结果证明');
    expect(sheet.invisible).toEqual([]);
  });

  it('has a QR code that leads to the address of the check', async () => {
    expect(qrTextOf((await opened()).image)).toBe(SHEET.checkAddress);
  });

  it('draws a mark for characters that the font lacks, names them below, and keeps the exact text', async () => {
    const change = { applicantName: '𠮷祥㙍', issuingBody: '𠮷塘村𫵷〇\u202e' };
    const { missingCharacters } = await print(change);
    const sheet = await opened(change);
    expect(missingCharacters).toEqual(['𠮷', '\u202e']);
    expect(sheet.text).toContain('申请人〓**');
    expect(sheet.text).toContain('出具单位〓塘村𫵷〇〓');
    expect(sheet.text).toContain('申请人U+20BB7；出具单位U+20BB7、U+202E');
    expect(sheet.properties.Author).toContain('𠮷塘村𫵷〇');
    expect(Object.keys(sheet.attachments)).toEqual(['cover-sheet.json']);
    expect(JSON.parse(sheet.attachments['cover-sheet.json'] ?? '')).toEqual({
      proofNumber: SHEET.proofNumber,
      kind: SHEET.kind,
      applicant: '𠮷**',
      idNumber: '421202**********19',
      issuedOn: '2026-03-16',
      issuingBody: change.issuingBody,
      sha256: SHEET.sha256,
      checkAddress: SHEET.checkAddress,
    });
  });

  it('holds a name of 50 characters on several lines, and the most that can stand on it on its one page', async () => {
    const name = `欧${'阳'.repeat(49)}`;
    expect((await opened({ applicantName: name })).text).toContain(`申请人欧${'*'.repeat(49)}`);
    const fullest = await opened({
      proofNumber: '証'.repeat(50),
      kind: '类'.repeat(50),
      applicantName: '𠮷'.repeat(100),
      applicantIdNumber: '9'.repeat(50),
      issuingBody: Array.from({ length: 100 }, (_, index) => String.fromCodePoint(0x30000 + index)).join(''),
      checkAddress: `https://${'W'.repeat(192)}`,
    });
    expect(fullest.properties.Pages).toBe('1');
    for (const { text, left, right, top, bottom } of fullest.words) {
      expect(left, text).toBeGreaterThan(40);
      expect(right, text).toBeLessThan(555);
      expect(top, text).toBeGreaterThan(40);
      expect(bottom, text).toBeLessThan(810);
    }
    expect(fullest.text).toContain('等101个');
    expect(qrTextOf(fullest.image)).toBe(`https://${'W'.repeat(192)}`);
  });

  it('begins no line with a closing mark', async () => {
    const lines = Map.groupBy((await opened({ issuingBody: '中心，'.repeat(30) })).words, ({ top }) => Math.round(top));
    const first = [...lines.values()].map((words) => words[0]?.text ?? '');
    expect(first.length).toBeGreaterThan(12);
    expect(first.filter((text) => /^[，。、；：！？）”’]/.test(text))).toEqual([]);
  });
});

describe('a cover sheet', () => {
  it('has the same bytes for the same sheet, from any printer, and others for another', async () => {
    const [one, again, other, elsewhere] = await Promise.all([
      print(),
      print(),
      print({ proofNumber: 'XA20260316000018' }),
      new CoverSheetPrinter().print(SHEET),
    ]);
    expect(Buffer.compare(one.pdf, again.pdf)).toBe(0);
    expect(Buffer.compare(one.pdf, elsewhere.pdf)).toBe(0);
    expect(Buffer.compare(one.pdf, other.pdf)).not.toBe(0);
    expect(one.missingCharacters).toEqual([]);
  });

  it('is small, for it carries the glyphs that it uses and no more', async () => {
    expect((await print()).pdf.length).toBeLessThan(60_000);
  });

  it.each([
    ['proofNumber', { proofNumber: ' ' }],
    ['proofNumber', { proofNumber: '1'.repeat(51) }],
    ['kind', { kind: '' }],
    ['applicantName', { applicantName: '阳'.repeat(101) }],
    ['applicantName', { applicantName: '阳\ud842' }],
    ['applicantIdNumber', { applicantIdNumber: '' }],
    ['issuedAt', { issuedAt: Number.NaN }],
    ['issuedAt', { issuedAt: 9e15 }],
    ['issuingBody', { issuingBody: '' }],
    ['sha256', { sha256: SHEET.sha256.toUpperCase() }],
    ['sha256', { sha256: SHEET.sha256.slice(1) }],
    ['checkAddress', { checkAddress: 'ftp://xianan.example.invalid/' }],
    ['checkAddress', { checkAddress: 'https://xianan.example.invalid/核验' }],
    ['checkAddress', { checkAddress: `https://${'w'.repeat(193)}` }],
    ['checkAddress', { checkAddress: 'https://' }],
    ['checkAddress', { checkAddress: 'javascript:alert(1)' }],
  ] satisfies [string, Partial<CoverSheet>][])('is not made where %s is not in order: %o', async (field, change) => {
    await expect(print(change)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      extensions: { field, messageZh: expect.stringMatching(new RegExp(`^输入不合规范。${field}：.+。$`)) },
    });
  });
});
