import { describe, expect, test } from 'vitest';
import {
  composeBizMessageId,
  parseBizMessageId,
  splitBizMessageId,
} from '../../../adapters/identifiers/biz-message-id.ts';
import {
  composeMedicalMessageId,
  isMedicalMessageId,
  parseMedicalMessageId,
  providerOf,
} from '../../../adapters/identifiers/medical-message-id.ts';
import { parseMedicalProvider, providerKind } from '../../../adapters/identifiers/medical-provider.ts';

describe('a message id of the real-estate registry', () => {
  test('comes apart and together again', () => {
    const parts = splitBizMessageId(parseBizMessageId('421202260316000101'));
    expect(parts).toEqual({
      division: '421202',
      date: '2026-03-16',
      serial: 101,
    });
    expect(composeBizMessageId(parts)).toBe('421202260316000101');
  });

  test.each([
    [{ division: '421202', date: '2026-02-29', serial: 1 }, 'no such day'],
    [{ division: '421202', date: '1926-03-16', serial: 1 }, 'no such day'],
    [{ division: '421202', date: '2026-03-16', serial: 1_000_000 }, 'serial out of range'],
    [{ division: '4212', date: '2026-03-16', serial: 1 }, 'must be 18 digits'],
  ])('is not made of %o', (parts, reason) => {
    expect(() => composeBizMessageId(parts)).toThrow(expect.objectContaining({ identifier: 'BizMessageId', reason }));
  });
});

describe('a message id of medical insurance', () => {
  const provider = parseMedicalProvider('H42120200137');

  test('carries China time, whatever the zone of the machine', () => {
    const instant = Date.parse('2026-03-16T01:12:05Z');
    expect(composeMedicalMessageId({ provider, instant, serial: 3 })).toBe('H42120200137202603160912050003');
  });

  test('may carry milliseconds and a single digit of serial', () => {
    expect(isMedicalMessageId('H42120200137202603160912059993')).toBe(true);
  });

  test('is not made once the counter of the second has run over', () => {
    expect(() => composeMedicalMessageId({ provider, instant: 0, serial: 10_000 })).toThrow(
      expect.objectContaining({ identifier: 'MedicalMessageId', reason: 'serial out of range' }),
    );
  });

  test('names its provider', () => {
    expect(providerOf(parseMedicalMessageId('H42120200137202603160912050003'))).toBe(provider);
    expect(providerKind(provider)).toBe('hospital');
    expect(providerKind(parseMedicalProvider('P42120200001'))).toBe('pharmacy');
  });
});
