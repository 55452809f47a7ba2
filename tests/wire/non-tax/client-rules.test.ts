import { describe, expect, test } from 'vitest';
import { nonTaxClient } from '../../../adapters/non-tax/client.ts';
import { dutiesOf, REPETITION_PAUSES_MS, RESULTS, refusalError } from '../../../adapters/non-tax/errors.ts';
import { DEFAULT_FEES, FEE_SERVICES, type FeeRow, feeItem, feeOn } from '../../../adapters/non-tax/fees.ts';
import { nonTaxSettings } from '../../../adapters/non-tax/settings.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { fen } from '../../../adapters/values/fen.ts';
import { cnnontaxSection, district, standardWebDistrict } from './client-district.ts';

describe('duties', () => {
  test('every code of the catalogue asks something', () => {
    for (const [result, { duties }] of Object.entries(RESULTS)) {
      expect(duties.length, result).toBeGreaterThan(0);
      const error = refusalError({ result, text: '', mode: 'write' });
      expect(dutiesOf(error), result).toEqual(duties);
      expect(error.detail, result).not.toBe('');
    }
  });

  test.each([
    ['99999', 'read', 'DEPARTMENT_BUSY'],
    ['99999', 'write', 'OUTCOME_UNKNOWN'],
    ['11001', 'read', 'NOT_FOUND'],
    ['10002', 'write', 'DEPARTMENT_REJECTED'],
    ['16002', 'write', 'DEPARTMENT_REJECTED'],
  ] as const)('%s on a %s is %s', (result, mode, code) => {
    expect(refusalError({ result, text: 'x', mode }).code).toBe(code);
  });

  test('99999 on a query is safe to repeat after two seconds, then ten, then sixty', () => {
    const { details } = refusalError({ result: '99999', text: '', mode: 'read', repeatable: true });
    expect(details).toMatchObject({ safeToRepeat: true, retryAfterMs: 2_000 });
    expect(REPETITION_PAUSES_MS).toEqual([2_000, 10_000, 60_000]);
  });

  test.each([
    ['DEPARTMENT_UNREACHABLE', ['retry']],
    ['OUTCOME_UNKNOWN', ['query']],
    ['DEPARTMENT_PROTOCOL', ['query', 'alarm']],
    ['INVALID_INPUT', ['stop']],
  ] as const)('without a code of finance, %s asks for %s', (code, duties) => {
    expect(dutiesOf(new CasegraphError(code))).toEqual(duties);
  });
});

describe('fees', () => {
  test.each([
    ['registration-residential', 8_000],
    ['registration-non-residential', 55_000],
    ['id-card-renewal', 2_000],
    ['id-card-lost', 4_000],
    ['id-card-damaged', 4_000],
  ] as const)('%s costs %s fen', (service, amountFen) => {
    expect(feeItem(DEFAULT_FEES, { service, day: '2026-03-16' })?.amountFen).toBe(amountFen);
  });

  test('the first identity card is free and needs no notice', () => {
    expect(feeItem(DEFAULT_FEES, { service: 'id-card-first-issue', day: '2026-03-16' })).toBeNull();
  });

  test('rent is by contract, for each month', () => {
    const request = { service: 'public-rental-rent', day: '2026-03-16' } as const;
    expect(feeItem(DEFAULT_FEES, { ...request, contractFen: fen(41_250), quantity: 3 })).toEqual({
      code: '103100501',
      name: '公共租赁住房租金',
      amountFen: 123_750,
      unit: '月',
      quantity: 3,
    });
    expect(() => feeItem(DEFAULT_FEES, request)).toThrow(CasegraphError);
  });

  test('a fee of the table is not for the caller to set', () => {
    expect(() => feeItem(DEFAULT_FEES, { service: 'id-card-lost', day: '2026-03-16', contractFen: fen(1) })).toThrow(
      CasegraphError,
    );
  });

  test('the row holds from its day on, until a later one', () => {
    const rows: readonly FeeRow[] = ['2030-01-01', '2020-01-01', '2025-07-01'].map((from, index) => ({
      service: 'id-card-lost',
      from,
      itemCode: '103040105',
      itemName: 'card',
      unit: '证',
      amountFen: index,
      basis: '',
    }));
    const from = (day: string) => feeOn(rows, 'id-card-lost', day)?.from;
    expect([
      from('2019-12-31'),
      from('2020-01-01'),
      from('2025-06-30'),
      from('2025-07-01'),
      from('2031-01-01'),
    ]).toEqual([undefined, '2020-01-01', '2020-01-01', '2025-07-01', '2030-01-01']);
    expect(() => feeItem(rows, { service: 'id-card-lost', day: '2019-12-31' })).toThrow(CasegraphError);
  });

  test('every service has a fee today', () => {
    for (const service of FEE_SERVICES) expect(feeOn(DEFAULT_FEES, service, '2026-03-16'), service).toBeDefined();
  });
});

describe('settings', () => {
  test('the line’s defaults are those of the wire specification: 30 s and eight connections', () => {
    const { line } = nonTaxSettings.parse({ ...fileOf('tcp://finance.invalid:4102') });
    expect(line).toMatchObject({ connectTimeoutMs: 30_000, readTimeoutMs: 30_000, concurrency: 8 });
  });

  test.each([
    ['cnnontax', { cnnontax: undefined }],
    ['standardWeb', { dialect: 'standard-web', url: 'http://finance.invalid' }],
    ['url', { url: 'http://finance.invalid' }],
    ['url', { cnnontax: cnnontaxSection('http') }],
    ['units', { units: [] }],
  ])('%s is asked for by name', (path, changes) => {
    const result = nonTaxSettings.safeParse({ ...fileOf('tcp://finance.invalid:4102'), ...changes });
    expect(result.error?.issues.map((issue) => issue.path[0])).toContain(path);
  });

  test('an unknown setting is refused', () => {
    expect(nonTaxSettings.safeParse({ ...fileOf('tcp://finance.invalid:4102'), tokn: 'x' }).success).toBe(false);
  });

  test('the dialect chooses the client', async () => {
    const services = { counter: memoryCounter() };
    const clients = [
      nonTaxClient(district('tcp://127.0.0.1:1'), services),
      nonTaxClient(standardWebDistrict('http://127.0.0.1:1'), services),
    ];
    expect(clients.map((client) => client.constructor.name)).toEqual(['CnnontaxClient', 'StandardWebClient']);
    for (const client of clients) await client.close();
  });

  test('a client without its dialect’s section is refused when it is made', () => {
    const settings = district('tcp://127.0.0.1:1');
    const services = { counter: memoryCounter() };
    expect(() => nonTaxClient({ ...settings, cnnontax: undefined }, services)).toThrow(RangeError);
    expect(() => nonTaxClient({ ...settings, dialect: 'standard-web' }, services)).toThrow(RangeError);
  });

  function fileOf(url: string) {
    return { url, units: [{ code: '042001', name: '咸安区住房保障服务中心' }], cnnontax: cnnontaxSection('tcp') };
  }
});
