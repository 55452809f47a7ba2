import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FEE_ROWS, maternityContent, referralContent } from './fixture/posting-contents.ts';
import { openPostingDesk, type PostingDesk } from './fixture/posting-desk.ts';
import { type Incident, refusing, type SentCall } from './fixture/scripted-line.ts';

/**
 * What each row of medical-insurance 4 comes to, by a filing (2501) that meets it: first table by situation, second by what the outcome is
 * unknown of.
 */

let desk: PostingDesk;

beforeAll(async () => {
  desk = await openPostingDesk();
});

afterEach(() => desk.tidy());

afterAll(() => desk.close());

/** What happens to the filing, the first time or always. */
type Happening = (call: SentCall, times: number) => Incident;

const always = (said: Incident): Happening => {
  return () => said;
};
const once = (said: Incident): Happening => {
  return (_call, times) => (times === 1 ? said : undefined);
};

interface Row {
  readonly situation: string;
  readonly happens: Happening;
  readonly ends: 'settled' | 'rejected';
  readonly course: readonly string[];
  readonly failure?: object;
  /** How often it is sent; once unless told. */
  readonly sent?: number;
  /** How often the person is looked up; once unless told. */
  readonly lookedUp?: number;
}

const SETTLED = ['sending TAKEN', 'settled DONE'];
const FOUND = ['sending TAKEN', 'unknown NO_ANSWER', 'sending FOUND_OUT', 'settled DONE'];
const REFUSED = ['sending TAKEN', 'rejected REFUSED'];
/** Back in its line, and then once more. */
const WAITED = ['sending TAKEN', 'stored NOTHING_SENT', ...SETTLED];

const REGION = refusing('FSI-示例：参保地医保区划与人员参保信息不符[demoPsnBO_0002]');
const SMALL = { status: 200, body: JSON.stringify({ error: '示例：签名错误' }) };
const NOT_JSON = { type: 'text/plain', body: '系统维护中' };

const ROWS: readonly Row[] = [
  {
    situation: 'business refusal: no retry, the text without its locators',
    happens: always(refusing('FSI-示例：该人员已死亡[demoPsnBO_0009]')),
    ends: 'rejected',
    course: REFUSED,
    failure: { code: 'DEPARTMENT_REJECTED', departmentCode: 'demoPsnBO_0009', detail: 'FSI-示例：该人员已死亡' },
  },
  {
    situation: 'sign-in missing or expired: 9001, then once more',
    happens: once(refusing('FSI-示例：未签到或签到编号已失效，请重新签到[demoSignBO_0010]')),
    ends: 'settled',
    course: SETTLED,
    sent: 2,
  },
  {
    situation: 'region wrong: 1101 again, once more',
    happens: once(REGION),
    ends: 'settled',
    course: SETTLED,
    sent: 2,
    lookedUp: 2,
  },
  {
    situation: 'region wrong again: refused',
    happens: always(REGION),
    ends: 'rejected',
    course: REFUSED,
    failure: { code: 'DEPARTMENT_REJECTED' },
    sent: 2,
    lookedUp: 2,
  },
  {
    situation: 'gateway refusal, HTTP 401: once more with new time and nonce',
    happens: once({ status: 401, body: '{}' }),
    ends: 'settled',
    course: SETTLED,
    sent: 2,
  },
  {
    situation: 'gateway refusal, HTTP 403, that stays: it waits, and is not refused',
    happens: (_call, times) => (times <= 2 ? { status: 403, body: '{}' } : undefined),
    ends: 'settled',
    course: WAITED,
    sent: 3,
    lookedUp: 2,
  },
  {
    situation: 'gateway refusal, small JSON without infcode, that stays: it waits, and is not refused',
    happens: (_call, times) => (times <= 2 ? SMALL : undefined),
    ends: 'settled',
    course: WAITED,
    sent: 3,
    lookedUp: 2,
  },
  ...[500, 502, 503].map((status) => ({
    situation: `HTTP ${status} on a writing transaction, work done: unknown, found`,
    happens: once(() => ({ status, body: '' })),
    ends: 'settled' as const,
    course: FOUND,
  })),
  {
    situation: 'HTTP 500 on a writing transaction, nothing done: unknown, then sent anew',
    happens: once({ status: 500, body: '' }),
    ends: 'settled',
    course: FOUND,
    sent: 2,
    lookedUp: 1,
  },
  {
    situation: 'connection cut, nothing done: unknown, then sent anew',
    happens: once('cut'),
    ends: 'settled',
    course: FOUND,
    sent: 2,
  },
  { situation: 'empty body, work done: unknown, found', happens: once(() => ''), ends: 'settled', course: FOUND },
  {
    situation: 'unreadable JSON, work done: unknown, found',
    happens: once((answer) => answer.slice(0, 40)),
    ends: 'settled',
    course: FOUND,
  },
  {
    situation: 'what is no JSON, nothing done: unknown, then sent anew',
    happens: once(NOT_JSON),
    ends: 'settled',
    course: FOUND,
    sent: 2,
  },
  {
    situation: 'middleware wrapper, code 999: as a refusal',
    happens: always({ body: JSON.stringify({ code: '999', msg: '示例：参数错误' }) }),
    ends: 'rejected',
    course: REFUSED,
    failure: { code: 'DEPARTMENT_REJECTED', departmentCode: '999', detail: '示例：参数错误' },
  },
  {
    situation: 'middleware wrapper, code 500159 with its message: as a refusal',
    happens: always({ body: JSON.stringify({ code: 500_159, success: false, message: '示例：报文超长' }) }),
    ends: 'rejected',
    course: REFUSED,
    failure: { code: 'DEPARTMENT_REJECTED', departmentCode: '500159', detail: '示例：报文超长' },
  },
  {
    situation: 'middleware wrapper that says busy: nothing done, it waits',
    happens: once({ body: JSON.stringify({ code: 500_159, success: false, message: '示例：系统繁忙，请稍后再试' }) }),
    ends: 'settled',
    course: WAITED,
    sent: 2,
    lookedUp: 2,
  },
  {
    situation: 'success without trt_dcla_detl_sn, work done: unknown, found',
    happens: once((answer) => JSON.stringify({ ...JSON.parse(answer), output: { result: {} } })),
    ends: 'settled',
    course: FOUND,
  },
  {
    situation: 'success without its node, work not done: unknown, then sent anew',
    happens: once({ body: JSON.stringify({ infcode: 0, inf_refmsgid: '', err_msg: '', output: {} }) }),
    ends: 'settled',
    course: FOUND,
    sent: 2,
  },
];

describe('medical-insurance 4, by situation', () => {
  it.each(ROWS.map((row) => [row.situation, row] as const))(
    '%s',
    async (_situation, { happens, ends, course, failure, sent = 1, lookedUp = 1 }) => {
      const person = desk.patient();
      const id = await desk.post(referralContent(person));
      const times: Record<string, number> = {};
      desk.script((call) => {
        times[call.infno] = (times[call.infno] ?? 0) + 1;
        return call.infno === '2501' ? happens(call, times[call.infno] ?? 0) : undefined;
      });
      const posting = await desk.run(id);
      expect(await desk.course(id)).toEqual(course);
      expect(posting.state).toBe(ends);
      expect(desk.kinds(person)).toEqual(ends === 'settled' ? ['referral'] : []);
      if (failure) expect(posting.failure).toMatchObject(failure);
      expect(times).toMatchObject({ '2501': sent, '1101': lookedUp });
    },
  );
});

describe('medical-insurance 4, a platform that nobody can connect to', () => {
  it('is waited for: nothing was sent, the posting is where it was, and what it met is not counted against it', async () => {
    const closed = await openPostingDesk({ settings: { baseUrl: 'http://127.0.0.1:9' } });
    const id = await closed.post(referralContent(closed.patient()));
    for (let times = 0; times < 20; times += 1) {
      expect(await closed.turn()).toMatchObject([{ code: 'DEPARTMENT_UNREACHABLE' }]);
      closed.jump(1_000);
    }
    expect(await closed.posting(id)).toMatchObject({ state: 'stored', attempts: 0, failure: null });
    expect(await closed.course(id)).toEqual([]);
    await closed.close();
  });
});

/** The second table: what is lost, what of the finding out is lost too, and what the ledger tells in the end. */
interface Loss {
  readonly of: string;
  readonly cut: (call: SentCall, times: Readonly<Record<string, number>>) => Incident;
  readonly ledger: readonly string[];
}

const answerLost = (): Incident => () => '';
const MATERNITY = ['admission', 'fee-upload', 'fee-upload', 'settlement'];

const LOSSES: readonly Loss[] = [
  {
    of: 'a query, and again: it is repeated with a new msgid',
    cut: ({ infno }, times) => (infno === '2303' && (times[infno] ?? 0) <= 3 ? answerLost() : undefined),
    ledger: MATERNITY,
  },
  {
    of: '2304 that is not found (5203): reversed with its msgid, then settled anew with a new one',
    cut: ({ infno }, times) => {
      if (infno === '2304' && times[infno] === 1) return answerLost();
      if (infno === '5203') return (answer) => JSON.stringify({ ...JSON.parse(answer), output: {} });
      return undefined;
    },
    ledger: [...MATERNITY, 'settlement-reversed', 'settlement'],
  },
  {
    of: '2304, and of its 2601: repeated with the same omsgid, then asked (5203)',
    cut: ({ infno }, times) => {
      if (infno === '2304' && times[infno] === 1) return answerLost();
      if (infno === '5203' && (times[infno] ?? 0) <= 2)
        return (answer) => JSON.stringify({ ...JSON.parse(answer), output: {} });
      return infno === '2601' && times[infno] === 1 ? answerLost() : undefined;
    },
    ledger: [...MATERNITY, 'settlement-reversed', 'settlement'],
  },
  {
    of: '2401 that is not found (5303): reversed, then admitted anew',
    cut: ({ infno }, times) => {
      if (infno === '2401' && times[infno] === 1) return answerLost();
      const isBlind = infno === '5303' && times['2401'] === 1;
      return isBlind ? (answer) => JSON.stringify({ ...JSON.parse(answer), output: { data: [] } }) : undefined;
    },
    ledger: ['admission', 'admission-reversed', ...MATERNITY],
  },
  {
    of: '2301, work done: told by the one total that fits, not sent again',
    cut: ({ infno }, times) => (infno === '2301' && times[infno] === 2 ? answerLost() : undefined),
    ledger: MATERNITY,
  },
  {
    of: '2301, and no total fits: its rows are taken back (2302) before they are sent again',
    cut: ({ infno }, times) => {
      if (infno === '2301' && times[infno] === 1) return answerLost();
      const isBlind = infno === '2303' && times['2301'] === 1;
      return isBlind ? refusing('FSI-示例：费用金额与已上传的费用明细不符[demoSetlBO_0045]') : undefined;
    },
    ledger: ['admission', 'fee-upload', 'fees-taken-back', 'fee-upload', 'fee-upload', 'settlement'],
  },
];

describe('medical-insurance 4, by what the outcome is unknown of', () => {
  it.each(LOSSES.map((loss) => [loss.of, loss] as const))('%s', async (_of, { cut, ledger }) => {
    const person = desk.patient();
    const id = await desk.post(maternityContent(person));
    const times: Record<string, number> = {};
    const messages = new Map<string, Set<string>>();
    desk.script((call) => {
      times[call.infno] = (times[call.infno] ?? 0) + 1;
      messages.set(call.infno, (messages.get(call.infno) ?? new Set()).add(call.msgid));
      return cut(call, times);
    });
    expect(await desk.run(id)).toMatchObject({ state: 'settled', failure: null });
    expect(desk.kinds(person)).toEqual(ledger);
    expect(desk.standing(person)).toEqual([0, 1, FEE_ROWS, 1]);
    // Every attempt has a message id of its own.
    for (const [infno, used] of messages) expect(used.size).toBe(times[infno]);
    const reversed = desk.ledger(person).find(({ kind }) => kind.endsWith('-reversed'));
    const voided = desk.ledger(person).find(({ msgid }) => msgid === reversed?.omsgid);
    if (reversed) expect(voided?.kind).toBe(reversed.kind.replace('-reversed', ''));
  });

  it('2501, found by target and days: filed, serial missing, no automatic cancelling', async () => {
    const person = desk.patient();
    const id = await desk.post(referralContent(person));
    desk.script(({ infno }) => (infno === '2501' ? answerLost() : undefined));
    expect((await desk.run(id)).state).toBe('settled');
    const content = await desk.store.postings.content(id);
    expect(content && desk.work.outcomeOf(content)).toEqual({ kind: 'referral', serial: null });
    await expect(desk.cancel(id)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(desk.kinds(person)).toEqual(['referral']);
  });

  it('2502, record gone: done; still there: sent again with a new msgid', async () => {
    for (const isDone of [true, false]) {
      const person = desk.patient();
      const { id } = await desk.done(referralContent(person));
      await desk.cancel(id);
      let sent = 0;
      desk.script(({ infno }) => {
        if (infno !== '2502') return undefined;
        sent += 1;
        if (sent > 1) return undefined;
        return isDone ? answerLost() : 'cut';
      });
      expect((await desk.run(id)).state).toBe('cancelled');
      expect(sent).toBe(isDone ? 1 : 2);
      expect(desk.kinds(person)).toEqual(['referral', 'referral-cancelled']);
    }
  });
});
