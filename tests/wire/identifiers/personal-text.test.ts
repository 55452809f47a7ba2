import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPersonalText, personalValues } from '../../../adapters/identifiers/personal-text.ts';
import { anyText } from '../any-text.ts';

describe('a department’s own words', () => {
  test.each([
    ['证件421202197803159926有误', '证件421202**********26有误'],
    ['certno42120219870605991x', 'certno421202**********1x'],
    ['证号42120219780315992642', '证号421202**********2642'],
    ['证号44030519820609996371B1', '证号440305**********6371B1'],
    ['证号42120219870605991X63已注销', '证号421202**********1X63已注销'],
    ['卡6217002870001234564', '卡6217***********4564'],
    ['电话13800000001', '电话138****0001'],
    ['旧证421202780315992', '旧证***************'],
    [
      '结算421202000000710001不存在，请在5分钟后；金额12345678901',
      '结算421202**********01不存在，请在5分钟后；金额123****8901',
    ],
    ['张惠兰（421202197803159926，13800000000）', '张惠兰（421202**********26，138****0000）'],
  ])('%s is told as %s', (text, told) => {
    expect(maskPersonalText(text)).toBe(told);
  });

  test.each([
    ['缴款码42120226300000001001不存在'],
    ['见申请LB42120220221008000012'],
    ['办件11421202MB2A91048P5420711004000202210080001已办结'],
    ['办件114212020113361528542071100400020221008000199'],
    ['msgid H42120200137202603221015410024'],
    ['受理编号202603160007，金额9800元'],
    ['不动产单元421202001002GB00012F00030402'],
  ])('%s stays, since the clerk goes on with it', (text) => {
    expect(maskPersonalText(text)).toBe(text);
  });

  test.each([
    ['张惠兰', '张**'],
    ['𠮷䶮', '𠮷*'],
    ['阿依古丽·买买提', '阿*******'],
    ['421202197803159926', '421202**********26'],
    ['42120219780315992642', '421202**********2642'],
    ['6217002870001234564', '6217***********4564'],
    ['13800000000', '138****0000'],
    ['湖北省示例路1号 13800000000', '*'.repeat(20)],
    ['Maria', '*****'],
    ['42120000000000000010000106', '*'.repeat(26)],
  ])('lose %s, which the request said, for %s', (value, told) => {
    expect(maskPersonalText(`查无${value}之人`, [value])).toBe(`查无${told}之人`);
  });

  test('lose the longest of what is known first, so that none is left standing in pieces', () => {
    const known = ['张惠兰', '421202197803159926', '张惠兰家旁1号', '42120219780315992642'];
    expect(maskPersonalText('张惠兰家旁1号，张惠兰，42120219780315992642', known)).toBe(
      '*******，张**，421202**********2642',
    );
  });

  test('keep single characters and empty texts, of which nothing can be told', () => {
    expect(maskPersonalText('1人未参保', ['', '1', '人'])).toBe('1人未参保');
  });

  test('are cut to the limit, after masking and never within a character', () => {
    expect(maskPersonalText('拒'.repeat(5_000))).toHaveLength(500);
    expect(maskPersonalText('证件421202197803159926', [], 10)).toBe('证件421202**');
    expect(maskPersonalText('姓名𠮷', [], 3)).toBe('姓名');
  });

  test('never hold an identity or mobile number, wherever it stands, nor what is known', () => {
    const number = fc.oneof(fc.stringMatching(/^\d{17}[\dXx]$/), fc.stringMatching(/^1\d{10}$/));
    const around = fc.stringMatching(/^[^\d]{0,10}$/);
    fc.assert(
      fc.property(around, number, around, (before, secret, after) => {
        expect(maskPersonalText(before + secret + after)).not.toContain(secret);
      }),
    );
    const known = anyText({ minLength: 2 }).filter((value) => [...value].length > 1 && !/\*/.test(value));
    fc.assert(
      fc.property(fc.string(), known, fc.string(), (before, secret, after) => {
        expect(maskPersonalText(before + secret + after, [secret], 1_000)).not.toContain(secret);
      }),
    );
  });
});

describe('what a request says of persons', () => {
  test('is found under the members named, however deep they stand, and nowhere else', () => {
    const request = {
      applicant: { name: '张惠兰', sex: '2', certificates: [{ number: '1' }, { number: '2' }] },
      agents: [{ name: '张伟' }, null],
      name: 7,
      materials: undefined,
    };
    expect(personalValues(request, new Set(['name', 'number']))).toEqual(['张惠兰', '1', '2', '张伟']);
  });

  test.each([[null], ['张惠兰'], [undefined], [[]]])('is nothing in %j', (request) => {
    expect(personalValues(request, new Set(['name']))).toEqual([]);
  });
});
