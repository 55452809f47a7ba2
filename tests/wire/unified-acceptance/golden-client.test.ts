import { describe, expect, test } from 'vitest';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { decodeAnswer } from '../../../adapters/unified-acceptance/messages/envelope.ts';
import { recordOf, type Transcript, transcript, transcripts } from './golden-files.ts';
import { acceptance, goldenCalls } from './golden-records.ts';
import { chinaInstant, GOLDEN_CASE, startClient } from './platform-fixture.ts';
import { answerWith } from './wire-double.ts';

/** The moment at which a golden message was sent: its records' cdTime, or the morning of its day. */
function sentAt({ request, date }: Transcript): number {
  const cdTime = recordOf(request).cdTime;
  return chinaInstant(typeof cdTime === 'string' ? cdTime : `${date.replace(/(....)(..)(..)/, '$1-$2-$3')} 09:40:00`);
}

describe('the golden requests', () => {
  test.each(goldenCalls)('$id is what the client writes, byte for byte', async ({ id, call }) => {
    const golden = transcript(id);
    const double = await answerWith(golden.response.bytes);
    await call(startClient(double.url, { clock: () => sentAt(golden) })).catch(() => undefined);

    const [seen] = double.seen;
    expect(seen?.body).toBe(golden.request.body.toString('utf8'));
    expect(`POST ${seen?.path} HTTP/1.1`).toBe(golden.request.startLine);
  });

  test.each(goldenCalls)('$id has its headers, the signature of its day among them', async ({ id, call }) => {
    const golden = transcript(id);
    const double = await answerWith(golden.response.bytes);
    const morning = chinaInstant(`${golden.date.replace(/(....)(..)(..)/, '$1-$2-$3')} 00:00:01`);
    await call(startClient(double.url, { clock: () => morning })).catch(() => undefined);

    const { Host: _, requestNo, 'Content-Length': __, ...fixed } = golden.request.headers;
    expect(double.seen[0]?.headers).toMatchObject(fixed);
    expect(requestNo).toMatch(/^[0-9a-f]{32}$/);
    expect(double.seen[0]?.headers.requestNo).toMatch(/^[0-9a-f]{32}$/);
  });

  test('of the night after midnight is not signed for the day before, as transcript 15 is', async () => {
    const golden = transcript('15');
    const double = await answerWith(golden.response.bytes);
    const client = startClient(double.url, { clock: () => chinaInstant('2022-10-09 00:30:00') });
    await expect(client.reportAcceptance([acceptance])).rejects.toThrow(CasegraphError);

    expect(golden.request.headers.sign).toBe('1bfe48196ac76fb708dd2add5a6273c6');
    expect(double.seen[0]?.headers.sign).toBe('6b30ef98b7677b95402a47456b0b22a0');
  });
});

describe('the golden answers', () => {
  test.each(goldenCalls.filter(({ gives }) => gives !== undefined))('$id is read', async ({ id, call, gives }) => {
    const double = await answerWith(transcript(id).response.bytes);
    await expect(call(startClient(double.url))).resolves.toEqual(gives);
  });

  test.each([
    ['12', 'DEPARTMENT_REJECTED', '2301', '查询密码错误'],
    ['16', 'DEPARTMENT_REJECTED', '1004', '接口未授权'],
  ])('%s is read as a refusal', async (id, code, departmentCode, words) => {
    const double = await answerWith(transcript(id).response.bytes);
    const golden = goldenCalls.find((each) => each.id === id);
    const error = await golden?.call(startClient(double.url)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(words),
      details: { department: 'unified-acceptance', departmentCode, reference: double.seen[0]?.headers.requestNo },
    });
  });

  test('12 names the password and does not repeat it', async () => {
    const double = await answerWith(transcript('12').response.bytes);
    const refused = startClient(double.url).progress({ number: GOLDEN_CASE, password: '000000' });
    await expect(refused).rejects.toMatchObject({
      details: { field: 'password' },
      message: expect.not.stringContaining('000000'),
    });
  });

  test('15 is a refusal that nothing was done for', async () => {
    const double = await answerWith(transcript('15').response.bytes);
    await expect(startClient(double.url).reportAcceptance([acceptance])).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '1002' },
    });
  });

  test('18, a page of the gateway, is never read as JSON', async () => {
    const double = await answerWith(transcript('18').response.bytes);
    const client = startClient(double.url);
    await expect(client.progress({ number: GOLDEN_CASE, password: '604518' })).rejects.toMatchObject({
      code: 'DEPARTMENT_UNREACHABLE',
      message: expect.stringContaining('503'),
    });
  });

  test('all stand for an answer in the envelope but 18', () => {
    for (const { id, response } of transcripts) {
      const read = () =>
        decodeAnswer({
          status: Number(response.startLine.split(' ')[1]),
          headers: { 'content-type': response.headers['Content-Type'] },
          body: response.body,
        });
      if (id.startsWith('18')) expect(read).toThrow(CasegraphError);
      else expect(read().code).toMatch(/^\d{3,4}$/);
    }
  });
});
