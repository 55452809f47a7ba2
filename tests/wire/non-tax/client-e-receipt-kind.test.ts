import { describe, expect, test } from 'vitest';
import { kindOf } from '../../../adapters/non-tax/messages/e-receipt.ts';
import { nonTaxSettings } from '../../../adapters/non-tax/settings.ts';
import { cnnontaxSection } from './client-district.ts';

const UNIT = { code: '038002', name: '咸宁市咸安区不动产登记中心' };
const earlier = [
  { code: '42010125', versionName: '2025版', until: '2025-12-31' },
  { code: '42010124', versionName: '2024版', until: '2024-12-31' },
];
const settings = nonTaxSettings.parse({
  url: 'tcp://127.0.0.1:1',
  units: [UNIT],
  cnnontax: cnnontaxSection('tcp', { eReceipt: { code: '42010126', versionName: '2026版', earlier } }),
}).cnnontax?.eReceipt;

describe('the kind of an e-receipt', () => {
  test.each([
    [{ issuedOn: '2026-01-01' }, '42010126'],
    [{ issuedOn: '2025-12-31' }, '42010125'],
    [{ issuedOn: '2025-01-01' }, '42010125'],
    [{ issuedOn: '2023-05-01' }, '42010124'],
    [{ code: '42010124', issuedOn: '2026-01-01' }, '42010124'],
    [{}, '42010126'],
  ])('of %j is %s', (key, code) => {
    if (!settings) throw new Error('the settings have no kind of e-receipt');
    expect(kindOf({ payCode: '42120226300000001002', ...key }, settings).code).toBe(code);
  });

  test('that the settings do not list keeps its code under the current version’s name', () => {
    if (!settings) throw new Error('the settings have no kind of e-receipt');
    expect(kindOf({ payCode: '42120226300000001002', code: '42010120' }, settings)).toEqual({
      code: '42010120',
      versionName: '2026版',
    });
  });
});
