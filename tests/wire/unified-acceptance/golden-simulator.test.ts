import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CaseSeed } from '../../../seeds/model.ts';
import { bodyOf, goldenCaller, recordOf, type Transcript, transcript } from './golden-files.ts';
import {
  caseSeed,
  exchangeRaw,
  FEE_CASE,
  GOLDEN_CASE,
  type Platform,
  requestBytes,
  signedHeaders,
  startPlatform,
  stepSeed,
  TASK_CODE,
} from './platform-fixture.ts';

/** Golden requests go to the simulator as bytes, without any code of the client. */

/** The golden bytes; with another day's signature where the golden one would be of the wrong day. */
function bytesFor({ request, apiCode, date }: Transcript, day = date): Buffer {
  if (day === date) return request.bytes;
  const { appId, appSecret } = goldenCaller;
  const sign = createHash('md5').update(`${appId}${appSecret}${day}${apiCode}`).digest('hex');
  const text = request.bytes.toString('latin1').replace(/^sign: \w+/m, `sign: ${sign}`);
  return Buffer.from(text, 'latin1');
}

/** Sends a golden request at a moment of the platform's clock. */
async function replay(platform: Platform, golden: Transcript, at: string) {
  platform.setTime(at);
  return exchangeRaw(platform.url, bytesFor(golden, at.slice(0, 10).replaceAll('-', '')));
}

const firstStep = stepSeed(1);
const reviewed = stepSeed(2, {
  name: '审核',
  nodeType: '2',
  nodeResult: '5',
  action: '3',
  startedAt: '2022-10-09 09:00:00',
  endedAt: '2022-10-09 10:00:00',
});
const closed = caseSeed({
  status: '3',
  promiseDate: '2022-11-03 23:59:59',
  steps: [firstStep, reviewed],
  result: {
    type: '0',
    at: '2022-10-24 16:20:00',
    explanation: '准予发放',
    certificateName: '',
    certificateNumber: '',
    handler: '孙某',
  },
});
const feeCase = caseSeed({ number: FEE_CASE, itemId: 'S01', applicantName: '李建国' });

/** Each golden request with the cases that the platform must know and the moment it is sent at. */
const replays: readonly (readonly [id: string, at: string, cases: readonly CaseSeed[]])[] = [
  ['02', '2022-10-08 09:44:11', []],
  ['03', '2022-10-08 09:44:11', []],
  ['04', '2022-10-08 09:44:11', [caseSeed({ status: '1' })]],
  ['05', '2022-10-09 10:00:01', [caseSeed({ steps: [firstStep] })]],
  ['06', '2022-10-08 09:44:31', [caseSeed({ steps: [firstStep] })]],
  ['07', '2022-10-11 09:00:06', [caseSeed({ steps: [firstStep] })]],
  ['09', '2022-10-24 16:20:04', [caseSeed({ steps: [firstStep, reviewed] })]],
  ['11', '2022-10-08 18:00:00', [closed]],
  ['12', '2022-10-08 18:00:00', [closed]],
  ['13', '2022-10-08 18:00:00', []],
  ['14', '2022-10-08 10:00:01', [feeCase]],
];

describe('the simulator answers golden requests', () => {
  test.each(replays)('%s with the golden bytes', async (id, at, cases) => {
    const golden = transcript(id);
    const answer = await replay(await startPlatform({ cases }), golden, at);
    expect(answer.body).toBe(golden.response.body.toString('utf8'));
    expect(answer.headers['content-type']).toBe(golden.response.headers['Content-Type']);
    expect(answer.status).toBe(200);
  });

  test('01 with the next number of the item and the day, and a password', async () => {
    const platform = await startPlatform({ cases: [caseSeed({ number: `${TASK_CODE}202210080016` })] });
    const answer = JSON.parse((await replay(platform, transcript('01'), '2022-10-08 09:40:01')).body);
    expect(answer).toEqual({
      ...bodyOf(transcript('01').response),
      body: { projectNo: GOLDEN_CASE, projectPwd: expect.stringMatching(/^\d{6}$/) },
    });
  });

  test('08 when the procedure of 07 runs', async () => {
    const platform = await startPlatform({ cases: [caseSeed({ steps: [firstStep] })] });
    await replay(platform, transcript('07'), '2022-10-11 09:00:06');
    const answer = await replay(platform, transcript('08'), '2022-10-17 18:00:06');
    expect(answer.body).toBe(transcript('08').response.body.toString('utf8'));
  });

  test('15, signed for the day before, with the golden refusal and its own date', async () => {
    const platform = await startPlatform({ at: '2022-10-09 00:30:00' });
    const answer = await exchangeRaw(platform.url, transcript('15').request.bytes);
    expect(answer.body).toBe(transcript('15').response.body.toString('utf8'));
    expect(answer.headers.date).toBe('Sat, 08 Oct 2022 16:30:00 GMT');
  });

  test('16, for an interface that is not granted, with the golden refusal', async () => {
    const platform = await startPlatform({ at: '2022-10-08 12:00:00', granted: ['421200W0107'] });
    const answer = await exchangeRaw(platform.url, transcript('16').request.bytes);
    expect(answer.body).toBe(transcript('16').response.body.toString('utf8'));
  });

  test('18 with a page that is no JSON while the gateway in front of it is down', async () => {
    const platform = await startPlatform({ at: '2022-10-08 12:00:00' });
    platform.core.addFault({ kind: 'html-error' });
    const answer = await exchangeRaw(platform.url, transcript('18').request.bytes);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.headers['content-type']).toMatch(/^text\/html;\s*charset=gbk$/i);
  });
});

describe('the whole golden case', () => {
  test('from its number to its closing leaves the state that transcript 11 tells', async () => {
    const platform = await startPlatform({ cases: [caseSeed({ number: `${TASK_CODE}202210080016` })] });
    const send = async (id: string, at: string) => {
      const answer = await replay(platform, transcript(id), at);
      return JSON.parse(answer.body);
    };
    const taken = { head: { code: '200', message: 'success' }, body: { accepted: 1, rejected: [] } };

    expect((await send('01', '2022-10-08 09:40:01')).body.projectNo).toBe(GOLDEN_CASE);
    expect(await send('02', '2022-10-08 09:44:11')).toEqual(taken);
    expect(await send('04', '2022-10-08 09:44:11')).toEqual(taken);
    expect((await send('06', '2022-10-08 09:44:31')).body.accepted).toBe(2);
    expect(await send('05', '2022-10-09 10:00:01')).toEqual(taken);
    // The transcripts do not show how the supplement came in.
    expect(platform.act('supplement', { projectNo: GOLDEN_CASE })).toEqual({ projectNo: GOLDEN_CASE, status: '2' });
    expect(await send('07', '2022-10-11 09:00:06')).toEqual(taken);
    expect(await send('08', '2022-10-17 18:00:06')).toEqual(taken);
    // Nor how the platform learns of the promise that the special procedure moved: the acceptance is corrected.
    const moved = {
      ...recordOf(transcript('02').request),
      promiseDate: '2022-11-03 23:59:59',
      dataVer: 2,
      cdOperation: 'U',
    };
    const body = JSON.stringify({ param: { baseInfo: [moved] } });
    const corrected = await exchangeRaw(
      platform.url,
      requestBytes('/uap/api/accept', signedHeaders('421200W0102', '20221017'), body),
    );
    expect(JSON.parse(corrected.body)).toEqual(taken);
    expect(await send('09', '2022-10-24 16:20:04')).toEqual(taken);

    expect(await send('11', '2022-10-24 16:20:05')).toEqual(bodyOf(transcript('11').response));
    expect(platform.core.ledger.map(({ kind, rowGuid, dataVer }) => [kind, rowGuid, dataVer])).toEqual([
      ['case-allotted', undefined, undefined],
      ['case-accepted', '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1001', 1],
      ['process-reported', '1c1f6b1e-0000-4d5e-9f55-000000000001', 1],
      ['material-reported', '2c1f6b1e-0000-4d5e-9f55-000000000001', 1],
      ['material-reported', '2c1f6b1e-0000-4d5e-9f55-000000000002', 1],
      ['process-reported', '1c1f6b1e-0000-4d5e-9f55-000000000002', 1],
      ['supplement-received', undefined, undefined],
      ['special-reported', '3c1f6b1e-0000-4d5e-9f55-000000000001', 1],
      ['special-reported', '3c1f6b1e-0000-4d5e-9f55-000000000001', 2],
      ['case-accepted', '0b1f6b1e-7f0a-4d5e-9f55-2f3f0f8c1001', 2],
      ['result-reported', '4c1f6b1e-0000-4d5e-9f55-000000000001', 1],
    ]);
    expect(platform.core.ledger.every(({ reference }) => reference === GOLDEN_CASE)).toBe(true);
  });
});
