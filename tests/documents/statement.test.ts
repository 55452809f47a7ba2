import { describe, expect, it } from 'vitest';
import { type Statement, StatementPrinter } from '../../adapters/documents/statement.ts';
import { noReaders, OpenedPdf } from './readers.ts';

const printer = new StatementPrinter();

function statement(rows: number, over: Partial<Statement> = {}): Statement {
  return {
    title: '生育医疗费结算三方对账单',
    lines: ['定点医药机构：咸安区第一人民医院（H42120200101）', '结论：差异2笔。'],
    tables: [
      {
        title: '一、差异明细',
        columns: [
          { name: '差异', share: 1 },
          { name: '金额', share: 1, right: true },
          { name: '处理建议', share: 2 },
        ],
        rows: Array.from({ length: rows }, (_, index) => [
          '医院缺失',
          `${index}.00\n基金`,
          '请先按结算ID向中心查询（5203），查明前不要冲账或重新结算。'.repeat(2),
        ]),
      },
    ],
    signatures: ['医院财务（签章）', '复核人'],
    madeAt: Date.parse('2026-01-01T02:30:00+08:00'),
    ...over,
  };
}

it('gives equal bytes for equal statements', async () => {
  const one = await printer.print(statement(3));
  expect(Buffer.from(await new StatementPrinter().print(statement(3))).equals(one)).toBe(true);
  expect(Buffer.from(await printer.print(statement(4))).equals(one)).toBe(false);
});

describe.skipIf(noReaders())('a statement, opened by another program', () => {
  it('says what it should, under a font that it carries', async () => {
    const pdf = new OpenedPdf(await printer.print(statement(2)));
    expect(pdf.fonts).toMatchObject([{ embedded: true, subset: true, unicode: true }]);
    expect(pdf.invisible).toEqual([]);
    expect(pdf.text).toContain('结论：差异2笔。一、差异明细差异金额处理建议医院缺失0.00基金请先按结算ID');
    for (const signs of ['医院财务（签章）：', '复核人：']) expect(pdf.text).toContain(signs);
    expect(pdf.properties).toMatchObject({ Title: '生育医疗费结算三方对账单', Pages: '1' });
    const right = pdf.words
      .filter(({ text }) => /^(?:金额|[01]\.00|基金)$/.test(text))
      .map((word) => Math.round(word.right));
    expect(new Set(right).size).toBe(1);
  });

  it('has the headings and its number on each of thirty pages', async () => {
    const pdf = new OpenedPdf(await printer.print(statement(480)));
    const pages = Number(pdf.properties.Pages);
    expect(pages).toBeGreaterThanOrEqual(30);
    expect(pdf.text.match(/差异金额处理建议/g)).toHaveLength(pages);
    expect(pdf.text).toContain(`第${pages}页，共${pages}页`);
    expect(pdf.text).toContain('479.00');
    // Nothing is drawn over the foot of a page or beyond its edges.
    expect(pdf.words.filter(({ left, right, bottom }) => left < 39 || right > 806 || bottom > 580)).toEqual([]);
  });

  it('shows what the font lacks as 〓 and is not spoilt by what hides or turns text', async () => {
    const pdf = new OpenedPdf(await printer.print(statement(0, { lines: ['𠮷\u202e甲\u0000乙'] })));
    expect(pdf.text).toContain('〓〓甲〓乙');
  });
});
