import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DailySigner, signature } from '../../../adapters/unified-acceptance/signing.ts';
import golden from '../golden/unified-acceptance/signature-vectors.json' with { type: 'json' };
import { goldenCaller } from './golden-files.ts';
import { chinaInstant } from './platform-fixture.ts';

const ACCEPT = '421200W0102';

describe("the day's signature", () => {
  test.each(golden.vectors)('of $id is as given', ({ appId, appSecret, date, apiCode, sign }) => {
    expect(signature({ appId, appSecret }, date, apiCode)).toBe(sign);
  });

  test.each(golden.negative)('is not that of $id: $why', ({ sign, correct, expectedDate = '20221008' }) => {
    expect(signature(goldenCaller, expectedDate, ACCEPT)).toBe(correct);
    expect(signature(goldenCaller, expectedDate, ACCEPT)).not.toBe(sign);
  });

  test.each([
    ['2022-10-08 23:59:59', '1bfe48196ac76fb708dd2add5a6273c6'],
    ['2022-10-09 00:00:00', '6b30ef98b7677b95402a47456b0b22a0'],
    ['2022-10-09 07:59:59', '6b30ef98b7677b95402a47456b0b22a0'],
    ['2022-10-09 08:00:00', '6b30ef98b7677b95402a47456b0b22a0'],
  ])('changes at midnight in China: at %s', (time, sign) => {
    expect(new DailySigner(goldenCaller, () => chinaInstant(time)).sign(ACCEPT)).toBe(sign);
  });

  test('changes with the day while the program runs', () => {
    let now = chinaInstant('2022-10-08 12:00:00');
    const signer = new DailySigner(goldenCaller, () => now);
    const before = signer.sign(ACCEPT);
    expect(signer.sign(ACCEPT)).toBe(before);
    now = chinaInstant('2022-10-09 00:00:00');
    expect(signer.sign(ACCEPT)).toBe('6b30ef98b7677b95402a47456b0b22a0');
    expect(signer.sign('421200W0101')).toBe('533b7f70cfd497eaffc2aeae195b5839');
  });

  test.each(['UTC', 'America/Los_Angeles', 'Asia/Shanghai', 'Pacific/Kiritimati'])(
    'is the same on a machine in %s',
    (zone) => {
      const module = new URL('../../../adapters/unified-acceptance/signing.ts', import.meta.url).href;
      const program = `
        const { DailySigner } = await import(${JSON.stringify(module)});
        const signer = new DailySigner(${JSON.stringify(goldenCaller)}, () => ${chinaInstant('2022-10-09 00:30:00')});
        process.stdout.write(signer.sign('${ACCEPT}') + ' ' + new Date(0).getHours());`;
      const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
        env: { ...process.env, TZ: zone, NODE_OPTIONS: '' },
        cwd: fileURLToPath(new URL('.', import.meta.url)),
        encoding: 'utf8',
      });
      const [sign, hour] = output.split(' ');
      expect(sign).toBe('6b30ef98b7677b95402a47456b0b22a0');
      expect(Number(hour)).toBe(
        { UTC: 0, 'America/Los_Angeles': 16, 'Asia/Shanghai': 8, 'Pacific/Kiritimati': 13 }[zone],
      );
    },
  );

  test("follows the platform's day once the platform took it, and its own again when the two agree", () => {
    let now = chinaInstant('2022-10-08 23:59:50');
    const signer = new DailySigner(goldenCaller, () => now);
    const platform = chinaInstant('2022-10-09 00:00:02');
    expect(signer.signAt(platform, ACCEPT)).toBe('6b30ef98b7677b95402a47456b0b22a0');
    signer.follow(platform);
    expect(signer.sign(ACCEPT)).toBe('6b30ef98b7677b95402a47456b0b22a0');
    now = chinaInstant('2022-10-09 09:00:00');
    signer.follow(now);
    expect(signer.sign(ACCEPT)).toBe('6b30ef98b7677b95402a47456b0b22a0');
  });
});
