import { expect, test } from 'vitest';
import { realEstateSettings } from '../../../adapters/real-estate/settings.ts';
import { GATEWAY_PRIVATE, REGISTRY_PUBLIC } from './fixture.ts';

const given = { url: 'http://127.0.0.1:1/ws', privateKey: GATEWAY_PRIVATE, registryPublicKey: REGISTRY_PUBLIC };

test('the defaults are those of the wire specification', () => {
  expect(realEstateSettings.parse(given)).toMatchObject({
    namespace: 'http://bdc.example.invalid/ws/query/1.0',
    areaCode: '421202',
    registrar: '421202',
    repeatWithFifteenDigits: false,
    unavailablePausesMs: [1_000, 5_000, 15_000],
    makingPausesMs: [2_000, 5_000, 10_000],
    line: {
      connectTimeoutMs: 5_000,
      readTimeoutMs: 30_000,
      concurrency: 4,
      rates: [
        { calls: 10, perMs: 1_000 },
        { calls: 5_000, perMs: 86_400_000 },
      ],
    },
  });
});

test.each([
  ['a key that is none', { privateKey: 'secret' }, 'privateKey'],
  ['a public key where the private one belongs', { privateKey: REGISTRY_PUBLIC }, 'privateKey'],
  ['a public key that is none', { registryPublicKey: '' }, 'registryPublicKey'],
  ['an address that is none', { url: 'registry' }, 'url'],
  ['an account of 33 characters', { account: 'x'.repeat(33) }, 'account'],
])('%s is refused, and the key is not told', (_, change, field) => {
  const result = realEstateSettings.safeParse({ ...given, ...change });
  expect(result.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  expect(result.error?.message).not.toContain('BEGIN');
});

test('a setting that there is not is refused', () => {
  expect(realEstateSettings.safeParse({ ...given, password: 'x' }).success).toBe(false);
});
